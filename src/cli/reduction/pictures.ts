/** Pictures of an analysis from events: what was counted, the spectrum, the light curve, how the significance grows. */

import { isOnOff } from "../../datasets/facets.js";
import { stackReduce } from "../../datasets/stack.js";
import type { FluxPoints, LightCurve } from "../../datasets/types.js";
import type { FitResult } from "../../fit/result.js";
import { datasetPictures, sedPicture } from "../../node/pictures.js";
import { lightCurvePlot } from "../../plot/light-curve.js";
import { lightCurveSpecOf } from "../../plot/light-curve-spec.js";
import { linePlot } from "../../plot/line.js";
import { axisEdges } from "../../sky/axis.js";
import type { Reduced } from "./runs.js";
import type { RunRow } from "./table.js";

export interface Pictured {
  readonly datasets: readonly Reduced[];
  readonly rows: readonly RunRow[];
  readonly result: FitResult;
  readonly source: string;
  readonly points: FluxPoints | undefined;
  readonly curve: LightCurve | undefined;
}

/** SVG by name. */
export function analysisPictures(
  { datasets, rows, result, source, points, curve }: Pictured,
  options: Parameters<typeof datasetPictures>[2] & object,
): Record<string, string> {
  const { style } = options;
  const styled = style === undefined ? {} : { style };
  const edges = axisEdges(datasets[0]!.counts!.geom.axes[0]!);
  const [low, high] = points === undefined ? [edges[0]!, edges.at(-1)!] : ends(axisEdges(points.energy));
  return {
    ...datasetPictures([onePicture(datasets)], result.models, options),
    ...(result.success && {
      spectrum: sedPicture(result.models, source, points ? { "flux points": points } : {}, [low, high], options),
    }),
    ...(curve && { "light-curve": lightCurvePlot({ title: source, ...lightCurveSpecOf(curve), ...styled }) }),
    significance: significancePicture(rows, styled),
  };
}

/** Many spectra in one picture. */
function onePicture(datasets: readonly Reduced[]): Reduced {
  const spectra = datasets.filter(isOnOff);
  if (datasets.length === 1 || spectra.length < datasets.length) return datasets[0]!;
  return stackReduce(spectra, { name: "all-runs" });
}

/** Significance and excess of the runs up to each, against their livetime. */
function significancePicture(rows: readonly RunRow[], styled: object): string {
  const hours = [0, ...rows.map((row) => row.cumulated_livetime / 3600)];
  return linePlot({
    title: "Significance of all runs up to each",
    series: [{ label: "Li & Ma", x: hours, y: [0, ...rows.map((row) => row.cumulated_significance)], draw: "both" }],
    xLabel: "livetime [h]",
    yLabel: "significance [standard deviations]",
    legend: false,
    ...styled,
  });
}

/** Half the lowest and twice the highest energy. */
const ends = (edges: Float64Array): readonly [number, number] => [edges[0]! / 2, edges.at(-1)! * 2];
