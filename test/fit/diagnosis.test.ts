import { describe, expect, it } from "vitest";
import { npred } from "../../src/api/datasets.js";
import { compileJoint, expectedComparison, fit } from "../../src/api/fit.js";
import { createSubmodel, fovBackground } from "../../src/api/models.js";
import type { MapDataset } from "../../src/datasets/types.js";
import { fitJoint } from "../../src/fit/fit.js";
import { compareModels, goodnessOfFit, informationCriteria } from "../../src/fit/goodness.js";
import { jointAt } from "../../src/fit/joint.js";
import { minimizeJoint } from "../../src/fit/minimize-joint.js";

import { formatFitResult, formatParameters } from "../../src/fit/print.js";
import { chi2Sf } from "../../src/math/gamma.js";
import { covarianceAt, minimizers } from "../../src/minimize/index.js";
import { calibration } from "../../src/models/calibration.js";
import { skyModel } from "../../src/models/create.js";
import { updateParameters } from "../../src/models/parameters.js";
import type { Models } from "../../src/models/types.js";
import { axisFromEdges } from "../../src/sky/axis.js";
import { aroundSource, readCrab } from "./crab.js";
import { BETA, logParabola, oracle, points } from "./points.js";

const joint = compileJoint([points()], logParabola());
const best = fitJoint(joint);
const backends = minimizers.map((m) => m.name);

/** Two power laws of the same shape: only the sum of their norms is known. */
const twins: Models = {
  components: ["left", "right"].map((name) =>
    skyModel({
      name,
      spectral: createSubmodel("pl", {
        amplitude: { value: 2e-11 },
        index: { value: 2.3, frozen: true },
        reference: 1,
      }),
    }),
  ),
};

/** Counts in three energy bins with a background norm. */
function spectrum(counts: readonly number[], background: readonly number[]): MapDataset {
  const axis = axisFromEdges([1, 2, 4, 8], { name: "energy", unit: "TeV", interp: "log" });
  const geom = { kind: "region" as const, regions: [], wcs: null, axes: [axis] };
  const map = (data: readonly number[]) => ({ geom, unit: "", data: Float64Array.from(data) });
  return { type: "SpectrumDataset", name: "run", counts: map(counts), background: map(background) };
}
const norm = (value: number, fields: object = {}): Models => ({
  components: [fovBackground("run", createSubmodel("PowerLawNormSpectralModel", { norm: { value, ...fields } }))],
});

describe("a fit under way", () => {
  it.each(backends)("%s tells of every evaluation, and finds the same", (backend) => {
    const told: { nfev: number; totalStat: number }[] = [];
    const result = fitJoint(joint, { backend, onEvaluation: (nfev, totalStat) => told.push({ nfev, totalStat }) });
    expect(told.map((t) => t.nfev)).toEqual(told.map((_, i) => i + 1));
    expect(Math.min(...told.map((t) => t.totalStat))).toBe(result.totalStat);
    const quiet = fitJoint(joint, { backend });
    expect([result.totalStat, ...result.free.values]).toEqual([quiet.totalStat, ...quiet.free.values]);
    expect(told.length).toBe(quiet.nfev);
  });
});

