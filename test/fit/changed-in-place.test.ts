/** Datasets are never changed by GammaTS. Where a user changes one, every call sees it as it then is, on any executor; what was compiled keeps what it was made from. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { estimateFluxPointsOn } from "../../src/api/estimators.js";
import { compileJoint, fit } from "../../src/api/fit.js";
import type { Dataset, FluxPointsDataset, MapDataset, OnOffDataset } from "../../src/datasets/types.js";
import { serialExecutor } from "../../src/execute/serial.js";
import type { Executor } from "../../src/execute/types.js";
import { createResponses } from "../../src/fold/response.js";
import { updateParameters } from "../../src/models/parameters.js";
import type { Models } from "../../src/models/types.js";
import { readCrab } from "../../src/node/crab.js";
import { nodeFiles } from "../../src/node/files.js";
import { threadsExecutor } from "../../src/node/threads.js";
import { buildScript } from "../execute/build.js";

const crab = await readCrab("examples/crab", nodeFiles());
/** Position and shape free, so that all that folding does is used. */
const models: Models = updateParameters(crab.models, { "Crab Nebula.lon_0": { frozen: false } });
const copy = (): Dataset[] => structuredClone(crab.datasets) as Dataset[];

/** Changes to arrays of the datasets, each of which changes the fit. */
const CHANGES: Readonly<Record<string, (datasets: readonly Dataset[]) => void>> = {
  counts: ([fermi]) => void scale((fermi as MapDataset).counts!.data, 2),
  exposure: ([fermi]) => void scale((fermi as MapDataset).exposure!.data, 2),
  background: ([fermi]) => void scale((fermi as MapDataset).background!.data, 2),
  psf: ([fermi]) => void blur((fermi as MapDataset).psf!.map.data),
  "energy dispersion": ([, hess]) => void blur((hess as OnOffDataset).edisp!.map.data),
  "counts off": ([, hess]) => void scale((hess as OnOffDataset).countsOff!.data, 2),
  acceptance: ([, hess]) => void scale((hess as OnOffDataset).acceptance.data, 2),
  mask: ([, hess]) => void (hess as OnOffDataset).maskSafe!.data.fill(0, 0, 40),
  "flux points": ([, , hawc]) => void scale((hawc as FluxPointsDataset).points.norm, 2),
};

function scale(data: Float64Array, factor: number): void {
  for (let i = 0; i < data.length; i++) data[i]! *= factor;
}

/** Each value the mean of itself and the next. */
function blur(data: Float64Array): void {
  for (let i = 0; i + 1 < data.length; i++) data[i] = 0.5 * (data[i]! + data[i + 1]!);
}

const executors: Record<string, Executor> = {};
beforeAll(async () => {
  executors.serial = serialExecutor();
  executors.threads = threadsExecutor({ workers: 2, script: await buildScript("../../src/node/worker.ts") });
});
afterAll(async () => {
  for (const executor of Object.values(executors)) await executor.close();
});

describe.each(Object.keys(CHANGES))("%s changed in place", (name) => {
  it("count in the next fit, whatever was kept of the first", () => {
    const datasets = copy();
    const responses = createResponses();
    const before = fit(datasets, models, { responses });
    CHANGES[name]!(datasets);
    const after = fit(datasets, models, { responses });
    const anew = fit(structuredClone(datasets) as Dataset[], models);
    expect(after.free.values).toEqual(anew.free.values);
    expect(after.totalStat).toBe(anew.totalStat);
    expect(after.totalStat).not.toBe(before.totalStat);
  });

  it("leave what was compiled before as it was", () => {
    const datasets = copy();
    const joint = compileJoint(datasets, models);
    const x = joint.start.map((v, i) => (i === 0 ? 1.01 * v : v));
    const g = new Float64Array(x.length);
    const h = new Float64Array(x.length ** 2);
    const reference = compileJoint(copy(), models).objective.hessian(x, g, h);
    const found = [Float64Array.from(g), Float64Array.from(h)];
    CHANGES[name]!(datasets);
    expect(joint.objective.hessian(x, g, h)).toBe(reference);
    expect([g, h]).toEqual(found);
  });
});

it.each(["serial", "threads"])("the same flux points after a change, by %s", async (name) => {
  const datasets = copy().slice(0, 2);
  const { models: best } = fit(datasets, crab.models);
  const options = { source: "Crab Nebula", energyEdges: [0.01, 0.1, 1, 10], responses: createResponses() };
  const before = await estimateFluxPointsOn(executors[name]!, datasets, best, options);
  CHANGES.exposure!(datasets);
  CHANGES.acceptance!(datasets);
  const after = await estimateFluxPointsOn(executors[name]!, datasets, best, options);
  expect(after).toEqual(
    await estimateFluxPointsOn(serialExecutor(), structuredClone(datasets) as Dataset[], best, {
      ...options,
      responses: undefined,
    }),
  );
  expect(after.norm).not.toEqual(before.norm);
});
