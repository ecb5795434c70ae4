/**
 * Cells between the nodes of a background table. ln of the rate is linear in ln E and in the place there, so that the rate is largest at a corner. A table over offsets has cells of
 * (offset, angle around the pointing), others of (fov_lon, fov_lat); deg.
 */
import { backgroundRate, type LogBackground, outerAndCentres, preparedBackground } from "../irf/tables/background.js";
import { placesOn } from "../irf/tables/grid.js";
import { mixedPairs } from "../irf/tables/pairs.js";
import type { BackgroundTable } from "../irf/tables/types.js";
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

/** Coordinates of the field of view: nodes, and the solid angle of a square degree of them. */
interface Coordinates {
  readonly x: readonly number[];
  readonly y: readonly number[];
  solid(x: number, y: number): number;
}

function coordinatesOf(axes: readonly MapAxis[]): Coordinates {
  if (axes.length === 3)
    return {
      x: outerAndCentres(axes[1]!),
      y: outerAndCentres(axes[2]!),
      solid: (_, lat) => RAD * RAD * Math.cos(lat * RAD),
    };
  const nodes = outerAndCentres(axes[1]!);
  const first = Math.max(0, nodes[0]!);
  return {
    x: [first, ...nodes.filter((r) => r > first)],
    y: [0, 360],
    solid: (r) => RAD * RAD * Math.sin(r * RAD),
  };
}

/** Cells of a background times a factor by energy [TeV]. */
export function backgroundCells(table: BackgroundTable, norm: (energy: number) => number): BackgroundCells {
  const background = preparedBackground(table);
  const { x, y, solid } = coordinatesOf(background.bounds);
  const energy = fineEdges(background.bounds[0]!);
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
