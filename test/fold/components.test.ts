/** Components of a term, and the vectors and masks they are made of: numbers by hand. */
import { describe, expect, it } from "vitest";
import { backgroundComponent } from "../../src/fold/background.js";
import { blockColumns } from "../../src/fold/columns.js";
import {
  addBinNpred,
  addCurvature,
  addGradient,
  addNpred,
  columnTotals,
  limitVectors,
  mirror,
  stackComponents,
  updateStack,
} from "../../src/fold/component.js";
import { productTerms } from "../../src/fold/extended/terms.js";
import { fixedComponent } from "../../src/fold/fixed.js";
import { shareVector } from "../../src/fold/flux/shared.js";
import { constantVector, type FluxVector, scaledVector } from "../../src/fold/flux/types.js";
import { maskPixels, withinBins } from "../../src/fold/pixels.js";
import { shapeVector } from "../../src/fold/shape-vector.js";
import type { Component } from "../../src/fold/types.js";
import { checkVector } from "./vectors.js";

/** A vector of p0 (1, 10) and p0 p1 (2, 20), without limits or with. */
function vector(limits?: number[][]): FluxVector {
  const [s, ds, d2s] = [new Float64Array(2), new Float64Array(4), new Float64Array(6)];
  return {
    ...{ size: 2, n: 2, s, ds, d2s },
    ...(limits && { limit: (first: number, last: number) => void limits.push([first, last]) }),
    update(p, at, order) {
      const [x, y] = [p[at]!, p[at + 1]!];
      s.set([x, x * y]);
      if (order > 0) ds.set([1, 0, y, x]);
      if (order > 1) d2s.set([0, 0, 0, 0, 1, 0]);
    },
  };
}

/** Rows: 100 (r + 1) + 10 pixel + column, of both columns in bin 0 and the last in bin 1. */
function component(own: FluxVector, refresh?: () => boolean): Component {
  const columns = [Int32Array.of(0, 1), Int32Array.of(1)];
  return {
    name: "c",
    vector: own,
    ...(refresh && { refresh }),
    columns: (r) => columns[r]!,
    rows(r, pixels, out, stride, at) {
      pixels.forEach((pixel, i) => {
        columns[r]!.forEach((column, c) => {
          out[i * stride + at + c] = 100 * (r + 1) + 10 * pixel + column;
        });
      });
    },
  };
}
const mask = [Int32Array.of(0, 2), Int32Array.of(1)];

