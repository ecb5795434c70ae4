/** Intervals and limits of one parameter, for people, for machines and as pictures. */
import type { CalibratedInterval } from "../estimators/calibrated.js";
import type { IntervalSide } from "../estimators/construction.js";
import type { ExpectedLimit } from "../estimators/expected-limit.js";
import { statProfile } from "../fit/profiles.js";
import { shortNumber, shown } from "../io/table/digits.js";
import { columnsOf } from "../io/table/rows.js";
import type { Table } from "../io/table/types.js";
import { histogramPlot } from "../plot/histogram.js";
import { scanPlot } from "../plot/scan.js";
import type { Context } from "./context.js";
import type { FittedAnalysis } from "./fitted.js";
import { axisLabel, fileName, labelOf } from "./numbers.js";
import { showTable } from "./tables.js";

export interface Ends {
  readonly lower?: number;
  readonly upper?: number;
  /** Rise of -2 ln L there. */
  readonly delta: number;
  readonly success: boolean;
  readonly message: string;
}

export interface Found {
  readonly id: string;
  readonly unit: string;
  readonly cl: number;
  readonly side: IntervalSide;
  readonly fitted: FittedAnalysis;
  readonly profile: Ends;
  readonly calibrated: CalibratedInterval | undefined;
  readonly expected: ExpectedLimit | undefined;
}

const percent = (cl: number) => `${shortNumber(100 * cl)} %`;

const bestOf = ({ id, fitted: { result } }: Found) => result.free.values[result.free.ids.indexOf(id)]!;

/** The ends that are asked for, one row a method; an end that is open is not a number. */
export function intervalTable(found: Found): Table {
  const { id, unit, cl, side, profile, calibrated } = found;
  const rows = [
    { method: "profile likelihood", ...profile, lowerError: undefined, upperError: undefined },
    ...(calibrated === undefined
      ? []
      : [{ method: "calibrated by toys", ...calibrated, message: openEnds(calibrated, endsOf(side)) }]),
  ];
  const { text, number } = columnsOf(rows);
  const reason = (row: { message: string }) => row.message || "the interval is open there";
  const hasErrors = calibrated !== undefined;
  const errorReason = (row: { message: string; method: string }) =>
    row.message || (row.method === "profile likelihood" ? "no toys, so no error from their number" : "the end is open");
  return {
    name: "interval",
    about: `${side === "both" ? "Interval" : "Limit"} of ${id} at ${percent(cl)}`,
    columns: [
      text("method", (row) => row.method),
      ...endsOf(side).map((end) =>
        number(end, (row) => row[end], {
          unit,
          ...(hasErrors && { err: (row) => row[`${end}Error`] }),
          reason: hasErrors ? errorReason : reason,
        }),
      ),
    ],
    meta: { cl, side, value: bestOf(found) },
  };
}

const endsOf = (side: IntervalSide) => (["lower", "upper"] as const).filter((end) => side === "both" || side === end);

export function printIntervals(context: Context, found: Found): void {
  const { cl, side, profile, calibrated, expected } = found;
  const what = side === "both" ? "interval" : `${side} limit`;
  const { ids, errors } = found.fitted.result.free;
  const error = errors[ids.indexOf(found.id)]!;
  context.print(`${labelOf(found)} = ${shown(bestOf(found), error)}, ${what} at ${percent(cl)}`);
  const ends = endsOf(side);
  const rows = [
    { method: "profile likelihood", shown: ends.map((end) => endText(profile[end]!, error)), message: profile.message },
    ...(calibrated === undefined
      ? []
      : [
          {
            method: "calibrated by toys",
            shown: ends.map((end) => withError(calibrated, end)),
            message: openEnds(calibrated, ends),
          },
        ]),
  ];
  const { text } = columnsOf(rows);
  showTable(context, {
    name: "interval",
    columns: [
      text("", (row) => row.method),
      ...ends.map((end, k) => text(end, (row) => row.shown[k]!)),
      text("", (row) => row.message),
    ],
  });
  if (calibrated?.points.failed.some((n) => n > 0)) {
    const failed = calibrated.points.failed.reduce((a, b) => a + b, 0);
    context.note(`gammats: ${failed} toys of the calibration are left out: their fits did not converge`);
  }
  if (expected !== undefined) printExpected(context, expected, what);
}

