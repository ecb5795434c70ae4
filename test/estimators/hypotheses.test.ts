import { describe, expect, it } from "vitest";
import { cashProblem } from "../../scripts/coverage-problems.js";
import {
  cutoffHypotheses,
  extensionHypotheses,
  nestedPValue,
  sourceHypotheses,
  toyDatasets,
} from "../../src/api/estimators.js";
import { fit } from "../../src/api/fit.js";
import { createSubmodel } from "../../src/api/models.js";
import type { MapDataset } from "../../src/datasets/types.js";
import { simulateCrabTwin } from "../../src/instruments/crab.js";
import { skyModel } from "../../src/models/create.js";
import { allParameters, updateParameters } from "../../src/models/parameters.js";
import type { Models, SkyModel } from "../../src/models/types.js";
import oracle from "../oracle/estimators.json" with { type: "json" };

/** Counts over a known background of the shape of the signal: only their sum matters. */
function counting(n: number, b: number) {
  const { datasets, models } = cashProblem(1, 0);
  const dataset = datasets[0] as MapDataset;
  const scaled = (factor: number) => ({ ...dataset.counts!, data: dataset.counts!.data.map((x) => x * factor) });
  return { datasets: [{ ...dataset, counts: scaled(n), background: scaled(b) }], models };
}

const free = (models: Models) =>
  allParameters(models)
    .filter((entry) => !entry.parameter.frozen)
    .map((entry) => entry.id);

describe("the test of a source", () => {
  it.each(oracle.counts)("has the p-value of Poisson counts: $n over $b", async ({ n, b, p, ts, asymptotic }) => {
    const { datasets, models } = counting(n, b);
    const pair = sourceHypotheses(models, "source");
    const found = await nestedPValue(datasets, pair.null, pair.alternative, { n: 8000, seed: 5, boundary: true });
    expect(found.observed).toBeCloseTo(ts, 7);
    expect(found.asymptotic).toBeCloseTo(asymptotic, 7);
    // 4 binomial standard deviations
    expect(Math.abs(found.pValue - p)).toBeLessThan(4 * found.pError);
    expect([found.nFailed, found.nUnconverged, found.null.free.ids.length]).toEqual([0, 0, 0]);
    expect(pair.message).toBe("");
  });

  it("gives half of the toys no TS, and counts those whose shape runs away", async () => {
    const { datasets, models } = cashProblem(3, 30, true);
    const data = toyDatasets(datasets, models, { seed: 4, index: 1 });
    const pair = sourceHypotheses(models, "source");
    const { toys, nUnconverged } = await nestedPValue(data, pair.null, pair.alternative, { n: 500, seed: 2 });
    expect(pair.message).toContain("without the source index means nothing");
    expect(toys).toHaveLength(500);
    expect(nUnconverged).toBeGreaterThan(50);
    expect(Math.min(...toys)).toBeGreaterThan(-1e-6);
  });

  it("holds the source at 0 without its links and priors, and keeps the other sources", () => {
    const { models } = cashProblem(10, 1, true);
    const other = skyModel({ name: "other", spectral: createSubmodel("pl", { index: { link: "shared" } }) });
    const both = { components: [...models.components, other] };
    const linked = updateParameters(both, { "source.index": { link: "shared" } });
    const pair = sourceHypotheses(linked, "source");
    expect(free(pair.null)).toEqual(["other.index", "other.amplitude"]);
    const [source] = pair.null.components as [SkyModel];
    expect(source.spectral.parameters.map((p) => [p.name, p.value, p.link])).toEqual([
      ["index", 2, undefined],
      ["amplitude", 0, undefined],
      ["reference", 1, undefined],
    ]);
    expect(free(pair.alternative)).toEqual(free(linked));
  });

  it.each([
    ["frozen", { frozen: true }, /"source\.amplitude" is frozen.*free it/],
    ["linked", { link: "a" }, /"source\.amplitude" is linked \("a"\)/],
  ])("refuses a norm that is %s", (_, change, message) => {
    const { models } = cashProblem(10, 1);
    const changed = updateParameters(models, { "source.amplitude": change });
    expect(() => sourceHypotheses(changed, "source")).toThrow(message);
  });

  it("refuses what hangs on the source from outside, and names that are not there", () => {
    const { models } = cashProblem(10, 1);
    const other = skyModel({
      name: "other",
      spectral: createSubmodel("pl", { amplitude: { expression: "0.1 * source.amplitude", frozen: true } }),
    });
    expect(() => sourceHypotheses({ components: [...models.components, other] }, "source")).toThrow(
      /"other\.amplitude" follows "source\.amplitude"/,
    );
    const penalty = { parameters: ["source.amplitude"], mean: [1e-12], covariance: [[1e-26]], weight: 1 };
    expect(() => sourceHypotheses({ ...models, penalties: [penalty] }, "source")).toThrow(/a penalty holds/);
    expect(() => sourceHypotheses(models, "sorce")).toThrow(/no source "sorce"; did you mean "source"/);
  });
});

