import { fitReport } from "../../api/io.js";
import { formatFitResult, formatParameters } from "../../fit/print.js";
import { joinColumns, rowCount } from "../../io/table/columns.js";
import { fluxPointsTable } from "../../io/table/flux-points.js";
import type { Table } from "../../io/table/types.js";
import type { Minimizer } from "../../minimize/index.js";
import { analyseCrab, type CrabResult, exampleFolder, findCrab, readCrab, writeCrab } from "../../node/crab.js";
import type { Context } from "../context.js";
import { fitTables } from "../fit-tables.js";
import { briefFluxPoints, fluxPointRows } from "../flux-table.js";
import { giveFolder, giveTable, tableInFolder } from "../results.js";
import { showTable } from "../tables.js";

/** Datasets of which flux points are made. */
const MEASURED = ["Fermi-LAT", "HESS"] as const;

interface Options {
  readonly data?: string;
  readonly example?: boolean;
  readonly backend?: Minimizer["name"];
  readonly pdf?: boolean;
}

/** The points of all datasets, one after the other. */
function allFluxPoints(points: CrabResult["fluxPoints"]): Table {
  const tables = MEASURED.map((label) => fluxPointsTable(points[label]!, "e2dnde"));
  const names = tables.flatMap((table, i) => Array.from({ length: rowCount(table) }, () => MEASURED[i]!));
  const dataset = { kind: "texts", name: "dataset", values: names } as const;
  return { ...tables[0]!, columns: [dataset, ...joinColumns(tables.map(({ columns }) => columns))] };
}

/** What --data names, or $GAMMAPY_DATA if all files are there. */
async function realFolder({ files, note }: Context, data: string | undefined): Promise<string | undefined> {
  const given = files.env("GAMMAPY_DATA");
  if (data !== undefined || given === undefined || given === "") return data;
  const { missing } = await findCrab(given, files);
  if (missing.length === 0) return given;
  note(`Crab: not all files are in $GAMMAPY_DATA; missing: ${missing.join(", ")}`);
  return undefined;
}

export async function run(context: Context, _: readonly string[], options: Options): Promise<number> {
  const { files, signal } = context;
  const real = options.example ? undefined : await realFolder(context, options.data);
  const folder = real ?? exampleFolder();
  context.resolve(real === undefined ? { example: true } : { data: real });
  context.note(
    real === undefined
      ? "Crab: the simulated example; for the real files run gammats download and set GAMMAPY_DATA"
      : `Crab: the files in ${real}`,
  );
  const data = await readCrab(folder, files);
  const progress = context.progress("flux points");
  const crab = context.compute(() => analyseCrab(data, { backend: options.backend, onProgress: progress.update }));
  progress.end();
  const { responses, result, fluxPoints } = crab;
  const report = fitReport(result, data.datasets, { responses });
  context.print(formatFitResult(result));
  context.print(formatParameters(result.parameters));
  for (const label of MEASURED) {
    context.print(`${label} flux points`);
    showTable(context, briefFluxPoints(fluxPoints[label]!));
  }
  const document = {
    data: real === undefined ? "example" : "real",
    fit: report,
    flux_points: Object.fromEntries(MEASURED.map((label) => [label, fluxPointRows(fluxPoints[label]!)])),
  };
  const tables = { ...fitTables(report), flux_points: () => allFluxPoints(fluxPoints) };
  const { place } = context;
  if (place.kind !== "folder") {
    // as ever: what was there is replaced
    await giveTable(context, { document, tables, overwrite: true });
    return result.success ? 0 : 1;
  }
  await giveFolder(context, document, place.path, () =>
    writeCrab(data, crab, files, {
      folder: place.path,
      more: tableInFolder(context, tables),
      formats: ["svg", "png", ...(options.pdf ? (["pdf"] as const) : [])],
      report,
      signal,
      ...context.look,
      onNote: context.onNote,
    }),
  );
  return result.success ? 0 : 1;
}
