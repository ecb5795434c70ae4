import { describe, expect, it } from "vitest";
import { compileJoint, fit, pivotEnergy, propagateErrors } from "../../src/api/fit.js";
import { statContour } from "../../src/fit/contours.js";
import { fitJoint } from "../../src/fit/fit.js";
import { confidence, confidenceAll, upperLimit } from "../../src/fit/intervals.js";
import { statProfile, statSurface } from "../../src/fit/profiles.js";
import { profileErrors } from "../../src/fit/propagate-profile.js";
import type { SpectralPoints } from "../../src/fit/quantity.js";
import { chi2Cdf } from "../../src/math/gamma.js";
import { A, ALPHA, BETA, logParabola, oracle, points } from "./points.js";

const joint = compileJoint([points()], logParabola());
const best = fitJoint(joint);
const ids = [A, ALPHA, BETA];

describe("against iminuit", () => {
  it("the minimum and its covariance", () => {
    expect(best.message).toBe("Optimization terminated successfully.");
    // Migrad stops at an EDM of 2e-9
    expect(best.totalStat).toBeCloseTo(oracle.stat, 7);
    best.free.values.forEach((v, i) => {
      expect(Math.abs(v - oracle.values[i])).toBeLessThan(1e-4 * oracle.errors[i]);
      // HESSE takes second differences
      expect(Math.abs(best.free.errors[i]! / oracle.errors[i] - 1)).toBeLessThan(1e-3);
    });
  });

  it.each(["newton", "minuit", "simplex"] as const)("MINOS errors by %s to a thousandth of an error", (backend) => {
    const all = confidenceAll(joint, best, { backend });
    all.forEach((c, i) => {
      expect(c.message).toBe("");
      expect(c.id).toBe(ids[i]);
      expect(Math.abs(c.errn - oracle.minos[i][0])).toBeLessThan(1e-3 * oracle.errors[i]);
      expect(Math.abs(c.errp - oracle.minos[i][1])).toBeLessThan(1e-3 * oracle.errors[i]);
      expect(Math.abs(c.lower.delta - 1)).toBeLessThan(1e-6);
      expect(Math.abs(c.upper.delta - 1)).toBeLessThan(1e-6);
    });
  });

  it("three standard deviations, by sigma and by probability", () => {
    ids.forEach((id, i) => {
      for (const options of [{ sigma: 3 }, { cl: chi2Cdf(9, 1) }]) {
        const c = confidence(joint, best, id, options);
        expect(c.sigma).toBeCloseTo(3, 10);
        expect(Math.abs(c.errn - oracle.minos3[i][0])).toBeLessThan(3e-3 * oracle.errors[i]);
        expect(Math.abs(c.errp - oracle.minos3[i][1])).toBeLessThan(3e-3 * oracle.errors[i]);
      }
    });
  });

  it("the contour: Minuit's points lie on ours", () => {
    const c = statContour(joint, best, ALPHA, BETA, { points: 60 });
    expect(c.success).toBe(true);
    expect(c.cl).toBeCloseTo(chi2Cdf(1, 2), 12);
    const sx = oracle.errors[1];
    const sy = oracle.errors[2];
    const angle = (x: number, y: number) => Math.atan2((y - c.y.value) / sy, (x - c.x.value) / sx);
    const radius = (x: number, y: number) => Math.hypot((y - c.y.value) / sy, (x - c.x.value) / sx);
    const ours = Array.from(c.x.points, (x, k) => ({ a: angle(x, c.y.points[k]!), r: radius(x, c.y.points[k]!) }));
    ours.sort((p, q) => p.a - q.a);
    for (const [x, y] of oracle.contour as [number, number][]) {
      const a = angle(x, y);
      const k = ours.findIndex((p) => p.a > a);
      if (k < 1) continue;
      const [p, q] = [ours[k - 1]!, ours[k]!];
      const between = p.r + ((q.r - p.r) * (a - p.a)) / (q.a - p.a);
      // 60 points: a chord lies up to 1 % inside a narrow ellipse
      expect(Math.abs(radius(x, y) / between - 1)).toBeLessThan(0.02);
    }
    // and each of them is on our level
    for (const [x, y] of oracle.contour as [number, number][]) {
      const s = statSurface(joint, best, ALPHA, BETA, { x: { values: [x] }, y: { values: [y] } });
      expect(s.deltaStat[0]).toBeCloseTo(1, 2);
    }
  });

  it("propagated errors, linear and from the profile", () => {
    for (const band of oracle.bands) {
      const where = { quantity: "dnde", energy: [band.energy] } as const;
      const linear = propagateErrors(best.models, "crab", where);
      expect(linear.value[0]! / band.value).toBeCloseTo(1, 5);
      // the oracle's covariance is HESSE's
      expect(linear.errn[0]! / band.linear).toBeCloseTo(1, 3);
      const profiled = profileErrors(joint, best, "crab", where);
      expect(profiled.value[0]).toBe(linear.value[0]);
      expect(Math.abs(profiled.errn[0]! - band.profile[0])).toBeLessThan(1e-3 * band.linear);
      expect(Math.abs(profiled.errp[0]! - band.profile[1])).toBeLessThan(1e-3 * band.linear);
      const e2dnde = profileErrors(joint, best, "crab", { quantity: "e2dnde", energy: [band.energy] });
      expect(e2dnde.errp[0]! / band.energy ** 2 / profiled.errp[0]!).toBeCloseTo(1, 9);
      // 40 000 draws: quantiles to 1 %; the covariance knows no asymmetry but that of the logarithm
      const sampled = propagateErrors(best.models, "crab", where, { method: "sampling", samples: 40_000 });
      expect(Math.abs(sampled.errn[0]! / band.profile[0] - 1)).toBeLessThan(0.06);
      expect(Math.abs(sampled.errp[0]! / band.profile[1] - 1)).toBeLessThan(0.06);
      expect(sampled.value[0]).toBe(linear.value[0]);
    }
  });

  it("errors of integral and energy flux", () => {
    for (const quantity of ["flux", "eflux"] as const) {
      const { range, value, linear } = oracle[quantity];
      const where = { quantity, energyMin: [range[0], 0.1], energyMax: [range[1], 100] };
      const q = propagateErrors(best.models, "crab", where);
      // Gammapy's trapezoid with 100 nodes a decade
      expect(q.value[0]! / value).toBeCloseTo(1, 4);
      expect(q.errn[0]! / linear).toBeCloseTo(1, 3);
      const profiled = profileErrors(joint, best, "crab", where);
      expect(profiled.value).toEqual(q.value);
      expect((profiled.errn[0]! + profiled.errp[0]!) / 2 / linear).toBeCloseTo(1, 2);
    }
  });

  it("the decorrelation energy", () => {
    // the oracle minimises a function that is flat there
    expect(pivotEnergy(best.models, "crab")).toBeCloseTo(oracle.pivot, 3);
    const powerLaw = fit([points()], logParabola({ beta: { value: 0, frozen: true } }));
    const [a, b] = [powerLaw.free.values[0]!, powerLaw.free.covariance];
    expect(pivotEnergy(powerLaw.models, "crab") / Math.exp(b[1]! / (a * b[3]!))).toBeCloseTo(1, 9);
    expect(() =>
      pivotEnergy(fit([points()], logParabola({ alpha: { frozen: true }, beta: { frozen: true } })).models, "crab"),
    ).toThrow(/same at all energies/);
  });
});

