/** Light curves for people and for machines. */

import type { LightCurve } from "../datasets/types.js";
import type { Constancy } from "../estimators/constancy.js";
import type { Variability } from "../estimators/variability.js";
import { axisEdges } from "../sky/index.js";
import { intervalsInMjd } from "../time/intervals.js";
import { fluxPointRows } from "./flux-table.js";
import { shortNumber, textTable } from "./table.js";

/** One object an interval: its times as MJD in the light curve's scale, and a row of flux points for each energy bin. */
export function lightCurveRows({ time, points, datasets }: LightCurve) {
  return intervalsInMjd(time).map(([start, stop], t) => ({
    time_min: start,
    time_max: stop,
    time_ref: (start + stop) / 2,
    ...(datasets && { datasets: datasets[t]! }),
    points: fluxPointRows(points[t]!).map((row, k) => ({
      ...row,
      ...fluxOf(points[t]!, k),
      stat_null: points[t]!.statNull?.[k],
      success: points[t]!.success?.[k] === 1,
    })),
  }));
}

/** cm-2 s-1 between the edges of the bin. */
function fluxOf({ norm, normErr, normErrn, normErrp, normUl, reference }: LightCurve["points"][number], k: number) {
  const flux = (values: Float64Array | undefined) => values && values[k]! * reference.flux[k]!;
  return {
    flux: flux(norm),
    flux_err: flux(normErr),
    flux_errn: flux(normErrn),
    flux_errp: flux(normErrp),
    flux_ul: flux(normUl),
  };
}

export function lightCurveTable(curve: LightCurve): string {
  const rows = lightCurveRows(curve).flatMap(({ time_min, time_max, points }) =>
    points.map((p) => {
      const { e_min, e_max, flux, flux_err, flux_ul, sqrt_ts, counts } = p as unknown as Record<string, number>;
      const cells = [e_min, e_max, flux, flux_err, flux_ul, sqrt_ts, counts].map((x) => shortNumber(x ?? Number.NaN));
      return [time_min.toFixed(5), time_max.toFixed(5), ...cells];
    }),
  );
  const scale = curve.time.timeScale.toUpperCase();
  const times = [`MJD ${scale} from`, "to"];
  return textTable([...times, "e_min [TeV]", "e_max", "flux [/cm2/s]", "error", "limit", "sqrt_ts", "counts"], rows);
}

/** Both in the order of the energy bins. */
export function variabilityRows(curve: LightCurve, constancy: readonly Constancy[], found: readonly Variability[]) {
  const edges = axisEdges(curve.points[0]!.energy);
  return found.map(({ fvar, fpp, doubling, halving, ...chi2 }, k) => ({
    e_min: edges[k]!,
    e_max: edges[k + 1]!,
    constancy: constancy[k]!,
    chi2: { value: chi2.chi2, dof: chi2.dof, p_value: chi2.pValue, intervals: chi2.intervals },
    fvar,
    fpp,
    doubling_time: doubling,
    halving_time: halving,
  }));
}

export function variabilityTable(rows: ReturnType<typeof variabilityRows>): string {
  return textTable(
    ["e_min [TeV]", "e_max", "constant norm", "error", "TS", "dof", "p-value", "F_var", "error", "doubling [d]"],
    rows.map(({ e_min, e_max, constancy: c, fvar, doubling_time }) =>
      [e_min, e_max, c.norm, c.normErr, c.ts, c.dof, c.pValue, fvar.value, fvar.err, doubling_time.time].map(
        shortNumber,
      ),
    ),
  );
}
