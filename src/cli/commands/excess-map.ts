/** Maps of excess and significance of the counts within a radius, the background from the model or from rings. */

import { npredBackground, npredSignal } from "../../api/datasets.js";
import { isMapDataset, isOnOff } from "../../datasets/facets.js";
import { stackReduce } from "../../datasets/stack.js";
import type { Dataset, MapDataset, OnOffDataset } from "../../datasets/types.js";
import { SpecError } from "../../errors.js";
import { findPeaks } from "../../estimators/peaks.js";
import { writeMap } from "../../io/map-fits.js";
import { rowCount } from "../../io/table/columns.js";
import { columnsOf } from "../../io/table/rows.js";
import type { Table } from "../../io/table/types.js";
import type { Models } from "../../models/types.js";
import { mapPlot } from "../../plot/map.js";
import { tsMapSpecOf } from "../../plot/results.js";
import { type ExcessMaps, excessMaps } from "../../reduce/excess-map.js";
import type { Exclusion } from "../../reduce/exclusion.js";
import { adaptiveRingBackground, ringBackground } from "../../reduce/ring.js";
import { axisEdges } from "../../sky/axis.js";
import { imageGeom, nPix } from "../../sky/pixels.js";
import { type AnalysisOptions, readAnalysis } from "../analysis.js";
import type { Context } from "../context.js";
import { mapsOf, peakColumns, withoutModels } from "../map-choices.js";
import { sigmaNumber } from "../numbers.js";
import { regionsOf } from "../region-masks.js";
import { giveResults, refuseEarly } from "../results.js";
import { angleOf } from "../run-selection.js";
import { showTable } from "../tables.js";

interface Options extends Omit<AnalysisOptions, "exclude" | "within"> {
  readonly dataset?: readonly string[];
  readonly remove?: readonly string[];
  readonly radius: string;
  readonly ring?: string;
  readonly adaptiveRing?: string;
  readonly exclude?: readonly string[];
  readonly eachEnergy?: boolean;
  readonly threshold: string;
  readonly distance: string;
  readonly overwrite?: boolean;
}

export async function run(context: Context, paths: readonly string[], options: Options) {
  const { exclude: excluded = [], remove = [], overwrite, ...rest } = options;
  const radius = angleOf(options.radius, "--radius");
  const threshold = sigmaNumber(options.threshold, "--threshold");
  const minDistance = angleOf(options.distance, "--distance");
  const rings = ringsOf(options);
  await refuseEarly(context, options, "excess-map.json");
  const read = await readAnalysis(context, paths, { ...rest, mayLackModels: true });
  const models = withoutModels(read.models, remove);
  const exclusion = (await Promise.all(excluded.map((text) => regionsOf(text, `--exclude "${text}"`, context)))).flat();
  if (excluded.length > 0 && rings === undefined) {
    throw new SpecError("--exclude: it is for backgrounds from rings; give --ring or --adaptive-ring, or leave it out");
  }
  const given = mapsOf(context, read.datasets, options.dataset, {
    command: "excess-map",
    isOfType: (d): d is Maps => isMapDataset(d) || isOnOff(d),
  });
  const [maps, signal] = oneMap(given, models, context);
  const seen = rings === undefined ? maps : rings(maps, exclusion, context);
  const found = context.compute(() => excessMaps(seen, { radius, signal, allEnergies: options.eachEnergy !== true }));
  const geom = imageGeom(found.sqrtTs.geom, "excess-map");
  const edges = axisEdges(geom.axes[0]!);
  const peaks = Array.from({ length: edges.length - 1 }, (_, energyBin) =>
    findPeaks(found.sqrtTs, { threshold, minDistance, energyBin }),
  );
  const rows = peaks.flatMap((some, bin) =>
    some.map((peak) => ({ energy_bin: bin, ...peak, ...at(found, bin, peak) })),
  );
  const used = given.map(({ name }) => name);
  context.print(`Counts within ${radius} deg of each pixel, ${used.join(" and ")}`);
  const table = tableOf(rows, edges);
  if (rowCount(table) === 0) context.print(`No peak above ${threshold}`);
  else showTable(context, table);
  const all = { counts: found.counts, background: found.background, excess: found.excess, sqrt_ts: found.sqrtTs };
  await giveResults(context, {
    overwrite,
    name: "excess-map",
    document: {
      datasets: used,
      models: models.components.map(({ name }) => name),
      radius,
      energy_edges: edges,
      pixels: geom.npix,
      peaks: rows,
    },
    tables: { peaks: () => table },
    pictures: () => ({
      significance: mapPlot({
        ...tsMapSpecOf({ geom, maps: { sqrt_ts: found.sqrtTs } }, peaks),
        title: `Significance of the counts within ${radius} deg`,
        ...context.look,
      }),
    }),
    more: () => Object.fromEntries(Object.entries(all).map(([name, map]) => [`${name}.fits`, writeMap(map, { name })])),
  });
}