describe("profiles, surfaces, limits", () => {
  it("a profile passes through the MINOS points, a slice lies above it", () => {
    const [lo, hi] = oracle.minos[1];
    const v = best.free.values[1]!;
    const p = statProfile(joint, best, ALPHA, { values: [v - lo, v, v + hi] });
    expect(p.success).toBe(true);
    p.deltaStat.forEach((d, k) => {
      expect(d).toBeCloseTo(k === 1 ? 0 : 1, 3);
    });
    const slice = statProfile(joint, best, ALPHA, { values: [v - lo, v + hi], reoptimize: false });
    expect(slice.deltaStat.every((d) => d > 1.2)).toBe(true);
    expect(slice.parameters[2]).toBe(best.free.values[2]);
  });

  it("default grids: 11 values over two errors, inside the limits", () => {
    const p = statProfile(joint, best, BETA);
    expect(p.values.length).toBe(11);
    expect(p.values[5]).toBeCloseTo(best.free.values[2]!, 12);
    expect(p.values[10]! - p.values[5]!).toBeCloseTo(2 * best.free.errors[2]!, 12);
    const limited = compileJoint([points()], logParabola({ beta: { value: 0.13, min: 0.125 } }));
    expect(statProfile(limited, fitJoint(limited), BETA).values[0]).toBe(0.125);
  });

  it("norms may be scanned through zero", () => {
    const p = statProfile(joint, best, A, { values: [-1e-11, 0, 1e-12, 3e-11] });
    expect(p.stat.every(Number.isFinite)).toBe(true);
    expect(p.values[0]).toBe(-1e-11);
    expect(p.parameters[0]).toBe(-1e-11);
  });

  it("a one-sided limit, and one that a parameter's limit cuts", () => {
    const l = upperLimit(joint, best, BETA);
    const c = confidence(joint, best, BETA, { cl: 0.9 });
    expect(l.limit).toBeCloseTo(c.upper.value, 9);
    expect(l.delta).toBeCloseTo(2.705543, 5);
    expect(upperLimit(joint, best, BETA, { side: "lower" }).limit).toBeCloseTo(c.lower.value, 9);
    const limited = compileJoint([points()], logParabola({ beta: { value: 0.1, max: 0.14 } }));
    const result = fitJoint(limited);
    const end = upperLimit(limited, result, BETA);
    expect(end.status).toBe("at limit");
    expect(end.limit).toBe(0.14);
    expect(end.message).toContain(BETA);
    const both = confidence(limited, result, BETA);
    expect(both.errp).toBeCloseTo(0.14 - result.free.values[2]!, 12);
    expect(both.success).toBe(true);
    expect(both.upper.message).not.toBe("");
  });

  it("limits of a norm that the data do not show: positive or not, the same curve", () => {
    const energy = [1, 2, 4];
    for (const value of [0.3, -0.4]) {
      const weak = compileJoint(
        [points(energy, [value, value / 4, value / 16], [1, 0.25, 0.0625])],
        logParabola({ amplitude: { value: 1 }, alpha: { value: 2, frozen: true }, beta: { value: 0, frozen: true } }),
      );
      const result = fitJoint(weak);
      expect(result.success).toBe(true);
      expect(result.free.values[0]).toBeCloseTo(value, 9);
      const c = confidence(weak, result, A);
      expect(c.message).toBe("");
      // three points with the same relative error: sigma / sqrt(3)
      expect(c.errn).toBeCloseTo(1 / Math.sqrt(3), 6);
      expect(c.errp).toBeCloseTo(1 / Math.sqrt(3), 6);
      const q = profileErrors(weak, result, "crab", { quantity: "dnde", energy: [2] });
      expect(q.errn[0]).toBeCloseTo(0.25 / Math.sqrt(3), 6);
      const bounded = compileJoint(
        [points(energy, [value, value / 4, value / 16], [1, 0.25, 0.0625])],
        logParabola({
          amplitude: { value: 1, min: 0 },
          alpha: { value: 2, frozen: true },
          beta: { value: 0, frozen: true },
        }),
      );
      const inside = fitJoint(bounded);
      expect(inside.success).toBe(true);
      expect(inside.free.values[0]).toBeCloseTo(Math.max(value, 0), 9);
      const d = confidence(bounded, inside, A);
      expect(d.lower.status).toBe("at limit");
      expect(d.errn).toBeCloseTo(Math.max(value, 0), 9);
      // from the minimum at zero: 3 (x - v)^2 rises by 1
      expect(inside.free.values[0]! + d.errp).toBeCloseTo(
        value > 0 ? value + 1 / Math.sqrt(3) : value + Math.sqrt(value * value + 1 / 3),
        6,
      );
    }
  });

  it("a surface is symmetric in its parameters", () => {
    const xy = statSurface(joint, best, ALPHA, BETA, { x: { n: 5 }, y: { n: 4 } });
    const yx = statSurface(joint, best, BETA, ALPHA, { x: { n: 4 }, y: { n: 5 } });
    for (let a = 0; a < 5; a++) {
      for (let b = 0; b < 4; b++) expect(xy.stat[a * 4 + b]).toBeCloseTo(yx.stat[b * 5 + a]!, 6);
    }
  });
});

