/** docs/gammapy-classes.md has every class of Gammapy, and says of models what is declared. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { standardCatalogues } from "../../src/catalogues/index.js";
import { likelihoodRegistry } from "../../src/kinds/registry.js";
import { standardModels } from "../../src/models/registry.js";

const page = readFileSync("docs/gammapy-classes.md", "utf8");
const rows = new Map(Array.from(page.matchAll(/^\| (\w+) \| (.+) \|$/gm), ([, name, text]) => [name!, text!]));
rows.delete("class");
const gammapy: Readonly<Record<string, readonly string[]>> = JSON.parse(
  readFileSync(new URL("../oracle/gammapy_classes.json", import.meta.url), "utf8"),
);
// a function that stands among its classes
const classes = Object.values(gammapy)
  .flat()
  .filter((name) => /^[A-Z]/.test(name));

it("has a row for every class, and no other", () => {
  expect([...rows.keys()].sort()).toEqual([...classes].sort());
});

it.each(["spectral", "spatial", "temporal", "priors"] as const)("says which of the %s are declared", (kind) => {
  const declared = new Set<string>(standardModels[kind].map(({ type }) => type));
  for (const name of gammapy[kind]!)
    expect([name, rows.get(name)!.startsWith("all")]).toEqual([name, declared.has(name)]);
});

it("says which datasets and catalogues there are", () => {
  const kinds = new Set<string>(likelihoodRegistry.kinds.flatMap(({ types }) => types));
  for (const name of gammapy.datasets!.filter((type) => /^(Map|Spectrum|FluxPoints)Dataset(OnOff)?$/.test(type))) {
    expect([name, rows.get(name)!.startsWith("all")]).toEqual([name, kinds.has(name)]);
  }
  const read = gammapy.catalogues!.filter(
    (name) => /^SourceCatalog(?!Object).+/.test(name) && rows.get(name)!.startsWith("read"),
  );
  // 3PC and 2PC are one declaration each; the large-scale component of HGPS is a table of its own
  expect(read.length).toBeGreaterThanOrEqual(standardCatalogues.length);
});
