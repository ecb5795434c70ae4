import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createGrid, createTransforms, gridLength } from "../../src/math/convolution.js";
import { differentiate, gradientByDifferences, hessianByDifferences } from "../../src/math/differences.js";
import { complex, createFft, goodLength } from "../../src/math/fft.js";
import * as interpolate from "../../src/math/interpolate.js";
import * as linalg from "../../src/math/linalg.js";
import * as quadrature from "../../src/math/quadrature.js";
import { bracketRoot, brentMinimum, brentRoot } from "../../src/math/roots.js";
import { evaluateSpline, quadraticSpline } from "../../src/math/spline.js";

// biome-ignore lint/suspicious/noExplicitAny: plain JSON
const oracle = JSON.parse(readFileSync(new URL("../oracle/mathematics.json", import.meta.url), "utf8")) as any;

function close(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(found.length).toBe(expected.length);
  for (let i = 0; i < found.length; i++) {
    expect(Math.abs(found[i]! - expected[i]!), `[${i}] ${found[i]} ${expected[i]}`).toBeLessThanOrEqual(tolerance);
  }
}

/** image (*) kernel [n, n] by transforms, or two images with a kernel each. */
function byTransforms(
  [a, b]: readonly Float64Array[],
  ny: number,
  nx: number,
  [kernelA, kernelB]: readonly Float64Array[],
  n: number,
) {
  const box = { x0: 0, x1: nx, y0: 0, y1: ny };
  const half = (n - 1) / 2;
  const grid = createGrid(gridLength(0, ny, 0, ny, half), gridLength(0, nx, 0, nx, half), createTransforms());
  const [first, second] = grid.kernels(kernelA!, kernelB ?? kernelA!, n);
  const out = [new Float64Array(ny * nx), new Float64Array(ny * nx)] as const;
  const spectrum = complex(grid.size);
  grid.transform(a!, b ?? a!, nx, box, 0, 0, spectrum);
  grid.convolve(spectrum, first, b === undefined ? first : second, ...out, nx, box, 0, 0);
  return out;
}

describe("transforms", () => {
  test("are numpy's", () => {
    for (const { n, re, im, outRe, outIm } of oracle.fft) {
      const x = { re: Float64Array.from(re as number[]), im: Float64Array.from(im as number[]) };
      const found = createFft(n).transform(x, complex(3 * n), 3);
      // rounding in log2(n) passes over numbers of order sqrt(n)
      close(found.re, outRe, 1e-15 * n);
      close(found.im, outIm, 1e-15 * n);
    }
  });

  test("take lengths of twos and threes", () => {
    expect([1, 2, 5, 10, 17, 37, 49, 65, 97].map(goodLength)).toEqual([1, 2, 6, 12, 18, 48, 54, 72, 108]);
    expect(() => createFft(10)).toThrow("prime factors");
  });
});

describe("convolution", () => {
  test("is scipy's mode same, also for kernels larger than the image", () => {
    for (const { shape, image, kernel, out } of oracle.convolve) {
      const [ny, nx, n] = shape as [number, number, number];
      const [found] = byTransforms(
        [Float64Array.from(image as number[])],
        ny,
        nx,
        [Float64Array.from(kernel as number[])],
        n,
      );
      close(found, out, 1e-13);
    }
  });

  test("by transforms equals the direct sum, for any shape", () => {
    const size = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(size, size, fc.integer({ min: 0, max: 20 }), fc.nat(1000), (ny, nx, half, seed) => {
        const n = 2 * half + 1;
        const wave = (i: number) => Math.sin(1.7 * i + seed) + 0.3 * Math.cos(0.013 * i * i);
        const a = Float64Array.from({ length: ny * nx }, (_, i) => wave(i));
        const b = Float64Array.from({ length: ny * nx }, (_, i) => 100 * wave(3 * i + 1));
        const kernels = [77, 177].map((start) =>
          Float64Array.from({ length: n * n }, (_, i) => {
            const [x, y] = [Math.abs((i % n) - half), Math.abs(Math.floor(i / n) - half)];
            return wave(start + x + n * y);
          }),
        );
        const [outA, outB] = byTransforms([a, b], ny, nx, kernels, n);
        const tolerance = 1e-12 * n * n;
        close(outA, slow(a, ny, nx, kernels[0]!, n, n), 100 * tolerance);
        close(outB, slow(b, ny, nx, kernels[1]!, n, n), 100 * tolerance);
      }),
      { numRuns: 60 },
    );
  });

  function slow(image: Float64Array, ny: number, nx: number, kernel: Float64Array, ky: number, kx: number) {
    const out = new Float64Array(ny * nx);
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++) {
        let sum = 0;
        for (let v = 0; v < ny; v++) {
          const j = y - v + ((ky - 1) >> 1);
          if (j < 0 || j >= ky) continue;
          for (let u = 0; u < nx; u++) {
            const i = x - u + ((kx - 1) >> 1);
            if (i >= 0 && i < kx) sum += image[v * nx + u]! * kernel[j * kx + i]!;
          }
        }
        out[y * nx + x] = sum;
      }
    }
    return out;
  }
});

