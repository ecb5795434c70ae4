/**
 * Non-spatial map axes: nodes, bins, and positions between them. "pix" is the position along an axis in bins: centres
 * are integers, edges half integers. Between nodes, and beyond both ends, a position is linear in the scaled coordinate.
 */
import { SpecError } from "../errors.js";
import type { MapAxis } from "./types.js";

type Interp = MapAxis["interp"];

/** Name, unit and scale of an axis. */
export interface AxisOptions {
  readonly name?: string;
  readonly unit?: string;
  readonly interp?: Interp;
}

/** The smallest normal float64: logarithms are taken of nothing smaller. */
const TINY = 2.2250738585072014e-308;

/** A coordinate in the scale in which positions along an axis are linear: itself, its natural logarithm, or its square root (of its size, with its sign). */
export function axisScale(interp: Interp, x: number): number {
  if (interp === "lin") return x;
  if (interp === "log") return Math.log(Math.max(x, TINY));
  return Math.sign(x) * Math.sqrt(Math.abs(x));
}

/** The coordinate of a scaled one: the inverse of `axisScale`. */
export function axisUnscale(interp: Interp, y: number): number {
  if (interp === "lin") return y;
  if (interp === "sqrt") return y * y;
  const x = Math.exp(y);
  return x <= 2 * TINY ? 0 : x;
}

/**
 * An axis of n bins from its n + 1 edges, in the unit of the options.
 * @throws SpecError where there are fewer than two, or they do not increase.
 */
export function axisFromEdges(edges: ArrayLike<number>, options: AxisOptions = {}): MapAxis {
  return makeAxis(edges, "edges", options);
}

/**
 * An axis from the centres of its bins [n], in the unit of the options.
 * @throws SpecError where there are none, or they do not increase.
 */
export function axisFromNodes(nodes: ArrayLike<number>, options: AxisOptions = {}): MapAxis {
  return makeAxis(nodes, "center", options);
}

/**
 * `nbin` bins (or nodes) equidistant in the scaled coordinate.
 * @throws SpecError where the bounds do not increase, or are not positive on a logarithmic axis.
 */
export function axisFromBounds(
  min: number,
  max: number,
  nbin: number,
  options: AxisOptions & { readonly nodeType?: MapAxis["nodeType"] } = {},
): MapAxis {
  const { interp = "lin", nodeType = "edges" } = options;
  if (interp === "log" && !(min > 0 && max > 0)) {
    throw new SpecError(`Axis bounds ${min}, ${max}: a logarithmic axis needs positive bounds`);
  }
  const n = nodeType === "edges" ? nbin + 1 : nbin;
  // log10, as numpy's geomspace: powers of ten come out exact.
  const to = interp === "log" ? Math.log10 : interp === "sqrt" ? Math.sqrt : (x: number) => x;
  const from = interp === "log" ? (y: number) => 10 ** y : interp === "sqrt" ? (y: number) => y * y : (y: number) => y;
  const lo = to(min);
  const step = (to(max) - lo) / (n - 1);
  const nodes = Float64Array.from({ length: n }, (_, k) => (k === 0 ? min : k === n - 1 ? max : from(lo + k * step)));
  return makeAxis(nodes, nodeType, options);
}

/** A logarithmic energy axis [TeV]. With `perDecade`, `nbin` counts bins per decade and is rounded up; `strictBounds: false` lowers `max` instead. */
export function axisFromEnergyBounds(
  min: number,
  max: number,
  nbin: number,
  options: { readonly perDecade?: boolean; readonly strictBounds?: boolean; readonly name?: string } = {},
): MapAxis {
  const { perDecade = false, strictBounds = true, name = "energy" } = options;
  let n = nbin;
  let upper = max;
  if (perDecade) {
    const bins = Math.log10(max / min) * nbin;
    n = strictBounds ? Math.ceil(bins) : Math.floor(bins);
    if (!strictBounds) upper = min * 10 ** (n / nbin);
  }
  return axisFromBounds(min, upper, n, { name, unit: "TeV", interp: "log" });
}

