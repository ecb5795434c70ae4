/** Values at times (TIME, NORM), as Gammapy's template light curves have them: TIME counts from MJDREFI + MJDREFF of the scale TIMESYS (UTC where it does not say). */
import { FormatError } from "../errors.js";
import {
  findColumn,
  getCard,
  imageHdu,
  makeColumn,
  numericColumn,
  readFits,
  type TableHdu,
  tableHdu,
  writeFits,
} from "../fits/index.js";
import type { TimeSeries } from "../models/types.js";
import { mjdOfTai, taiSeconds } from "../time/scale.js";
import { conversionFactor } from "../units/index.js";
import { card } from "./cards.js";
import { readReference, referenceCards } from "./gti.js";

const VALUES = "NORM";

export function readTimeSeries(bytes: Uint8Array, { where = "FITS file" } = {}): TimeSeries {
  const table = readFits(bytes, { where }).find((hdu): hdu is TableHdu => hdu.kind === "table");
  if (table === undefined)
    throw new FormatError(`${where}: no table, expected one with the columns TIME and ${VALUES}`);
  const at = `${where}: HDU ${table.name || 1}`;
  const unit = findColumn(table, "TIME", at).unit ?? getCard(table.header, "TIMEUNIT")?.value;
  if (typeof unit !== "string" || unit.trim() === "") {
    throw new FormatError(`${at}: the column TIME has no unit; give it one, or write TIMEUNIT`);
  }
  const factor = conversionFactor(unit.trim(), "d", `${at}, column TIME`);
  const time = numericColumn(table, "TIME", at).map((x) => x * factor);
  const values = numericColumn(table, VALUES, at);
  if (time.length === 0 || values.length !== time.length) {
    throw new FormatError(
      `${at}: ${time.length} rows with ${values.length} values; expected one in each of at least one`,
    );
  }
  const late = time.findIndex((t, i) => !(i === 0 ? Number.isFinite(t) : t > time[i - 1]!));
  if (late >= 0) {
    throw new FormatError(
      `${at}: row ${late + 1}: TIME is ${time[late]! / factor}, expected more than in the row before`,
    );
  }
  const bad = values.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0) throw new FormatError(`${at}: row ${bad + 1}: ${VALUES} is ${values[bad]}, expected a finite number`);
  const { reference, timeScale } = readReference(table.header, at, "utc");
  return { time, values: values.slice(), reference: utcOf(reference, timeScale, at) };
}

/** The same series as a file that Gammapy opens too, in float64. */
export function writeTimeSeries({ time, values, reference }: TimeSeries): Uint8Array {
  const columns = [makeColumn("TIME", time, { unit: "d" }), makeColumn(VALUES, values)];
  const cards = [...referenceCards({ reference, timeScale: "utc" }), card("TIMEUNIT", "d")];
  return writeFits([imageHdu("PRIMARY", [], null), tableHdu("TIME_SERIES", columns, cards)]);
}

function utcOf(mjd: number, timeScale: string, where: string): number {
  if (timeScale === "utc") return mjd;
  const day = Math.floor(mjd);
  return mjdOfTai(day, taiSeconds(day, 0, { reference: mjd, timeScale }, where), "utc", where);
}