describe("what is wrong, in words and names", () => {
  it.each(backends)("%s: a degenerate direction names both parameters, in their unit", (backend) => {
    const r = fit([points()], twins, { backend });
    expect(r.success).toBe(false);
    expect(r.reason).toBe("flat direction");
    expect(r.message).toMatch(
      /left\.amplitude by -?[\d.e-]+ TeV-1 s-1 cm-2|left\.amplitude by -?[\d.e-]+ cm-2 s-1 TeV-1/,
    );
    expect(r.message).toContain("right.amplitude by");
    expect(r.message).not.toMatch(/parameter \d/);
    // what one gains the other loses
    const steps = [...r.message.matchAll(/amplitude by (-?[\d.]+(?:e-?\d+)?)/g)].map((m) => Number(m[1]));
    expect(steps[0]! / steps[1]!).toBeCloseTo(-1, 1);
    expect(r.parameters.filter((p) => !p.frozen).map((p) => p.errorStatus)).toEqual(["flat", "flat"]);
  });

  it.each(backends)("%s: a valley that is flat along a curve", (backend) => {
    // amplitude and reference of a power law say the same, whatever the index is
    const free = createSubmodel("pl", {
      amplitude: { value: 2e-11 },
      index: { value: 2.3 },
      reference: { value: 1.2, frozen: false },
    });
    const r = fit([points()], { components: [skyModel({ name: "source", spectral: free })] }, { backend });
    expect([r.success, r.reason]).toEqual([false, "flat direction"]);
    expect(r.message).toMatch(/source\.amplitude by .* TeV-1.* source\.reference by .* TeV/);
  });

  it.each(backends)("%s: a calibration that nothing holds", (backend) => {
    const models: Models = {
      ...logParabola(),
      calibration: [calibration(["points"], { area_norm: { value: 1, frozen: false } }, "cal")],
    };
    const r = fit([{ ...points(), name: "points" }], models, { backend });
    expect([r.success, r.reason]).toEqual([false, "flat direction"]);
    expect(r.message).toMatch(/amplitude by .* and cal\.area_norm by/);
  });

  it.each(backends)("%s: a parameter without influence", (backend) => {
    const models: Models = { components: [...logParabola().components, ...twins.components.slice(0, 1)] };
    const away = { ...models.components[1]!, datasetsNames: ["elsewhere"] } as Models["components"][number];
    const empty = points([1], [1e-11], [1e-12], "elsewhere");
    // the second source applies to one point only, with norm and index free
    const loose = updateParameters({ components: [models.components[0]!, away] }, { "left.index": { frozen: false } });
    const r = fit([points(), empty], loose, { backend });
    expect(r.success).toBe(false);
    expect(r.message).toContain("left.index");
  });

  it.each(backends)("%s: a parameter at its limit", (backend) => {
    const r = fit([points()], logParabola({ beta: { value: 0.05, max: 0.1 } }), { backend });
    expect(r.success).toBe(true);
    expect(r.message).toBe("Optimization terminated successfully; crab.beta lies at its upper limit 0.1.");
    expect(r.parameters.find((p) => p.id === BETA)!.errorStatus).toBe("at upper limit");
    expect(r.parameters.find((p) => p.id === BETA)!.error).toBeGreaterThan(0);
  });

  it.each(["newton", "minuit"] as const)("%s: the call limit", (backend) => {
    const r = fit([points()], logParabola(), { backend, maxCalls: 3 });
    expect(r.reason).toBe("call limit");
    expect(r.message).toMatch(/Call limit of 3 reached.*raise maxCalls/);
    // nothing holds errors of a fit that failed
    expect(r.parameters.filter((p) => !p.frozen).map((p) => p.errorStatus)).not.toContain("ok");
  });

  it("a statistic that is not finite: which dataset, which bin", () => {
    const bad = spectrum([3, 5, 2], [1, Number.POSITIVE_INFINITY, 1]);
    expect(() => fit([bad], norm(1))).toThrow('dataset "run": the background is Infinity in energy bin 1 (2 to 4 TeV)');
    const r = fit([spectrum([3, 5, 2], [1, 10, 1])], norm(1e308));
    expect(r.success).toBe(false);
    expect(r.reason).toBe("non-finite");
    expect(r.message).toContain('dataset "run"');
    expect(r.message).toContain("energy bin 1 (2 TeV to 4 TeV)");
    const steep = fit([points()], logParabola({ alpha: { value: 4000 } }));
    expect(steep.message).toMatch(
      /dataset "points" is (NaN|Infinity): the model is (NaN|Infinity) at 0.1 TeV \(point 0\)/,
    );
    const start = fitJoint(joint, { start: Float64Array.of(1e-11, Number.NaN, 0) });
    expect(start.message).toMatch(/^crab.alpha starts at NaN/);
  });

  it("a norm whose best value is negative is not stopped at zero", () => {
    for (const backend of backends) {
      const r = fit(
        [points([1, 2], [-1, -0.25], [1, 0.25])],
        logParabola({ amplitude: 1, alpha: { value: 2, frozen: true }, beta: { value: 0, frozen: true } }),
        { backend },
      );
      expect(r.success).toBe(true);
      expect(r.free.values[0]).toBeCloseTo(-1, 3);
    }
  });

  it("counts below the background: a norm at zero, with a one-sided error", () => {
    const r = fit([spectrum([0, 0, 0], [3, 2, 1])], norm(1, { min: 0 }));
    expect(r.success).toBe(true);
    expect(r.free.values[0]).toBe(0);
    // cash = 2 * 6 norm rises by 1
    expect(r.free.errors[0]).toBeCloseTo(1 / 12, 9);
    expect(r.message).toContain("run-bkg.norm lies at its lower limit 0");
  });

  it("norms that start on the wrong side come back", () => {
    const far = minimizeJoint(joint, Float64Array.of(-3e-11, 2.4, 0.1));
    expect(far.success).toBe(true);
    expect(far.value).toBeCloseTo(oracle.stat, 6);
  });

  it("errors and statistics of a fit are those at its minimum, and a result can be posted", () => {
    const { values, errors, covariance } = best.free;
    const at = covarianceAt(joint.objective, values, joint);
    // one Hessian by ln amplitude turned, one by amplitude: roundings times the condition number
    errors.forEach((e, i) => {
      expect(Math.abs(e / at.errors[i]! - 1)).toBeLessThan(1e-11);
    });
    covariance.forEach((c, k) => {
      const size = errors[Math.floor(k / 3)]! * errors[k % 3]!;
      expect(Math.abs(c - at.matrix[k]!)).toBeLessThan(1e-11 * size);
    });
    expect(best.datasets[0]!.stat).toBe(joint.datasetStat(0, values));
    expect(best.totalStat).toBe(joint.objective.value(values));
    expect(structuredClone(best)).toEqual(best);
    // what did not move is the same, what did has its own
    const again = fitJoint(joint, { start: Float64Array.of(2e-11, 2.5, 0.2) });
    const [was, is] = [
      joint.models.components[0]!.spectral.parameters,
      again.models.components[0]!.spectral.parameters,
    ];
    expect(is.map((p, i) => p === was[i])).toEqual(was.map((p) => p.frozen));
    expect(best.models.components[0]!.spectral.parameters.map((p) => p.value)).toEqual(
      best.parameters.map((p) => p.value),
    );
  });

  it("the minimum alone is that of the whole fit", () => {
    const lean = minimizeJoint(joint);
    expect(lean.value).toBeCloseTo(best.totalStat, 12);
    expect(lean.x).toEqual(best.free.values);
  });
});

