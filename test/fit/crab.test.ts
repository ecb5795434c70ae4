import { beforeAll, describe, expect, it } from "vitest";
import { compileJoint, pivotEnergy } from "../../src/api/fit.js";
import { statContour } from "../../src/fit/contours.js";
import { fitJoint } from "../../src/fit/fit.js";
import { confidenceAll } from "../../src/fit/intervals.js";
import type { Joint } from "../../src/fit/joint.js";
import { minimizeJoint } from "../../src/fit/minimize-joint.js";
import { statProfile } from "../../src/fit/profiles.js";
import { profileErrors } from "../../src/fit/propagate-profile.js";
import type { FitResult } from "../../src/fit/result.js";
import { randomStream } from "../../src/math/random.js";
import { freePosition, readCrab } from "./crab.js";

const data = process.env.GAMMAPY_DATA;

/** The float64 minimum and errors of an independent computation with Gammapy's predictions, and iminuit's MINOS on it. */
const parameters = [
  { id: "Crab Nebula.amplitude", value: 3.973667689e-3, error: 6.28324e-4, errn: 5.83097e-4, errp: 6.78119e-4 },
  { id: "Crab Nebula.alpha", value: 1.263354075, error: 0.0368161, errn: 0.036964, errp: 0.036671 },
  { id: "Crab Nebula.beta", value: 0.06132066742, error: 0.00203018, errn: 0.00202057, errp: 0.00203998 },
  { id: "Fermi-LAT-bkg.norm", value: 1.305008343, error: 0.0764144, errn: 0.0750742, errp: 0.0777636 },
];
const total = -12697.229883105;