describe("progress and cancelling", () => {
  it("each point is told", () => {
    const done: string[] = [];
    const onProgress = (k: number, n: number) => done.push(`${k}/${n}`);
    confidenceAll(joint, best, { onProgress });
    statProfile(joint, best, A, { n: 3, onProgress });
    statContour(joint, best, A, BETA, { points: 4, onProgress });
    profileErrors(joint, best, "crab", { quantity: "dnde", energy: [1, 2] }, { onProgress });
    expect(done.join(" ")).toBe("1/3 2/3 3/3 1/3 2/3 3/3 1/4 2/4 3/4 4/4 1/2 2/2");
  });

  it("an aborted signal ends the work", () => {
    for (const run of [
      (o: object) => confidenceAll(joint, best, o),
      (o: object) => statProfile(joint, best, A, o),
      (o: object) => statSurface(joint, best, A, BETA, o),
      (o: object) => statContour(joint, best, A, BETA, o),
      (o: object) => profileErrors(joint, best, "crab", { quantity: "dnde", energy: [1, 2] }, o),
    ]) {
      const stop = new AbortController();
      let calls = 0;
      const onProgress = () => {
        calls++;
        stop.abort(new Error("enough"));
      };
      expect(() => run({ signal: stop.signal, onProgress })).toThrow("enough");
      expect(calls).toBe(1);
      expect(() => run({ signal: stop.signal })).toThrow("enough");
    }
    expect(fit([points()], logParabola(), { signal: AbortSignal.abort() }).reason).toBe("aborted");
  });
});