describe("the test of a cutoff", () => {
  const { datasets, models } = cashProblem(300, 30, true);
  const data = toyDatasets(datasets, models, { seed: 4, index: 0 });

  it("has the power law as its null hypothesis, and follows Chernoff where counts are large", async () => {
    const pair = cutoffHypotheses(models, "source");
    expect(free(pair.alternative)).toEqual(["source.index", "source.amplitude", "source.lambda_"]);
    const found = await nestedPValue(data, pair.null, pair.alternative, { n: 1000, seed: 1, boundary: true });
    const powerLaw = fit(data, models);
    // trapezoids of the cutoff model against the closed form of the power law
    expect(found.null.totalStat).toBeCloseTo(powerLaw.totalStat, 2);
    expect(found.null.free.values[0]).toBeCloseTo(powerLaw.free.values[0]!, 3);
    // 4 standard deviations of 1000 toys; the 5 % point of half a chi2 of 1 is 2.7055
    const share = (test: (ts: number) => boolean) => found.toys.filter(test).length / 1000;
    expect(Math.abs(share((ts) => ts < 1e-6) - 0.5)).toBeLessThan(0.065);
    expect(Math.abs(share((ts) => ts > 2.7055) - 0.05)).toBeLessThan(0.028);
  });

  it("is the same whether the models have the cutoff already or not, in any unit", () => {
    const spectral = createSubmodel("ecpl", {
      index: 2,
      amplitude: { value: 1e-12, min: 0 },
      lambda_: { value: 2e-4, unit: "GeV-1" },
    });
    const { datasets, models } = cashProblem(10_000, 30, true);
    const curved = { components: [skyModel({ name: "source", spectral })] };
    const truth = updateParameters(curved, { "source.lambda_": 3e-4 });
    const bent = toyDatasets(datasets, truth, { seed: 1, index: 0 });
    const ts = [models, curved].map((m) => {
      const pair = cutoffHypotheses(m, "source");
      return fit(bent, pair.null).totalStat - fit(bent, pair.alternative).totalStat;
    });
    expect(ts[0]).toBeGreaterThan(4);
    expect(ts[1]).toBeCloseTo(ts[0]!, 5);
  });

  it("refuses another spectrum", () => {
    expect(() => cutoffHypotheses(simulateCrabTwin().models, "Crab Nebula")).toThrow(
      /"Crab Nebula" is a LogParabolaSpectralModel; expected PowerLawSpectralModel/,
    );
  });
});

describe("the test of an extension", () => {
  const twin = simulateCrabTwin();
  const datasets = twin.datasets.filter((d) => d.name === "Fermi-LAT");

  it("finds a width that is there, and none where there is a point", async () => {
    const pair = extensionHypotheses(datasets, twin.models, "Crab Nebula");
    expect(free(pair.alternative)).toEqual([...free(pair.null).slice(0, 3), "Crab Nebula.sigma", "Fermi-LAT-bkg.norm"]);
    const wide = updateParameters(pair.alternative, { "Crab Nebula.sigma": 0.15 });
    const found = fit(toyDatasets(datasets, wide, { seed: 3, index: 0 }), pair.alternative);
    const at = found.free.ids.indexOf("Crab Nebula.sigma");
    // 4 errors of the fit
    expect(Math.abs(found.free.values[at]! - 0.15)).toBeLessThan(4 * found.free.errors[at]!);
    const p = await nestedPValue(datasets, pair.null, pair.alternative, { n: 20, seed: 1, boundary: true });
    expect(p.observed).toBeCloseTo(0, 6);
    expect(p.asymptotic).toBeCloseTo(1, 3);
    expect(Math.min(...p.toys)).toBeGreaterThan(-1e-6);
    // half of them on average: 4 binomial standard deviations of 20
    const zeros = p.toys.filter((ts) => ts < 1e-6).length;
    expect(Math.abs(zeros - 10)).toBeLessThan(9);
  });

  it("needs a map and a point or a Gaussian", () => {
    const spectra = twin.datasets.filter((d) => d.type === "FluxPointsDataset");
    expect(() => extensionHypotheses(spectra, twin.models, "Crab Nebula")).toThrow(/no map dataset sees "Crab Nebula"/);
    const { models } = cashProblem(10, 1);
    expect(() => extensionHypotheses(datasets, models, "source")).toThrow(/"source" has no spatial model/);
  });
});
