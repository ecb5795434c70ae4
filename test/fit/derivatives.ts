import { expect } from "vitest";
import type { Joint } from "../../src/fit/joint.js";

/**
 * Holds gradient and Hessian of a joint statistic against sixth-order central differences of value and gradient, with steps of `steps` [n];
 * returns the largest difference in units of sqrt(H_ii H_jj).
 */
export function checkDerivatives(joint: Joint, x: Float64Array, steps: Float64Array, tolerance: number): void {
  const { objective } = joint;
  const { n } = objective;
  const g = new Float64Array(n);
  const h = new Float64Array(n * n);
  const value = objective.hessian(x, g, h);
  const only = new Float64Array(n);
  expect(objective.gradient(x, only)).toBeCloseTo(value, 8);
  expect(objective.value(x)).toBeCloseTo(value, 8);
  const weights = [-1 / 60, 3 / 20, -3 / 4, 0, 3 / 4, -3 / 20, 1 / 60];
  for (let i = 0; i < n; i++) {
    expect(Math.abs(only[i]! - g[i]!)).toBeLessThan(1e-9 * Math.sqrt(h[i * n + i]!));
    let first = 0;
    const column = new Float64Array(n);
    const y = x.slice();
    const gy = new Float64Array(n);
    weights.forEach((w, k) => {
      y[i] = x[i]! + (k - 3) * steps[i]!;
      first += (w * (objective.gradient(y, gy) - value)) / steps[i]!;
      for (let j = 0; j < n; j++) column[j]! += (w * gy[j]!) / steps[i]!;
    });
    const scale = Math.sqrt(h[i * n + i]!);
    expect(Math.abs(first - g[i]!) / scale, `gradient ${joint.parameters[i]!.id}`).toBeLessThan(tolerance);
    for (let j = 0; j < n; j++) {
      const difference = Math.abs(column[j]! - h[i * n + j]!) / (scale * Math.sqrt(h[j * n + j]!));
      expect(difference, `hessian ${joint.parameters[i]!.id} ${joint.parameters[j]!.id}`).toBeLessThan(tolerance);
    }
  }
}
