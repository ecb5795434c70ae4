/** When data were taken. */
import { intervalsInMjd } from "../time/intervals.js";
import type { Dataset } from "./types.js";

/** When the data begin, MJD UTC to a second; undefined where they do not say. */
export function startOfData(datasets: readonly Dataset[]): number | undefined {
  const starts = datasets.flatMap(({ gti }) =>
    gti === undefined || gti.start.length === 0 ? [] : intervalsInMjd(gti, "utc").map(([start]) => start),
  );
  return starts.length === 0 ? undefined : Math.floor(Math.min(...starts) * 1e5) / 1e5;
}