function printExpected(context: Context, expected: ExpectedLimit, what: string): void {
  const { asimov, quantiles, toys, nFailed, value } = expected;
  context.print(`expected ${what} if the true value is ${shortNumber(value)}`);
  const { number, whole } = columnsOf([expected]);
  const reason = "no toys";
  const names = ["-2 sigma", "-1 sigma", "median", "+1 sigma", "+2 sigma"];
  showTable(context, {
    name: "expected",
    columns: [
      number("Asimov data", () => asimov, { reason: "Asimov data have no limit" }),
      ...names.map((name, k) => number(name, () => quantiles[k], { reason })),
      whole("toys", () => toys.length),
    ],
  });
  if (nFailed > 0) context.note(`gammats: ${nFailed} toys have no limit and are left out`);
}

/** To three digits of the error of the fit. */
const endText = (x: number, error: number) => (Number.isFinite(x) ? shown(x, error) : shortNumber(x));

function withError(found: CalibratedInterval, end: "lower" | "upper"): string {
  const error = end === "lower" ? found.lowerError : found.upperError;
  return Number.isNaN(error) ? shortNumber(found[end]) : `${shown(found[end], error)} +- ${shown(error, error)}`;
}

/** The grid ended before the interval did, or the parameter did. */
function openEnds(found: CalibratedInterval, ends: readonly ("lower" | "upper")[]): string {
  if (Number.isNaN(found.upper)) return "no value of the grid is inside; give others with --values";
  const open = ends.filter((end) => (end === "lower" ? found.lowerOpen : found.upperOpen));
  return open
    .map((end) => `${end} end: the limit of the parameter, or the end of the grid or of what could be fitted`)
    .join("; ");
}

export function intervalDocument(found: Found, seed: number, n: number | undefined): object {
  const { id, unit, cl, side, profile, calibrated, expected } = found;
  const { success, message, delta, ...ends } = profile;
  return {
    success,
    parameter: id,
    unit,
    value: bestOf(found),
    cl,
    side,
    profile: { ...ends, delta_stat: delta, message },
    ...(calibrated !== undefined && {
      calibrated: {
        n,
        seed,
        lower: calibrated.lower,
        upper: calibrated.upper,
        lower_error: calibrated.lowerError,
        upper_error: calibrated.upperError,
        lower_open: calibrated.lowerOpen,
        upper_open: calibrated.upperOpen,
        values: calibrated.points.values,
        delta_stat: calibrated.points.ts,
        critical: calibrated.points.critical,
        critical_error: calibrated.points.criticalError,
        p_value: calibrated.points.pValue,
        p_error: calibrated.points.pError,
        failed: calibrated.points.failed,
      },
    }),
    ...(expected !== undefined && {
      expected: {
        true_value: expected.value,
        asimov: expected.asimov,
        n: expected.toys.length,
        n_failed: expected.nFailed,
        seed,
        sigma: [-2, -1, 0, 1, 2],
        quantiles: expected.quantiles,
      },
    }),
  };
}

/** The rise of -2 ln L with what the toys ask of it; the expected limits with the observed one. */
export function intervalPictures(found: Found, look: Context["look"] = {}): Record<string, string> {
  const { id, cl, side, fitted, profile, calibrated, expected } = found;
  const ids = fitted.result.free.ids;
  const label = axisLabel(found, ids);
  const scan = statProfile(fitted.joint, fitted.result, id, { n: 61, sigmas: 1.3 * Math.sqrt(profile.delta) });
  const points = calibrated?.points;
  const curves = [
    { label: "Profile likelihood", values: scan.values, stat: scan.deltaStat, best: 0 },
    ...(points === undefined
      ? []
      : [
          {
            label: `Exceeded in ${percent(1 - cl)} of the toys`,
            values: points.values,
            stat: points.critical,
            best: 0,
          },
        ]),
  ];
  return {
    [`interval-${fileName(id)}`]: scanPlot({
      curves,
      xLabel: label,
      bestFit: bestOf(found),
      side,
      ...look,
      levels: [{ value: profile.delta, label: percent(cl) }],
    }),
    ...(expected !== undefined &&
      expected.toys.length > 0 && {
        [`expected-${fileName(id)}`]: histogramPlot({
          samples: [{ label: `${expected.toys.length} toys`, values: expected.toys }],
          marks: [
            { label: "Asimov data", value: expected.asimov },
            { label: "Observed", value: side === "lower" ? profile.lower! : profile.upper! },
          ],
          xLabel: `${side === "lower" ? "Lower" : "Upper"} limit of ${label}`,
          yLabel: "Toys",
          ...look,
        }),
      }),
  };
}
