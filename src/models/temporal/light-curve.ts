import { UnsupportedError } from "../../errors.js";
import { findCell } from "../../math/interpolate.js";
import type { ResourceNeed, TemporalDeclaration } from "../declaration.js";
import { resourceOf } from "../resources.js";
import type { TimeSeries } from "../types.js";
import { referenceTime } from "./reference.js";

const TYPE = "LightCurveTemplateTemporalModel";

const seriesNeed = {
  kind: "time-series",
  from: "filename",
  about: "FITS table of TIME and NORM, TIME counted from MJDREFI + MJDREFF",
} as const satisfies ResourceNeed<"time-series">;

/** The integral over a stretch of width `width` of a line from y0 to y1, negative values counted as 0. */
function positiveArea(width: number, y0: number, y1: number): number {
  if (y0 >= 0 && y1 >= 0) return (width * (y0 + y1)) / 2;
  const high = Math.max(y0, y1);
  return high <= 0 ? 0 : (width * high * high) / (2 * Math.abs(y1 - y0));
}

/** The values are linear between the nodes and go on so beyond them, but never below 0. */
function curveOf({ time, values }: TimeSeries) {
  const last = time.length - 1;
  const slopeIn = (cell: number) =>
    last === 0 ? 0 : (values[cell + 1]! - values[cell]!) / (time[cell + 1]! - time[cell]!);
  const line = (cell: number, t: number) =>
    last === 0 ? values[0]! : values[cell]! + slopeIn(cell) * (t - time[cell]!);
  const cellAt = (t: number) => (last === 0 ? 0 : findCell(time, t));
  const value = (t: number) => Math.max(0, line(cellAt(t), t));
  return {
    value,
    slope: (t: number) => (value(t) > 0 ? slopeIn(cellAt(t)) : 0),
    mean(t0: number, t1: number) {
      if (t0 === t1) return value(t0);
      let sum = 0;
      const end = cellAt(t1);
      for (let cell = cellAt(t0), from = t0; cell <= end; cell++) {
        const to = cell === end ? t1 : time[cell + 1]!;
        sum += positiveArea(to - from, line(cell, from), line(cell, to));
        from = to;
      }
      return sum / (t1 - t0);
    },
  };
}

export const lightCurveTemporal: TemporalDeclaration = {
  type: TYPE,
  tag: "template",
  about: "Light curve from a table, linear between its times",
  latex: "f(t_i)",
  parameters: { t_ref: { ...referenceTime, about: "time that TIME counts from, MJD; default: that of the table" } },
  reference: "t_ref",
  extra: { format: "table (default)", unit: "kept, not used: values are factors" },
  example: { filename: "light-curve.fits" },
  resources: { series: seriesNeed },
  mean: () => Number.NaN,
  bind(data) {
    const format = data.extra?.format ?? "table";
    if (format !== "table") {
      throw new UnsupportedError(
        `${TYPE}: the format ${JSON.stringify(format)} is not read; write a table of TIME and NORM (format: table)`,
      );
    }
    const series = resourceOf(data, "series", seriesNeed, TYPE);
    const { value, slope, mean } = curveOf(series);
    return {
      ...lightCurveTemporal,
      parameters: { t_ref: { ...lightCurveTemporal.parameters.t_ref!, value: series.reference } },
      // Gammapy 2.1 sums 100 samples and counts one end twice (docs/differences.md)
      mean: (t0, t1, p) => mean(t0 - p[0]!, t1 - p[0]!),
      derivatives(t0, t1, p, g, h) {
        const [from, to] = [t0 - p[0]!, t1 - p[0]!];
        g[0] = (value(from) - value(to)) / (t1 - t0);
        h[0] = (slope(to) - slope(from)) / (t1 - t0);
        return mean(from, to);
      },
    };
  },
};