describe("components of one term", () => {
  it("stand one after the other", () => {
    const stack = stackComponents([component(vector()), component(scaledVector(Float64Array.of(3, 4)))]);
    expect([stack.nz, stack.n, [...stack.column], [...stack.parameter]]).toEqual([4, 3, [0, 2, 4], [0, 2, 3]]);
    expect(updateStack(stack, Float64Array.of(5, 7, 2), 2)).toBe(false);
    expect([...stack.z]).toEqual([5, 35, 6, 8]);
    // bin 0: pixels 0 and 2, bin 1: pixel 1
    const out = Float64Array.of(1, 1, 1);
    addNpred(stack, mask, out);
    expect([...out]).toEqual([
      1 + 100 * 5 + 101 * 35 + 100 * 6 + 101 * 8,
      1 + 120 * 5 + 121 * 35 + 120 * 6 + 121 * 8,
      1 + 211 * 35 + 211 * 8,
    ]);
    const wide = new Float64Array(5);
    addBinNpred(stack, 0, mask[0]!, wide, 2, 1);
    expect([...wide]).toEqual([0, out[0]! - 1, 0, out[1]! - 1, 0]);
    const g = Float64Array.of(1, 0, 0);
    const lambda = Float64Array.of(2, 3, 5, 7);
    addGradient(stack, lambda, g);
    expect([...g]).toEqual([1 + 2 + 3 * 7, 3 * 5, 5 * 3 + 7 * 4]);
    const h = new Float64Array(9).fill(1);
    addCurvature(stack, lambda, h);
    // by p0 and p1 of the second entry alone
    expect([...h]).toEqual([1, 1, 1, 1 + 3, 1, 1, 1, 1, 1]);
    mirror(h, 3);
    expect([...h]).toEqual([1, 4, 1, 4, 1, 1, 1, 1, 1]);
  });

  it("say whether rows have changed", () => {
    let changed = false;
    const stack = stackComponents([
      component(vector(), () => changed),
      component(constantVector(Float64Array.of(1, 2))),
    ]);
    expect(updateStack(stack, Float64Array.of(5, 7), 0)).toBe(false);
    changed = true;
    expect(updateStack(stack, Float64Array.of(5, 7), 0)).toBe(true);
    updateStack(stack, Float64Array.of(5, 7), 2);
    const h = new Float64Array(4);
    addCurvature(stack, Float64Array.of(2, 3, 5, 7), h);
    expect([...h]).toEqual([0, 0, 3, 0]);
  });

  it("have sums of rows over a mask, also of more pixels than are held at once", () => {
    const totals = new Float64Array(2).fill(9);
    columnTotals(component(vector()), mask, totals);
    expect([...totals]).toEqual([100 + 120, 101 + 121 + 211]);
    const many = Int32Array.from({ length: 10000 }, (_, i) => i);
    columnTotals(component(vector()), [many, new Int32Array(0)], totals);
    expect([...totals]).toEqual([100 * 1e4 + 10 * 49995000, 101 * 1e4 + 10 * 49995000]);
    const out = new Float64Array(10000);
    const stack = stackComponents([component(constantVector(Float64Array.of(2, 3)))]);
    updateStack(stack, new Float64Array(0), 0);
    addNpred(stack, [many], out);
    expect([out[0], out[4095], out[4096], out[9999]]).toEqual(
      [0, 4095, 4096, 9999].map((i) => 2 * (100 + 10 * i) + 3 * (101 + 10 * i)),
    );
    const own = { ...component(vector()), totals: (_: unknown, to: Float64Array) => void to.set([7, 8]) };
    columnTotals(own, mask, totals);
    expect([...totals]).toEqual([7, 8]);
    columnTotals({ ...component(vector()), columns: () => new Int32Array(0) }, mask, totals);
    expect([...totals]).toEqual([0, 0]);
  });

  it("compute what the bins of the mask need", () => {
    const limits: number[][] = [];
    const none = new Int32Array(0);
    const stack = stackComponents([component(vector(limits)), component(vector())]);
    limitVectors(stack, mask);
    limitVectors(stack, [none, mask[1]!]);
    limitVectors(stack, [none, none]);
    limitVectors(stack, [mask[0]!, none]);
    expect(limits).toEqual([
      [0, 2],
      [1, 2],
      [0, 0],
      [0, 2],
    ]);
  });

  it("of true energies in blocks have the columns of each block", () => {
    const columns = blockColumns([Int32Array.of(0, 2), Int32Array.of(1)], 2, 3);
    expect(columns.map((c) => [...c])).toEqual([
      [0, 2, 3, 5],
      [1, 4],
    ]);
  });
});

describe("a background", () => {
  it("is a map times a factor in each energy", () => {
    const map = Float64Array.of(1, 0, 3, 4, 5, 6);
    const background = backgroundComponent("b", scaledVector(Float64Array.of(2, 3)), map);
    expect([0, 1].map((r) => [...background.columns(r)])).toEqual([[0], [1]]);
    expect([background.touches!(0, 0), background.touches!(0, 1), background.touches!(1, 1)]).toEqual([
      true,
      false,
      true,
    ]);
    const out = new Float64Array(7);
    background.rows(1, Int32Array.of(0, 2), out, 3, 2);
    expect([...out]).toEqual([0, 0, 4, 0, 0, 6, 0]);
    const totals = new Float64Array(2);
    background.totals!([Int32Array.of(0, 2), Int32Array.of(1)], totals);
    expect([...totals]).toEqual([4, 5]);
  });
});

