import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cashProblem, chi2Problem, wstatProblem } from "../../scripts/coverage-problems.js";
import { nestedPValue, toyDatasets, toyGoodness, toys } from "../../src/api/estimators.js";
import { fit } from "../../src/api/fit.js";
import { coverage } from "../../src/estimators/coverage.js";
import type { ToyColumns } from "../../src/estimators/toys.js";
import type { Executor } from "../../src/execute/types.js";
import { simulateCrabTwin } from "../../src/instruments/crab.js";
import { updateParameters } from "../../src/models/parameters.js";
import { threadsExecutor } from "../../src/node/threads.js";
import { buildScript } from "../execute/build.js";

const twin = simulateCrabTwin();
const best = fit(twin.datasets, twin.models).models;
let threads: Executor;

beforeAll(async () => {
  threads = threadsExecutor({ workers: 2, script: await buildScript("worker.ts") });
});
afterAll(() => threads.close());

const minos = ["Crab Nebula.alpha"];

describe("toys of the joint Crab", () => {
  it("are the same to the bit on one thread, on two, and in jobs of any size", async () => {
    const options = { n: 60, seed: 7, minos, alternatives: { same: best } };
    const serial = await toys(twin.datasets, best, { ...options, jobSize: 60 });
    const parallel = await toys(twin.datasets, best, { ...options, jobSize: 7, executor: threads });
    const again = await toys(twin.datasets, best, { ...options, jobSize: 1, executor: threads });
    expect(parallel).toEqual(serial);
    expect(again).toEqual(serial);
    expect(serial.success.every((s) => s === 1)).toBe(true);
    expect(serial.errn.every((e) => e > 0)).toBe(true);
    expect((await toys(twin.datasets, best, { ...options, seed: 8 })).values).not.toEqual(serial.values);
  });

  it("are what a fit of their datasets, compiled from the start, gives", async () => {
    const run = await toys(twin.datasets, best, { n: 9, seed: 3, minos });
    for (const index of [0, 8]) {
      const result = fit(toyDatasets(twin.datasets, best, { seed: 3, index }), best);
      const k = run.ids.length;
      expect(run.ids).toEqual(result.free.ids);
      // sums in another order, and a Hessian one step before the end: 1e-5 of an error
      for (let j = 0; j < k; j++) {
        const error = result.free.errors[j]!;
        expect(Math.abs(run.values[index * k + j]! - result.free.values[j]!)).toBeLessThan(1e-5 * error);
        expect(run.errors[index * k + j]).toBeCloseTo(error, 5);
      }
      expect(run.stat[index]! - result.totalStat).toBeCloseTo(0, 7);
      expect(run.stat[index]).toBeLessThanOrEqual(run.statTruth[index]!);
    }
  });

  it("stop when told to and go on from what was kept", async () => {
    const kept = new Map<number, ToyColumns>();
    const controller = new AbortController();
    const options = { n: 80, seed: 1, jobSize: 10, executor: threads };
    const stopped = toys(twin.datasets, best, {
      ...options,
      signal: controller.signal,
      onProgress: (done) => done >= 30 && controller.abort(),
      onResult: (job, part) => kept.set(job, part),
    });
    await expect(stopped).rejects.toThrow(/abort/i);
    expect(kept.size).toBeGreaterThan(0);
    expect(kept.size).toBeLessThan(8);
    const fresh: number[] = [];
    const resumed = await toys(twin.datasets, best, { ...options, known: kept, onResult: (job) => fresh.push(job) });
    expect(fresh.length).toBe(8 - kept.size);
    expect(resumed).toEqual(await toys(twin.datasets, best, { n: 80, seed: 1 }));
  });

  it("refuse what makes no sense", async () => {
    await expect(toys(twin.datasets, best, { n: 0, seed: 1 })).rejects.toThrow(/n is 0/);
    await expect(toys(twin.datasets, best, { n: 1, seed: -1 })).rejects.toThrow(/seed is -1/);
    await expect(toys(twin.datasets, best, { n: 1, seed: 1, minos: ["Crab Nebula.reference"] })).rejects.toThrow(
      /not free/,
    );
  });
});

