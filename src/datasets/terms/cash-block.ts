import type { Stack } from "./component.js";
import { addOuter } from "./row-sums.js";

/** Bins with counts of one energy bin, all with the same K columns. */
export interface CountsBlock {
  readonly r: number;
  /** [rows] */
  pixels: Int32Array;
  /** [rows] counts: the ones, the twos, then the others */
  n: Float64Array;
  /** [K] columns of the stack */
  readonly columns: Int32Array;
  /** [rows or more, K] */
  rows: Float64Array;
  /** Work arrays: [K], [K, n], [K, K], [n] */
  readonly z: Float64Array;
  readonly dz: Float64Array;
  readonly gram: Float64Array;
  readonly y: Float64Array;
}

/** cash truncates npred here */
const TRUNCATION = 1e-25;
/** Products of npred stay within +-200 decades before their logarithm is taken. */
const LOW = 1e-200;
const HIGH = 1e200;

function gather(block: CountsBlock, z: Float64Array): void {
  const { columns } = block;
  for (let c = 0; c < columns.length; c++) block.z[c] = z[columns[c]!]!;
}

/** sum n ln mu */
export function blockValue(block: CountsBlock, z: Float64Array): number {
  gather(block, z);
  return block.columns.length === 2 ? valueOfTwo(block) : valueOfMany(block);
}

function valueOfTwo(block: CountsBlock): number {
  const { n, rows } = block;
  const z0 = block.z[0]!;
  const z1 = block.z[1]!;
  let sum = 0;
  let product = 1;
  const count = n.length;
  for (let i = 0; i < count; i++) {
    let mu = rows[2 * i]! * z0 + rows[2 * i + 1]! * z1;
    if (mu <= TRUNCATION) mu = TRUNCATION;
    const ni = n[i]!;
    if (ni === 1) product *= mu;
    else if (ni === 2) product *= mu * mu;
    else sum += ni * Math.log(mu);
    if (product < LOW || product > HIGH) {
      sum += Math.log(product);
      product = 1;
    }
  }
  return sum + Math.log(product);
}

function valueOfMany(block: CountsBlock): number {
  const { n, rows, z } = block;
  const k = z.length;
  let sum = 0;
  let product = 1;
  for (let i = 0, j = 0; i < n.length; i++) {
    let mu = 0;
    for (let c = 0; c < k; c++) mu += rows[j++]! * z[c]!;
    if (mu <= TRUNCATION) mu = TRUNCATION;
    const ni = n[i]!;
    if (ni === 1) product *= mu;
    else sum += ni * Math.log(mu);
    if (product < LOW || product > HIGH) {
      sum += Math.log(product);
      product = 1;
    }
  }
  return sum + Math.log(product);
}

/**
 * sum n ln mu; subtracts its gradient in z from `lambda` and, if h is given, adds sum n/mu^2 (dmu/dp)(dmu/dp)^T to the lower triangle of h.
 * With few columns the sum is taken over rows x rows^T (K^2 a row) and multiplied by dz/dp once; with many it is taken in parameter space.
 */
export function blockDerivatives(
  block: CountsBlock,
  z: Float64Array,
  lambda: Float64Array,
  stack: Stack,
  h: Float64Array | undefined,
): number {
  gather(block, z);
  const k = block.columns.length;
  if (h !== undefined) gatherJacobian(block, stack);
  if (k === 2) {
    const value = derivativesOfTwo(block, lambda);
    if (h !== undefined) addGram(block, stack.n, h);
    return value;
  }
  const inColumns = k * k < 2 * k * stack.n;
  return derivativesOfMany(block, lambda, stack.n, h, inColumns);
}

