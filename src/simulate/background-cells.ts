/**
 * Cells between the nodes of a background table. ln of the rate is linear in ln E and in the place there, so that the rate is largest at a corner. A table over offsets has cells of
 * (offset, angle around the pointing), others of (fov_lon, fov_lat); deg.
 */
import { backgroundRate, type LogBackground, preparedBackground } from "../irf/tables/background.js";
import { placesOn } from "../irf/tables/grid.js";
import { mixedPairs } from "../irf/tables/pairs.js";
import type { BackgroundTable } from "../irf/tables/types.js";
import { axisCenters, axisEdges, nBins } from "../sky/axis.js";
import type { MapAxis } from "../sky/types.js";
import { fineEdges } from "./energies.js";
import { sumsOf } from "./streams.js";

const RAD = Math.PI / 180;

type Range = readonly [from: number, to: number];

/** One cell: TeV, deg, deg, and the rate in ln E and both coordinates that is exceeded nowhere in it, s-1 deg-2. */
export interface Cell {
  readonly energy: Range;
  readonly x: Range;
  readonly y: Range;
  readonly bound: number;
}

export interface BackgroundCells {
  readonly isRound: boolean;
  /** Sums of events a second at the bounds [n + 1]. */
  readonly sums: Float64Array;
  at(k: number): Cell;
  /** Rate in ln E and both coordinates, s-1 deg-2, at n places. */
  rates(energy: Float64Array, x: Float64Array, y: Float64Array): Float64Array;
}

/**
 * The table with nodes at the outer edges of its axes too, where ln of the rate is extrapolated from the outermost two centres. Where one of these counts as 0 the outer one
 * stands for all beyond it: a line from 1e-38 upwards would end at any number.
 */
function withOuterEdges({ axes, logs, alignment }: LogBackground, zero: number): LogBackground {
  let data = logs;
  const sizes = axes.map(nBins);
  axes.forEach((axis, k) => {
    const [n, after] = [sizes[k]!, sizes.slice(k + 1).reduce((p, m) => p * m, 1)];
    const before = data.length / (n * after);
    const edges = axisEdges(axis);
    const { index, fraction } = placesOn(axis, [edges[0]!, edges[n]!]);
    const out = new Float64Array(before * (n + 2) * after);
    const row = (b: number, j: number) => (b * n + j) * after;
    for (let b = 0; b < before; b++) {
      for (let a = 0; a < after; a++) {
        const to = b * (n + 2) * after + a;
        for (let j = 0; j < n; j++) out[to + (j + 1) * after] = data[row(b, j) + a]!;
        [0, 1].forEach((end) => {
          const own = data[row(b, end === 0 ? 0 : n - 1) + a]!;
          const i = index[end]!;
          const [low, high] = [data[row(b, i) + a]!, data[row(b, Math.min(i + 1, n - 1)) + a]!];
          const isSound = low > zero && high > zero;
          out[to + (end === 0 ? 0 : n + 1) * after] = isSound ? low + fraction[end]! * (high - low) : own;
        });
      }
    }
    data = out;
    sizes[k] = n + 2;
  });
  const extended = axes.map(
    (axis): MapAxis => ({ ...axis, nodeType: "center", nodes: Float64Array.from(allNodes(axis)) }),
  );
  return { axes: extended, logs: data, alignment };
}

/** Coordinates of the field of view: nodes, and the solid angle of a square degree of them. */
interface Coordinates {
  readonly x: readonly number[];
  readonly y: readonly number[];
  solid(x: number, y: number): number;
}

/** Outer edges and centres of an axis. */
function allNodes(axis: MapAxis): number[] {
  const edges = axisEdges(axis);
  return [edges[0]!, ...axisCenters(axis), edges.at(-1)!];
}

function coordinatesOf(axes: readonly MapAxis[]): Coordinates {
  if (axes.length === 3)
    return { x: allNodes(axes[1]!), y: allNodes(axes[2]!), solid: (_, lat) => RAD * RAD * Math.cos(lat * RAD) };
  const nodes = allNodes(axes[1]!);
  const first = Math.max(0, nodes[0]!);
  return {
    x: [first, ...nodes.filter((r) => r > first)],
    y: [0, 360],
    solid: (r) => RAD * RAD * Math.sin(r * RAD),
  };
}

/** Cells of a background times a factor by energy [TeV]. */
export function backgroundCells(table: BackgroundTable, norm: (energy: number) => number): BackgroundCells {
  const prepared = preparedBackground(table);
  const { x, y, solid } = coordinatesOf(prepared.axes);
  const energy = fineEdges(prepared.axes[0]!);
  const background = withOuterEdges(prepared, Math.log(table.tiny));
  const { axes, logs } = background;
  const norms = energy.map(norm);
  const corners = rateAtNodes(background, energy, x, y);
  const size = [energy.length - 1, x.length - 1, y.length - 1] as const;
  const indices = (k: number) =>
    [Math.floor(k / (size[1] * size[2])), Math.floor(k / size[2]) % size[1], k % size[2]] as const;
  const bounds = new Float64Array(size[0] * size[1] * size[2]);
  const means = bounds.map((_, k) => {
    const [e, i, j] = indices(k);
    let most = 0;
    for (const a of [e, e + 1]) {
      for (const b of [i, i + 1]) {
        for (const c of [j, j + 1]) {
          const rate = corners[(a * x.length + b) * y.length + c]!;
          most = Math.max(most, rate * energy[a]! * norms[a]!);
        }
      }
    }
    // a cosine is largest at 0, where cells may have no corner
    const lat = y[j]! < 0 && y[j + 1]! > 0 ? 0 : y[j]!;
    bounds[k] = most * Math.max(solid(x[i]!, lat), solid(x[i + 1]!, lat), solid(x[i]!, y[j + 1]!));
    return bounds[k]! * Math.log(energy[e + 1]! / energy[e]!) * (x[i + 1]! - x[i]!) * (y[j + 1]! - y[j]!);
  });
  return {
    isRound: axes.length === 2,
    sums: sumsOf(means),
    at(k) {
      const [e, i, j] = indices(k);
      return {
        energy: [energy[e]!, energy[e + 1]!],
        x: [x[i]!, x[i + 1]!],
        y: [y[j]!, y[j + 1]!],
        bound: bounds[k]!,
      };
    },
    rates(energies, xs, ys) {
      const places = axes.map((axis, k) => placesOn(axis, [energies, xs, ys][k]!));
      const out = mixedPairs({ axes, data: logs }, places).map(Math.exp);
      const steps = placesOn({ ...axes[0]!, nodeType: "center", nodes: energy }, energies);
      return out.map((rate, i) => {
        const [low, high, f] = [norms[steps.index[i]!]!, norms[steps.index[i]! + 1]!, steps.fraction[i]!];
        const factor = low > 0 && high > 0 ? low ** (1 - f) * high ** f : 0;
        return rate * factor * energies[i]! * solid(xs[i]!, ys[i]!);
      });
    },
  };
}

/** Rates, s-1 TeV-1 sr-1, at all combinations: `[energy, x, y]`. */
function rateAtNodes(
  background: LogBackground,
  energy: Float64Array,
  x: readonly number[],
  y: readonly number[],
): Float64Array {
  const n = x.length * y.length;
  const lon = Float64Array.from({ length: n }, (_, k) => x[Math.floor(k / y.length)]!);
  const lat = Float64Array.from({ length: n }, (_, k) => y[k % y.length]!);
  return backgroundRate(background, energy, { lon, lat, offset: lon });
}
