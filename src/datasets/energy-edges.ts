/**
 * One rule for energies that a user gives: those that differ by less than 1e-6 of themselves from an edge of the data are that edge. Others are moved: the
 * edges of points, light curves and maps to the nearest edge of the data, a range to be fitted inwards, to whole bins. Who moves them says so.
 */
import { SpecError } from "../errors.js";
import { axisEdges } from "../sky/axis.js";
import { nearestBins } from "../sky/axis-groups.js";
import type { MapAxis } from "../sky/types.js";

/** Files keep edges to about 1e-7. */
const SAME = 1e-6;

/** Whether two energies are one: `a` differs from `b`, in the same unit, by no more than 1e-6 of it. */
export const sameEnergy = (a: number, b: number): boolean => Math.abs(a - b) <= SAME * Math.abs(b);

/** Bins [start, stop) of an axis that lie inside [emin, emax]. */
export function binsInside(axis: MapAxis, emin: number, emax: number): readonly [start: number, stop: number] {
  const edges = axisEdges(axis);
  const n = edges.length - 1;
  let start = 0;
  while (start < n && !(edges[start]! >= emin || sameEnergy(edges[start]!, emin))) start++;
  let stop = n;
  while (stop > start && !(edges[stop]! <= emax || sameEnergy(edges[stop]!, emax))) stop--;
  return [start, stop];
}

export interface SnappedEdges {
  /** [n + 1] TeV */
  readonly edges: Float64Array;
  /** What was moved, and which bins lie across an edge, in words; empty if neither. */
  readonly messages: readonly string[];
}

interface WithAxis {
  readonly name: string;
  readonly energy: MapAxis;
  /** The lowest and the highest energy in the fit; absent: those of the axis. */
  readonly inFit?: readonly [min: number, max: number] | undefined;
}

/**
 * The edges of the data nearest to those that are wanted: of several datasets the nearest that any of them has. A bin of another that lies across such an
 * edge belongs to no interval. Refuses edges that fall on one another.
 */
export function snapEdges(datasets: readonly WithAxis[], wanted: ArrayLike<number>, where: string): SnappedEdges {
  const given = Array.from(wanted);
  if (given.length < 2 || given.some((e, i) => !(e > 0 && Number.isFinite(e)) || (i > 0 && !(e > given[i - 1]!)))) {
    throw new SpecError(`${where}: energy edges ${given.join(", ")} TeV; expected two or more that increase, above 0`);
  }
  const ends = datasets.map(({ energy }) => axisEdges(energy)).flatMap((all) => [all[0]!, all.at(-1)!]);
  const [first, last] = [Math.min(...ends), Math.max(...ends)];
  // an interval beyond the data stays as it is, and empty
  const isBeyond = (k: number) =>
    k === 0 || k === given.length || given[k]! <= first * (1 + SAME) || given[k - 1]! >= last * (1 - SAME);
  const edges = Float64Array.from(given, (e, i) =>
    isBeyond(i) && isBeyond(i + 1)
      ? e
      : nearestOf(
          datasets.map((d) => nearestEdge(d.energy, e)),
          e,
        ),
  );
  const moved: string[] = [];
  given.forEach((e, i) => {
    if (!sameEnergy(e, edges[i]!)) moved.push(`${text(e)} to ${text(edges[i]!)}`);
    if (i === 0 || edges[i]! > edges[i - 1]!) return;
    throw new SpecError(
      `${where}: no whole energy bin of the data lies between ${text(given[i - 1]!)} and ${text(e)} TeV, both are nearest to ${text(edges[i]!)} TeV; take edges further apart. The data have ${listed(datasets)} TeV`,
    );
  });
  const across = datasets.flatMap((d) => acrossEdges(d, edges));
  const messages = [...across, ...partsUsed(datasets, edges), ...(across.length > 0 ? whole(datasets, edges) : [])];
  if (moved.length > 0) messages.unshift(`energy edges moved to those of the data: ${moved.join(", ")} TeV`);
  return { edges, messages };
}

