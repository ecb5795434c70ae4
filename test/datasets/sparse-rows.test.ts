import { describe, expect, it } from "vitest";
import type { Component } from "../../src/fold/types.js";
import {
  addProduct,
  addTransposed,
  addWithGradient,
  fillRows,
  sparseRows,
} from "../../src/likelihood/kernels/sparse-rows.js";
import { randomStream } from "../../src/math/random.js";

const SIZE = 12;
/** Energy bins with two, one and no pixels, and one more. */
const mask = [Int32Array.of(0, 3), Int32Array.of(1), Int32Array.of(), Int32Array.of(2)];
const COUNT = 4;

/** A component with these columns an energy bin, of `m` parameters, and its rows written out [COUNT, SIZE]. */
function made(columns: readonly (readonly number[])[], m: number) {
  const random = randomStream(5, m);
  const numbers = (n: number) => Float64Array.from({ length: n }, () => random.normal());
  const entries = columns.map((c, r) => numbers(c.length * 4 * (r + 1)));
  const indices = columns.map((c) => Int32Array.from(c));
  const vector = { size: SIZE, n: m, s: numbers(SIZE), ds: numbers(SIZE * m), d2s: numbers(0), update: () => {} };
  const component: Component = {
    name: "any",
    vector,
    columns: (r) => indices[r]!,
    rows(r, pixels, out, stride, at) {
      const k = indices[r]!.length;
      pixels.forEach((pixel, i) => {
        for (let c = 0; c < k; c++) out[i * stride + at + c] = entries[r]![pixel * k + c]!;
      });
    },
  };
  const dense = new Float64Array(COUNT * SIZE);
  let row = 0;
  mask.forEach((pixels, r) => {
    for (const pixel of pixels) {
      columns[r]!.forEach((k, c) => {
        dense[row * SIZE + k] = entries[r]![pixel * columns[r]!.length + c]!;
      });
      row++;
    }
  });
  return { component, dense, random, numbers };
}

const shapes: Record<string, { columns: number[][]; banded: boolean }> = {
  "neighbouring columns": { columns: [[2, 3, 4], [4, 5], [5], [0, 1, 2, 3]], banded: true },
  "columns with a gap": { columns: [[2, 3, 5], [4, 6], [5], [0, 2, 3, 4]], banded: true },
  "columns far apart": { columns: [[0, 11], [1, 9], [5], [3]], banded: false },
  "columns out of order": { columns: [[3, 2], [4, 5], [5], [1, 0]], banded: false },
  "an energy bin without columns": { columns: [[2, 3], [], [5], [1, 3]], banded: true },
};

describe.each(Object.entries(shapes))("rows of %s", (_, { columns, banded }) => {
  it.each([1, 2, 3])("are what the full matrix is, for %i parameters", (m) => {
    const { component, dense, numbers } = made(columns, m);
    const rows = sparseRows(component, mask, COUNT);
    expect(rows.banded).toBe(banded);
    // again into the same place, as after a refresh
    fillRows(component, mask, rows);
    const [z0, n, at] = [3, 5, 1];
    const z = numbers(z0 + SIZE);
    const d = numbers(COUNT);
    const { ds } = component.vector;
    const before = { mu: numbers(COUNT), y: numbers(COUNT * n), lambda: numbers(z0 + SIZE) };
    const expected = { mu: before.mu.slice(), y: before.y.slice(), lambda: before.lambda.slice() };
    for (let i = 0; i < COUNT; i++) {
      for (let k = 0; k < SIZE; k++) {
        const x = dense[i * SIZE + k]!;
        expected.mu[i]! += x * z[z0 + k]!;
        expected.lambda[z0 + k]! += x * d[i]!;
        for (let a = 0; a < m; a++) expected.y[i * n + at + a]! += x * ds[k * m + a]!;
      }
    }
    const product = before.mu.slice();
    addProduct(rows, z, z0, product);
    const mu = before.mu.slice();
    const y = before.y.slice();
    addWithGradient(rows, z, z0, mu, ds, m, y, n, at);
    const lambda = before.lambda.slice();
    addTransposed(rows, d, lambda, z0);
    // sums of at most four numbers of size one
    const near = (a: Float64Array, b: Float64Array) =>
      a.forEach((v, i) => {
        expect(Math.abs(v - b[i]!)).toBeLessThan(1e-13);
      });
    near(product, expected.mu);
    near(mu, expected.mu);
    near(y, expected.y);
    near(lambda, expected.lambda);
  });
});
