import type { Stack } from "../fold/component.js";
import type { CountsBlock } from "./counts-blocks.js";
import { addGram } from "./gram.js";
import { addProduct, addProducts, addWeighted } from "./kernels/products.js";

/** cash truncates npred here; a constant of this file, for the compiler does not fold an imported one. */
const TRUNCATION = 1e-25;
/** Products of npred stay within +-200 decades before their logarithm is taken. */
const LOW = 1e-200;
const HIGH = 1e200;

/** Work arrays of all blocks: npred and derivatives by the directions [rows, 1 + D], and n / mu [rows]. */
export interface Scratch {
  folded: Float64Array;
  ratio: Float64Array;
}

export const scratch = (): Scratch => ({ folded: new Float64Array(0), ratio: new Float64Array(0) });

function reserve(s: Scratch, count: number, width: number): void {
  if (s.folded.length < count * width) s.folded = new Float64Array(count * width);
  if (s.ratio.length < count) s.ratio = new Float64Array(count);
}

function gather(block: CountsBlock, z: Float64Array): void {
  const { columns } = block;
  for (let c = 0; c < columns.length; c++) block.z[c] = z[columns[c]!]!;
}

/** Two columns and nothing else: the rule for maps without energy dispersion. */
const isPair = ({ columns, directions, frozen, hasHidden }: CountsBlock) =>
  columns.length === 2 && directions === 2 && frozen.length === 0 && !hasHidden;

/** True where no bin of a single column falls to the truncation. */
const isSmooth = ({ single, columns }: CountsBlock, z: Float64Array): boolean =>
  single !== undefined && single.least * z[columns[0]!]! > TRUNCATION;

