import { SpecError } from "../../errors.js";
import type { ObservationEntry } from "../../events/index-types.js";
import { columnsOf } from "../../io/table/rows.js";
import type { Table } from "../../io/table/types.js";
import { separation, toFrame } from "../../sky/frames.js";
import type { Context } from "../context.js";
import { giveTable } from "../results.js";
import { chosenRuns, type SelectionOptions, selectionOf } from "../run-selection.js";
import { showTable } from "../tables.js";

interface Options extends SelectionOptions {
  readonly overwrite?: boolean;
}

export async function run(context: Context, args: readonly string[], options: Options) {
  const [folder] = args as [string];
  const selection = selectionOf(options);
  const { index, entries } = await chosenRuns(context, folder, selection);
  if (entries.length === 0) {
    throw new SpecError({
      where: folder,
      found: `${index.entries.length} observations, none of which is chosen`,
      expected: "a selection that holds some",
    });
  }
  const table = tableOf(entries, selection.cone);
  context.print(`${entries.length} of ${index.entries.length} observations`);
  showTable(context, table);
  const document = {
    folder,
    n_observations: index.entries.length,
    observations: entries.map(({ id, hdus, columns }) => ({ id, hdus: hdus.map(({ type }) => type), columns })),
  };
  await giveTable(context, { document, tables: { observations: () => table }, overwrite: options.overwrite });
}

function tableOf(entries: readonly ObservationEntry[], cone: ReturnType<typeof selectionOf>["cone"]): Table {
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
