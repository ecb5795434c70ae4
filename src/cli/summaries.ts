/** What `info` says of a file: of the first part that it holds, whatever its format. */
import { formatDataset, infoTable } from "../api/datasets.js";
import type { Contents, FileContext, KnownFile, Part, Summary } from "../io/formats/types.js";
import { contentsOf, isRead } from "../io/formats/use.js";
import { shortNumber } from "../io/table/digits.js";
import { correlationTable, datasetsTable, modelParametersTable } from "../io/table/fit.js";
import { fluxPointsTable } from "../io/table/flux-points.js";
import { lightCurveTable } from "../io/table/light-curve.js";
import { tableText } from "../io/table/text.js";
import { kindOf } from "../likelihood/registry.js";
import { formatModels } from "../likelihood/summary.js";
import { formatBytes, totalBytes } from "../memory.js";
import { allParameters } from "../models/parameters.js";
import { describePixels, imageSize } from "../sky/index.js";
import type { SkyMap } from "../sky/types.js";
import { ontime } from "../time/gti.js";
import { intervalsInMjd } from "../time/intervals.js";
import { catalogueSummary } from "./catalogue-table.js";
import { observationsSummary } from "./event-data/observations.js";
import { eventDataSummary } from "./event-data/summary.js";
import { fitTables } from "./fit-tables.js";
import { fluxMapsSummary } from "./flux-maps.js";
import { briefFluxPoints, fluxPointRows } from "./flux-table.js";
import { datasetInfoTable } from "./info-table.js";
import { briefLightCurve, lightCurveRows } from "./light-curve-table.js";
import { regionsSummary } from "./regions-table.js";
import { tableModelSummary } from "./table-model.js";

type Using = Pick<FileContext, "registry" | "responses">;
type Summaries = { readonly [P in Part]?: (part: NonNullable<Contents[P]>, using: Using) => Summary };

const SUMMARIES: Summaries = {
  datasets: datasetsSummary,
  models: ({ components }) => ({
    text: formatModels({ components }),
    data: {
      models: components.map((m) => ({
        name: m.name,
        type: m.type,
        datasets: m.datasetsNames ?? null,
        parameters: allParameters([m]).map(({ kind, parameter }) => ({ kind, ...parameter })),
      })),
    },
    tables: { parameters: () => modelParametersTable({ components }) },
  }),
  fitResult: fitSummary,
  fluxPoints: (points) => ({
    text: tableText(briefFluxPoints(points)),
    data: { sed_type: points.sedType, n_points: points.norm.length, flux_points: fluxPointRows(points) },
    tables: { flux_points: () => fluxPointsTable(points, points.sedType) },
  }),
  lightCurve: (curve) => ({
    text: tableText(briefLightCurve(curve)),
    data: { time_scale: curve.time.timeScale, intervals: lightCurveRows(curve) },
    tables: { light_curve: () => lightCurveTable(curve) },
  }),
  fluxMaps: fluxMapsSummary,
  catalogue: catalogueSummary,
  map: mapSummary,
  tableModel: tableModelSummary,
  eventData: eventDataSummary,
  observations: observationsSummary,
  regions: regionsSummary,
  intervals(intervals) {
    const mjd = intervalsInMjd(intervals);
    const [from, to] = [Math.min(...mjd.map(([start]) => start)), Math.max(...mjd.map(([, stop]) => stop))];
    const seconds = ontime(intervals);
    const scale = intervals.timeScale.toUpperCase();
    return {
      text: `  ${mjd.length} intervals from MJD ${from.toFixed(5)} to ${to.toFixed(5)} (${scale}), ${shortNumber(seconds)} s together`,
      data: { time_scale: intervals.timeScale, n_intervals: mjd.length, time_min: from, time_max: to, ontime: seconds },
    };
  },
};

/** Lines that are shown of a text. */
const SHOWN = 40;

/** Of a text; empty for other files. */
const firstLines = ({ text = "" }: KnownFile): string => text.split("\n").slice(0, SHOWN).join("\n");

export async function summaryOf(file: KnownFile, context: FileContext): Promise<Summary> {
  const { format } = file;
  const contents = isRead(format) ? await contentsOf(file, context) : {};
  const summary = format.summary?.(contents, file, context) ?? firstSummary(format.holds, contents, context);
  const lines: Summary = { text: firstLines(file), data: {} };
  const { text: said, data, tables } = summary ?? lines;
  const { problems, warnings } = contents;
  const listed = (name: string, texts: readonly string[] = []) => texts.map((line) => `\n  ${name}: ${line}`).join("");
  return {
    text: said + listed("problem", problems) + listed("warning", warnings),
    ...(tables && { tables }),
    data: { ...data, ...(problems && { problems }), ...(warnings && { warnings }) },
  };
}