describe("interpolation", () => {
  test("splines are scipy's interp1d quadratic, also outside", () => {
    for (const { x, y, at, out } of oracle.spline) {
      const spline = quadraticSpline(Float64Array.from(x as number[]), Float64Array.from(y as number[]))!;
      const found = (at as number[]).map((t) => evaluateSpline(spline, t));
      // The truncated power basis loses some digits for many knots, more where extrapolated far.
      found.forEach((v, i) => {
        expect(Math.abs(v - out[i]), `n ${x.length} at ${at[i]}`).toBeLessThan(1e-9 * (1 + Math.abs(out[i])));
      });
      const d = new Float64Array(3);
      evaluateSpline(spline, 1.23, d);
      expect(Math.abs(d[1]! - differentiate((t) => evaluateSpline(spline, t), 1.23, 1e-3).value)).toBeLessThan(
        1e-4 * (1 + Math.abs(d[2]!)),
      );
    }
    expect(quadraticSpline(Float64Array.of(1, 2), Float64Array.of(1, 2))).toBeUndefined();
    expect(quadraticSpline(Float64Array.of(1, 1, 2), Float64Array.of(1, 2, 3))).toBeUndefined();
  });

  test("grids are scipy's RegularGridInterpolator with extrapolation", () => {
    const { shape, values, pix, lin, log } = oracle.grid;
    const data = Float64Array.from(values as number[]);
    const linear = interpolate.gridInterpolator(data, shape);
    const logarithmic = interpolate.gridInterpolator(data, shape, "log");
    close(pix.map(linear), lin, 1e-12);
    pix.forEach((p: number[], i: number) => {
      expect(Math.abs(logarithmic(p) / log[i] - 1)).toBeLessThan(1e-12);
    });
    const dropped = interpolate.gridInterpolator(data, [1, shape[0], 1, shape[1], shape[2]]);
    expect(dropped([9, pix[0][0], 7, pix[0][1], pix[0][2]])).toBe(linear(pix[0]));
    expect(interpolate.gridInterpolator(Float64Array.of(3), [1, 1])([5, 5])).toBe(3);
  });

  test("fractional indices, ties and special values", () => {
    const nodes = Float64Array.of(1, 2, 4);
    expect([0, 1, 1.5, 3, 6].map((x) => interpolate.fractionalIndex(nodes, x))).toEqual([-1, 0, 0.5, 1.5, 3]);
    expect([-1, 0, 0.5, 1.5, 3].map((p) => interpolate.interpolateLinear(nodes, p))).toEqual([0, 1, 1.5, 3, 8 - 2]);
    expect(interpolate.interpolateAt(nodes, Float64Array.of(10, 20, 0), 3)).toBe(10);
    expect([-1, 0.5, 0.51, 1.5, 9].map((p) => interpolate.nearestIndex(p, 3) + 0)).toEqual([0, 0, 1, 1, 2]);
    const log = interpolate.scaleValues(Float64Array.of(0, Number.NaN, -1, Math.E), "log");
    expect(interpolate.unscaleValue(log[0]!, "log")).toBe(0);
    expect(log[1]).toBe(log[0]);
    expect(log[3]).toBe(1);
    expect(interpolate.unscaleValue(interpolate.scaleValues(Float64Array.of(7), "sqrt")[0]!, "sqrt")).toBeCloseTo(
      7,
      14,
    );
  });
});

