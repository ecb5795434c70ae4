/** Interpolation on grids by fractional pixel, with Gammapy's rules: linear between nodes, extrapolated by the edge cell. */

export type ValueScale = "lin" | "log" | "sqrt";

const tiny = 2.2250738585072014e-308;

/** Values on the scale in which they are interpolated; non-finite ones become 0 first, logarithms are cut at the smallest normal number. */
export function scaleValues(values: Float64Array, scale: ValueScale): Float64Array {
  const out = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const v = Number.isFinite(values[i]!) ? values[i]! : 0;
    out[i] =
      scale === "lin" ? v : scale === "log" ? Math.log(Math.max(v, tiny)) : Math.sign(v) * Math.sqrt(Math.abs(v));
  }
  return out;
}

/** Inverse of `scaleValues`. */
export function unscaleValue(v: number, scale: ValueScale): number {
  if (scale === "lin") return v;
  if (scale === "sqrt") return v * v;
  const e = Math.exp(v);
  return e <= 2 * tiny ? 0 : e;
}

/** Index of the cell [i, i+1] of strictly increasing `nodes` that holds x, clipped to the first and last cell. */
export function findCell(nodes: Float64Array, x: number): number {
  let low = 0;
  let high = nodes.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (nodes[middle]! <= x) low = middle;
    else high = middle;
  }
  return low;
}

/** Position of x among strictly increasing `nodes` in units of nodes, extrapolated by the edge cells; 0 for a single node. */
export function fractionalIndex(nodes: Float64Array, x: number): number {
  if (nodes.length < 2) return 0;
  const i = findCell(nodes, x);
  return i + (x - nodes[i]!) / (nodes[i + 1]! - nodes[i]!);
}

/** Value at fractional index `pix`; inverse of `fractionalIndex` when `values` are the nodes. */
export function interpolateLinear(values: Float64Array, pix: number): number {
  const n = values.length;
  if (n === 1) return values[0]!;
  const i = Math.max(0, Math.min(n - 2, Math.floor(pix)));
  const f = pix - i;
  return values[i]! * (1 - f) + values[i + 1]! * f;
}

/** y at x by linear interpolation between strictly increasing nodes, extrapolated by the edge cells. */
export function interpolateAt(nodes: Float64Array, y: Float64Array, x: number): number {
  return interpolateLinear(y, fractionalIndex(nodes, x));
}

/** Nearest index: the upper neighbour only if the fraction is above 1/2 (a tie goes down), clipped to [0, n - 1]. */
export function nearestIndex(pix: number, n: number): number {
  return Math.max(0, Math.min(n - 1, Math.ceil(pix - 0.5)));
}

/**
 * A grid of values for repeated multilinear interpolation: the value at fractional pixels, one for each axis of `shape`; entries of axes of length 1 are
 * ignored. Not re-entrant.
 */
export type GridInterpolator = (pix: ArrayLike<number>) => number;

/** Multilinear interpolation of `values` (C order, `shape`), linearly extrapolated; axes of length 1 are dropped. */
export function gridInterpolator(
  values: Float64Array,
  shape: readonly number[],
  scale: ValueScale = "lin",
): GridInterpolator {
  const data = scaleValues(values, scale);
  const axes: { axis: number; size: number; stride: number }[] = [];
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis]!;
    if (size > 1) axes.unshift({ axis, size, stride });
    stride *= size;
  }
  const d = axes.length;
  const axisOf = Int32Array.from(axes, (a) => a.axis);
  const cells = Int32Array.from(axes, (a) => a.size - 2);
  const strides = Int32Array.from(axes, (a) => a.stride);
  const fraction = new Float64Array(d);
  return (pix) => {
    let base = 0;
    for (let k = 0; k < d; k++) {
      const p = pix[axisOf[k]!]!;
      const i = Math.max(0, Math.min(cells[k]!, Math.floor(p)));
      fraction[k] = p - i;
      base += i * strides[k]!;
    }
    let sum = 0;
    for (let corner = 0; corner < 1 << d; corner++) {
      let weight = 1;
      let at = base;
      for (let k = 0; k < d; k++) {
        if (corner & (1 << k)) {
          weight *= fraction[k]!;
          at += strides[k]!;
        } else weight *= 1 - fraction[k]!;
      }
      if (weight !== 0) sum += weight * data[at]!;
    }
    return unscaleValue(sum, scale);
  };
}
