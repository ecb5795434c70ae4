import { estimateTsMap, estimateTsMapOn } from "../../api/estimators.js";
import { writeModels } from "../../api/io.js";
import { createSubmodel } from "../../api/models.js";
import { isMapDataset } from "../../datasets/facets.js";
import type { Dataset } from "../../datasets/types.js";
import { findPeaks, type Peak } from "../../estimators/peaks.js";
import type { FluxKind, TsMap } from "../../estimators/ts-map-table.js";
import { joinPath } from "../../io/files.js";
import { writeFluxMaps } from "../../io/flux-maps.js";
import { rowCount } from "../../io/table/columns.js";
import { columnsOf } from "../../io/table/rows.js";
import type { Table } from "../../io/table/types.js";
import { mapPlot } from "../../plot/map.js";
import { tsMapSpecOf } from "../../plot/results.js";
import { axisEdges } from "../../sky/index.js";
import { toUnit } from "../../units/index.js";
import { type AnalysisOptions, readAnalysis } from "../analysis.js";
import type { Context } from "../context.js";
import { edgesOf } from "../energies.js";
import { mapsOf, peakColumns, withoutModels } from "../map-choices.js";
import { numberOf, sigmaNumber } from "../numbers.js";
import { giveResults, refuseEarly } from "../results.js";
import { showTable } from "../tables.js";
import { type WorkerOptions, workersOf } from "../workers.js";

interface Options extends AnalysisOptions, WorkerOptions {
  readonly dataset?: readonly string[];
  readonly remove?: readonly string[];
  readonly index: string;
  readonly edges?: string;
  readonly everyPixel?: boolean;
  readonly threshold: string;
  readonly distance: string;
  readonly sedType: FluxKind | "likelihood";
  readonly overwrite?: boolean;
}

const MODEL_FILE = "ts-map_model.yaml";

export async function run(context: Context, paths: readonly string[], options: Options) {
  const { edges: text } = options;
  const energyEdges = text === undefined ? undefined : edgesOf({ edges: text }, "ts-map");
  const threshold = sigmaNumber(options.threshold, "--threshold");
  const minDistance = toUnit(options.distance, "deg", "--distance");
  const index = numberOf(options.index, "--index", "a number", Number.isFinite);
  const withWorkers = workersOf(context, options);
  await refuseEarly(context, options, "ts-map.json");
  const given = { ...options, fitted: options.fitted === true, mayLackModels: true };
  const { datasets, models } = await readAnalysis(context, paths, given);
  const used = mapsOf(context, datasets, options.dataset, { command: "ts-map", isOfType: isMapDataset });
  const rest = withoutModels(models, options.remove ?? []);

  const progress = context.progress("TS map");
  const settings = {
    spectrum: createSubmodel("PowerLawSpectralModel", { index }, context.using),
    energyEdges,
    everyPixel: options.everyPixel === true,
    ...context.using,
    onNote: context.onNote,
    onProgress: progress.update,
  };
  const tsMap = await withWorkers(async (executor) =>
    executor === undefined
      ? context.compute(() => estimateTsMap(used, rest, settings))
      : estimateTsMapOn(executor, used, rest, { ...settings, signal: context.signal }),
  );
  progress.end();

  const edges = axisEdges(tsMap.geom.axes[0]!);
  const peaks = Array.from({ length: edges.length - 1 }, (_, energyBin) =>
    findPeaks(tsMap.maps.sqrt_ts, { threshold, minDistance, energyBin }),
  );
  context.print(summary(tsMap, used, edges));
  const found = peaksTable(tsMap, peaks, edges);
  showPeaks(context, found, threshold);
  const folder = context.place.kind === "folder" ? context.place.path : "";
  await giveResults(context, {
    overwrite: options.overwrite,
    name: "ts-map",
    document: {
      datasets: used.map((d) => d.name),
      models: rest.components.map((m) => m.name),
      index,
      energy_edges: edges,
      pixels: tsMap.geom.npix,
      peaks: peaks.flatMap((found, bin) =>
        found.map((peak) => ({ energy_bin: bin, ...peak, ...valuesAt(tsMap, bin, peak) })),
      ),
    },
    pictures: () => ({ "ts-map": mapPlot({ ...tsMapSpecOf(tsMap, peaks), ...context.look }) }),
    tables: { peaks: () => found },
    more: () => ({
      "ts-map.fits": writeFluxMaps(tsMap, { sedType: options.sedType, modelFile: joinPath(folder, MODEL_FILE) }),
      [MODEL_FILE]: new TextEncoder().encode(writeModels({ components: [tsMap.model] }, context.using)),
    }),
  });
}

function showPeaks(context: Context, found: Table, threshold: number): void {
  if (rowCount(found) === 0) context.print(`No peak above ${threshold}`);
  else showTable(context, found);
}

/** Of a peak: its flux between the edges of the bin, with errors. */
function valuesAt({ geom, maps, reference }: TsMap, bin: number, { x, y }: Peak) {
  const i = (bin * geom.npix[1] + y) * geom.npix[0] + x;
  const flux = reference.flux[bin]!;
  return {
    ts: maps.ts.data[i]!,
    flux: flux * maps.norm.data[i]!,
    flux_err: flux * maps.norm_err.data[i]!,
    flux_ul: flux * maps.norm_ul.data[i]!,
    npred_excess: maps.npred_excess.data[i]!,
  };
}

function summary({ geom, maps }: TsMap, used: readonly Dataset[], edges: Float64Array): string {
  const tested = maps.ts.data.filter((ts) => !Number.isNaN(ts)).length / (edges.length - 1);
  return `Test statistics of a point source at ${tested} pixels of ${geom.npix.join(" x ")}, ${used.map((d) => d.name).join(" and ")}`;
}

function peaksTable(tsMap: TsMap, peaks: readonly (readonly Peak[])[], edges: Float64Array): Table {
  const rows = peaks.flatMap((found, bin) =>
    found.map((peak) => ({ energy_bin: bin, ...peak, ...valuesAt(tsMap, bin, peak) })),
  );
  const columns = columnsOf(rows);
  const { number } = columns;
  const reason = "no limit was found";
  return {
    name: "peaks",
    about: "Peaks of the TS map",
    columns: [
      ...peakColumns(columns, edges),
      number("flux", (p) => p.flux, {
        unit: "cm-2 s-1",
        err: (p) => p.flux_err,
        reason: "no error was found",
        tex: "$F$",
      }),
      number("flux_ul", (p) => p.flux_ul, { unit: "cm-2 s-1", scale: (p) => p.flux_err, reason, tex: "Limit" }),
      number("excess", (p) => p.npred_excess, { decimals: 1 }),
    ],
  };
}
