/** The worked example of CONTRIBUTING, run as it stands there: counts with a systematic error of what is predicted for them. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import own from "../../examples/own-statistic.mjs";
import { toys } from "../../src/api/estimators.js";
import { compileJoint, fit } from "../../src/api/fit.js";
import { writeDatasets } from "../../src/api/io.js";
import { createSubmodel } from "../../src/api/models.js";
import type { MapDataset } from "../../src/datasets/types.js";
import { serialExecutor } from "../../src/execute/serial.js";
import { standardRegistry } from "../../src/io/registry.js";
import { extendRegistry } from "../../src/kinds/additions.js";
import type { CountsStatistic } from "../../src/likelihood/statistics/types.js";
import { skyModel } from "../../src/models/create.js";
import type { Models } from "../../src/models/types.js";
import { nodeFiles } from "../../src/node/files.js";
import { threadsExecutor } from "../../src/node/threads.js";
import { axisFromEdges } from "../../src/sky/axis.js";
import type { SkyMap } from "../../src/sky/types.js";
import { gammats, temporaryFolder } from "../cli/run.js";
import { buildScript } from "../execute/build.js";
import { checkDerivatives } from "../fit/derivatives.js";
import { expectLike, type Fitted } from "./fluxes.js";
import { expectQuoted } from "./quoted.js";

const FILE = "examples/own-statistic.mjs";
const using = { registry: extendRegistry(standardRegistry, own) };
const oracle = JSON.parse(readFileSync("test/oracle/extensions.json", "utf8")).statistic as Fitted & {
  readonly edges: number[];
  readonly counts: number[];
  readonly exposure: number;
  readonly differences: [n: number, mu: number, difference: number][];
};

function map(name: string, unit: string, data: readonly number[]): SkyMap {
  const axes = [axisFromEdges(oracle.edges, { name, unit: "TeV", interp: "log" })];
  return { geom: { kind: "region", regions: [], wcs: null, axes }, unit, data: Float64Array.from(data) };
}
const counted: MapDataset = {
  type: "SpectrumDataset",
  name: "run",
  statistic: "cash-5-percent",
  counts: map("energy", "", oracle.counts),
  exposure: map(
    "energy_true",
    "cm2 s",
    oracle.counts.map(() => oracle.exposure),
  ),
};
const spectral = createSubmodel("pl", { index: 2, amplitude: 5e-11 });
const models: Models = { components: [skyModel({ name: "source", spectral })] };

it("is the file that CONTRIBUTING quotes", () => {
  expectQuoted(FILE);
});

it("is the negative binomial distribution of scipy", () => {
  const statistic = own.statistics![0] as CountsStatistic;
  for (const [n, mu, difference] of oracle.differences) {
    // logarithms of gamma functions of 2400 in scipy
    expect(Math.abs(statistic.value(n, mu) - statistic.value(n, 10) - difference)).toBeLessThan(1e-8);
  }
});

it("is fitted as iminuit does, by exact derivatives", () => {
  const result = fit([counted], models, using);
  expect(result.success).toBe(true);
  expectLike(oracle, result.free.values, result.free.errors);
  checkDerivatives(
    compileJoint([counted], models, using),
    Float64Array.of(2.3, 9e-11),
    Float64Array.of(1e-3, 1e-14),
    1e-6,
  );
});

it("gives errors that hold for toys, on threads too", async () => {
  const { models: fitted } = fit([counted], models, using);
  const options = { ...using, n: 400, seed: 3, jobSize: 50 };
  const script = await buildScript("../../src/node/worker.ts");
  const threads = threadsExecutor({ workers: 2, script, plugins: [new URL(`../../${FILE}`, import.meta.url)] });
  const found = await toys([counted], fitted, { ...options, executor: serialExecutor() });
  const there = await toys([counted], fitted, { ...options, executor: threads });
  await threads.close();
  expect(there.values).toEqual(found.values);
  for (const i of [0, 1]) {
    const pulls = Array.from(
      found.stat,
      (_, k) => (found.values[2 * k + i]! - found.truth[i]!) / found.errors[2 * k + i]!,
    );
    const width = Math.sqrt(pulls.reduce((s, p) => s + p * p, 0) / pulls.length);
    // 400 toys: the width is known to 0.035; three of them. Poisson counts give 0.7
    expect(Math.abs(width - 1)).toBeLessThan(0.11);
  }
});

it("gammats fit: the dataset names it in its file", async () => {
  const folder = await temporaryFolder();
  const given = { datasets: [counted], models };
  await writeDatasets(given, nodeFiles(), { folder: folder.path("in"), prefix: "x", ...using });
  const analysis = ["in/x_datasets.yaml", "in/x_models.yaml"].map((name) => folder.path(name));
  const run = await gammats(["fit", ...analysis, "--plugin", FILE, "--json"]);
  expect(run.stderr).toBe("");
  const free = run.json().parameters.filter((p: { frozen: boolean }) => !p.frozen) as {
    value: number;
    error: number;
  }[];
  expectLike(
    oracle,
    free.map((p) => p.value),
    free.map((p) => p.error),
  );
  const without = await gammats(["fit", ...analysis]);
  expect([without.status, without.stderr]).toEqual([2, expect.stringMatching(/statistic "cash-5-percent"/)]);
  await folder.remove();
});
