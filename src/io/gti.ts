/** Good time intervals (GADF "GTI"): START, STOP in s after MJDREFI + MJDREFF of the scale TIMESYS. */
import type { Gti } from "../datasets/types.js";
import { FormatError } from "../errors.js";
import {
  type Card,
  findColumn,
  findTable,
  getCard,
  type Hdu,
  headerNumber,
  makeColumn,
  type TableHdu,
  tableHdu,
} from "../fits/index.js";
import { conversionFactor } from "../units/index.js";
import { card } from "./cards.js";
import { oneEachRow } from "./hdu.js";

/** The table GTI of a file, in any case; undefined where it has none. */
export function gtiIn(hdus: readonly Hdu[], where: string): Gti | undefined {
  return hdus.some(isGti) ? readGti(findTable(hdus, "GTI", where), where) : undefined;
}

export const isGti = ({ name }: Hdu): boolean => name.trim().toUpperCase() === "GTI";

export function readGti(table: TableHdu, where: string): Gti {
  const at = `${where}: HDU ${table.name}`;
  const column = (name: string) => {
    const unit = findColumn(table, name, at).unit ?? "s";
    const factor = conversionFactor(unit, "s", `${at}, column ${name}`);
    return oneEachRow(table, name, at).map((x) => x * factor);
  };
  const start = column("START");
  const stop = column("STOP");
  const bad = start.findIndex((t, i) => !(stop[i]! >= t));
  if (bad >= 0) {
    throw new FormatError(`${at}: row ${bad + 1} goes from ${start[bad]} s to ${stop[bad]} s, expected START <= STOP`);
  }
  return { start, stop, ...readReference(table.header, at, "tt") };
}

/** What the times of a table count from (MJD) and their scale; `scale`: where TIMESYS does not say. */
export function readReference(header: readonly Card[], at: string, scale: string) {
  const reference =
    getCard(header, "MJDREFI") === undefined
      ? headerNumber(header, "MJDREF", at)
      : headerNumber(header, "MJDREFI", at) + headerNumber(header, "MJDREFF", at, 0);
  const timeScale = String(getCard(header, "TIMESYS")?.value ?? scale).trim();
  if (!/^[A-Za-z]\w*$/.test(timeScale)) {
    throw new FormatError({
      where: `${at}, keyword TIMESYS`,
      found: JSON.stringify(timeScale),
      expected: "a time scale such as TT, UTC or TDB",
    });
  }
  return { reference, timeScale: timeScale.toLowerCase() };
}

export function referenceCards({ reference, timeScale }: Pick<Gti, "reference" | "timeScale">): Card[] {
  const day = Math.floor(reference);
  return [card("MJDREFI", day), card("MJDREFF", reference - day), card("TIMESYS", timeScale)];
}

export function gtiHdu(gti: Gti): TableHdu {
  return tableHdu(
    "GTI",
    [makeColumn("START", gti.start, { unit: "s" }), makeColumn("STOP", gti.stop, { unit: "s" })],
    referenceCards(gti),
  );
}
