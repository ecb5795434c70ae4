/** Light curves for people and for machines. */

import type { LightCurve } from "../datasets/types.js";
import type { Constancy } from "../estimators/constancy.js";
import type { Variability } from "../estimators/variability.js";
import { lightCurveTable } from "../io/table/light-curve.js";
import { columnsOf } from "../io/table/rows.js";
import type { Table } from "../io/table/types.js";
import { axisEdges } from "../sky/index.js";
import { intervalsInMjd } from "../time/intervals.js";
import { fluxPointRows, withoutSides } from "./flux-table.js";

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

/** What a terminal has room for. */
const BRIEF = new Set(["time_min", "time_max", "e_min", "e_max", "flux", "flux_ul", "sqrt_ts", "counts"]);

export function briefLightCurve(curve: LightCurve): Table {
  const { name, columns } = lightCurveTable(curve);
  const heads: Readonly<Record<string, string>> = {
    time_min: `MJD ${curve.time.timeScale.toUpperCase()} from`,
    time_max: "to",
  };
  const brief = columns.filter((c) => BRIEF.has(c.name)).map(withoutSides);
  return { name, columns: brief.map((c) => (c.name in heads ? { ...c, name: heads[c.name]!, unit: "" } : c)) };
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

export function variabilityTable(rows: ReturnType<typeof variabilityRows>): Table {
  const one = "there is one interval only";
  const { number, whole } = columnsOf(rows);
  return {
    name: "variability",
    about: "Is the source constant?",
    columns: [
      number("e_min", (r) => r.e_min, { unit: "TeV" }),
      number("e_max", (r) => r.e_max, { unit: "TeV" }),
      number("norm", (r) => r.constancy.norm, {
        about: "of all intervals together",
        err: (r) => r.constancy.normErr,
        reason: "the fit did not converge",
      }),
      number("ts", (r) => r.constancy.ts, { decimals: 2, reason: one }),
      whole("dof", (r) => r.constancy.dof),
      number("p_value", (r) => r.constancy.pValue, { reason: one }),
      number("fvar", (r) => r.fvar.value, {
        about: "fractional excess variance",
        err: (r) => r.fvar.err,
        reason: "the points scatter less than their errors",
      }),
      number("doubling", (r) => r.doubling_time.time, {
        unit: "d",
        about: "shortest time in which the flux doubles",
        err: (r) => r.doubling_time.err,
        reason: "no neighbouring points rise",
      }),
    ],
  };
}
