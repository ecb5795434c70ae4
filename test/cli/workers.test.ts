import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jointInFolder } from "./joint.js";
import { type Folder, gammats } from "./run.js";

let folder: Folder;
let joint: [string, string];
beforeAll(async () => {
  ({ folder, joint } = await jointInFolder());
});
afterAll(() => folder.remove());

/** The documents with and without jobs. */
async function both(argv: readonly string[]) {
  const runs = [await gammats([...argv, "--json"]), await gammats([...argv, "--workers", "1", "--json"])];
  const said = (text: string) => text.replace(/^gammats: flux points: energy edges moved .*\n/m, "");
  expect(runs.map((run) => [run.status, said(run.stderr)])).toEqual([
    [0, ""],
    [0, ""],
  ]);
  // which of them was computed in jobs is said
  return runs.map((run) => ({ ...run.json(), provenance: undefined }));
}

/** Levels are held, and minima found, to 1e-7 of what they rise. */
function expectClose(found: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(found.length).toBe(expected.length);
  for (const [i, x] of found.entries()) expect(Math.abs(x - expected[i]!)).toBeLessThan(tolerance);
}

describe("--workers", () => {
  it("gives the same flux points", async () => {
    const [whole, inJobs] = await both([
      "flux-points",
      ...joint,
      "--dataset",
      "HESS",
      "--range",
      "1 TeV,15 TeV",
      "--bins",
      "4",
    ]);
    expect(inJobs).toEqual(whole);
    expect(inJobs.flux_points).toHaveLength(4);
  });

  it("gives the same profiles and contours", async () => {
    const [whole, inJobs] = await both(["profile", ...joint, "alpha", "beta", "--points", "5"]);
    for (const [k, { parameter, values, delta_stat }] of whole.profiles.entries()) {
      expect([inJobs.profiles[k].parameter, inJobs.profiles[k].values]).toEqual([parameter, values]);
      expectClose(inJobs.profiles[k].delta_stat, delta_stat, 1e-6);
    }
    const [ring, inParts] = await both(["contour", ...joint, "alpha", "beta", "--points", "12"]);
    for (const [k, { x, y, statuses }] of ring.contours.entries()) {
      // alpha and beta are known to 4e-2 and 2e-3
      expectClose(inParts.contours[k].x, x, 1e-6);
      expectClose(inParts.contours[k].y, y, 1e-7);
      expect(inParts.contours[k].statuses).toEqual(statuses);
    }
  });

  it("refuses what is no number of threads, before anything is read", async () => {
    for (const argv of [
      ["flux-points", "none.yaml", "none.yaml", "--edges", "1 TeV,2 TeV"],
      ["profile", "none.yaml", "none.yaml"],
      ["contour", "none.yaml", "none.yaml", "a", "b"],
    ]) {
      const { status, stderr } = await gammats([...argv, "--workers", "0"]);
      expect(status).not.toBe(0);
      expect(stderr).toMatch(/--workers "0": expected a whole number of at least 1/);
    }
  });
});
