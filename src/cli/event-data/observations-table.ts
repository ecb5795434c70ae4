/** Runs, one row each. */
import type { ObservationEntry } from "../../events/index-types.js";
import { columnsOf } from "../../io/table/rows.js";
import type { Table } from "../../io/table/types.js";
import { separation, toFrame } from "../../sky/frames.js";
import type { selectionOf } from "../run-selection.js";

/** `cone`: distances from its middle are a column too. */
export function observationsTable(
  entries: readonly ObservationEntry[],
  cone?: ReturnType<typeof selectionOf>["cone"],
): Table {
  const { text, number } = columnsOf(entries);
  const reason = "the table of observations does not say";
  const value = (name: string) => (entry: ObservationEntry) => {
    const x = Number(entry.columns[name] ?? Number.NaN);
    return Number.isFinite(x) ? x : null;
  };
  const center = cone && toFrame(cone.center, "icrs");
  return {
    name: "observations",
    about: "Observations",
    columns: [
      text("observation", ({ id }) => id),
      text("target", ({ columns }) => String(columns.OBJECT ?? "")),
      number("ra", value("RA_PNT"), { unit: "deg", reason, decimals: 4 }),
      number("dec", value("DEC_PNT"), { unit: "deg", reason, decimals: 4 }),
      ...(center
        ? [
            number(
              "separation",
              (entry) => separation(center.lon, center.lat, value("RA_PNT")(entry)!, value("DEC_PNT")(entry)!),
              { unit: "deg", decimals: 3 },
            ),
          ]
        : []),
      number("zenith", value("ZEN_PNT"), { unit: "deg", reason, decimals: 1 }),
      number("start", ({ start }) => start, {
        unit: "d",
        about: "MJD, in the time scale of the file",
        reason,
        decimals: 5,
      }),
      number("livetime", value("LIVETIME"), { unit: "s", reason, decimals: 1 }),
      text("hdus", ({ hdus }) => hdus.map(({ type }) => type).join(" ")),
    ],
  };
}