describe("wrong use", () => {
  const other = fit([points()], logParabola({ beta: { frozen: true } }));
  const cases: [string, () => unknown, RegExp][] = [
    [
      "unknown parameter",
      () => confidence(joint, best, "crab.alhpa"),
      /no parameter "crab.alhpa".*did you mean "crab.alpha"/,
    ],
    [
      "frozen parameter",
      () => confidence(joint, best, "crab.reference"),
      /"crab.reference" is frozen.*crab.amplitude, crab.alpha, crab.beta/,
    ],
    [
      "contour of a frozen parameter",
      () => statContour(joint, best, ALPHA, "crab.reference"),
      /statContour: .*is frozen/,
    ],
    ["the same twice", () => statContour(joint, best, ALPHA, ALPHA), /"crab.alpha" twice/],
    ["sigma 0", () => confidence(joint, best, ALPHA, { sigma: 0 }), /sigma is 0, expected a positive number/],
    ["sigma negative", () => statContour(joint, best, ALPHA, BETA, { sigma: -1 }), /sigma is -1/],
    ["sigma NaN", () => upperLimit(joint, best, ALPHA, { sigma: Number.NaN }), /sigma is NaN/],
    ["sigma and cl", () => confidence(joint, best, ALPHA, { sigma: 1, cl: 0.9 }), /sigma and cl; give one/],
    ["cl 1", () => statContour(joint, best, ALPHA, BETA, { cl: 1 }), /cl is 1, expected a probability/],
    ["limit at 30 %", () => upperLimit(joint, best, ALPHA, { cl: 0.3 }), /above 0.5/],
    ["two points", () => statContour(joint, best, ALPHA, BETA, { points: 2 }), /points is 2/],
    ["no values", () => statProfile(joint, best, ALPHA, { values: [] }), /values of crab.alpha are none/],
    ["bounds reversed", () => statProfile(joint, best, ALPHA, { bounds: [3, 1] }), /bounds of crab.alpha are 3 and 1/],
    ["n 1", () => statProfile(joint, best, ALPHA, { n: 1 }), /n is 1/],
    [
      "another fit's result",
      () => confidence(joint, other, ALPHA),
      /the fit is of crab.amplitude, crab.alpha, the likelihood of/,
    ],
    [
      "a fit that failed",
      () => confidence(joint, { ...best, success: false, message: "Call limit" }, ALPHA),
      /did not converge \(Call limit\)/,
    ],
    [
      "unknown backend",
      () => confidence(joint, best, ALPHA, { backend: "minut" as "minuit" }),
      /did you mean "minuit"/,
    ],
    [
      "unknown source",
      () => propagateErrors(best.models, "carb", { quantity: "dnde", energy: [1] }),
      /no source "carb"; did you mean "crab"/,
    ],
    [
      "negative energy",
      () => propagateErrors(best.models, "crab", { quantity: "dnde", energy: [-1] }),
      /energy -1 TeV/,
    ],
    [
      "no energies",
      () => propagateErrors(best.models, "crab", { quantity: "dnde", energy: undefined as unknown as number[] }),
      /dnde: found energy undefined, expected a list of energies in TeV/,
    ],
    [
      "energies in place of bins",
      () => propagateErrors(best.models, "crab", { quantity: "flux", energy: [1] } as unknown as SpectralPoints),
      /flux: found energyMin undefined/,
    ],
    [
      "empty bin",
      () => propagateErrors(best.models, "crab", { quantity: "flux", energyMin: [2], energyMax: [1] }),
      /2 TeV to 1 TeV is empty/,
    ],
    [
      "few samples",
      () => propagateErrors(best.models, "crab", { quantity: "dnde", energy: [1] }, { method: "sampling", samples: 3 }),
      /samples is 3/,
    ],
  ];
  it.each(cases)("%s", (_, run, message) => {
    expect(run).toThrow(expect.objectContaining({ name: "SpecError", message: expect.stringMatching(message) }));
  });
});