describe("comparison and goodness", () => {
  it("tails of chi2, with and without a boundary", () => {
    const fake = (totalStat: number, n: number) => ({
      ...best,
      totalStat,
      free: { ...best.free, ids: new Array(n).fill("") },
    });
    for (const { ts, dof, p, half } of oracle.tails) {
      const c = compareModels(fake(ts, 1), fake(0, 1 + dof));
      expect(c.dof).toBe(dof);
      expect(c.sqrtTs).toBeCloseTo(Math.sqrt(ts), 12);
      expect(c.pValue / p).toBeCloseTo(1, 9);
      expect(compareModels(fake(ts, 1), fake(0, 1 + dof), { boundary: true }).pValue / half).toBeCloseTo(1, 9);
    }
    for (const { p, z } of oracle.significance) {
      // dof 1 with a boundary: sqrt(ts) standard deviations, one-sided
      const c = compareModels(fake(z * z, 1), fake(0, 2), { boundary: true });
      expect(c.pValue / p).toBeCloseTo(1, 8);
      expect(c.significance).toBeCloseTo(z, 8);
    }
    expect(compareModels(fake(4000, 1), fake(0, 2)).significance).toBeCloseTo(Math.sqrt(4000), 6);
  });

  it("a cutoff of curvature: nested fits, information criteria, the expected TS", () => {
    const frozen = logParabola({ beta: { value: 0, frozen: true } });
    const straight = fit([points()], frozen);
    const c = compareModels(straight, best);
    expect(c).toMatchObject({ dof: 1, message: "" });
    expect(c.ts).toBeCloseTo(straight.totalStat - best.totalStat, 12);
    const { aic, bic, nBins, nFree } = informationCriteria(best);
    expect([nBins, nFree]).toEqual([9, 3]);
    expect(aic).toBeCloseTo(best.totalStat + 6, 12);
    expect(bic).toBeCloseTo(best.totalStat + 3 * Math.log(9), 12);
    const expected = expectedComparison([points()], best.models, frozen);
    expect(expected.message).toBe("");
    expect(expected.ts).toBeGreaterThan(0);
    // the same errors around the model itself: the two differ by the noise
    expect(Math.abs(expected.sqrtTs - c.sqrtTs)).toBeLessThan(4);
  });

  it("wrong pairs are refused, doubtful ones explained", () => {
    const other = fit([points(undefined, undefined, undefined, "other")], logParabola());
    expect(() => compareModels(best, other)).toThrow(/fit both to the same data/);
    expect(() => compareModels(best, best)).toThrow(/must be nested/);
    const failed = { ...best, success: false, message: "Call limit" };
    const c = compareModels({ ...failed, totalStat: best.totalStat - 1 }, best, { dof: 1 });
    expect(c.message).toMatch(/null fit did not converge: Call limit; ts is negative \(-1\)/);
  });

  it("chi2 of flux points; the Poisson deviance of few counts", () => {
    const g = goodnessOfFit(joint, best);
    expect(g.deviance).toBeCloseTo(oracle.stat, 7);
    expect(g.dof).toBe(6);
    expect(g.pValue).toBeCloseTo(chi2Sf(oracle.stat, 6), 7);
    // 1 expected count: E[D] = 1.1447, from the sum over n by hand: 2 (1 - n + n ln n) Poisson(n; 1)
    const counts = compileJoint([spectrum([1, 1, 1], [1, 1, 1])], norm(1));
    const few = goodnessOfFit(counts, fitJoint(counts));
    expect(few.deviance).toBeCloseTo(0, 12);
    let mean = 0;
    let p = Math.exp(-1);
    for (let n = 0; n < 40; n++) {
      mean += p * 2 * (1 - n + (n > 0 ? n * Math.log(n) : 0));
      p /= n + 1;
    }
    expect(few.datasets[0]!.expected).toBeCloseTo(3 * mean, 9);
  });
});

