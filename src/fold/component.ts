import type { Component, MaskPixels } from "./types.js";

/** Pixels whose rows are in memory at once. */
const CHUNK = 4096;

/** Sum over the mask of each column's rows: the total npred is their product with z. [vector.size] */
export function columnTotals(component: Component, mask: MaskPixels, out: Float64Array): void {
  if (component.totals !== undefined) {
    component.totals(mask, out);
    return;
  }
  out.fill(0);
  let rows = new Float64Array(0);
  for (let r = 0; r < mask.length; r++) {
    const columns = component.columns(r);
    const n = columns.length;
    if (n === 0) continue;
    for (let from = 0; from < mask[r]!.length; from += CHUNK) {
      const pixels = mask[r]!.subarray(from, from + CHUNK);
      if (rows.length < pixels.length * n) rows = new Float64Array(pixels.length * n);
      component.rows(r, pixels, rows, n, 0);
      for (let c = 0; c < n; c++) {
        let sum = 0;
        for (let i = 0, k = c; i < pixels.length; i++, k += n) sum += rows[k]!;
        out[columns[c]!]! += sum;
      }
    }
  }
}

/** All components of one term, their vectors joined: z [nz], and where each one's columns and parameters begin. */
export interface Stack {
  readonly components: readonly Component[];
  readonly nz: number;
  /** Number of free parameters. */
  readonly n: number;
  /** [components + 1] first column */
  readonly column: Int32Array;
  /** [components + 1] first parameter */
  readonly parameter: Int32Array;
  readonly z: Float64Array;
}

/** Joins the components of one term, in the order given. */
export function stackComponents(components: readonly Component[]): Stack {
  const column = new Int32Array(components.length + 1);
  const parameter = new Int32Array(components.length + 1);
  components.forEach((c, i) => {
    column[i + 1] = column[i]! + c.vector.size;
    parameter[i + 1] = parameter[i]! + c.vector.n;
  });
  const nz = column[components.length]!;
  return { components, nz, n: parameter[components.length]!, column, parameter, z: new Float64Array(nz) };
}

/** Spares the vectors what no bin of the mask needs. */
export function limitVectors(stack: Stack, mask: MaskPixels): void {
  for (const { vector, columns } of stack.components) {
    if (vector.limit === undefined) continue;
    let first = vector.size;
    let last = 0;
    for (let r = 0; r < mask.length; r++) {
      if (mask[r]!.length === 0) continue;
      for (const k of columns(r)) {
        first = Math.min(first, k);
        last = Math.max(last, k + 1);
      }
    }
    vector.limit(Math.min(first, last), last);
  }
}

/** Evaluates all vectors into `z`; true if any component's rows changed. */
export function updateStack(stack: Stack, p: Float64Array, order: 0 | 1 | 2): boolean {
  let changed = false;
  const { components, column, parameter, z } = stack;
  for (let i = 0; i < components.length; i++) {
    const c = components[i]!;
    const at = parameter[i]!;
    if (c.refresh?.(p, at, order)) changed = true;
    c.vector.update(p, at, order);
    z.set(c.vector.s, column[i]!);
  }
  return changed;
}

/** out += rows z over the bins of the mask, with z as `updateStack` left it. */
export function addNpred(stack: Stack, mask: MaskPixels, out: Float64Array): void {
  for (let r = 0, first = 0; r < mask.length; first += mask[r]!.length, r++) {
    addBinNpred(stack, r, mask[r]!, out, 1, first);
  }
}

/** The same for pixels of energy bin r: out[i * stride + at] += rows_i z. */
export function addBinNpred(
  stack: Stack,
  r: number,
  pixels: Int32Array,
  out: Float64Array,
  stride: number,
  at: number,
): void {
  const { components, column, z } = stack;
  for (let from = 0; from < pixels.length; from += CHUNK) {
    const chunk = pixels.subarray(from, from + CHUNK);
    for (let i = 0; i < components.length; i++) {
      const columns = components[i]!.columns(r);
      const k = columns.length;
      const rows = new Float64Array(chunk.length * k);
      components[i]!.rows(r, chunk, rows, k, 0);
      for (let b = 0, j = 0, to = from * stride + at; b < chunk.length; b++, to += stride) {
        for (let c = 0; c < k; c++) out[to]! += rows[j++]! * z[column[i]! + columns[c]!]!;
      }
    }
  }
}

/** g [n] = sum_k lambda_k dz_k/dp */
export function addGradient(stack: Stack, lambda: Float64Array, g: Float64Array): void {
  const { components, column, parameter } = stack;
  for (let i = 0; i < components.length; i++) {
    const { ds, n, size } = components[i]!.vector;
    const k0 = column[i]!;
    const at = parameter[i]!;
    for (let k = 0, j = 0; k < size; k++) {
      const l = lambda[k0 + k]!;
      for (let a = 0; a < n; a++) g[at + a]! += l * ds[j++]!;
    }
  }
}

/** h [n, n] += sum_k lambda_k d2z_k/dp2, lower triangle only */
export function addCurvature(stack: Stack, lambda: Float64Array, h: Float64Array): void {
  const { components, column, parameter, n: total } = stack;
  for (let i = 0; i < components.length; i++) {
    const { d2s, n, size } = components[i]!.vector;
    if (n === 0) continue;
    const nn = (n * (n + 1)) / 2;
    const k0 = column[i]!;
    const at = parameter[i]!;
    for (let a = 0, j = 0; a < n; a++) {
      for (let b = 0; b <= a; b++, j++) {
        let sum = 0;
        for (let k = 0, q = j; k < size; k++, q += nn) sum += lambda[k0 + k]! * d2s[q]!;
        h[(at + a) * total + at + b]! += sum;
      }
    }
  }
}

/** Copies the lower triangle to the upper one. */
export function mirror(h: Float64Array, n: number): void {
  for (let a = 0; a < n; a++) for (let b = 0; b < a; b++) h[b * n + a] = h[a * n + b]!;
}