describe("pulls and coverage", () => {
  const n = 4000;
  it.each([
    ["cash", cashProblem(2000, 500, true)],
    ["wstat", wstatProblem(2000, 500, 0.2, true)],
    ["chi2", chi2Problem(0.02, true)],
  ])("of %s are standard normal where counts are large", async (_, { datasets, models }) => {
    const run = await toys(datasets, models, { n, seed: 5, minos: ["source.amplitude", "source.index"] });
    expect(run.success.every((s) => s === 1)).toBe(true);
    for (const { pullMean, pullWidth, hessian, minos } of coverage(run)) {
      // 4 standard deviations of n toys, and a bias of order 1 / sqrt(counts)
      expect(Math.abs(pullMean)).toBeLessThan(4 / Math.sqrt(n) + 0.02);
      expect(Math.abs(pullWidth - 1)).toBeLessThan(4 / Math.sqrt(2 * n) + 0.01);
      for (const c of [hessian, minos!]) expect(Math.abs(c.fraction - 0.6827)).toBeLessThan(4 * c.error + 0.003);
    }
  });

  it("find an injected value that differs from the start", async () => {
    const { datasets, models } = cashProblem(2000, 500);
    const truth = updateParameters(models, { "source.amplitude": 1.5e-12 });
    const run = await toys(datasets, models, { n: 400, seed: 2, truth });
    expect(run.truth[0]).toBeCloseTo(1.5e-12, 20);
    const [c] = coverage(run);
    // 4 standard deviations of 400 toys
    expect(Math.abs(c!.pullMean)).toBeLessThan(0.2);
    expect(Math.abs(c!.pullWidth - 1)).toBeLessThan(0.15);
  });
});

describe("p-values by toys", () => {
  const { datasets, models } = cashProblem(1000, 200, true);
  const fixedIndex = updateParameters(models, { "source.index": { frozen: true } });

  it("of a nested model follow Wilks where counts are large", async () => {
    const data = toyDatasets(datasets, updateParameters(models, { "source.index": 1.93 }), { seed: 1, index: 0 });
    const p = await nestedPValue(data, fixedIndex, models, { n: 2000, seed: 4, executor: threads });
    expect(p.dof).toBe(1);
    expect(p.nFailed).toBe(0);
    expect(p.observed).toBeGreaterThan(0);
    expect(p.toys.every((ts) => ts > -1e-6)).toBe(true);
    expect(Math.abs(p.pValue - p.asymptotic)).toBeLessThan(4 * p.pError + 0.01);
  });

  it("of the goodness of fit are small for a wrong model only", async () => {
    const good = toyDatasets(datasets, models, { seed: 2, index: 0 });
    const ok = await toyGoodness(good, models, { n: 500, seed: 4 });
    expect(ok.pValue).toBeGreaterThan(0.01);
    expect(ok.dof).toBe(6);
    // the mean of the deviance is its dof for large counts
    expect(ok.toys.reduce((a, b) => a + b, 0) / 500).toBeCloseTo(6, -0.3);
    const bent = toyDatasets(datasets, updateParameters(models, { "source.index": 4 }), { seed: 2, index: 0 });
    const bad = await toyGoodness(bent, fixedIndex, { n: 500, seed: 4 });
    expect(bad.nAbove).toBe(0);
    expect(bad.pValue).toBeCloseTo(1 / 501, 12);
  });
});

it("an open side of a MINOS interval holds all values there", () => {
  const none = new Float64Array(0);
  const run = {
    n: 4,
    seed: 1,
    ids: ["a"],
    units: [""],
    truth: Float64Array.of(1),
    minos: [0],
    values: Float64Array.of(1.5, 1.5, 0.2, 9),
    errors: Float64Array.of(1, Number.NaN, 1, 1),
    // open below: the truth, which lies there, is held; open above; a fit that failed
    errn: Float64Array.of(Number.NaN, 0.1, 0.5, 1),
    errp: Float64Array.of(1, 1, Number.NaN, 1),
    stat: none,
    statTruth: none,
    saturated: none,
    success: Uint8Array.of(1, 1, 1, 0),
    alternatives: {},
  };
  const [c] = coverage(run);
  expect(c!.minos).toMatchObject({ covered: 2, n: 3, above: 1 / 3, below: 0 });
  expect(c!.hessian).toMatchObject({ covered: 2, n: 2 });
  expect(Array.from(c!.pulls, (p) => Number(p.toFixed(9)))).toEqual([0.5, -0.8]);
});