describe("printed reports", () => {
  it("a result, as the tutorial prints it", () => {
    expect(formatFitResult({ ...best, backend: "minuit", method: "minuit", nfev: 330, totalStat: -12696.134 })).toBe(
      `OptimizeResult

        backend    : minuit
        method     : minuit
        success    : True
        message    : Optimization terminated successfully.
        nfev       : 330
        total stat : -12696.13

`,
    );
  });

  it("the table of parameters, as the tutorial prints it", () => {
    const none = Number.NaN;
    const row = (
      name: string,
      value: number,
      unit: string,
      min: number,
      max: number,
      frozen: boolean,
      error: number,
    ) => ({ ...best.parameters[0]!, model: "m", name, value, unit, min, max, frozen, error });
    expect(
      formatParameters([
        row("amplitude", 4.066e-3, "cm-2 s-1 TeV-1", none, none, false, 2.861e-4),
        row("reference", 5.0548e-5, "TeV", none, none, true, 0),
        row("alpha", 1.263, "", none, none, false, 1.513e-2),
        row("beta", 6.171e-2, "", none, none, false, 8.568e-4),
        row("lon_0", 83.63, "deg", none, none, true, 0),
        row("lat_0", 22.02, "deg", -90, 90, true, 0),
        row("norm", 1.305, "", 0, none, false, 7.633e-2),
        row("tilt", 0, "", none, none, true, 0),
        row("reference", 1, "TeV", none, none, true, 0),
      ]),
    ).toBe(`   name     value        unit         min        max    frozen   error
--------- --------- -------------- ---------- --------- ------ ---------
amplitude 4.066e-03 cm-2 s-1 TeV-1        nan       nan  False 2.861e-04
reference 5.055e-05            TeV        nan       nan   True 0.000e+00
    alpha 1.263e+00                       nan       nan  False 1.513e-02
     beta 6.171e-02                       nan       nan  False 8.568e-04
    lon_0 8.363e+01            deg        nan       nan   True 0.000e+00
    lat_0 2.202e+01            deg -9.000e+01 9.000e+01   True 0.000e+00
     norm 1.305e+00                 0.000e+00       nan  False 7.633e-02
     tilt 0.000e+00                       nan       nan   True 0.000e+00
reference 1.000e+00            TeV        nan       nan   True 0.000e+00
`);
    // a value that is known better than to three digits
    expect(formatParameters([row("lon_0", 83.61978, "deg", none, none, false, 3.411e-3)])).toContain(
      "lon_0 8.36198e+01  deg",
    );
  });
});