describe("quadrature", () => {
  test("power-law trapezoid is Gammapy's", () => {
    const { x, y, out } = oracle.trapz;
    y.forEach((values: number[], row: number) => {
      let sum = 0;
      for (let i = 0; i + 1 < x.length; i++)
        sum += quadrature.powerLawSegment(x[i], x[i + 1], values[i]!, values[i + 1]!);
      // Gammapy divides by 1 - index, 1e-10 in one row: its result has 6 digits there.
      expect(Math.abs(sum - out[row]), `row ${row}`).toBeLessThanOrEqual(row === 2 ? 1e-5 : 1e-12 * Math.abs(out[row]));
    });
  });

  test("one node count for all bins", () => {
    expect(quadrature.nodeCount([1, 10 ** 0.1])).toBe(10);
    expect(quadrature.nodeCount([1, 10 ** 0.05])).toBe(5);
    expect(quadrature.nodeCount([1, 10, 20])).toBe(100);
    expect(quadrature.nodeCount([1, 1.001])).toBe(2);
  });

  test("integrals of a power law are exact, of others converge", () => {
    expect(quadrature.integratePowerLaw((e) => e ** -2, 1, 10, 5)).toBeCloseTo(0.9, 14);
    expect(quadrature.integratePowerLaw((e) => 3 / e, 1, 10, 2)).toBeCloseTo(3 * Math.log(10), 14);
    expect(quadrature.integratePowerLaw((e) => Math.exp(-e), 0.1, 5, 400)).toBeCloseTo(
      Math.exp(-0.1) - Math.exp(-5),
      4,
    );
    const r = quadrature.integrate((e) => Math.exp(-e) * Math.abs(e - 1), 0, 3);
    expect(r.success).toBe(true);
    expect(r.value).toBeCloseTo(2 / Math.E - 3 * Math.exp(-3), 11);
    expect(quadrature.integrate((e) => 1 / e, 0, 1).success).toBe(false);
    const { nodes, weights } = quadrature.gaussLegendre(7);
    expect(nodes.reduce((s, x, i) => s + weights[i]! * x ** 12, 0)).toBeCloseTo(2 / 13, 14);
  });

  test("sinhc and its derivatives", () => {
    const out = new Float64Array(3);
    for (const v of [-3, -0.21, -0.19, -1e-5, 0, 1e-9, 0.0999, 0.1001, 0.1999, 0.2001, 1, 20]) {
      quadrature.sinhcDerivatives(v, out);
      expect(Math.abs(quadrature.sinhc(v) / out[0]! - 1)).toBeLessThan(1e-15);
      const d1 = differentiate(quadrature.sinhc, v, 0.5);
      const d2 = differentiate(quadrature.sinhc, v, 0.5, 2);
      expect(Math.abs(d1.value - out[1]!)).toBeLessThan(1e-11 * out[0]!);
      expect(Math.abs(d2.value - out[2]!)).toBeLessThan(1e-9 * out[0]!);
    }
  });
});

describe("linear algebra", () => {
  const a = Float64Array.from(oracle.matrix.a as number[]);
  test("inverse and solution of a badly scaled matrix", () => {
    const inverse = new Float64Array(25);
    expect(linalg.inverseSpd(a, 5, inverse)).toBe(true);
    inverse.forEach((v, i) => {
      expect(Math.abs(v / oracle.matrix.inverse[i] - 1)).toBeLessThan(1e-11);
    });
    const b = Float64Array.of(1, 1e-12, 1e-3, 1e5, 10);
    const expected = [0, 1, 2, 3, 4].map((i) => b.reduce((s, v, j) => s + inverse[5 * i + j]! * v, 0));
    for (const f of [linalg.solve, linalg.solveSpd]) {
      const x = new Float64Array(5);
      expect(f(a, 5, b, x)).toBe(true);
      x.forEach((v, i) => {
        expect(Math.abs(v / expected[i]! - 1)).toBeLessThan(1e-10);
      });
    }
  });
  test("singular and indefinite matrices are reported", () => {
    const x = new Float64Array(4);
    expect(linalg.inverseSpd(Float64Array.of(1, 2, 2, 1), 2, x)).toBe(false);
    expect(linalg.inverseSpd(Float64Array.of(1, 0, 0, 0), 2, x)).toBe(false);
    expect(linalg.solveSpd(Float64Array.of(1, Number.NaN, Number.NaN, 1), 2, Float64Array.of(1, 1), x)).toBe(false);
    expect(linalg.solve(Float64Array.of(1, 2, 2, 4), 2, Float64Array.of(1, 1), x)).toBe(false);
    expect(linalg.solve(Float64Array.of(0, 2, 3, 0), 2, Float64Array.of(4, 9), x)).toBe(true);
    expect([x[0], x[1]]).toEqual([3, 2]);
  });
  test("eigen-decomposition", () => {
    const plain = Float64Array.from(oracle.matrix.plain as number[]);
    const { values, vectors } = linalg.eigenSymmetric(plain, 5);
    close(values, oracle.matrix.eigenvalues, 1e-13);
    close(linalg.eigenvaluesSymmetric(plain, 5), oracle.matrix.eigenvalues, 1e-13);
    for (let k = 0; k < 5; k++) {
      for (let i = 0; i < 5; i++) {
        let s = 0;
        for (let j = 0; j < 5; j++) s += plain[5 * i + j]! * vectors[5 * k + j]!;
        expect(Math.abs(s - values[k]! * vectors[5 * k + i]!)).toBeLessThan(1e-13 * values[4]!);
      }
    }
  });
});