describe.runIf(data)("the joint Crab", () => {
  let crab: Awaited<ReturnType<typeof readCrab>>;
  let joint: Joint;
  let best: FitResult;
  beforeAll(async () => {
    crab = await readCrab(data!);
    joint = compileJoint(crab.datasets, crab.models);
    best = fitJoint(joint);
  });

  it("the minimum and its errors", () => {
    expect(joint.objective.value(joint.start)).toBeCloseTo(-12545.771, 3);
    expect(best.message).toBe("Optimization terminated successfully.");
    // the oracle's digits
    expect(best.totalStat).toBeCloseTo(total, 7);
    expect(best.datasets.map((d) => [d.name, d.nFitBins])).toEqual([
      ["Fermi-LAT", 8280],
      ["HESS", 43],
      ["HAWC", 9],
    ]);
    [-12737.6003, 34.7573, 5.6131].forEach((stat, i) => {
      expect(best.datasets[i]!.stat).toBeCloseTo(stat, 3);
    });
    parameters.forEach(({ id, value, error }, i) => {
      expect(best.free.ids[i]).toBe(id);
      expect(Math.abs(best.free.values[i]! - value)).toBeLessThan(1e-4 * error);
      // six digits are given
      expect(Math.abs(best.free.errors[i]! / error - 1)).toBeLessThan(1e-5);
    });
  });

  it.each(["minuit", "simplex"] as const)("%s finds the same", (backend) => {
    const r = fitJoint(joint, { backend });
    expect(r.success).toBe(true);
    // an EDM of 2e-4 and 1e-4: within a hundredth of an error
    expect(r.totalStat - total).toBeLessThan(2e-4);
    parameters.forEach(({ value, error }, i) => {
      expect(Math.abs(r.free.values[i]! - value)).toBeLessThan(0.02 * error);
      expect(Math.abs(r.free.errors[i]! / error - 1)).toBeLessThan(5e-3);
    });
  });

  it("MINOS errors to a thousandth of an error, on their level", () => {
    const all = confidenceAll(joint, best);
    parameters.forEach(({ error, errn, errp }, i) => {
      const c = all[i]!;
      expect(c.message).toBe("");
      expect(Math.abs(c.errn - errn)).toBeLessThan(1e-3 * error);
      expect(Math.abs(c.errp - errp)).toBeLessThan(1e-3 * error);
      for (const end of [c.lower, c.upper]) {
        expect(Math.abs(joint.objective.value(end.parameters) - best.totalStat - 1)).toBeLessThan(1e-6);
      }
    });
  });

  it("contours at any level, every point on it and at the minimum of the others", () => {
    for (const sigma of [1, 2, 3, 5]) {
      const c = statContour(joint, best, "Crab Nebula.alpha", "Crab Nebula.amplitude", { sigma, points: 40 });
      expect(c.messages).toEqual([]);
      expect(c.success).toBe(true);
      const n = c.ids.length;
      for (let k = 0; k < 40; k++) {
        const x = c.parameters.subarray(k * n, k * n + n);
        expect(Math.abs((joint.objective.value(x) - best.totalStat) / sigma ** 2 - 1)).toBeLessThan(1e-6);
      }
      // the others are at their minimum: a profile at the same alpha touches the contour from below
      const at = statProfile(joint, best, "Crab Nebula.alpha", { values: [c.x.points[7]!] });
      expect(at.deltaStat[0]!).toBeLessThan(sigma ** 2);
    }
  });

  it("the error band: dnde at the reference energy is the amplitude, and narrowest at the pivot", () => {
    const reference = best.parameters.find((p) => p.id === "Crab Nebula.reference")!.value;
    const pivot = pivotEnergy(best.models, "Crab Nebula");
    const q = profileErrors(joint, best, "Crab Nebula", { quantity: "dnde", energy: [reference, pivot, 1.1 * pivot] });
    expect(q.messages.join("")).toBe("");
    expect(Math.abs(q.errn[0]! - parameters[0]!.errn)).toBeLessThan(1e-3 * parameters[0]!.error);
    expect(Math.abs(q.errp[0]! - parameters[0]!.errp)).toBeLessThan(1e-3 * parameters[0]!.error);
    const relative = Array.from(q.value, (v, i) => (q.errn[i]! + q.errp[i]!) / v);
    expect(relative[1]).toBeLessThan(relative[2]!);
  });

  it("Fermi alone with the position free", () => {
    const fermi = fitJoint(compileJoint(crab.datasets.slice(0, 1), freePosition(crab.models)));
    expect(fermi.success).toBe(true);
    expect(fermi.totalStat).toBeCloseTo(-12767.12741, 4);
    const of = (name: string) => fermi.parameters.find((p) => p.id === `Crab Nebula.${name}`)!;
    // as many digits as the reference gives, the fourth one cut off, not rounded
    expect(Math.abs(of("lon_0").value - 83.6359)).toBeLessThan(1e-4);
    expect(Math.abs(of("lat_0").value - 22.0195)).toBeLessThan(1e-4);
    expect(of("lon_0").error).toBeCloseTo(0.0017, 3);
    expect(of("lat_0").error).toBeCloseTo(0.0016, 3);
    expect(of("amplitude").error).toBeCloseTo(0.425, 3);
    expect(of("alpha").error).toBeCloseTo(0.314, 3);
    expect(of("beta").error).toBeCloseTo(0.0226, 4);
  });

  /** Fits from starts drawn uniformly within +- `box` errors. */
  function starts(backend: "newton" | "minuit" | "simplex", box: number, n: number) {
    const stream = randomStream(2026, box);
    let reached = 0;
    let wrong = 0;
    let unexplained = 0;
    for (let k = 0; k < n; k++) {
      const start = best.free.values.map((v, i) => v + box * (2 * stream.uniform() - 1) * best.free.errors[i]!);
      const r = minimizeJoint(joint, start, { backend });
      // within a hundredth of an error
      const there = r.value - total < 1e-3;
      if (r.success && there) reached++;
      else if (r.success) wrong++;
      else if (r.reason === "converged" || r.message.length < 20) unexplained++;
    }
    return { reached: reached / n, wrong, unexplained };
  }

  it("newton reaches it from all of 1000 starts within 5 errors, and from 99.5 % within 20", () => {
    expect(starts("newton", 5, 1000)).toEqual({ reached: 1, wrong: 0, unexplained: 0 });
    const far = starts("newton", 20, 1000);
    expect(far).toMatchObject({ wrong: 0, unexplained: 0 });
    expect(far.reached).toBeGreaterThanOrEqual(0.995);
  });

  it("minuit from 99 % of 1000 starts within 5 errors; no backend calls a wrong point converged", () => {
    const near = starts("minuit", 5, 1000);
    expect(near).toMatchObject({ wrong: 0, unexplained: 0 });
    expect(near.reached).toBeGreaterThanOrEqual(0.99);
    expect(starts("minuit", 20, 200)).toMatchObject({ wrong: 0, unexplained: 0 });
    expect(starts("simplex", 5, 50)).toMatchObject({ wrong: 0, unexplained: 0 });
  });
});
