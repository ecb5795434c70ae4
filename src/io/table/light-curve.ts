/** Light curves as a table. */
import type { LightCurve } from "../../datasets/types.js";
import { intervalsInMjd } from "../../time/intervals.js";
import { joinColumns, numbers } from "./columns.js";
import { fluxPointColumns } from "./flux-points.js";
import type { Table } from "./types.js";

/**
 * A light curve as a table for `writeTable`: one row for each energy bin of each interval, its times as MJD in the scale of the light curve, fluxes in cm-2 s-1.
 * FITS and ECSV as Gammapy reads them: `writeLightCurve`.
 * @example
 * ```ts
 * import { estimateLightCurve } from "gammats";
 * import { lightCurveTable, writeTable } from "gammats/io";
 * import { exampleFolder, nodeFiles, readCrab } from "gammats/node";
 * const { datasets, models } = await readCrab(exampleFolder(), nodeFiles());
 * const hess = datasets.filter(({ name }) => name === "HESS");
 * const curve = estimateLightCurve(hess, models, { source: "Crab Nebula" });
 * const csv = new TextDecoder().decode(writeTable(lightCurveTable(curve), "csv"));
 * console.assert(csv.startsWith("time_min [d],time_max [d],e_min [TeV]"));
 * ```
 */
export function lightCurveTable(curve: LightCurve): Table {
  const { time, points } = curve;
  const mjd = intervalsInMjd(time);
  const parts = points.map((p) => fluxPointColumns(p, "flux"));
  const times = (k: 0 | 1) => points.flatMap((p, t) => Array.from(p.norm, () => mjd[t]![k]));
  const at = (name: string, values: readonly number[], about: string, tex: string) =>
    numbers(name, values, { unit: "d", decimals: 5, about: `${about}, MJD ${time.timeScale.toUpperCase()}`, tex });
  return {
    name: "light_curve",
    about: `Light curve, MJD in ${time.timeScale.toUpperCase()}`,
    columns: [
      at("time_min", times(0), "begin of the interval", "$t_{\\min}$"),
      at("time_max", times(1), "end of the interval", "$t_{\\max}$"),
      ...joinColumns(parts),
    ],
    meta: { time_scale: time.timeScale },
  };
}