describe("bins that are predicted negative", () => {
  it("are counted, with what to do about them", async () => {
    const { datasets, models } = await readCrab("examples/crab");
    const few = aroundSource(datasets[0] as MapDataset);
    const norm = "Fermi-LAT-bkg.norm";
    const shape = { "Crab Nebula.alpha": { frozen: true }, "Crab Nebula.beta": { frozen: true } };
    const warnings = (limit: number) => {
      const compiled = compileJoint([few], updateParameters(models, { ...shape, [norm]: { min: limit } }));
      const result = fitJoint(compiled);
      expect(result.success).toBe(true);
      // those that npred would have below zero, if it did not stop there
      const predicted = npred(few, result.models).data;
      const { maskSafe, maskFit } = few;
      const used = predicted.filter((_, i) => (maskSafe?.data[i] ?? 1) && (maskFit?.data[i] ?? 1));
      return { found: result.warnings, zeros: used.filter((mu) => mu === 0).length, all: used.length };
    };
    const free = warnings(Number.NaN);
    expect(free.zeros).toBeGreaterThan(1000);
    expect(free.found).toEqual([
      `dataset "Fermi-LAT": ${free.zeros} of ${free.all} bins in the fit are predicted negative and count as zero, so do not trust this minimum; "${norm}" is below zero; give it a limit (min: 0) and fit again`,
    ]);
    expect(warnings(0).found).toEqual([]);
  });
});

describe("bins with counts that are predicted negative", () => {
  it("leave one minimum to all fits that are a success, from any start", async () => {
    const { datasets, models } = await readCrab("examples/crab");
    const [all, few] = [datasets[0] as MapDataset, aroundSource(datasets[0] as MapDataset)];
    const norm = "Fermi-LAT-bkg.norm";
    const shape = { "Crab Nebula.alpha": { frozen: true }, "Crab Nebula.beta": { frozen: true } };
    const fits = (dataset: MapDataset, value: { value: number; frozen?: boolean }) =>
      [1e-4, 1e-3, 1e-2, 5e-2].map((amplitude) => {
        const start = { "Crab Nebula.amplitude": { value: amplitude }, [norm]: { min: Number.NaN, ...value } };
        return fitJoint(compileJoint([dataset], updateParameters(models, { ...shape, ...start })));
      });
    // a background held below zero: bins without the source are negative, and which of the others are depends on the way
    const held = fits(all, { value: -0.3, frozen: true });
    expect(new Set(held.map((r) => r.totalStat.toFixed(2))).size).toBeGreaterThan(1);
    for (const { success, reason, message } of held) {
      expect([success, reason]).toEqual([false, "negative counts"]);
      expect(message).toMatch(
        /^Bins with counts are predicted negative \(\d+ in dataset "Fermi-LAT"\), where the statistic is the same whatever is predicted, so it may have other minima; /,
      );
    }
    // a background without a limit
    const free = [...fits(few, { value: 1 }), ...fits(few, { value: -0.5 })];
    const found = free.filter((r) => r.success);
    const lowest = Math.min(...free.map((r) => r.totalStat));
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(free.length);
    for (const { totalStat } of found) expect(totalStat).toBeCloseTo(lowest, 4);
    for (const { success, message } of free) {
      if (!success) expect(message).toContain(`"${norm}" is below zero; give it a limit (min: 0) and fit again`);
    }
  });
});

describe("a likelihood taken to the models of its fit", () => {
  it("is the one that would be compiled for them", () => {
    const again = jointAt(joint, best.models);
    const compiled = compileJoint([points()], best.models);
    expect(again.start).toEqual(compiled.start);
    expect(again.parameters).toEqual(compiled.parameters);
    expect(again.objective.value(again.start)).toBe(compiled.objective.value(compiled.start));
    expect(fitJoint(again).parameters).toEqual(fitJoint(compiled).parameters);
  });

  it("refuses models in which something else has changed", () => {
    const other = updateParameters(best.models, { "crab.reference": { value: 3 } });
    expect(() => jointAt(joint, other)).toThrow(/differ in "crab.reference"/);
    expect(() => jointAt(joint, twins)).toThrow(/differ in "crab.amplitude"/);
  });
});