const binsOf = (axis: MapAxis): (readonly [lo: number, hi: number])[] => {
  const edges = axisEdges(axis);
  return Array.from(edges.subarray(1), (hi, r) => [edges[r]!, hi] as const);
};

const isInside = (e: number, [lo, hi]: readonly [number, number]): boolean =>
  e > lo && e < hi && !sameEnergy(e, lo) && !sameEnergy(e, hi);

/** The bins of an axis that lie across one of the edges. */
export const binsAcross = (axis: MapAxis, edges: ArrayLike<number>): (readonly [lo: number, hi: number])[] =>
  binsOf(axis).filter((bin) => Array.from(edges).some((e) => isInside(e, bin)));

/** Bins of a dataset that lie across an edge. */
function acrossEdges({ name, energy }: WithAxis, edges: Float64Array): string[] {
  const across = binsAcross(energy, edges);
  if (across.length === 0) return [];
  const bins = across.map(([lo, hi]) => `${text(lo)} to ${text(hi)} TeV`).join(", ");
  return [`dataset "${name}": left out, as an edge lies inside: ${bins}`];
}

/** The nearest edges that lie inside no bin of any dataset. */
function whole(datasets: readonly WithAxis[], edges: Float64Array): string[] {
  const isWhole = (e: number) => datasets.every(({ energy }) => binsAcross(energy, [e]).length === 0);
  const all = new Set(datasets.flatMap(({ energy }) => Array.from(axisEdges(energy))));
  const shared = [...all].filter(isWhole);
  const near = edges.map((e) => (isWhole(e) || shared.length === 0 ? e : nearestOf(shared, e)));
  const found = Array.from(near).filter((e, i) => isWhole(e) && (i === 0 || !sameEnergy(e, near[i - 1]!)));
  if (found.length < 2) return ["the datasets share no two edges near these; measure each by itself"];
  return [`edges near these that lie inside no bin: ${found.map(text).join(", ")} TeV`];
}

/** Intervals of which no dataset has all in the fit: what is measured there is the spectrum between other energies. */
function partsUsed(datasets: readonly WithAxis[], edges: Float64Array): string[] {
  return Array.from(edges.subarray(1), (hi, i) => [edges[i]!, hi] as const).flatMap(([lo, hi]) => {
    const used = datasets.flatMap(({ energy, inFit: [min, max] = [lo, hi] }) => {
      const [start, stop] = binsInside(energy, Math.max(lo, min), Math.min(hi, max));
      return start < stop ? Array.from(axisEdges(energy).subarray(start, stop + 1)) : [];
    });
    const [min, max] = [Math.min(...used), Math.max(...used)];
    if (used.length === 0 || (sameEnergy(min, lo) && sameEnergy(max, hi))) return [];
    return [
      `the bins in the fit inside ${text(lo)} to ${text(hi)} TeV reach from ${text(min)} to ${text(max)} TeV; take edges there that the datasets share`,
    ];
  });
}

const nearestOf = (edges: readonly number[], e: number): number =>
  edges.reduce((best, edge) => (Math.abs(Math.log(edge / e)) < Math.abs(Math.log(best / e)) ? edge : best));

function nearestEdge(axis: MapAxis, e: number): number {
  const first = axisEdges(axis)[0]!;
  // halfway between two edges is decided as the axis counts: in its logarithm
  return nearestBins(axis, first, e)?.max ?? first;
}

const text = (e: number) => String(Number(e.toPrecision(5)));

/** Edges of the first datasets, to choose from. */
function listed(datasets: readonly WithAxis[]): string {
  const all = Array.from(axisEdges(datasets[0]!.energy), text);
  return all.length > 12 ? `${all.slice(0, 6).join(", ")} ... ${all.slice(-3).join(", ")}` : all.join(", ");
}
