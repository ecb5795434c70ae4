/** Bins of axes held against each other. */
import { axisCenters, axisEdges } from "./axis.js";
import type { MapAxis } from "./types.js";

/** Part of a bin by which the middles of two may differ: files keep energies to a few digits. */
const SAME_BIN = 1e-3;

/**
 * The first bin whose middle differs between two axes of as many bins; -1 where there is none. Axes given by the same nodes agree whatever their edges; bins that begin at 0, which some files
 * move to a small number, are compared by their upper edge.
 */
export function firstOtherBin(a: MapAxis, b: MapAxis): number {
  const [edges, others] = [axisEdges(a), axisEdges(b)];
  const [centers, otherCenters] = [axisCenters(a), axisCenters(b)];
  return centers.findIndex((center, k) => {
    const width = edges[k + 1]! - edges[k]!;
    const beginsAtZero = k === 0 && !(edges[0]! > 0 && others[0]! > 0);
    const distance = beginsAtZero ? edges[1]! - others[1]! : center - otherCenters[k]!;
    return !(Math.abs(distance) <= SAME_BIN * width);
  });
}

/** A bin as messages name it: "energy bin 3 (1 to 1.2 TeV)". */
export function binOf(axis: MapAxis, bin: number): string {
  const edges = axisEdges(axis);
  const text = (e: number) => Number(e.toPrecision(4));
  return `${axis.name} bin ${bin} (${text(edges[bin]!)} to ${text(edges[bin + 1]!)} ${axis.unit})`;
}
