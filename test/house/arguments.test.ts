/** Likely mistakes of plain JavaScript are named, in place of a TypeError from the inside. */
import { expect, it } from "vitest";
import { createSubmodel, fit, propagateErrors, skyModel } from "../../src/index.js";
import { readMap, readOgip } from "../../src/io.js";
import { exampleFolder, nodeFiles } from "../../src/node.js";

const path = `${exampleFolder()}/joint-crab/spectra/hess/pha_obs23523.fits`;
const run = await readOgip(path, nodeFiles());
const source = skyModel({ name: "Crab", spectral: createSubmodel("pl") });
const models = { components: [source] };
/** Without types. */
const plain = <F>(f: F) => f as unknown as (...given: unknown[]) => unknown;

it.each([
  [() => plain(fit)([undefined], models), "datasets[0]: found undefined, expected a dataset"],
  [
    () => plain(fit)([readOgip(path, nodeFiles())], models),
    "datasets[0]: found a promise, expected a dataset; await it",
  ],
  [() => plain(fit)(run, models), /^datasets: found an object with .*; write \[dataset\] for a single one$/],
  [() => plain(fit)([run], undefined), "models: found undefined, expected models, { components: [...] }"],
  [() => plain(fit)([run], [source]), "models: found a list, expected models, { components: [...] }; write"],
  [() => plain(propagateErrors)({ models }, "Crab"), /^models: found an object with models, .*; give its models$/],
  [() => plain(propagateErrors)(models, "Crab"), /^propagateErrors: found undefined as points, expected \{ quantity/],
  [() => plain(readMap)(undefined, { where: "map.fits" }), "readMap: found undefined in place of bytes, expected"],
  [() => plain(readMap)(new Uint8Array(2880)), "readMap: found no name of the file as where, expected"],
])("says what was given in place of what: %s", (call, message) => expect(call).toThrow(message));