function derivativesOfTwo(block: CountsBlock, lambda: Float64Array): number {
  const { n, rows, columns, gram } = block;
  const z0 = block.z[0]!;
  const z1 = block.z[1]!;
  let sum = 0;
  let product = 1;
  let l0 = 0;
  let l1 = 0;
  let g00 = 0;
  let g01 = 0;
  let g11 = 0;
  const count = n.length;
  for (let i = 0; i < count; i++) {
    const t0 = rows[2 * i]!;
    const t1 = rows[2 * i + 1]!;
    let mu = t0 * z0 + t1 * z1;
    const ni = n[i]!;
    let ratio = 0;
    let inverse = 0;
    if (mu > TRUNCATION) {
      inverse = 1 / mu;
      ratio = ni * inverse;
    } else mu = TRUNCATION;
    if (ni === 1) product *= mu;
    else if (ni === 2) product *= mu * mu;
    else sum += ni * Math.log(mu);
    if (product < LOW || product > HIGH) {
      sum += Math.log(product);
      product = 1;
    }
    const r0 = ratio * t0;
    const r1 = ratio * t1;
    l0 += r0;
    l1 += r1;
    const i0 = inverse * t0;
    const i1 = inverse * t1;
    g00 += r0 * i0;
    g01 += r0 * i1;
    g11 += r1 * i1;
  }
  lambda[columns[0]!]! -= l0;
  lambda[columns[1]!]! -= l1;
  gram[0] = g00;
  gram[1] = gram[2] = g01;
  gram[3] = g11;
  return sum + Math.log(product);
}

function derivativesOfMany(
  block: CountsBlock,
  lambda: Float64Array,
  np: number,
  h: Float64Array | undefined,
  inColumns: boolean,
): number {
  const { n, rows, columns, z, gram, dz, y } = block;
  const k = z.length;
  gram.fill(0);
  let sum = 0;
  let product = 1;
  for (let i = 0; i < n.length; i++) {
    const j = i * k;
    let mu = 0;
    for (let c = 0; c < k; c++) mu += rows[j + c]! * z[c]!;
    const ni = n[i]!;
    let ratio = 0;
    let weight = 0;
    if (mu > TRUNCATION) {
      ratio = ni / mu;
      weight = ratio / mu;
    } else mu = TRUNCATION;
    if (ni === 1) product *= mu;
    else sum += ni * Math.log(mu);
    if (product < LOW || product > HIGH) {
      sum += Math.log(product);
      product = 1;
    }
    for (let c = 0; c < k; c++) lambda[columns[c]!]! -= ratio * rows[j + c]!;
    if (h === undefined) continue;
    if (inColumns) {
      for (let c = 0; c < k; c++) {
        const x = weight * rows[j + c]!;
        for (let d = 0; d <= c; d++) gram[c * k + d]! += x * rows[j + d]!;
      }
    } else {
      y.fill(0);
      for (let c = 0; c < k; c++) {
        const x = rows[j + c]!;
        for (let a = 0; a < np; a++) y[a]! += x * dz[c * np + a]!;
      }
      addOuter(h, y, 0, weight, np);
    }
  }
  if (h !== undefined && inColumns) {
    for (let c = 0; c < k; c++) for (let d = 0; d < c; d++) gram[d * k + c] = gram[c * k + d]!;
    addGram(block, np, h);
  }
  return sum + Math.log(product);
}

/** dz [K, n] of the block's columns; zero outside the column's own parameters. */
function gatherJacobian(block: CountsBlock, stack: Stack): void {
  const { columns, dz } = block;
  const { n: np } = stack;
  let i = 0;
  for (let c = 0; c < columns.length; c++) {
    const k = columns[c]!;
    while (k >= stack.column[i + 1]!) i++;
    const { ds, n } = stack.components[i]!.vector;
    const from = (k - stack.column[i]!) * n;
    const to = c * np + stack.parameter[i]!;
    for (let a = 0; a < n; a++) dz[to + a] = ds[from + a]!;
  }
}

/** Lower triangle of h += dz^T gram dz */
function addGram(block: CountsBlock, np: number, h: Float64Array): void {
  const { gram, dz, y } = block;
  const k = block.columns.length;
  for (let c = 0; c < k; c++) {
    y.fill(0);
    for (let d = 0; d < k; d++) {
      const x = gram[c * k + d]!;
      for (let a = 0; a < np; a++) y[a]! += x * dz[d * np + a]!;
    }
    for (let a = 0; a < np; a++) {
      const x = dz[c * np + a]!;
      if (x === 0) continue;
      for (let b = 0; b <= a; b++) h[a * np + b]! += x * y[b]!;
    }
  }
}
