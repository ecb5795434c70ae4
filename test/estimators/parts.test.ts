import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { estimateFluxPoints, estimateFluxPointsOn } from "../../src/api/estimators.js";
import { compileJoint } from "../../src/api/fit.js";
import { statContourOn, statProfileOn, statSurfaceOn } from "../../src/estimators/scans.js";
import { serialExecutor } from "../../src/execute/serial.js";
import type { Executor } from "../../src/execute/types.js";
import { statContour } from "../../src/fit/contours.js";
import { fitJoint } from "../../src/fit/fit.js";
import { statProfile, statSurface } from "../../src/fit/profiles.js";
import { simulateCrabTwin } from "../../src/instruments/crab.js";
import { threadsExecutor } from "../../src/node/threads.js";
import { buildScript } from "../execute/build.js";

const twin = simulateCrabTwin();
const joint = compileJoint(twin.datasets, twin.models);
const best = fitJoint(joint);
const [alpha, beta] = ["Crab Nebula.alpha", "Crab Nebula.beta"] as const;
const serial = serialExecutor();
let one: Executor;
let two: Executor;

beforeAll(async () => {
  const script = await buildScript("worker.ts");
  one = threadsExecutor({ workers: 1, script });
  two = threadsExecutor({ workers: 2, script });
});
afterAll(() => Promise.all([one.close(), two.close()]));

/** The result in this thread, after a thread and two threads have given the same to the bit. */
async function same<T>(run: (executor: Executor) => Promise<T>): Promise<T> {
  const here = await run(serial);
  expect(await run(one)).toEqual(here);
  expect(await run(two)).toEqual(here);
  return here;
}

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(found.length).toBe(expected.length);
  for (let i = 0; i < found.length; i++) expect(Math.abs(found[i]! - expected[i]!)).toBeLessThan(tolerance);
}

describe("flux points in jobs", () => {
  const options = { source: "Crab Nebula", energyEdges: [0.01, 0.03, 0.1, 0.3, 0.7, 2, 5, 20, 300, 500] };

  it.each([false, true])("are those of one thread to the bit (reoptimize: %s)", async (reoptimize) => {
    const whole = estimateFluxPoints(twin.datasets, best.models, { ...options, reoptimize });
    for (const jobSize of [1, 4, 100]) {
      const inJobs = await same((executor) =>
        estimateFluxPointsOn(executor, twin.datasets, best.models, { ...options, reoptimize, jobSize }),
      );
      expect(inJobs).toEqual(whole);
    }
  });

  it("say how far they are, and stop when told to", async () => {
    const progress: number[][] = [];
    await estimateFluxPointsOn(two, twin.datasets, best.models, {
      ...options,
      jobSize: 2,
      onProgress: (...now) => progress.push(now),
    });
    expect(progress.map(([done]) => done)).toEqual([2, 4, 6, 8, 9]);
    expect(progress.every(([, total]) => total === 9)).toBe(true);
    const controller = new AbortController();
    const stopped = estimateFluxPointsOn(two, twin.datasets, best.models, {
      ...options,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(stopped).rejects.toThrow(/abort/i);
  });

  it("refuse what makes no sense before any job is run", async () => {
    const of = (given: object) => estimateFluxPointsOn(two, twin.datasets, best.models, { ...options, ...given });
    await expect(of({ energyEdges: [2, 1] })).rejects.toThrow(/expected two or more that increase/);
    await expect(of({ source: "Vela" })).rejects.toThrow(/no source "Vela"/);
    await expect(of({ jobSize: 0 })).rejects.toThrow(/jobSize is 0/);
  });
});

describe("scans in jobs", () => {
  it("a profile is the same on any number of workers, and that of one thread", async () => {
    const inJobs = await same((executor) => statProfileOn(executor, joint, best, alpha, { n: 13 }));
    const whole = statProfile(joint, best, alpha, { n: 13 });
    expect(inJobs.values).toEqual(whole.values);
    expect([inJobs.id, inJobs.unit, inJobs.ids, inJobs.success]).toEqual([alpha, "", whole.ids, true]);
    // fits stop at an EDM of 1e-9, from whatever start
    expectClose(inJobs.deltaStat, whole.deltaStat, 1e-8);
    const at = inJobs.ids.indexOf(alpha);
    expect(inJobs.values.map((_, k) => inJobs.parameters[k * inJobs.ids.length + at]!)).toEqual(inJobs.values);
    const held = { values: [1.2, 1.3], reoptimize: false, jobSize: 2 };
    expect(await statProfileOn(two, joint, best, alpha, held)).toEqual(statProfile(joint, best, alpha, held));
  });

  it("a surface is", async () => {
    const options = { x: { n: 7 }, y: { n: 4, sigmas: 1 }, jobSize: 2 };
    const inJobs = await same((executor) => statSurfaceOn(executor, joint, best, alpha, beta, options));
    const whole = statSurface(joint, best, alpha, beta, options);
    expect([inJobs.x, inJobs.y]).toEqual([whole.x, whole.y]);
    expectClose(inJobs.deltaStat, whole.deltaStat, 1e-8);
    expect(inJobs.messages).toEqual(whole.messages);
    const progress: number[] = [];
    await statSurfaceOn(two, joint, best, alpha, beta, { ...options, onProgress: (done) => progress.push(done) });
    expect(progress).toEqual([8, 16, 24, 28]);
  });

  it("a contour is", async () => {
    const options = { points: 14, sigma: 2, jobSize: 4 };
    const inJobs = await same((executor) => statContourOn(executor, joint, best, alpha, beta, options));
    const whole = statContour(joint, best, alpha, beta, options);
    const errors = [alpha, beta].map((id) => best.free.errors[best.free.ids.indexOf(id)]!);
    // every point lies on its level to 1e-6 of it
    expectClose(inJobs.x.points, whole.x.points, 1e-5 * errors[0]!);
    expectClose(inJobs.y.points, whole.y.points, 1e-5 * errors[1]!);
    expect([inJobs.delta, inJobs.sigma, inJobs.cl, inJobs.success]).toEqual([4, 2, whole.cl, true]);
    expect(inJobs.statuses).toEqual(whole.statuses);
    expect(inJobs.parameters.length).toBe(whole.parameters.length);
  });

  it("stop when told to, and refuse what makes no sense", async () => {
    const controller = new AbortController();
    const stopped = statProfileOn(two, joint, best, alpha, {
      n: 40,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(stopped).rejects.toThrow(/abort/i);
    await expect(statProfileOn(two, joint, best, "Crab Nebula.reference")).rejects.toThrow(/is frozen/);
    await expect(statProfileOn(two, joint, best, alpha, { n: 1 })).rejects.toThrow(/n is 1/);
    await expect(statProfileOn(two, joint, best, alpha, { jobSize: 1.5 })).rejects.toThrow(/jobSize is 1.5/);
    await expect(statSurfaceOn(two, joint, best, alpha, alpha)).rejects.toThrow(/twice/);
    await expect(statContourOn(two, joint, best, alpha, beta, { points: 2 })).rejects.toThrow(/points is 2/);
    await expect(statContourOn(two, joint, best, alpha, beta, { sigma: 0 })).rejects.toThrow(/sigma is 0/);
  });
});
