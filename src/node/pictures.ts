/** Pictures of a whole analysis as files. */

import { type ContextOptions, contextOf } from "../api/context.js";
import { type ModelsOption, modelsOf } from "../api/models-option.js";
import { isBinned } from "../datasets/facets.js";
import type { Dataset, FluxPoints } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import { type FileAccess, writeFiles } from "../io/files.js";
import { npred } from "../likelihood/npred.js";
import type { Models } from "../models/types.js";
import { countsPlot } from "../plot/counts.js";
import { mapPlot } from "../plot/map.js";
import type { PictureStyle } from "../plot/picture-style.js";
import { regionOutlines } from "../plot/region-outlines.js";
import { countsSpecOf, mapSpecOf, sedCurveOf, sedPointsOf } from "../plot/results.js";
import { sedPlot } from "../plot/sed.js";
import type { Region } from "../sky/types.js";
import { type FontOption, missingFor, svgToPdf, svgToPng } from "./picture.js";

/** File formats of pictures. */
export type PictureFormat = "svg" | "png" | "pdf";

/**
 * The picture in the format that the name of the file ends in.
 * @throws SpecError where the ending is none of .svg, .png, .pdf, or the file exists and `overwrite` is not set.
 * @throws UnsupportedError where the package for the format is not installed.
 */
export async function writePicture(
  svg: string,
  path: string,
  files: FileAccess,
  options: { readonly overwrite?: boolean } & FontOption = {},
): Promise<void> {
  const { fontFile, ...writing } = options;
  await files.write(path, await encodePicture(svg, pictureFormat(path), { fontFile }), writing);
}

/** By the ending of a file's name, which is refused if it is none of a picture. */
export function pictureFormat(path: string): PictureFormat {
  const ending = /\.(svg|png|pdf)$/i.exec(path)?.[1];
  if (ending === undefined) throw new SpecError(`${path}: a picture ends in .svg, .png or .pdf; change the name`);
  return ending.toLowerCase() as PictureFormat;
}

export async function encodePicture(svg: string, format: PictureFormat, font: FontOption = {}): Promise<Uint8Array> {
  if (format === "png") return svgToPng(svg, font);
  return format === "pdf" ? svgToPdf(svg, font) : new TextEncoder().encode(svg);
}

/** Those of the formats that can be drawn here; of the others it is said what to install. SVG always can. */
export function drawable(formats: readonly PictureFormat[], onNote?: (note: string) => void): PictureFormat[] {
  return formats.filter((format) => {
    const missing = format === "svg" ? "" : missingFor(format);
    if (missing !== "") {
      onNote?.(`no pictures in ${format.toUpperCase()}: for these, npm install ${missing}`);
    }
    return missing === "";
  });
}

export interface EncodePicturesOptions extends FontOption {
  readonly formats?: readonly PictureFormat[];
  readonly signal?: AbortSignal;
}

/** Where and how pictures are written. */
export interface PicturesOptions extends EncodePicturesOptions {
  readonly folder: string;
  readonly overwrite?: boolean;
}

/** Pictures that are drawn at a time. */
const AT_A_TIME = 2;

/**
 * Writes each picture in each format, all of them or none; returns the paths.
 * @throws SpecError where a file exists and `overwrite` is not set.
 * @throws UnsupportedError where the package for a format is not installed.
 */
export async function writePictures(
  pictures: Readonly<Record<string, string>>,
  files: FileAccess,
  { folder, overwrite, ...options }: PicturesOptions,
): Promise<string[]> {
  return writeFiles(await encodePictures(pictures, options), folder, files, { overwrite });
}

/** Each picture in each format, by the name of its file. */
export async function encodePictures(
  pictures: Readonly<Record<string, string>>,
  { formats = ["svg"], signal, fontFile }: EncodePicturesOptions = {},
): Promise<Map<string, Uint8Array>> {
  const wanted = Object.entries(pictures).flatMap(([name, svg]) => formats.map((format) => ({ name, svg, format })));
  const drawn: Uint8Array[] = [];
  let next = 0;
  const draw = async () => {
    while (next < wanted.length) {
      signal?.throwIfAborted();
      const i = next++;
      drawn[i] = await encodePicture(wanted[i]!.svg, wanted[i]!.format, { fontFile });
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, draw));
  return new Map(wanted.map(({ name, format }, i) => [`${name}.${format}`, drawn[i]!]));
}

/** Options of pictures: their looks. */
export interface StyleOption {
  readonly style?: PictureStyle | undefined;
}

/** Regions of the sky whose outlines are drawn on maps. */
export interface RegionsOption {
  readonly regions?: readonly Region[] | undefined;
}

/** `counts-<dataset>` of every dataset with counts, and `maps-<dataset>` of those with pixels on the sky. */
export function datasetPictures(
  datasets: readonly Dataset[],
  models: Models,
  options: ContextOptions & StyleOption & RegionsOption = {},
): Record<string, string> {
  const { regions = [] } = options;
  const styled = styleOf(options);
  const context = contextOf(models, options);
  const out: Record<string, string> = {};
  for (const dataset of datasets) {
    if (!isBinned(dataset) || dataset.counts === undefined) continue;
    const name = dataset.name.replace(/[^\w.+-]+/g, "_");
    const total = npred(dataset, context);
    const background = npred(dataset, context, "background");
    out[`counts-${name}`] = countsPlot({ ...countsSpecOf(dataset, { npred: total, background }), ...styled });
    if (dataset.counts.geom.kind === "region") continue;
    const maps = mapSpecOf(dataset, total);
    out[`maps-${name}`] = mapPlot({ ...maps, regions: regionOutlines(regions, maps.frame ?? "icrs"), ...styled });
  }
  return out;
}

/** The spectrum of a source with its error band and flux points by label. */
export function sedPicture(
  models: Models,
  source: string,
  points: Readonly<Record<string, FluxPoints>>,
  energyRange: readonly [number, number],
  options: ModelsOption & StyleOption = {},
): string {
  const band = options.style?.band;
  const curve = sedCurveOf(models, source, modelsOf(options), { energyRange, label: "Model", ...(band && { band }) });
  return sedPlot({
    title: source,
    curves: [curve],
    points: Object.entries(points).map(([label, p]) => sedPointsOf(p, label)),
    ...styleOf(options),
  });
}

const styleOf = ({ style }: StyleOption) => (style === undefined ? {} : { style });
