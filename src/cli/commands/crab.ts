import { fitReport } from "../../api/io.js";
import { formatFitResult, formatParameters } from "../../fit/print.js";
import type { Minimizer } from "../../minimize/index.js";
import { analyseCrab, exampleFolder, findCrab, readCrab, writeCrab } from "../../node/crab.js";
import type { Context } from "../context.js";
import { briefFluxPoints, fluxPointRows } from "../flux-table.js";
import { giveFolder } from "../results.js";
import { showTable } from "../tables.js";

interface Options {
  readonly out: string;
  readonly data?: string;
  readonly example?: boolean;
  readonly backend?: Minimizer["name"];
  readonly pdf?: boolean;
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
  for (const label of ["Fermi-LAT", "HESS"]) {
    context.print(`${label} flux points`);
    showTable(context, briefFluxPoints(fluxPoints[label]!));
  }
  const document = {
    data: real === undefined ? "example" : "real",
    fit: report,
    flux_points: Object.fromEntries(["Fermi-LAT", "HESS"].map((label) => [label, fluxPointRows(fluxPoints[label]!)])),
  };
  await giveFolder(context, document, options.out, () =>
    writeCrab(data, crab, files, {
      folder: options.out,
      formats: ["svg", "png", ...(options.pdf ? (["pdf"] as const) : [])],
      report,
      signal,
      ...context.look,
      onNote: context.onNote,
    }),
  );
  return result.success ? 0 : 1;
}
