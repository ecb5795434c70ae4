import { describe, expect, it } from "vitest";
import { constantVector } from "../../src/fold/flux/types.js";
import type { Component } from "../../src/fold/types.js";
import { dense } from "../../src/likelihood/kernels/reference.js";
import { fillRows, sparseRows } from "../../src/likelihood/sparse-rows.js";
import { randomStream } from "../../src/math/random.js";

const SIZE = 12;
/** Energy bins with two, one and no pixels, and one more. */
const mask = [Int32Array.of(0, 3), Int32Array.of(1), Int32Array.of(), Int32Array.of(2)];
const COUNT = 4;

/** A component with these columns an energy bin, and its rows written out [COUNT, SIZE]. */
function made(columns: readonly (readonly number[])[]) {
  const random = randomStream(5);
  const numbers = (n: number) => Float64Array.from({ length: n }, () => random.normal());
  const entries = columns.map((c, r) => numbers(c.length * 4 * (r + 1)));
  const indices = columns.map((c) => Int32Array.from(c));
  const component: Component = {
    name: "any",
    vector: constantVector(new Float64Array(SIZE)),
    columns: (r) => indices[r]!,
    rows(r, pixels, out, stride, at) {
      const k = indices[r]!.length;
      pixels.forEach((pixel, i) => {
        for (let c = 0; c < k; c++) out[i * stride + at + c] = entries[r]![pixel * k + c]!;
      });
    },
  };
  const full = new Float64Array(COUNT * SIZE);
  let row = 0;
  mask.forEach((pixels, r) => {
    for (const pixel of pixels) {
      columns[r]!.forEach((k, c) => {
        full[row * SIZE + k] = entries[r]![pixel * columns[r]!.length + c]!;
      });
      row++;
    }
  });
  return { component, full };
}

const shapes: Record<string, { columns: number[][]; banded: boolean }> = {
  "neighbouring columns": { columns: [[2, 3, 4], [4, 5], [5], [0, 1, 2, 3]], banded: true },
  "columns with a gap": { columns: [[2, 3, 5], [4, 6], [5], [0, 2, 3, 4]], banded: true },
  "columns far apart": { columns: [[0, 11], [1, 9], [5], [3]], banded: false },
  "columns out of order": { columns: [[3, 2], [4, 5], [5], [1, 0]], banded: false },
  "an energy bin without columns": { columns: [[2, 3], [], [5], [1, 3]], banded: true },
};

describe.each(Object.entries(shapes))("rows of %s", (_, { columns, banded }) => {
  it("are those of the full matrix", () => {
    const { component, full } = made(columns);
    const rows = sparseRows(component, mask, COUNT);
    expect(rows.banded).toBe(banded);
    expect(dense(rows, SIZE).rows).toEqual(full);
    // again into the same place, as after a refresh
    fillRows(component, mask, rows);
    expect(dense(rows, SIZE).rows).toEqual(full);
  });
});