/** sum n ln mu */
export function blockValue(block: CountsBlock, stack: Stack, s: Scratch): number {
  const { n, rows, z, columns, single } = block;
  if (single !== undefined && isSmooth(block, stack.z)) {
    return single.logs + single.counts * Math.log(stack.z[columns[0]!]!);
  }
  gather(block, stack.z);
  if (isPair(block)) return valueOfTwo(block);
  const count = n.length;
  reserve(s, count, 1);
  const mu = s.folded;
  startBase(block, mu, 1);
  const stride = columns.length;
  addProduct({ rows, count, stride, at: 0, k: stride }, z, 0, mu, 1, 0);
  return sumWithRatio(block, mu, s.ratio);
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

/**
 * sum n ln mu; subtracts its gradient in z from `lambda` and, if h is given, adds sum n/mu^2 (dmu/dp)(dmu/dp)^T to the lower triangle of h. The sum is taken
 * over the directions of each component: its columns where they are few, else its parameters, so that a row costs K (1 + n), not K^2.
 */
export function blockDerivatives(
  block: CountsBlock,
  stack: Stack,
  lambda: Float64Array,
  h: Float64Array | undefined,
  s: Scratch,
): number {
  const { single, columns, gram } = block;
  if (single !== undefined && isSmooth(block, stack.z)) {
    const z = stack.z[columns[0]!]!;
    lambda[columns[0]!]! -= single.counts / z;
    gram[0] = single.counts / (z * z);
    if (h !== undefined) addGram(block, stack, h);
    return single.logs + single.counts * Math.log(z);
  }
  gather(block, stack.z);
  const pair = isPair(block);
  const value = pair ? derivativesOfTwo(block, lambda) : derivativesOfMany(block, stack, lambda, h !== undefined, s);
  if (h !== undefined) addGram(block, stack, h);
  return value;
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

/** Without `fisher` only the gradient is summed. */
function derivativesOfMany(
  block: CountsBlock,
  stack: Stack,
  lambda: Float64Array,
  fisher: boolean,
  s: Scratch,
): number {
  const { n, rows, columns, z, sums } = block;
  const count = n.length;
  const stride = columns.length;
  const width = fisher ? 1 + block.directions : 1;
  reserve(s, count, width);
  const { folded, ratio } = s;
  startBase(block, folded, width);
  const all = { rows, count, stride, at: 0, k: stride };
  if (fisher) foldParts(block, stack, folded, width);
  else addProduct(all, z, 0, folded, 1, 0);
  const value = fisher ? sumWithGram(block, folded, ratio) : sumWithRatio(block, folded, ratio);
  if (fisher && block.hasHidden) {
    for (const { component } of block.parts) stack.components[component]!.hidden?.add(block.r, block.pixels, ratio);
  }
  sums.fill(0);
  addWeighted(all, ratio, sums);
  for (let c = 0; c < stride; c++) lambda[columns[c]!]! -= sums[c]!;
  return value;
}

/** Rows of `out` begin with the npred of the frozen components, and zeros. */
function startBase({ n, base, frozen }: CountsBlock, out: Float64Array, width: number): void {
  out.fill(0, 0, n.length * width);
  if (frozen.length > 0) for (let i = 0; i < n.length; i++) out[i * width] = base[i]!;
}

/** npred and its derivatives by the directions. */
function foldParts(block: CountsBlock, stack: Stack, out: Float64Array, width: number): void {
  const { rows, columns, n, z } = block;
  const [count, stride] = [n.length, columns.length];
  for (const { component, at, k, direction, directions, vectors } of block.parts) {
    if (directions === k) {
      for (let i = 0; i < count; i++) {
        for (let c = 0; c < k; c++) {
          const x = rows[i * stride + at + c]!;
          out[i * width]! += x * z[at + c]!;
          out[i * width + 1 + direction + c] = x;
        }
      }
      continue;
    }
    const { ds, n: np } = stack.components[component]!.vector;
    for (let c = 0; c < k; c++) {
      const from = (columns[at + c]! - stack.column[component]!) * np;
      vectors[c] = z[at + c]!;
      for (let a = 0; a < np; a++) vectors[(1 + a) * k + c] = ds[from + a]!;
    }
    addProducts({ rows, count, stride, at, k }, vectors, np, out, width, 1 + direction);
  }
}

/** sum n ln mu of rows of npred, and n / mu of each. */
function sumWithRatio({ n }: CountsBlock, mu: Float64Array, ratio: Float64Array): number {
  let sum = 0;
  let product = 1;
  const count = n.length;
  for (let i = 0; i < count; i++) {
    let m = mu[i]!;
    const ni = n[i]!;
    ratio[i] = m > TRUNCATION ? ni / m : 0;
    if (m <= TRUNCATION) m = TRUNCATION;
    if (ni === 1) product *= m;
    else sum += ni * Math.log(m);
    if (product < LOW || product > HIGH) {
      sum += Math.log(product);
      product = 1;
    }
  }
  return sum + Math.log(product);
}

/** The same, of rows of npred with its derivatives y; `gram` = sum n / mu^2 y y^T. */
function sumWithGram(block: CountsBlock, folded: Float64Array, ratio: Float64Array): number {
  const { n, gram, directions: d } = block;
  const width = 1 + d;
  gram.fill(0);
  let sum = 0;
  let product = 1;
  const count = n.length;
  for (let i = 0; i < count; i++) {
    const at = i * width;
    let m = folded[at]!;
    const ni = n[i]!;
    let weight = 0;
    ratio[i] = 0;
    if (m > TRUNCATION) {
      const inverse = 1 / m;
      ratio[i] = ni * inverse;
      weight = ni * inverse * inverse;
    } else if (m <= TRUNCATION) m = TRUNCATION;
    if (ni === 1) product *= m;
    else if (ni === 2) product *= m * m;
    else sum += ni * Math.log(m);
    if (product < LOW || product > HIGH) {
      sum += Math.log(product);
      product = 1;
    }
    for (let a = 0; a < d; a++) {
      const x = weight * folded[at + 1 + a]!;
      for (let b = 0; b <= a; b++) gram[a * d + b]! += x * folded[at + 1 + b]!;
    }
  }
  for (let a = 0; a < d; a++) for (let b = 0; b < a; b++) gram[b * d + a] = gram[a * d + b]!;
  return sum + Math.log(product);
}