describe("roots and minima", () => {
  test("Brent finds roots, also beside an infinite value", () => {
    expect(brentRoot((x) => x ** 3 - 2, 0, 5).x).toBeCloseTo(Math.cbrt(2), 12);
    expect(brentRoot((x) => Math.exp(x) - 1e-5, -1e5, 10).x).toBeCloseTo(Math.log(1e-5), 10);
    expect(brentRoot((x) => (x > 3 ? Number.POSITIVE_INFINITY : x - 1), 0, 100).x).toBeCloseTo(1, 11);
    fc.assert(
      fc.property(fc.double({ min: -50, max: 50, noNaN: true }), (root) => {
        const r = brentRoot((x) => Math.atan(3 * (x - root)) + 0.01 * (x - root) ** 3, -70, 60);
        expect(r.success).toBe(true);
        expect(Math.abs(r.x - root)).toBeLessThan(1e-11);
        expect(r.calls).toBeLessThan(60);
      }),
    );
  });
  test("failure is said", () => {
    expect(brentRoot((x) => x * x + 1, -1, 2)).toMatchObject({ success: false, reason: "no sign change" });
    expect(brentRoot((x) => (x < 1 ? -1 : Number.NaN), 0, 2)).toMatchObject({ success: false, reason: "non-finite" });
    expect(brentRoot((x) => x ** 9 - 0.3, 0, 100, { maxCalls: 5 })).toMatchObject({
      success: false,
      reason: "call limit",
    });
    expect(bracketRoot(() => 1, 0, 1, { limit: 50 })).toMatchObject({ success: false, reason: "no sign change" });
    expect(bracketRoot(() => Number.NaN, 0, 1)).toMatchObject({ success: false, reason: "non-finite" });
  });
  test("brackets grow in either direction", () => {
    const down = bracketRoot((x) => x + 1000, 0, -1);
    expect(down.success).toBe(true);
    expect(down.a).toBeGreaterThan(-1000);
    expect(down.b).toBeLessThanOrEqual(-1000);
    expect(bracketRoot((x) => x - 9, 0, 4, { limit: 10 })).toMatchObject({ success: true, a: 4, b: 10 });
  });
  test("Brent finds minima", () => {
    expect(brentMinimum((x) => Math.cosh(x - 0.7), -10, 30).x).toBeCloseTo(0.7, 6);
    expect(brentMinimum((x) => (x < 0 ? Number.POSITIVE_INFINITY : x - Math.log(x)), -3, 8).x).toBeCloseTo(1, 6);
    expect(brentMinimum(() => Number.NaN, 0, 1)).toMatchObject({ success: false, reason: "non-finite" });
  });
});

describe("differences", () => {
  test("gradient and Hessian with their errors", () => {
    const f = (x: Float64Array) => Math.exp(x[0]!) * Math.sin(x[1]! * 1e12) + x[0]! ** 2 * x[2]!;
    const x = Float64Array.of(0.4, 0.7e-12, -3);
    const steps = Float64Array.of(0.3, 0.3e-12, 1);
    const g = new Float64Array(3);
    const h = new Float64Array(9);
    const eg = new Float64Array(3);
    const eh = new Float64Array(9);
    gradientByDifferences(f, x, steps, g, eg);
    hessianByDifferences(f, x, steps, h, eh);
    const e = Math.exp(0.4);
    const s = Math.sin(0.7);
    const c = Math.cos(0.7);
    const expectedG = [e * s - 2.4, e * c * 1e12, 0.16];
    const expectedH = [e * s - 6, e * c * 1e12, 0.8, e * c * 1e12, -e * s * 1e24, 0, 0.8, 0, 0];
    expectedG.forEach((v, i) => {
      expect(Math.abs(g[i]! - v) * steps[i]!).toBeLessThan(1e-11);
      expect(eg[i]! * steps[i]!).toBeLessThan(1e-8);
    });
    expectedH.forEach((v, i) => {
      const scale = steps[Math.floor(i / 3)]! * steps[i % 3]!;
      expect(Math.abs(h[i]! - v) * scale).toBeLessThan(1e-9);
      expect(eh[i]! * scale).toBeLessThan(1e-6);
    });
    expect(differentiate(() => Number.NaN, 1, 0.1).error).toBe(Number.POSITIVE_INFINITY);
  });
});
