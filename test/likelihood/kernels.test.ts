import { describe, expect, it } from "vitest";
import {
  chainsOf,
  fillWeights,
  type LogLinear,
  type NodeTable,
  sumsOfMany,
  sumsOfTwo,
} from "../../src/fold/flux/kernels/log-linear.js";
import * as fluxes from "../../src/fold/flux/kernels/reference.js";
import { packedLength } from "../../src/fold/flux/types.js";
import * as denseRows from "../../src/likelihood/kernels/dense-rows.js";
import * as gradientRows from "../../src/likelihood/kernels/gradient-rows.js";
import * as logs from "../../src/likelihood/kernels/log-counts.js";
import { isAboveTruncation, logCountsOfOne, oneColumn } from "../../src/likelihood/kernels/one-column.js";
import * as plain from "../../src/likelihood/kernels/reference.js";
import * as sparse from "../../src/likelihood/kernels/sparse-rows.js";
import { type Inputs, inputs } from "./inputs.js";

/** What a kernel gives, what its reference gives, and by how much they may differ. */
type Result = readonly [fast: Float64Array, reference: Float64Array, bound: Float64Array];
type Kernel = (given: Inputs) => Result[];

const TRIALS = 300;

/** At most this many roundings in one entry: sums of 60 bins, of products of up to six factors. */
const TERMS = 80;
/**
 * Sums in another order. A sum of m products is off by no more than m half roundings of the sum of their absolute values, `size`, whatever its order
 * [Higham 2002, Accuracy and Stability of Numerical Algorithms, section 3.1]; so two of them differ by m roundings at most.
 */
const rounding = (size: Float64Array) => size.map((x) => TERMS * Number.EPSILON * x);

const abs = (x: Float64Array) => x.map(Math.abs);
const add = (...all: Float64Array[]) => all[0]!.map((_, i) => all.reduce((sum, x) => sum + x[i]!, 0));
const absColumns = (m: denseRows.Columns) => ({ ...m, rows: abs(m.rows) });
const scalar = (x: number) => Float64Array.of(x);
const zeros = (n: number) => new Float64Array(n);
/** Entries of the lower triangle of h [n, n]. */
const lower = (h: Float64Array, n: number) => h.filter((_, ab) => ab % n <= Math.floor(ab / n));
/** Rows times a vector, and its place in each row of the result. */
type Product = readonly [at: number, rows: denseRows.Columns, x: Float64Array];

/** Products that were added to `before`, whose rows are `step` wide. */
function added(fast: Float64Array, before: Float64Array, products: readonly Product[], step: number): Result {
  const [reference, size] = [before.slice(), abs(before)];
  for (const [at, rows, x] of products) {
    plain.product(rows, x).forEach((value, i) => {
      reference[i * step + at]! += value;
    });
    plain.product(absColumns(rows), abs(x)).forEach((value, i) => {
      size[i * step + at]! += value;
    });
  }
  return [fast, reference, rounding(size)];
}

/** A few columns of wider rows. */
function columns(given: Inputs): denseRows.Columns {
  const [count, at, k, after] = [given.size(9), given.size(2), given.size(6), given.size(2)];
  const stride = at + k + after;
  return { rows: given.numbers(count * stride), count, stride, at, k };
}

function sparseRows(given: Inputs, size: number): sparse.SparseRows {
  const banded = given.size(1) === 0;
  const widths = Array.from({ length: given.size(8) }, () => given.size(size));
  const start = new Int32Array(widths.length + 1);
  widths.forEach((width, i) => {
    start[i + 1] = start[i]! + width;
  });
  const entries = start.at(-1)!;
  return {
    start,
    value: given.numbers(entries),
    banded,
    first: Int32Array.from(banded ? widths : [], (width) => given.size(size - width)),
    column: Int32Array.from({ length: banded ? 0 : entries }, () => given.size(size - 1)),
  };
}

/** A component of m parameters whose rows have some of six columns, one of several of a term. */
function folding(given: Inputs): sparse.Folding {
  const rows = sparseRows(given, 6);
  const count = rows.start.length - 1;
  const [m, at] = [given.size(5), given.size(2)];
  const n = at + m + given.size(2);
  const [z, ds, lambda] = [given.numbers(6), given.numbers(6 * m), given.numbers(6)];
  return { rows, z, ds, m, lambda, mu: given.numbers(count), y: given.numbers(count * n), n, at };
}