/** Of a file that cannot be read, what can be shown all the same: the parts that can be read, else the first lines of a text. */
export async function remainsOf(file: KnownFile, context: FileContext): Promise<string> {
  const { format } = file;
  const contents = await format.readable?.(file, context);
  const isEmpty = contents === undefined || contents.models?.components.length === 0;
  return (isEmpty ? undefined : firstSummary(format.holds, contents, context)?.text) ?? firstLines(file);
}

function firstSummary(holds: readonly Part[], contents: Contents, using: Using): Summary | undefined {
  const part = holds.find((name) => SUMMARIES[name] !== undefined && contents[name] !== undefined);
  if (part === undefined) return undefined;
  const summary = (SUMMARIES[part] as (value: unknown, using: Using) => Summary)(contents[part], using);
  if (part === "models" || contents.models === undefined) return summary;
  const models = SUMMARIES.models!(contents.models, using);
  return {
    text: `${summary.text}\n${models.text}`,
    data: { ...summary.data, ...models.data },
    tables: { ...summary.tables, ...models.tables },
  };
}

function fitSummary(report: NonNullable<Contents["fitResult"]>): Summary {
  const { success, message, total_stat, warnings: _, ...rest } = report;
  const tables = fitTables(report);
  const parts = [tables.parameters!(), datasetsTable(report), correlationTable(report)];
  const state = success ? "success" : "no success";
  return {
    text: `${state}: ${message}\ntotal stat ${total_stat?.toFixed(3) ?? "not finite"}\n\n${parts.map((t) => `${t.about}:\n${tableText(t)}`).join("\n")}`,
    data: { success, message, total_stat, ...rest },
    tables,
  };
}

function datasetsSummary(datasets: NonNullable<Contents["datasets"]>, using: Using): Summary {
  const memory = datasets.map((d) => {
    const kind = kindOf(d, using.registry);
    return { arrays: totalBytes(kind.memory(d)), fit: totalBytes(kind.fitMemory(d, [], using.registry)) };
  });
  const text = datasets.map((d, i) => {
    const { arrays, fit } = memory[i]!;
    const line = `  Memory: ${formatBytes(arrays)} of arrays; a fit takes up to ${formatBytes(fit)} more, and the templates of its sources\n`;
    return formatDataset(d, { components: [] }, using) + (arrays === 0 ? "" : line);
  });
  const rows = infoTable(datasets, { components: [] }, using);
  return {
    text: text.join("\n"),
    data: { datasets: rows.map((info, i) => ({ ...info, memory: memory[i]! })) },
    tables: { datasets: () => datasetInfoTable(rows) },
  };
}

function mapSummary({ geom, unit, data }: SkyMap): Summary {
  const { sum, min, max, missing } = valuesOf(data);
  const axes = geom.axes.map(({ name, unit, nodeType, nodes }) => ({
    name,
    unit,
    bins: nodeType === "edges" ? nodes.length - 1 : nodes.length,
    from: nodes[0]!,
    to: nodes.at(-1)!,
  }));
  const lines = axes.map(
    (a) => `  axis ${a.name}: ${a.bins} bins, ${shortNumber(a.from)} to ${shortNumber(a.to)} ${a.unit}`,
  );
  return {
    text: [
      `  ${geom.kind === "healpix" ? describePixels(geom) : `${imageSize(geom).join(" x ")} pixels`}, unit ${unit || "none"}`,
      `  values ${shortNumber(min)} to ${shortNumber(max)}, sum ${shortNumber(sum)}${missing > 0 ? `, ${missing} pixels without a value` : ""}`,
      ...lines,
    ].join("\n"),
    data: { npix: imageSize(geom), unit, axes, sum, min, max, missing },
  };
}

/** Of the numbers that are finite; `missing` counts the others. NaN where there are none. */
function valuesOf(data: Float64Array) {
  let [sum, min, max, missing] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const x of data) {
    if (!Number.isFinite(x)) missing++;
    else [sum, min, max] = [sum + x, Math.min(min, x), Math.max(max, x)];
  }
  return missing === data.length
    ? { sum: Number.NaN, min: Number.NaN, max: Number.NaN, missing }
    : { sum, min, max, missing };
}
