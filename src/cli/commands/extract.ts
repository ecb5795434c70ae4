import { countsGeom, isBinned, isOnOff } from "../../datasets/facets.js";
import { toSpectrum } from "../../datasets/to-spectrum.js";
import type { Dataset, MapDataset, OnOffDataset } from "../../datasets/types.js";
import { SpecError } from "../../errors.js";
import { writeFiles } from "../../io/files.js";
import { columnsOf } from "../../io/table/rows.js";
import type { Table } from "../../io/table/types.js";
import { encodeAnalysis } from "../../io/yaml/analysis.js";
import type { SkyMap } from "../../sky/types.js";
import { type AnalysisOptions, readAnalysis } from "../analysis.js";
import type { Context } from "../context.js";
import { regionsOf } from "../region-masks.js";
import { giveFolder, giveTable, refuseEarly, tableInFolder } from "../results.js";
import { showTable } from "../tables.js";

interface Options extends AnalysisOptions {
  readonly region?: string;
  readonly overwrite?: boolean;
}

export async function run(context: Context, paths: readonly string[], options: Options) {
  const { region, overwrite = false } = options;
  if (region === undefined) {
    throw new SpecError(
      'extract: say the region with --region, a file of DS9 or CASA or "icrs;circle(83.63,22.01,0.2)"',
    );
  }
  await refuseEarly(context, options);
  const { datasets, models, text } = await readAnalysis(context, paths, { ...options, mayLackModels: true });
  const regions = await regionsOf(region, `--region "${region}"`, context);
  const extracted = datasets.map((dataset) => {
    if (isMap(dataset)) return toSpectrum(dataset, regions);
    context.onNote(`extract: dataset "${dataset.name}" is no map of counts (${dataset.type}) and goes along as it is`);
    return dataset;
  });
  if (!datasets.some(isMap)) {
    throw new SpecError({ where: paths[0], found: "no map of counts", expected: "one, to take a spectrum from" });
  }
  const table = tableOf(extracted);
  showTable(context, table);
  const { place } = context;
  const tables = { extracted: () => table };
  const write = (folder: string) => {
    const { registry } = context.using;
    const encoding = { prefix: "extracted", text: { models: text.models }, registry, onNote: context.onNote };
    const entries = encodeAnalysis({ datasets: extracted, models }, encoding);
    for (const [name, bytes] of tableInFolder(context, tables)) entries.set(name, bytes);
    return writeFiles(entries, folder, context.files, { overwrite });
  };
  const document = { datasets: extracted.map(summaryOf) };
  if (place.kind === "folder") await giveFolder(context, document, place.path, () => write(place.path));
  else await giveTable(context, { document, tables, overwrite });
}

const isMap = (dataset: Dataset): dataset is MapDataset | OnOffDataset =>
  isBinned(dataset) && ["wcs", "healpix"].includes(countsGeom(dataset)?.kind ?? "");

const total = (map: SkyMap | undefined): number | null =>
  map === undefined ? null : map.data.reduce((a, b) => a + b, 0);

function summaryOf(dataset: Dataset) {
  const counts = isBinned(dataset) ? total(dataset.counts) : null;
  const background = isOnOff(dataset) ? null : total((dataset as MapDataset).background);
  const countsOff = isOnOff(dataset) ? total(dataset.countsOff) : null;
  return { name: dataset.name, type: dataset.type, counts, background, counts_off: countsOff };
}

function tableOf(datasets: readonly Dataset[]): Table {
  const { text, number, whole } = columnsOf(datasets.map(summaryOf));
  return {
    name: "extracted",
    about: "Spectra of the regions",
    columns: [
      text("dataset", (r) => r.name),
      text("type", (r) => r.type),
      whole("counts", (r) => r.counts, { reason: "flux points have no counts" }),
      number("background", (r) => r.background, { reason: "measured off the source, or none", decimals: 2 }),
      whole("counts_off", (r) => r.counts_off, { reason: "not measured" }),
    ],
  };
}
