/** `--within` and `--exclude`: the part of maps that is fitted, by regions of the sky. */
import { countsGeom, isBinned, isOnOff } from "../datasets/facets.js";
import { withRegions } from "../datasets/region-mask.js";
import type { Dataset } from "../datasets/types.js";
import { FormatError, SpecError } from "../errors.js";
import { contentsOf, isRead, openKnown } from "../io/formats/use.js";
import { parseRegions } from "../sky/region-text.js";
import type { Region } from "../sky/types.js";
import type { Context } from "./context.js";

export interface RegionSettings {
  /** Files of regions or their DS9 texts, with "<dataset>=" before them or for all maps. */
  readonly within?: readonly string[];
  readonly exclude?: readonly string[];
}

/** The datasets with masks that hold what lies within regions, or outside of them. */
export async function maskedByRegions(
  given: readonly Dataset[],
  settings: RegionSettings,
  context: Context,
): Promise<readonly Dataset[]> {
  let datasets = given;
  for (const use of ["within", "exclude"] as const) {
    for (const text of settings[use] ?? []) {
      const where = `--${use} "${text}"`;
      const named = datasets.find(({ name }) => text.startsWith(`${name}=`));
      const regions = await regionsOf(named === undefined ? text : text.slice(named.name.length + 1), where, context);
      const changed = datasets.map((dataset) => {
        if (named !== undefined && dataset !== named) return dataset;
        return isMap(dataset) ? masked(dataset, regions, use, where) : dataset;
      });
      if (changed.every((dataset, i) => dataset === datasets[i])) {
        const found = named === undefined ? "no map of counts among the datasets" : `a ${named.type}`;
        throw new SpecError({ where, found, expected: "a map of counts, whose pixels regions can hold" });
      }
      datasets = changed;
    }
  }
  return datasets;
}

const isMap = (dataset: Dataset) => isBinned(dataset) && (countsGeom(dataset)?.kind ?? "region") !== "region";

function masked(dataset: Dataset, regions: readonly Region[], use: "within" | "exclude", where: string): Dataset {
  if (!isBinned(dataset)) return dataset;
  const result = withRegions(dataset, regions, use);
  if (result.maskFit!.data.some((x) => x !== 0)) return result;
  throw new SpecError({
    where,
    what: `no pixel of dataset "${dataset.name}" is left`,
    remedy: "look at the positions and the frame of the regions: gammats info FILE",
  });
}

/** The same, or the ON and OFF regions of a file of spectra. */
export async function regionsToDraw(text: string, where: string, context: Context): Promise<readonly Region[]> {
  const { files, using } = context;
  if (isText(text)) return parseRegions(text);
  const file = await openKnown(text, files, using.registry.formats);
  const datasets = isRead(file.format) ? ((await contentsOf(file, { files, ...using })).datasets ?? []) : [];
  const found = datasets.flatMap((dataset) => regionsOfDataset(dataset));
  return found.length > 0 ? found : regionsOf(text, where, context);
}

function regionsOfDataset(dataset: Dataset): readonly Region[] {
  if (!isBinned(dataset)) return [];
  const off = isOnOff(dataset) ? dataset.countsOff?.geom : undefined;
  return [countsGeom(dataset), off].flatMap((geom) => (geom?.kind === "region" ? geom.regions : []));
}

// a text has a frame and a shape: "icrs;circle(83.63,22.01,0.2)"
const isText = (text: string): boolean => /^\s*\w+\s*;/.test(text);

/** The regions of a text, or of the file of that name. */
export async function regionsOf(text: string, where: string, { files, using }: Context): Promise<readonly Region[]> {
  if (isText(text)) return parseRegions(text);
  const file = await openKnown(text, files, using.registry.formats);
  const { regions } = await contentsOf(file, { files, ...using });
  if (regions !== undefined) return regions;
  throw new FormatError({
    where,
    found: file.format.about,
    expected: 'a file of regions (DS9 or CASA), or their text: "icrs;circle(83.63,22.01,0.2)"',
  });
}