/** Bins with n counts and predictions mu. */
function bins(given: Inputs) {
  const count = given.size(60);
  return { n: given.counts(count), mu: given.predictions(count) };
}

/** What the logarithms of a sum of `n` ln mu add up to; a product of as many factors has as many roundings. */
const logSize = (n: Float64Array, mu: Float64Array) =>
  scalar(n.reduce((sum, k, i) => sum + 1 + k * Math.abs(Math.log(Math.max(mu[i]!, 1e-25))), 0));

/** A model of `nb` basis functions on tables that are parabolas in pieces, but for a `cubic` part. */
function logLinear(given: Inputs, nb: number, cubic = 0): LogLinear {
  const [nBins, perBin] = [1 + given.size(199), 1 + given.size(2)];
  // some weights leave the range of float64
  const shift = [0, 0, 0, -705, 705][given.size(4)]!;
  const table: NodeTable = {
    nBins,
    perBin,
    offset: given.parabolas(nBins * perBin, cubic).map((x) => x + shift),
    phi: Array.from({ length: nb }, () => given.parabolas(nBins * perBin, cubic)),
  };
  const first = given.size(nBins);
  const last = first + given.size(nBins - first);
  const hasNorm = given.size(1) === 0;
  const n = nb + Number(hasNorm);
  const norm = hasNorm ? given.size(nb) : -1;
  const places = Array.from({ length: n }, (_, a) => a).filter((a) => a !== norm);
  return {
    table,
    theta: given.numbers(nb).map((x) => Math.sign(x) * Math.min(Math.abs(x), 30)),
    position: Int32Array.from(given.size(1) === 0 ? places : places.reverse()),
    norm,
    n,
    w: abs(given.numbers(nBins * perBin)),
    first,
    last,
    chains: chainsOf(table, first, last),
    s: zeros(nBins),
    ds: zeros(nBins * n),
    d2s: zeros(nBins * packedLength(n)),
  };
}

function sumsOf(kernel: typeof sumsOfTwo, most: number): Kernel {
  return (given) => {
    const f = logLinear(given, given.size(most));
    const amplitude = given.numbers(1)[0]!;
    const order = given.size(2) as 0 | 1 | 2;
    kernel(f, order, amplitude);
    const expected = fluxes.sums(f, amplitude);
    const positive = { ...f, table: { ...f.table, phi: f.table.phi.map(abs) } };
    const size = fluxes.sums(positive, Math.abs(amplitude));
    const results: Result[] = [
      [f.s, expected.s, rounding(size.s)],
      [f.ds, expected.ds, rounding(size.ds)],
      [f.d2s, expected.d2s, rounding(size.d2s)],
    ];
    return results.slice(0, 1 + order);
  };
}

/** `tolerance`: of the tables. */
function exponentials(model: (given: Inputs) => LogLinear, tolerance = 0): Kernel {
  return (given) => {
    const f = model(given);
    const { table, theta, w, first, last } = f;
    fillWeights(f);
    const needed = (x: Float64Array) => x.filter((_, k) => k % table.nBins >= first && k % table.nBins < last);
    const expected = needed(fluxes.weights(table, theta));
    const exponents = table.offset.map((m, k) =>
      table.phi.reduce((sum, phi, j) => sum + Math.abs(theta[j]!) * Math.max(1, Math.abs(phi[k]!)), 1 + Math.abs(m)),
    );
    // an exponential is off by the rounding of its exponent. 16 steps take that of the first ratio (of two exponents) 16 times, that of its
    // growth (of four) 16 * 15 / 2 times, and 32 products
    const most = exponents.reduce((a, b) => Math.max(a, b), 0) * ((16 * 2 + 120 * 4 + 32) * Number.EPSILON + tolerance);
    // smaller numbers have fewer digits
    return [[needed(w), expected, expected.map((x) => most * x + 1e-307)]];
  };
}

