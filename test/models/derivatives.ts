import { expect } from "vitest";
import { gradientByDifferences, hessianByDifferences } from "../../src/math/differences.js";
import type { SpectralDeclaration } from "../../src/models/declaration.js";

/** Exact derivatives of a spectrum at e [TeV] against extrapolated differences with these steps, within a few of the differences' own error estimates. */
export function expectExactDerivatives(f: SpectralDeclaration, e: number, p: Float64Array, steps: Float64Array): void {
  const n = p.length;
  const work = (m: number) => new Float64Array(m);
  const [g, h, gd, hd, ge, he] = [n, n * n, n, n * n, n, n * n].map(work) as Float64Array[] as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const value = f.derivatives!(e, p, g, h);
  const plain = f.evaluate(e, p);
  expect(Math.abs(value - plain)).toBeLessThanOrEqual(1e-12 * Math.abs(plain));
  gradientByDifferences((q) => f.evaluate(e, q), p, steps, gd, ge);
  hessianByDifferences((q) => f.evaluate(e, q), p, steps, hd, he);
  const names = Object.keys(f.parameters);
  for (let i = 0; i < n; i++) {
    // rounding of the differences: eps |f| / step and eps |f| / step^2
    const bound = 10 * ge[i]! + (1e-10 * Math.abs(plain)) / steps[i]! + 1e-8 * Math.abs(g[i]!);
    expect(Math.abs(g[i]! - gd[i]!), `d/d${names[i]} at ${e}: ${g[i]} ${gd[i]}`).toBeLessThanOrEqual(bound);
    for (let j = 0; j < n; j++) {
      const k = i * n + j;
      expect(h[k]).toBe(h[j * n + i]);
      const rounding = (1e-8 * Math.abs(plain)) / (steps[i]! * steps[j]!);
      expect(Math.abs(h[k]! - hd[k]!), `d2/d${names[i]}d${names[j]} at ${e}: ${h[k]} ${hd[k]}`).toBeLessThanOrEqual(
        10 * he[k]! + rounding + 1e-6 * Math.abs(h[k]!),
      );
    }
  }
}