function makeAxis(values: ArrayLike<number>, nodeType: MapAxis["nodeType"], options: AxisOptions): MapAxis {
  const { name = "", unit = "", interp = "lin" } = options;
  const nodes = Float64Array.from(values);
  if (nodes.length < (nodeType === "edges" ? 2 : 1)) {
    throw new SpecError(
      `Axis "${name}": ${nodes.length} ${nodeType} given, expected at least ${nodeType === "edges" ? 2 : 1}`,
    );
  }
  for (let i = 1; i < nodes.length; i++) {
    if (!(nodes[i]! > nodes[i - 1]!)) {
      throw new SpecError(
        `Axis "${name}": node ${i} is ${nodes[i]} after ${nodes[i - 1]}, expected strictly increasing nodes; sort them and remove duplicates`,
      );
    }
  }
  return { name, unit, interp, nodeType, nodes };
}

/** Number of bins. */
export function nBins(axis: MapAxis): number {
  return axis.nodeType === "edges" ? axis.nodes.length - 1 : axis.nodes.length;
}

/** nbin+1 edges; those of a center-type axis lie half way between nodes in the scaled coordinate, the outer ones extrapolated. */
export function axisEdges(axis: MapAxis): Float64Array {
  if (axis.nodeType === "edges") return axis.nodes.slice();
  return Float64Array.from({ length: axis.nodes.length + 1 }, (_, k) => axisCoord(axis, k - 0.5));
}

/** Centres of the bins [n], in the unit of the axis: half way between edges in the scaled coordinate. */
export function axisCenters(axis: MapAxis): Float64Array {
  if (axis.nodeType === "center") return axis.nodes.slice();
  return Float64Array.from({ length: axis.nodes.length - 1 }, (_, k) => axisCoord(axis, k));
}

/** The number of `nodes` <= x (0 to n), by bisection; NaN counts as above all. */
function countBelow(nodes: Float64Array, x: number): number {
  let lo = 0;
  let hi = nodes.length;
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if (nodes[mid]! > x) hi = mid;
    else lo = mid + 1;
  }
  return lo;
}

/** Position of coordinate `x` in bins, extrapolated linearly with the first or last segment. */
export function axisPix(axis: MapAxis, x: number): number {
  const { nodes, interp } = axis;
  const n = nodes.length;
  if (n === 1) return Number.isNaN(x) ? Number.NaN : 0;
  const i = Math.min(Math.max(countBelow(nodes, x) - 1, 0), n - 2);
  const offset = axis.nodeType === "edges" ? 0.5 : 0;
  if (x === nodes[i]) return i - offset;
  if (x === nodes[i + 1]) return i + 1 - offset;
  const y0 = axisScale(interp, nodes[i]!);
  const y1 = axisScale(interp, nodes[i + 1]!);
  return i + (axisScale(interp, x) - y0) / (y1 - y0) - offset;
}

/** Coordinate at position `pix`, the inverse of {@link axisPix}; nodes come back unchanged. */
export function axisCoord(axis: MapAxis, pix: number): number {
  const { nodes, interp } = axis;
  const n = nodes.length;
  if (n === 1) return nodes[0]!;
  const index = axis.nodeType === "edges" ? pix + 0.5 : pix;
  const i = Math.min(Math.max(Math.floor(index), 0), n - 2);
  if (index === i) return nodes[i]!;
  if (index === i + 1) return nodes[i + 1]!;
  const y0 = axisScale(interp, nodes[i]!);
  const y1 = axisScale(interp, nodes[i + 1]!);
  return axisUnscale(interp, y0 + (index - i) * (y1 - y0));
}

/**
 * Index of the bin with `edge <= x < next edge`: -1 outside or not finite, but `nbin` exactly on the last edge.
 * `clip`: finite coordinates outside get the first or last bin.
 */
export function axisIndex(axis: MapAxis, x: number, clip = false): number {
  if (!Number.isFinite(x)) return -1;
  const edges = axis.nodeType === "edges" ? axis.nodes : axisEdges(axis);
  const index = countBelow(edges, x) - 1;
  const n = edges.length - 1;
  if (clip) return Math.min(Math.max(index, 0), n - 1);
  return x > edges[n]! ? -1 : index;
}

/** Index of the bin that a map fills at `x`: floor(pix + 1/2), and -1 outside (so also exactly on the last edge). */
export function axisBin(axis: MapAxis, x: number): number {
  const index = Math.floor(axisPix(axis, x) + 0.5);
  return index >= 0 && index < nBins(axis) ? index : -1;
}