const KERNELS: Readonly<Record<string, Kernel>> = {
  "product of dense rows"(given) {
    const m = columns(given);
    const x = given.numbers(m.k);
    const step = 1 + given.size(3);
    // beyond the rows nothing may change
    const before = given.numbers((m.count + 1) * step);
    const out = before.slice();
    denseRows.addProduct(m, x, out, step);
    return [added(out, before, [[0, m, x]], step)];
  },
  "products of dense rows"(given) {
    const m = columns(given);
    const n = given.size(6);
    const vectors = given.numbers((1 + n) * m.k);
    const to = 1 + given.size(2);
    const step = to + n + given.size(2);
    const before = given.numbers((m.count + 1) * step);
    const out = before.slice();
    denseRows.addProducts(m, vectors, n, out, step, to);
    const products = Array.from({ length: 1 + n }, (_, a): Product => {
      return [a === 0 ? 0 : to + a - 1, m, vectors.subarray(a * m.k, (a + 1) * m.k)];
    });
    return [added(out, before, products, step)];
  },
  "weighted sum of dense rows"(given) {
    const m = columns(given);
    const w = given.numbers(m.count);
    const before = given.numbers(m.k);
    const out = before.slice();
    denseRows.addWeighted(m, w, out);
    const size = add(abs(before), plain.weighted(absColumns(m), abs(w)));
    return [[out, add(before, plain.weighted(m, w)), rounding(size)]];
  },
  "weighted sum of gradients"(given) {
    const n = 1 + given.size(5);
    const w = given.numbers(given.size(9));
    const m = plain.matrix(given.numbers(w.length * n), n);
    const before = given.numbers(n);
    const out = before.slice();
    gradientRows.addWeighted(out, m.rows, w, n);
    const size = add(abs(before), plain.weighted(absColumns(m), abs(w)));
    return [[out, add(before, plain.weighted(m, w)), rounding(size)]];
  },
  "outer products of gradients"(given) {
    const n = 1 + given.size(5);
    const w = given.numbers(given.size(9));
    const m = plain.matrix(given.numbers(w.length * n), n);
    const sign = given.size(1) === 0 ? 1 : -1;
    const counted = w.map((x) => (x * sign > 0 ? x : 0));
    const before = given.numbers(n * n);
    const out = before.slice();
    gradientRows.addOuters(out, m.rows, w, n, sign);
    const size = add(abs(before), plain.outers(absColumns(m), abs(counted)));
    return [[lower(out, n), lower(add(before, plain.outers(m, counted)), n), rounding(lower(size, n))]];
  },
  "product of sparse rows"(given) {
    const { rows, z, mu } = folding(given);
    const before = mu.slice();
    sparse.addProduct(rows, z, mu);
    return [added(mu, before, [[0, plain.dense(rows, 6), z]], 1)];
  },
  "weighted sum of sparse rows"(given) {
    const { rows, mu: w, lambda } = folding(given);
    const before = lambda.slice();
    sparse.addTransposed(rows, w, lambda);
    const m = plain.dense(rows, 6);
    const positive = plain.dense({ ...rows, value: abs(rows.value) }, 6);
    const size = add(abs(before), plain.weighted(positive, abs(w)));
    return [[lambda, add(before, plain.weighted(m, w)), rounding(size)]];
  },
  "product of sparse rows with its gradient"(given) {
    const f = folding(given);
    const { rows, z, ds, m, mu, y, n, at } = f;
    const before = { mu: mu.slice(), y: y.slice() };
    sparse.addWithGradient(f);
    const all = plain.dense(rows, 6);
    const products = Array.from({ length: m }, (_, a): Product => [at + a, all, plain.column(ds, m, a)]);
    return [added(mu, before.mu, [[0, all, z]], 1), added(y, before.y, products, n)];
  },
  "sum of n ln mu"(given) {
    const { n, mu } = bins(given);
    const ratio = zeros(n.length);
    const value = logs.logCounts(n, mu, ratio);
    return [
      [scalar(value), scalar(plain.logCounts(n, mu)), rounding(logSize(n, mu))],
      [ratio, plain.ratios(n, mu), rounding(plain.ratios(n, mu))],
    ];
  },
  "sum of n ln mu with its second derivatives"(given) {
    const { n, mu } = bins(given);
    const d = given.size(5);
    const y = given.numbers(n.length * d);
    const rows = Float64Array.from({ length: n.length * (1 + d) }, (_, i) => {
      const [bin, a] = [Math.floor(i / (1 + d)), i % (1 + d)];
      return a === 0 ? mu[bin]! : y[bin * d + a - 1]!;
    });
    const [ratio, gram] = [zeros(n.length), zeros(d * d)];
    const value = logs.logCountsWithGram(n, rows, ratio, gram, d);
    const [m, w] = [plain.matrix(y, d), plain.curvatures(n, mu)];
    return [
      [scalar(value), scalar(plain.logCounts(n, mu)), rounding(logSize(n, mu))],
      [ratio, plain.ratios(n, mu), rounding(plain.ratios(n, mu))],
      [gram, plain.outers(m, w), rounding(plain.outers(absColumns(m), w))],
    ];
  },
  "sum of n ln mu of one column"(given) {
    const { n, mu: rows } = bins(given);
    const z = Math.abs(given.numbers(1)[0]!);
    const one = oneColumn(n, rows);
    const mu = rows.map((row) => row * z);
    const isAbove = mu.every((m) => m > 1e-25);
    expect(isAboveTruncation(one, z)).toBe(isAbove);
    if (!isAbove) return [[scalar(0), scalar(0), scalar(0)]];
    const size = scalar(logSize(n, rows)[0]! + logSize(n, mu)[0]! + one.counts * Math.abs(Math.log(z)));
    const sum = (x: Float64Array) => scalar(x.reduce((a, b) => a + b, 0));
    return [
      [scalar(logCountsOfOne(one, z)), scalar(plain.logCounts(n, mu)), rounding(size)],
      [scalar(one.counts), sum(n), rounding(sum(n))],
    ];
  },
  "sum of n ln mu of two columns"(given) {
    const { n, z, rows } = twoColumns(given);
    const mu = plain.product(rows, z);
    const value = logs.logCountsOfTwo(n, rows.rows, z);
    return [[scalar(value), scalar(plain.logCounts(n, mu)), rounding(logSize(n, mu))]];
  },
  "sum of n ln mu of two columns with its derivatives"(given) {
    const { n, z, rows } = twoColumns(given);
    const mu = plain.product(rows, z);
    const [slopes, gram] = [zeros(2), zeros(4)];
    const value = logs.logCountsOfTwoWithGram(n, rows.rows, z, slopes, gram);
    const [first, second] = [plain.ratios(n, mu), plain.curvatures(n, mu)];
    return [
      [scalar(value), scalar(plain.logCounts(n, mu)), rounding(logSize(n, mu))],
      [slopes, plain.weighted(rows, first), rounding(plain.weighted(rows, first))],
      [gram, plain.outers(rows, second), rounding(plain.outers(rows, second))],
    ];
  },
  "exponentials of parabolas": exponentials((given) => logLinear(given, given.size(3))),
  // along a chain the tables are parabolas to 1e-12, so it ends before this part is larger
  "exponentials of what is nearly a parabola": exponentials((given) => logLinear(given, given.size(3), 1e-9), 1e-12),
  "exponentials that begin below the range of float64": exponentials((given) => {
    const f = logLinear(given, 0);
    f.table.offset.forEach((_, k) => {
      f.table.offset[k] = 8 * (k % f.table.nBins) - 740;
    });
    return { ...f, chains: chainsOf(f.table, f.first, f.last) };
  }),
  "fluxes by two shape parameters": sumsOf(sumsOfTwo, 2),
  "fluxes by any number of shape parameters": sumsOf(sumsOfMany, 4),
};

/** Rows [count, 2] of positive entries or zeros, and z. */
function twoColumns(given: Inputs) {
  const { n, mu } = bins(given);
  const rows = Float64Array.from({ length: 2 * n.length }, (_, i) =>
    given.size(4) === 0 ? 0 : mu[Math.floor(i / 2)]!,
  );
  return { n, z: abs(given.numbers(2)), rows: plain.matrix(rows, 2) };
}

describe.each(Object.entries(KERNELS))("%s", (_, kernel) => {
  it("is what its reference gives", () => {
    let compared = 0;
    for (let trial = 0; trial < TRIALS; trial++) {
      for (const [fast, reference, bound] of kernel(inputs(trial))) {
        expect(fast).toHaveLength(reference.length);
        for (let i = 0; i < reference.length; i++, compared++) {
          if (Object.is(fast[i], reference[i])) continue;
          const message = `trial ${trial}, entry ${i}: ${fast[i]}, reference ${reference[i]}`;
          expect(Math.abs(fast[i]! - reference[i]!), message).toBeLessThanOrEqual(bound[i]!);
        }
      }
    }
    expect(compared).toBeGreaterThanOrEqual(TRIALS);
  });
});
