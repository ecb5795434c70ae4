/** Axes made from axes: squashed, sampled finer or coarser, cut and grouped. */
import { SpecError } from "../errors.js";
import { axisCoord, axisEdges, axisPix, axisScale, axisUnscale, nBins } from "./axis.js";
import type { MapAxis } from "./types.js";

/** One bin over the whole range of `axis`. */
export function squashAxis(axis: MapAxis): MapAxis {
  const edges = axisEdges(axis);
  return { ...axis, nodeType: "edges", nodes: Float64Array.of(edges[0]!, edges[edges.length - 1]!) };
}

/** `factor` bins for one, equidistant in the scaled coordinate; a center-type axis keeps its nodes and gets (n-1) factor + 1. */
export function upsampleAxis(axis: MapAxis, factor: number): MapAxis {
  const { nodes } = axis;
  const nodesNew = new Float64Array((nodes.length - 1) * factor + 1);
  for (let k = 0; k < nodesNew.length; k++) {
    const i = Math.floor(k / factor);
    const rest = k - i * factor;
    if (rest === 0) nodesNew[k] = nodes[i]!;
    else {
      const y0 = axisScale(axis.interp, nodes[i]!);
      const y1 = axisScale(axis.interp, nodes[i + 1]!);
      nodesNew[k] = axisUnscale(axis.interp, y0 + (rest / factor) * (y1 - y0));
    }
  }
  return { ...axis, nodes: nodesNew };
}

/**
 * Every `factor`-th edge (or node).
 * @throws SpecError where `factor` does not divide the number of bins.
 */
export function downsampleAxis(axis: MapAxis, factor: number): MapAxis {
  const n = axis.nodes.length - 1;
  if (n % factor !== 0) {
    throw new SpecError(
      `Axis "${axis.name}": ${n} intervals are not divisible by ${factor}; choose a factor that divides them`,
    );
  }
  return { ...axis, nodes: axis.nodes.filter((_, k) => k % factor === 0) };
}

/**
 * Bins `start` (inclusive) to `stop` (exclusive).
 * @throws SpecError where the range is empty or outside of the axis.
 */
export function sliceAxis(axis: MapAxis, start: number, stop: number): MapAxis {
  if (!(start >= 0 && stop > start && stop <= nBins(axis))) {
    throw new SpecError(
      `Axis "${axis.name}": bins ${start} to ${stop} asked of ${nBins(axis)}, expected a non-empty range inside`,
    );
  }
  return { ...axis, nodes: axis.nodes.slice(start, axis.nodeType === "edges" ? stop + 1 : stop) };
}

/** A run of bins: `start` inclusive, `stop` exclusive; `min` and `max` are its outer edges. */
export interface AxisGroup {
  readonly start: number;
  readonly stop: number;
  readonly min: number;
  readonly max: number;
  readonly type: "normal" | "underflow" | "overflow";
}

/**
 * The whole bins nearest to the intervals between `edges`: each edge is rounded to the nearest axis edge (in pix, ties to even), duplicates removed.
 * @throws SpecError where the edges hold no whole bin.
 */
export function groupTable(axis: MapAxis, edges: ArrayLike<number>): AxisGroup[] {
  requireEdges(axis);
  const n = nBins(axis);
  const rounded = Array.from(edges, (x) => roundToEdge(axis, x));
  const cuts = [...new Set(rounded)].sort((a, b) => a - b);
  if (cuts.length < 2) {
    throw new SpecError(
      `Axis "${axis.name}": the edges ${Array.from(edges).join(", ")} ${axis.unit} cover no whole bin of ${axis.nodes[0]} to ${axis.nodes[n]} ${axis.unit}`,
    );
  }
  const groups = cuts.slice(1).map((stop, k) => binGroup(axis, cuts[k]!, stop, "normal"));
  const first = cuts[0]!;
  const last = cuts[cuts.length - 1]!;
  if (first > 0) groups.unshift(binGroup(axis, 0, first, "underflow"));
  if (last < n) groups.push(binGroup(axis, last, n, "overflow"));
  return groups;
}

/** The group between two energies (or coordinates) alone; null where both are rounded to the same edge. */
export function nearestBins(axis: MapAxis, min: number, max: number): AxisGroup | null {
  requireEdges(axis);
  const start = roundToEdge(axis, min);
  const stop = roundToEdge(axis, max);
  return start === stop ? null : binGroup(axis, Math.min(start, stop), Math.max(start, stop), "normal");
}

function binGroup(axis: MapAxis, start: number, stop: number, type: AxisGroup["type"]): AxisGroup {
  return { start, stop, min: axis.nodes[start]!, max: axis.nodes[stop]!, type };
}

function requireEdges(axis: MapAxis): void {
  if (axis.nodeType !== "edges") {
    throw new SpecError(`Axis "${axis.name}" is defined by centres; only an axis of edges can be grouped`);
  }
}

/** The index of the edge nearest to `x`, within the axis. */
function roundToEdge(axis: MapAxis, x: number): number {
  const n = nBins(axis);
  return roundHalfEven(Math.min(Math.max(axisPix(axis, x), -0.5), n - 0.5) + 0.5);
}

/** The coordinate of the axis edge nearest to `x`. */
export function roundToAxis(axis: MapAxis, x: number): number {
  return axisCoord(axis, roundToEdge(axis, x) - 0.5);
}

/** The nearest integer; of two equally near ones the even one, as numpy's `round`. */
export function roundHalfEven(x: number): number {
  const r = Math.round(x);
  return r - x === 0.5 && r % 2 !== 0 ? r - 1 : r;
}

/** 1 for the bins wholly inside [emin, emax], else 0; a missing bound is open. `round` first moves the bounds to the nearest axis edges. */
export function energyMask(axis: MapAxis, emin?: number, emax?: number, round = false): Uint8Array {
  const edges = axisEdges(axis);
  const lo = emin === undefined ? Number.NEGATIVE_INFINITY : round ? roundToAxis(axis, emin) : emin;
  const hi = emax === undefined ? Number.POSITIVE_INFINITY : round ? roundToAxis(axis, emax) : emax;
  return Uint8Array.from({ length: nBins(axis) }, (_, k) => (edges[k]! >= lo && edges[k + 1]! <= hi ? 1 : 0));
}

/** Same name, type, interpolation and edges (1e-6 relative plus absolute, as Gammapy). */
export function sameAxis(a: MapAxis, b: MapAxis): boolean {
  if (a.name !== b.name || a.interp !== b.interp || a.nodeType !== b.nodeType || a.unit !== b.unit) return false;
  if (a.nodes.length !== b.nodes.length) return false;
  const x = axisEdges(a);
  const y = axisEdges(b);
  return x.every((v, i) => Math.abs(v - y[i]!) <= 1e-6 + 1e-6 * Math.abs(y[i]!));
}
