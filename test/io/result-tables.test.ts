/** Tables of results in the library are those of the command line, to the byte. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { estimateFluxPoints, estimateLightCurve } from "../../src/api/estimators.js";
import { fit } from "../../src/api/fit.js";
import { fitReport, readDatasets } from "../../src/api/io.js";
import type { FitResult } from "../../src/fit/result.js";
import type { Analysis } from "../../src/io/yaml/analysis.js";
import {
  correlationTable,
  covarianceTable,
  datasetsTable,
  fluxPointsTable,
  lightCurveTable,
  parametersTable,
  type Table,
  writeTable,
} from "../../src/io.js";
import type { Models } from "../../src/models/types.js";
import { nodeFiles } from "../../src/node/files.js";
import { jointInFolder } from "../cli/joint.js";
import { type Folder, gammats } from "../cli/run.js";

let folder: Folder;
let joint: readonly [string, string];
let analysis: Analysis & { readonly models: Models };
let result: FitResult;
beforeAll(async () => {
  ({ folder, joint } = await jointInFolder());
  analysis = await readDatasets(joint[0], nodeFiles(), { modelsPath: joint[1] });
  result = fit(analysis.datasets, analysis.models);
});
afterAll(() => folder.remove());

const textOf = (table: Table, format: "csv" | "tex") => new TextDecoder().decode(writeTable(table, format));

describe("a fit", () => {
  it.each([
    ["parameters", () => parametersTable(result)],
    ["covariance", () => covarianceTable(result)],
    ["correlation", () => correlationTable(result)],
    ["datasets", () => datasetsTable(fitReport(result, analysis.datasets))],
  ] as const)("gives the table of %s", async (name, make) => {
    // the likelihood that the command has at hand sums the counts in another order
    for (const format of name === "datasets" ? (["tex"] as const) : (["csv", "tex"] as const)) {
      const { stdout } = await gammats(["fit", ...joint, "--table", name, "--format", format]);
      expect(textOf(make(), format)).toBe(stdout);
    }
  });

  it("gives the same tables as its report", () => {
    const report = fitReport(result, analysis.datasets);
    for (const table of [parametersTable, covarianceTable, correlationTable]) {
      expect(textOf(table(result), "csv")).toBe(textOf(table(report), "csv"));
    }
  });
});

it("flux points give their table, in any quantity", async () => {
  const points = estimateFluxPoints(analysis.datasets, analysis.models, {
    source: "Crab Nebula",
    energyEdges: [0.01, 0.1, 1],
  });
  const argv = ["flux-points", ...joint, "--edges", "10 GeV,100 GeV,1 TeV", "--format", "csv"];
  for (const type of ["dnde", "e2dnde", "flux", "eflux"] as const) {
    expect(textOf(fluxPointsTable(points, type), "csv")).toBe((await gammats([...argv, "--sed-type", type])).stdout);
  }
});

it("a light curve gives its table", async () => {
  const hess = analysis.datasets.filter(({ name }) => name === "HESS");
  const curve = estimateLightCurve(hess, analysis.models, { source: "Crab Nebula" });
  const { stdout } = await gammats(["light-curve", ...joint, "--dataset", "HESS", "--format", "csv"]);
  expect(textOf(lightCurveTable(curve), "csv")).toBe(stdout);
});
