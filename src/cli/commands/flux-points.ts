import type { SedType } from "../../datasets/types.js";
import { datasetsOf } from "../../estimators/points.js";
import { writeFluxPoints } from "../../io/flux-points/write.js";
import { fluxPointsTable, limitConfidence } from "../../io/table/flux-points.js";
import { type AnalysisOptions, readAnalysis } from "../analysis.js";
import type { Context } from "../context.js";
import { type EdgeOptions, edgesOf, type NormOptions, normLimits, onlySource } from "../energies.js";
import { briefFluxPoints, fluxPointRows } from "../flux-table.js";
import { measureFluxPoints } from "../measured.js";
import { gadfUnits, giveTable, refuseEarly } from "../results.js";
import { findDataset } from "../settings.js";
import { encodeTable, showTable } from "../tables.js";
import { type WorkerOptions, workersOf } from "../workers.js";

interface Options extends AnalysisOptions, EdgeOptions, NormOptions, WorkerOptions {
  readonly source?: string;
  readonly dataset?: readonly string[];
  readonly reoptimize?: boolean;
  readonly sedType: SedType;
  readonly overwrite?: boolean;
}

export async function run(context: Context, paths: readonly string[], options: Options) {
  const energyEdges = edgesOf(options, "flux-points");
  const limits = normLimits(options);
  gadfUnits(context);
  await refuseEarly(context, options);
  const withWorkers = workersOf(context, options);
  const { datasets, models } = await readAnalysis(context, paths, { ...options, fitsByDefault: "texts" });
  const given = options.dataset?.map((name) => findDataset(datasets, name, "--dataset")) ?? datasets;
  const source = options.source ?? onlySource(models, "flux-points", context.using);
  const { used } = datasetsOf(source, given, { models, registry: context.using.registry }, "flux-points");
  const names = used.map((d) => d.name);
  const { reoptimize } = options;
  const settings = { source, energyEdges, reoptimize, ...limits };
  const points = await measureFluxPoints(context, withWorkers, given, models, settings);
  const { overwrite, sedType } = options;
  const limitsAt = `limits at ${limitConfidence(points)}`;
  const n = points.norm.length;
  context.print(`${source}: ${n} flux point${n === 1 ? "" : "s"} from ${names.join(", ")}; ${limitsAt}`);
  showTable(context, briefFluxPoints(points, sedType));
  const tables = { flux_points: () => fluxPointsTable(points, sedType) };
  const document = { source, datasets: names, flux_points: fluxPointRows(points) };
  await giveTable(context, { document, tables, overwrite }, (format) =>
    format === "fits" || format === "ecsv"
      ? writeFluxPoints(points, { format, sedType, onNote: context.onNote })
      : encodeTable(context, tables, format),
  );
}
