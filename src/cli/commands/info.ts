import { describe, infoTable } from "../../api/datasets.js";
import { readDatasets, readModelsWithFiles } from "../../api/io.js";
import type { Dataset } from "../../datasets/types.js";
import type { Hdu } from "../../fits/index.js";
import { readFluxMaps } from "../../io/flux-maps.js";
import { readLightCurve } from "../../io/flux-points/light-curve.js";
import { readFluxPoints } from "../../io/flux-points/read.js";
import { readMapDataset } from "../../io/map-dataset.js";
import { readMap } from "../../io/map-fits.js";
import { readOgip } from "../../io/ogip/read.js";
import { decodeText } from "../../io/text.js";
import { kindOf } from "../../likelihood/registry.js";
import { describeModels } from "../../likelihood/summary.js";
import { formatBytes, type MemoryNeed } from "../../memory.js";
import { allParameters } from "../../models/parameters.js";
import type { Models } from "../../models/types.js";
import type { Content } from "../content.js";
import type { Context } from "../context.js";
import { fluxMapsContent } from "../flux-maps.js";
import { fluxPointRows, fluxPointsTable } from "../flux-table.js";
import { lightCurveRows, lightCurveTable } from "../light-curve-table.js";
import { readAny } from "../read-any.js";
import { shortNumber, textTable } from "../table.js";

type Opened = Awaited<ReturnType<typeof readAny>>;

export async function run(context: Context, paths: readonly string[]) {
  const documents: unknown[] = [];
  for (const path of paths) {
    const opened = await readAny(path, context.files);
    const { text, data } = await contentOf(opened, context);
    const structure = opened.hdus === undefined ? "" : `${hduTable(opened.hdus)}\n`;
    context.print(`${path}: ${opened.about}, ${opened.bytes.length} bytes\n\n${structure}${text}`);
    documents.push({
      file: path,
      kind: opened.kind,
      about: opened.about,
      bytes: opened.bytes.length,
      ...(opened.hdus && { hdus: opened.hdus.map(hduSummary) }),
      ...data,
    });
  }
  context.document(documents);
}

async function contentOf({ kind, path, bytes }: Opened, { files, using }: Context): Promise<Content> {
  switch (kind) {
    case "map-dataset":
      return datasetContent([readMapDataset(bytes, { where: path, maxBytes: files.freeBytes?.() })], using);
    case "ogip-pha":
      return datasetContent([await readOgip(path, files)], using);
    case "datasets-yaml": {
      const { datasets, problems } = await readDatasets(path, files, { keepGoing: true, ...using });
      const content = datasetContent(datasets, using);
      const complaint = problems.map((problem) => `\n  problem: ${problem}`).join("");
      return { text: content.text + complaint, data: { ...content.data, problems } };
    }
    case "models-yaml":
      return modelsContent((await readModelsWithFiles(decodeText(bytes, path), path, files, using)).models);
    case "flux-points": {
      const points = readFluxPoints(bytes, { where: path });
      return {
        text: fluxPointsTable(points),
        data: { sed_type: points.sedType, n_points: points.norm.length, flux_points: fluxPointRows(points) },
      };
    }
    case "light-curve": {
      const curve = readLightCurve(bytes, { where: path });
      const intervals = lightCurveRows(curve);
      return { text: lightCurveTable(curve), data: { time_scale: curve.time.timeScale, intervals } };
    }
    case "flux-maps":
      return fluxMapsContent(readFluxMaps(bytes, { where: path, maxBytes: files.freeBytes?.() }));
    case "map": {
      const map = readMap(bytes, { where: path, maxBytes: files.freeBytes?.() });
      const { geom, unit } = map;
      const { sum, min, max, missing } = valuesOf(map.data);
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
          `  ${geom.npix.join(" x ")} pixels, unit ${unit || "none"}`,
          `  values ${shortNumber(min)} to ${shortNumber(max)}, sum ${shortNumber(sum)}${missing > 0 ? `, ${missing} pixels without a value` : ""}`,
          ...lines,
        ].join("\n"),
        data: { npix: geom.npix, unit, axes, sum, min, max, missing },
      };
    }
    case "fit-result":
    case "covariance":
    case "yaml":
    case "json":
    case "text":
      return { text: new TextDecoder().decode(bytes).split("\n").slice(0, 40).join("\n"), data: {} };
    default:
      return { text: "", data: {} };
  }
}

function datasetContent(datasets: readonly Dataset[], using: Context["using"]): Content {
  const memory = datasets.map((d) => {
    const kind = kindOf(d, using.registry);
    return { arrays: sumOf(kind.memory(d)), fit: sumOf(kind.fitMemory(d, [], using.registry)) };
  });
  const text = datasets.map((d, i) => {
    const { arrays, fit } = memory[i]!;
    const line = `  Memory: ${formatBytes(arrays)} of arrays; a fit takes up to ${formatBytes(fit)} more, and the templates of its sources\n`;
    return describe(d, NO_MODELS, using) + (arrays === 0 ? "" : line);
  });
  return {
    text: text.join("\n"),
    data: { datasets: infoTable(datasets, NO_MODELS, using).map((info, i) => ({ ...info, memory: memory[i]! })) },
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

const NO_MODELS: Models = { components: [] };

const sumOf = (needs: readonly MemoryNeed[]) => needs.reduce((sum, { bytes }) => sum + bytes, 0);

function modelsContent(models: Models): Content {
  const data = models.components.map((m) => ({
    name: m.name,
    type: m.type,
    datasets: m.datasetsNames ?? null,
    parameters: allParameters([m]).map(({ kind, parameter }) => ({ kind, ...parameter })),
  }));
  return { text: describeModels(models.components), data: { models: data } };
}

const shapeOf = (hdu: Hdu) =>
  hdu.kind === "table" ? `${hdu.nrows} rows x ${hdu.columns.length} columns` : hdu.shape.join(" x ") || "no data";

function hduTable(hdus: readonly Hdu[]): string {
  return textTable(
    ["HDU", "name", "kind", "cards", "content"],
    hdus.map((hdu, i) => [i, hdu.name || (i === 0 ? "PRIMARY" : ""), hdu.kind, hdu.header.length, shapeOf(hdu)]),
  );
}

function hduSummary(hdu: Hdu, i: number) {
  return {
    index: i,
    name: hdu.name,
    kind: hdu.kind,
    cards: hdu.header.length,
    ...(hdu.kind === "table"
      ? {
          rows: hdu.nrows,
          columns: hdu.columns.map((c) => ({ name: c.name, unit: c.unit ?? "" })),
        }
      : { shape: hdu.shape }),
  };
}
