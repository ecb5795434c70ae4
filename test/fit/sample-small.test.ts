import { describe, expect, it } from "vitest";
import type { Joint } from "../../src/fit/joint.js";
import type { FitResult } from "../../src/fit/result.js";
import { sample } from "../../src/fit/sample.js";
import type { Objective } from "../../src/minimize/types.js";
import { diagonal, gaussian } from "../sampling/targets.js";

/** What `sample` reads of a joint fit: independent parameters a and b, fitted at `values`. */
function fitted(
  objective: Objective,
  values: readonly number[],
  errors: readonly number[],
  limits: readonly (readonly [number, number])[] = [],
): [Joint, FitResult] {
  const ids = ["m.a", "m.b"];
  const parameters = ids.map((id, i) => {
    const [min, max] = limits[i] ?? [Number.NaN, Number.NaN];
    return { id, entries: [i], unit: "TeV", value: values[i]!, error: errors[i]!, min, max, isNorm: false };
  });
  const joint = { parameters, entries: ids.map(() => ({ parameter: {} })), objective };
  const variances = errors.map((e, i) => (values[i] === limits[i]?.[0] ? 0 : e * e));
  const free = {
    ids,
    values: Float64Array.from(values),
    errors: Float64Array.from(errors),
    covariance: diagonal(...variances),
  };
  return [joint as unknown as Joint, { success: true, message: "", free } as unknown as FitResult];
}

describe("sample", () => {
  const normal = gaussian([1, -2], diagonal(0.04, 9));

  it.each(["nuts", "ensemble", "nested"] as const)("%s: moments, names and units", async (sampler) => {
    const posterior = await sample(...fitted(normal, [1, -2], [0.2, 3]), { sampler, samples: 4000, live: 200 });
    expect(posterior.warnings).toEqual([]);
    expect(posterior.parameters.map((p) => `${p.id} ${p.unit}`)).toEqual(["m.a TeV", "m.b TeV"]);
    posterior.parameters.forEach((p, i) => {
      expect(Math.abs(p.mean - [1, -2][i]!)).toBeLessThan(4 * p.meanError);
      expect(Math.abs(p.std / [0.2, 3][i]! - 1)).toBeLessThan(4 / Math.sqrt(2 * p.essTail));
    });
    expect(posterior.chain.length).toBe(posterior.value.length * 2);
    // f of the very points
    for (const k of [0, 100, posterior.value.length - 1]) {
      const f = normal.value(posterior.chain.slice(2 * k, 2 * k + 2));
      expect(posterior.value[k]).toBeCloseTo(f, 9);
    }
  });

  it("starts from a parameter at its limit", async () => {
    // exponential above 0 with mean 2; the fit gives a one-sided error and no correlations
    const objective: Objective = {
      n: 2,
      value: (x) => x[0]! + x[1]! ** 2,
      gradient(x, g) {
        g[0] = 1;
        g[1] = 2 * x[1]!;
        return x[0]! + x[1]! ** 2;
      },
    };
    const posterior = await sample(...fitted(objective, [0, 0], [1, 1], [[0, Number.NaN]]), { samples: 4000 });
    const a = posterior.parameters[0]!;
    expect(a.prior).toEqual({ kind: "flat", lower: 0, upper: Number.POSITIVE_INFINITY, limits: "parameter" });
    expect(Math.abs(a.mean - 2)).toBeLessThan(4 * a.meanError);
  });

  it("warns of errors that are too small, of too few samples, and of a failed fit", async () => {
    const [joint, fit] = fitted(normal, [1, -2], [0.2, 0.3]);
    const { warnings } = await sample(
      joint,
      { ...fit, success: false, message: "call limit" },
      {
        sampler: "nested",
        samples: 200,
        live: 100,
      },
    );
    expect(warnings[0]).toMatch(/did not converge: call limit/);
    expect(warnings.join()).toMatch(/m\.a: only 200 effective samples/);
    expect(warnings.join()).toMatch(/m\.b: the samples reach an edge of the range \[-4\.400, 0\.4000\]/);
    const few = await sample(...fitted(normal, [1, -2], [0.2, 3]), { sampler: "ensemble", samples: 320, thin: 1 });
    expect(few.warnings.join()).toMatch(/autocorrelation times, 50 are needed/);
  });

  it("asks for a range where the fit has no error", async () => {
    const [joint, fit] = fitted(normal, [1, -2], [0.2, 3]);
    const flat = { ...fit.free, errors: Float64Array.of(0.2, Number.POSITIVE_INFINITY), covariance: diagonal(0.04, 0) };
    const without = { ...fit, free: flat };
    await expect(sample(joint, without)).rejects.toThrow(/gives m\.b no error \(Infinity\)/);
    const posterior = await sample(joint, without, { ranges: { "m.b": [-20, 20] }, samples: 2000 });
    expect(Math.abs(posterior.parameters[1]!.mean + 2)).toBeLessThan(4 * posterior.parameters[1]!.meanError);
    const other = { ...fit, free: { ...fit.free, ids: ["m.a", "m.c"] } };
    await expect(sample(joint, other)).rejects.toThrow(/fit again/);
  });
});
