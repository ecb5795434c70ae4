/** Good time intervals (GADF "GTI"): START, STOP in s after MJDREFI + MJDREFF of the scale TIMESYS. */
import type { Gti } from "../datasets/types.js";
import { FormatError } from "../errors.js";
import {
  findColumn,
  getCard,
  headerNumber,
  makeColumn,
  numericColumn,
  type TableHdu,
  tableHdu,
} from "../fits/index.js";
import { conversionFactor } from "../units/index.js";
import { card } from "./cards.js";

export function readGti(table: TableHdu, where: string): Gti {
  const at = `${where}: HDU ${table.name}`;
  const column = (name: string) => {
    const unit = findColumn(table, name, at).unit ?? "s";
    const factor = conversionFactor(unit, "s", `${at}, column ${name}`);
    return numericColumn(table, name, at).map((x) => x * factor);
  };
  const start = column("START");
  const stop = column("STOP");
  const bad = start.findIndex((t, i) => !(stop[i]! >= t));
  if (bad >= 0) {
    throw new FormatError(`${at}: row ${bad + 1} goes from ${start[bad]} s to ${stop[bad]} s, expected START <= STOP`);
  }
  const reference =
    getCard(table.header, "MJDREFI") === undefined
      ? headerNumber(table.header, "MJDREF", at)
      : headerNumber(table.header, "MJDREFI", at) + headerNumber(table.header, "MJDREFF", at, 0);
  const timeScale = String(getCard(table.header, "TIMESYS")?.value ?? "tt").toLowerCase();
  return { start, stop, reference, timeScale };
}

export function gtiHdu(gti: Gti): TableHdu {
  const day = Math.floor(gti.reference);
  return tableHdu(
    "GTI",
    [makeColumn("START", gti.start, { unit: "s" }), makeColumn("STOP", gti.stop, { unit: "s" })],
    [card("MJDREFI", day), card("MJDREFF", gti.reference - day), card("TIMESYS", gti.timeScale)],
  );
}