describe("a source that stays", () => {
  // a window of 2 x 2 pixels from (1, 1) of a map 4 wide; 2 true energies, 3 energies
  const template = { x0: 1, y0: 1, nx: 2, ny: 2, data: Float64Array.of(1, 2, 3, 0, 5, 6, 7, 0) };
  const kernel = { nTrue: 2, nReco: 3, data: Float64Array.of(0.5, 0, 0.25, 0, 0, 2) };
  const fixed = () => fixedComponent("f", scaledVector(Float64Array.of(1, 1)), template, kernel, 4);

  it("is in the energies that its true energies come to, on the pixels of its window", () => {
    expect([0, 1, 2].map((r) => [...fixed().columns(r)])).toEqual([[0], [], [0, 1]]);
    const touched = (r: number) => [0, 5, 6, 7, 9, 10, 14, 4].map((pixel) => fixed().touches!(r, pixel));
    expect(touched(0)).toEqual([false, true, true, false, true, false, false, false]);
    expect(touched(1)).toEqual(new Array(8).fill(false));
    const out = new Float64Array(11).fill(9);
    fixed().rows(2, Int32Array.of(5, 0, 9, 7), out, 3, 0);
    // pixel 5: (0, 0) of the window, 9: (0, 1); 0 and 7 are outside
    expect([...out]).toEqual([0.25, 10, 9, 0, 0, 9, 0.75, 14, 9, 0, 0]);
  });

  it("has sums over pixels, the same and others in each energy", () => {
    const all = Int32Array.of(0, 5, 6, 9, 15);
    const totals = new Float64Array(2).fill(9);
    fixed().totals!([all, all, all], totals);
    expect([...totals]).toEqual([(0.5 + 0.25) * 6, 2 * 18]);
    fixed().totals!([Int32Array.of(5), new Int32Array(0), Int32Array.of(6, 10, 13)], totals);
    expect([...totals]).toEqual([0.5 * 1 + 0.25 * 2, 2 * 6]);
  });
});

describe("a source of free shape", () => {
  it("has fluxes by blocks: its own, and those of first and second derivatives by the shape, with derivatives", () => {
    const built = shapeVector(vector(), 2);
    expect([built.size, built.n]).toEqual([12, 4]);
    built.update(Float64Array.of(9, 5, 7, 0, 0), 1, 2);
    const [x, y] = [5, 7];
    const flux = [x, x * y];
    const slope = [
      [1, 0],
      [y, x],
    ];
    const bend = [
      [0, 0, 0],
      [0, 1, 0],
    ];
    const entry = (k: number) => ({ block: Math.floor(k / 2), t: k % 2 });
    const pairs = [
      [0, 0],
      [1, 0],
      [1, 1],
    ];
    for (let k = 0; k < 12; k++) {
      const { block, t } = entry(k);
      expect(built.s[k]).toBe(block === 0 ? flux[t] : 0);
      for (let a = 0; a < 4; a++) {
        const expected = block === 0 && a < 2 ? slope[t]![a] : block > 0 && block < 3 && a === block + 1 ? flux[t] : 0;
        expect(built.ds[k * 4 + a], `ds ${k} ${a}`).toBe(expected);
        for (let b = 0; b <= a; b++) {
          let second = 0;
          if (block === 0 && a < 2) second = bend[t]![(a * (a + 1)) / 2 + b]!;
          if (block > 0 && block < 3 && a === block + 1 && b < 2) second = slope[t]![b]!;
          // a term of second order in dq is S dq_i dq_j, of one parameter S dq^2 / 2
          if (block >= 3 && a >= 2 && b >= 2) {
            const [i, j] = pairs[block - 3]!;
            if (a - 2 === i && b - 2 === j) second = flux[t]!;
          }
          expect(built.d2s[k * 10 + (a * (a + 1)) / 2 + b], `d2s ${k} ${a} ${b}`).toBe(second);
        }
      }
    }
    expect(built.refine).toBeUndefined();
    const refine = () => true;
    expect(shapeVector({ ...vector(), refine }, 1).refine).toBe(refine);
  });

  it("has the products of derivatives of an image and of responses at its place", () => {
    // parameters of the shape: longitude (image 1), size (image 2), latitude (image 3)
    const coordinates = [
      { image: 1, which: 1 },
      { image: 3, which: 2 },
    ] as const;
    const terms = (i: number) => productTerms(coordinates, 4, i);
    expect([terms(0), terms(2)]).toEqual([[], []]);
    expect(terms(1)).toEqual([{ image: 0, q: 1, factor: 1 }]);
    expect(terms(3)).toEqual([{ image: 0, q: 2, factor: 1 }]);
    // packed: 4 (1 1), 5 (2 1), 6 (2 2), 7 (3 1), 8 (3 2), 9 (3 3)
    expect(terms(4)).toEqual([
      { image: 1, q: 1, factor: 2 },
      { image: 0, q: 3, factor: 1 },
    ]);
    expect(terms(5)).toEqual([{ image: 2, q: 1, factor: 1 }]);
    expect(terms(6)).toEqual([]);
    expect(terms(7)).toHaveLength(3);
    expect(terms(7)).toEqual(
      expect.arrayContaining([
        { image: 3, q: 1, factor: 1 },
        { image: 1, q: 2, factor: 1 },
        { image: 0, q: 4, factor: 1 },
      ]),
    );
    expect(terms(8)).toEqual([{ image: 2, q: 2, factor: 1 }]);
    expect(terms(9)).toEqual([
      { image: 3, q: 2, factor: 2 },
      { image: 0, q: 5, factor: 1 },
    ]);
  });
});