type Maps = MapDataset | OnOffDataset;

/** One dataset of all, with the background that the models predict, and what they predict of sources. */
function oneMap(datasets: readonly Dataset[], models: Models, { using, onNote }: Context) {
  const isImage = (d: Dataset): d is Maps =>
    (isMapDataset(d) || isOnOff(d)) && d.counts !== undefined && d.counts.geom.kind !== "region";
  const other = datasets.find((d) => !isImage(d));
  if (other !== undefined) {
    throw new SpecError({
      where: `dataset "${other.name}"`,
      found: other.type,
      expected: "counts on a map",
    });
  }
  const predicted = (datasets as readonly Maps[]).map((dataset) => {
    const signal = npredSignal(dataset, models, using);
    const background = isOnOff(dataset) ? undefined : npredBackground(dataset, models, using);
    return { dataset: background ? ({ ...dataset, background } as Maps) : dataset, signal };
  });
  const [first] = predicted;
  if (predicted.length === 1) return [first!.dataset, first!.signal] as const;
  onNote(`${predicted.length} datasets are added up`);
  const dataset = stackReduce(predicted.map((one) => one.dataset) as readonly MapDataset[], { name: "stacked" });
  const signals = predicted.map((one) => one.signal);
  const masked = (k: number) =>
    signals.reduce((sum, { data }, i) => sum + (predicted[i]!.dataset.maskSafe?.data[k] === 0 ? 0 : data[k]!), 0);
  return [dataset, { ...signals[0]!, data: Float64Array.from(signals[0]!.data, (_, k) => masked(k)) }] as const;
}

/** What makes OFF counts of rings; undefined without them. */
function ringsOf({ ring, adaptiveRing }: Options) {
  if (ring !== undefined && adaptiveRing !== undefined) {
    throw new SpecError("found --ring and --adaptive-ring; give one of them");
  }
  const text = ring ?? adaptiveRing;
  if (text === undefined) return undefined;
  const option = ring === undefined ? "--adaptive-ring" : "--ring";
  const angles = text.split(",").map((part) => angleOf(part.trim(), option));
  const expected = ring === undefined ? 3 : 2;
  if (angles.length !== expected) {
    throw new SpecError({
      where: `${option} "${text}"`,
      found: `${angles.length} angles`,
      expected:
        ring === undefined
          ? 'inner radius, width, largest outer radius: "0.5,0.2,1.5"'
          : 'inner radius and width: "0.5,0.3"',
    });
  }
  const [inner, width, outerMax] = angles as [number, number, number];
  return (dataset: Maps, exclusion: Exclusion, { compute }: Context): OnOffDataset => {
    if (isOnOff(dataset)) {
      throw new SpecError(`${option}: dataset "${dataset.name}" has OFF counts already; leave the rings out`);
    }
    return compute(() =>
      ring === undefined
        ? adaptiveRingBackground(dataset, { inner, width, outerMax, exclusion })
        : ringBackground(dataset, { inner, width, exclusion }),
    );
  };
}

function at(
  { counts, background, excess }: ExcessMaps,
  bin: number,
  { x, y }: { readonly x: number; readonly y: number },
) {
  const geom = imageGeom(counts.geom, "excess-map");
  const k = bin * nPix(geom) + y * geom.npix[0] + x;
  return { counts: counts.data[k]!, background: background.data[k]!, excess: excess.data[k]! };
}

interface Row {
  readonly energy_bin: number;
  readonly ra: number;
  readonly dec: number;
  readonly value: number;
  readonly counts: number;
  readonly background: number;
  readonly excess: number;
}

function tableOf(rows: readonly Row[], edges: Float64Array): Table {
  const columns = columnsOf(rows);
  const { number, whole } = columns;
  return {
    name: "peaks",
    about: "Peaks of the significance",
    columns: [
      ...peakColumns(columns, edges),
      whole("counts", (p) => p.counts),
      number("background", (p) => p.background, { decimals: 2 }),
      number("excess", (p) => p.excess, { decimals: 2 }),
    ],
  };
}
