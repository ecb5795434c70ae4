/** The spectrum that the page shows: models, the best fit with its band beneath them, and all flux points. */

import {
  type BinnedDataset,
  type Dataset,
  type FluxPoints,
  fitMask,
  fluxSources,
  isBinned,
  isFluxPoints,
  type Models,
  SpecError,
} from "gammats";
import type { FileRegistry } from "gammats/io";
import { fluxPointsLabel, type SedCurve, sedCurveOf, sedPlot, sedPointsOf } from "gammats/plot";
import { axisEdges } from "gammats/sky";
import type { Origin } from "./types.js";

export interface Sed {
  /** SVG of these models, over the curve of those that it was made with; the width in px where it is not the usual one. */
  draw(models: Models, width?: number): string;
}

/** Energies of a curve; enough for a smooth line, few enough to be drawn at every step of a slider. */
const N = 100;

export function createSed(
  datasets: readonly Dataset[],
  base: Models,
  measured: Readonly<Record<string, FluxPoints>>,
  registry: FileRegistry,
  origin: Origin,
): Sed {
  const energyRange = rangeOf(datasets, Object.values(measured));
  const names = fluxSources(base, { registry }).map(({ name }) => name);
  const curves = (models: Models, label: (name: string) => string): SedCurve[] =>
    names.map((name) => sedCurveOf(models, name, { energyRange, n: N, label: label(name), registry }));
  const fitted =
    base.covariance === undefined || origin === "changed" ? [] : curves(base, (name) => `${name}, ${origin}`);
  const points = [
    ...Object.entries(measured).map(([name, p]) => sedPointsOf(p, name)),
    ...datasets.flatMap((d) => (isFluxPoints(d) ? [sedPointsOf(d.points, fluxPointsLabel(d.name))] : [])),
  ];
  return {
    draw(models, width) {
      const { covariance: _, ...plain } = models;
      return sedPlot({
        ...wide(width),
        curves: models === base && fitted.length > 0 ? fitted : [...fitted, ...curves(plain, (name) => name)],
        points,
      });
    },
  };
}

function rangeOf(datasets: readonly Dataset[], points: readonly FluxPoints[]): [number, number] {
  const energies = [
    ...datasets.flatMap((d) =>
      isBinned(d) ? Array.from(usedEdges(d)) : isFluxPoints(d) ? Array.from(d.points.energy.nodes) : [],
    ),
    ...points.flatMap((p) => Array.from(p.energy.nodes)),
  ];
  // kinds of datasets of one's own do not say theirs
  if (energies.length === 0) return [0.01, 100];
  return [Math.min(...energies) / 1.5, Math.max(...energies) * 1.5];
}

/** Edges of the energy bins from the first to the last that is in the fit. */
function usedEdges(dataset: BinnedDataset): Float64Array {
  const axis = dataset.counts?.geom.axes[0] ?? dataset.maskSafe?.geom.axes[0];
  if (axis === undefined) throw new SpecError(`dataset "${dataset.name}": no counts, so there is nothing to fit`);
  const edges = axisEdges(axis);
  const mask = fitMask(dataset);
  const n = edges.length - 1;
  const pixels = mask.length / n;
  const used = Array.from({ length: n }, (_, r) => mask.subarray(r * pixels, (r + 1) * pixels).includes(1));
  return edges.slice(used.indexOf(true), used.lastIndexOf(true) + 2);
}

/** The option of pictures that are `width` px wide. */
export const wide = (width: number | undefined) => (width === undefined ? {} : { style: { size: `${width}px` } });

/** About four points a decade, and at most the bins there are. */
export function fluxPointEdges(dataset: BinnedDataset): Float64Array {
  const edges = usedEdges(dataset);
  const bins = edges.length - 1;
  const wanted = Math.max(1, Math.min(bins, Math.round(4 * Math.log10(edges[bins]! / edges[0]!))));
  return Float64Array.from({ length: wanted + 1 }, (_, i) => edges[Math.round((i * bins) / wanted)]!);
}
