/** What a picture of a light curve needs, taken from the curve. */
import { inSedType, isUpperLimit, sqrtTsOf } from "../datasets/flux-points.js";
import type { LightCurve, SedType } from "../datasets/types.js";
import { axisEdges } from "../sky/axis.js";
import { intervalsInMjd } from "../time/intervals.js";
import type { LightCurveSpec } from "./light-curve.js";

/** Which quantity of a light curve is drawn, and where limits stand for points. */
export interface LightCurvePictureOptions {
  /** flux unless told. */
  readonly quantity?: Exclude<SedType, "likelihood">;
  /** sqrt(TS) below which a limit is drawn; absent: as the points themselves say, 2. */
  readonly threshold?: number;
  /** Constant norm of each energy bin. */
  readonly levels?: ArrayLike<number>;
}

const LABELS = {
  flux: "Flux [cm^{−2} s^{−1}]",
  dnde: "dN/dE [cm^{−2} s^{−1} TeV^{−1}]",
  eflux: "Energy flux [TeV cm^{−2} s^{−1}]",
  e2dnde: "E^{2} dN/dE [TeV cm^{−2} s^{−1}]",
} as const;

/** What `lightCurvePlot` needs, one series for each energy bin; errors are the asymmetric ones where there are some. */
export function lightCurveSpecOf(curve: LightCurve, options: LightCurvePictureOptions = {}): LightCurveSpec {
  const { quantity = "flux", threshold, levels } = options;
  const mjd = intervalsInMjd(curve.time);
  const first = curve.points[0]!;
  const edges = axisEdges(first.energy);
  const column = (pick: (points: LightCurve["points"][number]) => Float64Array | undefined, k: number) =>
    Float64Array.from(curve.points, (points) => inSedType(points, pick(points), quantity)?.[k] ?? Number.NaN);
  const limit = (points: LightCurve["points"][number], k: number) => {
    const sqrtTs = sqrtTsOf(points)?.[k];
    const ul = points.normUl?.[k] ?? Number.NaN;
    return threshold === undefined || sqrtTs === undefined || Number.isNaN(ul)
      ? isUpperLimit(points, k)
      : !(sqrtTs >= threshold);
  };
  return {
    timeScale: curve.time.timeScale,
    fluxLabel: LABELS[quantity],
    points: Array.from(first.norm, (_, k) => ({
      label: `${energyText(edges[k]!)} to ${energyText(edges[k + 1]!)} TeV`,
      start: mjd.map(([a]) => a),
      stop: mjd.map(([, b]) => b),
      flux: column((p) => p.norm, k),
      errn: column((p) => p.normErrn ?? p.normErr, k),
      errp: column((p) => p.normErrp ?? p.normErr, k),
      ul: column((p) => p.normUl, k),
      isUl: curve.points.map((p) => limit(p, k)),
      ...(levels !== undefined && { level: levels[k]! * first.reference[quantity][k]! }),
    })),
  };
}

const energyText = (e: number): string => String(Number(e.toPrecision(3)));
