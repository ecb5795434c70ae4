import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as gamma from "../../src/math/gamma.js";
import * as special from "../../src/math/special.js";

const oracle = JSON.parse(readFileSync(new URL("../oracle/mathematics.json", import.meta.url), "utf8")) as Record<
  string,
  (number | string)[][]
>;

function compare(name: string, f: (x: number) => number, tolerance: number, floor = 0): void {
  const [x, y] = oracle[name]!.map((column) => column.map(Number)) as [number[], number[]];
  x.forEach((xi, i) => {
    const found = f(xi);
    if (!Number.isFinite(y[i]!)) expect(found, `${name}(${xi})`).toBe(y[i]);
    else
      expect(Math.abs(found - y[i]!), `${name}(${xi}): ${found} ${y[i]}`).toBeLessThanOrEqual(
        tolerance * Math.abs(y[i]!) + floor,
      );
  });
}

describe("special functions are scipy's", () => {
  test("error functions", () => {
    compare("erf", special.erf, 1e-15);
    // Up to x = 1.5 erfc is 1 - erf: 1e-16 of 0.03.
    compare("erfc", special.erfc, 1e-14);
    // exp(x^2) with the rounding of x^2 up to 700.
    compare("erfcx", special.erfcx, 1e-13);
  });
  test("gamma function", () => {
    // scipy takes the logarithm of a number near 1: 1e-16 absolute near the zeros at 1 and 2. The value below is from 60-digit arithmetic.
    compare("lnGamma", gamma.lnGamma, 5e-15, 3e-16);
    expect(gamma.lnGamma(1.991139240506329) / -3.720825454562343e-3).toBeCloseTo(1, 15);
    // digamma has a zero at 1.46; sums of ten reciprocals
    compare("digamma", gamma.digamma, 5e-15, 5e-15);
    compare("trigamma", gamma.trigamma, 5e-15);
  });
  test("normal distribution, also in the tails", () => {
    // x / sqrt 2 is rounded before it is squared: 1e-16 x^2.
    compare("normalCdf", special.normalCdf, 5e-13);
    compare("normalSf", special.normalSf, 5e-13);
    compare("normalIsf", special.normalIsf, 1e-14, 1e-15);
    expect(special.normalPpf(0.975)).toBeCloseTo(1.959963984540054, 13);
    expect(special.normalIsf(0)).toBe(Number.POSITIVE_INFINITY);
    expect(special.normalIsf(1.1)).toBeNaN();
  });
  test("chi2, any number of degrees of freedom", () => {
    const [dof, x, cdf, sf] = oracle.chi2!.map((column) => column.map(Number)) as [
      number[],
      number[],
      number[],
      number[],
    ];
    dof.forEach((d, i) => {
      // 1e-300 and below: denormal numbers. A tail of exp(-y) has the rounding of y, up to 1e-13 for y = 1000.
      const at = `dof ${d} x ${x[i]}`;
      expect(Math.abs(gamma.chi2Cdf(x[i]!, d) - cdf[i]!), at).toBeLessThanOrEqual(1e-12 * cdf[i]! + 1e-300);
      expect(Math.abs(gamma.chi2Sf(x[i]!, d) - sf[i]!), at).toBeLessThanOrEqual(1e-12 * sf[i]! + 1e-300);
    });
    expect(gamma.chi2Sf(-1, 2)).toBe(1);
    expect(gamma.chi2Cdf(1, 0)).toBeNaN();
  });
  test("chi2 quantiles", () => {
    const [dof, p, ppf, isf] = oracle.chi2Ppf!.map((column) => column.map(Number)) as [
      number[],
      number[],
      number[],
      number[],
    ];
    dof.forEach((d, i) => {
      const at = `dof ${d} p ${p[i]}`;
      // Very small x (dof 0.5: p^4) underflow.
      expect(Math.abs(gamma.chi2Ppf(p[i]!, d) - ppf[i]!), at).toBeLessThanOrEqual(1e-12 * ppf[i]! + 1e-300);
      expect(Math.abs(gamma.chi2Isf(p[i]!, d) - isf[i]!), at).toBeLessThanOrEqual(1e-12 * isf[i]! + 1e-300);
    });
    expect(gamma.chi2Ppf(0, 3)).toBe(0);
    expect(gamma.chi2Ppf(1, 3)).toBe(Number.POSITIVE_INFINITY);
    expect(gamma.chi2Ppf(2, 3)).toBeNaN();
  });
  test("Lambert W", () => {
    // Conditioned as 1 / (1 + W) near the branch point.
    compare("lambertW0", special.lambertW0, 3e-15);
    compare("lambertWm1", special.lambertWm1, 3e-15);
    expect(special.lambertW0(-1 / Math.E)).toBeCloseTo(-1, 7);
    expect(special.lambertW0(-0.4)).toBeNaN();
    expect(special.lambertWm1(0.1)).toBeNaN();
  });
});

test("u - ln(1 + u) and its inverses", () => {
  fc.assert(
    fc.property(fc.double({ min: -30, max: 8, noNaN: true }), fc.constantFrom(1 as const, -1 as const), (lg, sign) => {
      const d = 10 ** (sign > 0 ? lg : Math.min(lg, 1));
      const u = special.log1pExcessInverse(d, sign);
      expect(Math.sign(u)).toBe(sign);
      // Near u = -1 the excess is -ln(1 + u), whose argument carries the rounding of u.
      expect(Math.abs(special.log1pExcess(u) - d)).toBeLessThanOrEqual(2e-14 * d + (sign < 0 ? 1e-15 / (1 + u) : 0));
    }),
    { numRuns: 500 },
  );
  expect(special.log1pExcess(1e-8)).toBeCloseTo(1e-16 / 2 - 1e-24 / 3, 31);
  expect(special.log1pExcessInverse(2, -1)).toBeCloseTo(-1 - special.lambertW0(-Math.exp(-3)), 14);
  expect(special.log1pExcessInverse(2, 1)).toBeCloseTo(-1 - special.lambertWm1(-Math.exp(-3)), 14);
  expect(special.log1pExcessInverse(0, 1)).toBe(0);
  expect(special.log1pExcessInverse(-1, 1)).toBeNaN();
});

test("Poisson probabilities sum to 1 and agree with each other", () => {
  for (const mu of [0.3, 9.5, 400]) {
    let sum = 0;
    for (let n = 0; n < mu + 20 + 12 * Math.sqrt(mu); n++) {
      sum += gamma.poissonDensity(n, mu);
      expect(Math.abs(Math.exp(gamma.lnPoisson(n, mu)) / gamma.poissonDensity(n, mu) - 1)).toBeLessThan(1e-12);
    }
    expect(Math.abs(sum - 1)).toBeLessThan(1e-13);
  }
});