describe("bins in the fit", () => {
  it("are pixels by energy, one array where neighbours have the same", () => {
    const pixels = maskPixels(Uint8Array.of(1, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 0), 4);
    expect(pixels.map((p) => [...p])).toEqual([[0, 2], [0, 2], [2], [0]]);
    expect(pixels[1]).toBe(pixels[0]);
    expect(maskPixels(Uint8Array.of(0, 0, 1, 0), 2).map((p) => [...p])).toEqual([[], [0]]);
    expect(maskPixels(Uint8Array.of(1, 1, 1, 0), 2).map((p) => [...p])).toEqual([[0, 1], [0]]);
    expect(withinBins(pixels, [1, 3]).map((p) => [...p])).toEqual([[], [0, 2], [2], []]);
  });
});

describe("a vector that several datasets share", () => {
  it("is evaluated where parameters or order are others", () => {
    let evaluated = 0;
    const limits: number[][] = [];
    const inner = vector(limits);
    const counted: FluxVector = {
      ...inner,
      update(p, at, order) {
        evaluated++;
        inner.update(p, at, order);
      },
      refine: (p, at) => p[at] === 3,
    };
    const shared = new Map();
    const use = (name: string) =>
      shareVector(
        shared,
        () => name,
        () => counted,
      );
    const [a, b] = [use("x"), use("x")];
    a.update(Float64Array.of(0, 5, 7), 1, 1);
    expect([evaluated, a.s[1]]).toEqual([1, 35]);
    b.update(Float64Array.of(5, 7), 0, 1);
    b.update(Float64Array.of(5, 7), 0, 0);
    expect(evaluated).toBe(1);
    b.update(Float64Array.of(5, 7), 0, 2);
    expect(evaluated).toBe(2);
    a.update(Float64Array.of(5, 8), 0, 0);
    expect([evaluated, b.s[1]]).toEqual([3, 40]);
    // derivatives are not known at these
    a.update(Float64Array.of(5, 8), 0, 1);
    expect(evaluated).toBe(4);
    a.limit!(1, 2);
    b.limit!(0, 1);
    b.limit!(1, 1);
    expect(limits).toEqual([
      [0, 2],
      [0, 2],
      [0, 2],
      [1, 2],
    ]);
    a.update(Float64Array.of(5, 8), 0, 0);
    expect(evaluated).toBe(5);
    expect([a.refine!(Float64Array.of(3), 0), a.refine!(Float64Array.of(4), 0)]).toEqual([true, false]);
    a.update(Float64Array.of(5, 8), 0, 0);
    expect(evaluated).toBe(6);
    expect(use("y")).not.toBe(a);
    expect(
      shareVector(
        undefined,
        () => "x",
        () => counted,
      ),
    ).toBe(counted);
    const { limit: _, refine: __, ...plain } = counted;
    const bare = shareVector(
      new Map(),
      () => "z",
      () => plain,
    );
    expect([bare.limit, bare.refine]).toEqual([undefined, undefined]);
  });

  it("of one parameter is that times constants, or constants alone", () => {
    checkVector(scaledVector(Float64Array.of(2, 3)), Float64Array.of(1.5));
    const constant = constantVector(Float64Array.of(2, 3));
    constant.update(Float64Array.of(9), 0, 2);
    expect([constant.n, ...constant.s]).toEqual([0, 2, 3]);
  });
});
