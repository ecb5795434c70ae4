/** Fluxes in intervals of time, as 3FGL and 4FGL have them. */
import type { Gti } from "../time/types.js";
import { bandPoints } from "./points.js";
import type { CurveTable, SourceRows } from "./types.js";

interface History {
  /** The table of the times at which the intervals begin, and the last one ends. */
  readonly times: string;
  readonly flux: string;
  readonly sqrtTs?: string;
  /** MeV */
  readonly band: readonly [number, number];
}

/** Light curve of one band; none where the file has no such history. */
export function fluxHistory(source: SourceRows, { times, flux, sqrtTs, band }: History): CurveTable | undefined {
  const { row } = source;
  const starts = source.rows(times).map((time) => time.number("Hist_Start", "s"));
  if (starts.length < 2 || !row.has(flux)) return undefined;
  const values = row.numbers(flux, "cm-2 s-1");
  const errors = row.numbers(`Unc_${flux}`, "cm-2 s-1");
  const significance = sqrtTs === undefined ? undefined : row.numbers(sqrtTs);
  const points = Array.from(values, (value, i) =>
    bandPoints({
      edges: band,
      unit: "MeV",
      flux: Float64Array.of(value),
      errors: errors.subarray(2 * i, 2 * i + 2),
      ...(significance && { sqrtTs: significance.subarray(i, i + 1) }),
    }),
  );
  return { time: intervals(source, times, starts), points };
}

/** The fourth edition has its reference in the header of the good time intervals. */
function intervals(source: SourceRows, table: string, starts: readonly number[]): Gti {
  const holder = [table, "GTI"].find((name) => source.keyword(name, "MJDREFI") !== undefined) ?? table;
  // some write the exponent as Fortran does
  const number = (key: string) => Number(String(source.keyword(holder, key) ?? Number.NaN).replace(/d/i, "e"));
  return {
    start: Float64Array.from(starts.slice(0, -1)),
    stop: Float64Array.from(starts.slice(1)),
    reference: number("MJDREFI") + number("MJDREFF"),
    timeScale: String(source.keyword(holder, "TIMESYS") ?? "TT")
      .trim()
      .toLowerCase(),
  };
}
