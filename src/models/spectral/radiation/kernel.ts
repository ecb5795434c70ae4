/** What one particle radiates, and the weights with which a population on a grid radiates at an energy. */
import { gaussLegendre } from "../../../math/quadrature.js";
import type { Population } from "./population.js";

/** Photons [s-1 TeV-1] of one particle. It may have one parameter that the shape depends on (a temperature, a magnetic field). */
export interface Kernel {
  /** Numbers that belong to a particle energy, whatever the photon energy. */
  readonly size: number;
  /** Fills `size` numbers of `out` from `at` on for a particle of that energy [TeV]; `parameter`: that of the shape. */
  describe(particle: number, parameter: number, out: Float64Array, at: number): void;
  /** Fills out[0] at the photon energy e [TeV]; with `order` 2 also its derivatives by the parameter, out[1] and out[2]. */
  evaluate(e: number, described: Float64Array, at: number, out: Float64Array, order: 0 | 2): void;
  /** Particles below this energy [TeV] radiate nothing at e. */
  threshold(e: number): number;
  /** Number of cells at the upper end of the particles where the kernel may rise faster than the grid is fine. */
  readonly tail: number;
}

/** Weights for one photon energy: [n] of the values and, of order 2, [n] of each derivative by the parameter. */
export interface Row {
  readonly weights: Float64Array[];
  /** The first node that counts. */
  first: number;
  /** What is filled; -1: nothing. */
  order: -1 | 0 | 2;
}

/** Weights of a kernel on the grid of a population; those of the last energies are kept until the parameter changes. */
export interface KernelRows {
  at(e: number, parameter: number, order: 0 | 2): Row;
}

/** Rows that are kept: 5 MB of each kernel with naima's grids. */
const MOST_ROWS = 1024;
/** Cells after the one in which radiation begins where it may still rise faster than the grid is fine. */
const RISE = 4;
const few = gaussLegendre(4);
const many = gaussLegendre(16);

/**
 * The sum is a trapezoid in ln E, which is nearly exact where all is smooth. Where it is not, the kernel is integrated and only populations are
 * interpolated: in the first cells of the radiation, and with `tail` in the last ones.
 */
export function createKernelRows(kernel: Kernel, { energy, step }: Population): KernelRows {
  const n = energy.length;
  const { size, tail } = kernel;
  const described = new Float64Array(n * size);
  const point = new Float64Array(size);
  const out = new Float64Array(3);
  const values = [0, 1, 2].map(() => new Float64Array(n)) as [Float64Array, Float64Array, Float64Array];
  const rows = new Map<number, Row>();
  let last: number | undefined;

  /** Adds what a point in cell k at the share t of its width counts; populations are taken as cubic there. */
  function addPoint(row: Row, e: number, k: number, t: number, weight: number, order: 0 | 2): void {
    kernel.describe(energy[k]! * Math.exp(t * step), last!, point, 0);
    kernel.evaluate(e, point, 0, out, order);
    const from = Math.max(0, Math.min(n - 4, k - 1));
    const x = k + t - from;
    row.first = Math.min(row.first, from);
    for (let i = 0; i < 4; i++) {
      let share = weight;
      for (let j = 0; j < 4; j++) if (j !== i) share *= (x - j) / (i - j);
      for (let d = 0; d <= order; d++) row.weights[d]![from + i]! += share * out[d]!;
    }
  }

  /** A cell in which radiation begins: points are dense at the threshold. */
  function addBeginning(row: Row, e: number, k: number, order: 0 | 2): void {
    const from = Math.max(0, Math.log(kernel.threshold(e) / energy[k]!) / step);
    for (let j = 0; j < 16; j++) {
      const s = (1 + many.nodes[j]!) / 2;
      const weight = (many.weights[j]! / 2) * 3 * s * s * (1 - from) * step;
      addPoint(row, e, k, from + (1 - from) * s ** 3, weight, order);
    }
  }

  function addSteep(row: Row, e: number, k: number, panels: number, order: 0 | 2): void {
    for (let j = 0; j < 4 * panels; j++) {
      const t = ((j >> 2) + (1 + few.nodes[j & 3]!) / 2) / panels;
      addPoint(row, e, k, t, (few.weights[j & 3]! * step) / (2 * panels), order);
    }
  }

  function fill(row: Row, e: number, order: 0 | 2): void {
    let first = n;
    for (let i = n - 1; i >= 0; i--) {
      kernel.evaluate(e, described, i * size, out, order);
      for (let d = 0; d <= order; d++) values[d]![i] = out[d]!;
      if (out[0] !== 0) first = Math.max(0, i - 1);
    }
    row.first = first;
    for (let d = 0; d <= order; d++) row.weights[d] = row.weights[d]?.fill(0) ?? new Float64Array(n);
    const begins = first < n && values[0][first] === 0;
    for (let k = first; k + 1 < n; k++) {
      if (begins && k === first) addBeginning(row, e, k, order);
      else if (begins && k <= first + RISE) addSteep(row, e, k, 1, order);
      else if (k + 1 >= n - tail) addSteep(row, e, k, 2, order);
      else {
        for (let d = 0; d <= order; d++) {
          row.weights[d]![k]! += (step / 2) * values[d]![k]!;
          row.weights[d]![k + 1]! += (step / 2) * values[d]![k + 1]!;
        }
      }
    }
    row.order = order;
  }

  return {
    at(e, parameter, order) {
      if (parameter !== last) {
        for (let i = 0; i < n; i++) kernel.describe(energy[i]!, parameter, described, i * size);
        for (const row of rows.values()) row.order = -1;
        last = parameter;
      }
      let row = rows.get(e);
      if (row === undefined) {
        if (rows.size >= MOST_ROWS) rows.clear();
        rows.set(e, (row = { weights: [], first: n, order: -1 }));
      }
      if (row.order < order) fill(row, e, order);
      return row;
    },
  };
}
