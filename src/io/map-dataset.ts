/**
 * Dataset files of Gammapy ("gadf" format): MapDataset, MapDatasetOnOff (images) and SpectrumDataset,
 * SpectrumDatasetOnOff (region tables), one HDU with its BANDS for each quantity.
 */

import { backgroundMap, isOnOff } from "../datasets/facets.js";
import type { BinnedDataset, EDisp, MapDataset, Meta, OnOffDataset } from "../datasets/types.js";
import { FormatError } from "../errors.js";
import { getCard, type Hdu, writeFits } from "../fits/index.js";
import { isPsfKernel } from "../irf/psf-kernel.js";
import { interpolateMap, samePixels } from "../sky/index.js";
import type { Geom, MapAxis, MaskMap, SkyMap } from "../sky/types.js";
import { toUnit } from "../units/index.js";
import { card, freeKeywords, metaCards, type NoteOptions, readStatistic, statisticCards } from "./cards.js";
import { checkCounts, checkExposure, checkPair } from "./checks.js";
import { readEDispMatrix } from "./edisp-matrix.js";
import { basename } from "./files.js";
import { gtiHdu, gtiIn } from "./gti.js";
import { mapFromHdus, mapToHdus, maskFromHdus, primaryHdu } from "./map-fits.js";
import { type FitsFile, type MemoryLimit, withinMemory } from "./memory.js";

/** Options of `readMapDataset`. */
export interface ReadDatasetOptions extends MemoryLimit, NoteOptions {
  /** Name of the dataset; absent: the file's NAME, else its own name. */
  readonly name?: string | undefined;
}

/** HDUs of errors of counts, which Gammapy does not know and passes over. */
const ERRORS = {
  countsError: "COUNTS_ERROR",
  countsOffError: "COUNTS_OFF_ERROR",
  systematic: "SYSTEMATIC",
  systematicOff: "SYSTEMATIC_OFF",
} as const;

/** HDUs that a dataset file is made of; with `_BANDS` and `_REGION` behind them. */
const QUANTITIES = [
  "COUNTS",
  "EXPOSURE",
  "BACKGROUND",
  "EDISP",
  "EDISP_EXPOSURE",
  "PSF",
  "PSF_EXPOSURE",
  "PSF_KERNEL",
  "MASK_SAFE",
  "MASK_FIT",
  "COUNTS_OFF",
  "ACCEPTANCE",
  "ACCEPTANCE_OFF",
  ...Object.values(ERRORS),
];
const KNOWN = new Set([
  "PRIMARY",
  "GTI",
  "EDISP_MATRIX",
  "EDISP_MATRIX_EBOUNDS",
  ...QUANTITIES.flatMap((name) => [name, `${name}_BANDS`, `${name}_REGION`]),
]);

/** `meta` of the dataset: keywords of the primary HDU, and `hdus`: those that GammaTS does not read (META_TABLE, ...). */
export function readMapDataset(bytes: Uint8Array, options: ReadDatasetOptions): MapDataset | OnOffDataset {
  return mapDatasetOfFile({ bytes }, options);
}

/** `readMapDataset` of a file that may have been parsed before. */
export function mapDatasetOfFile(file: FitsFile, options: ReadDatasetOptions): MapDataset | OnOffDataset {
  return withinMemory(file, options, (hdus) => datasetOf(hdus, options));
}

function datasetOf(hdus: readonly Hdu[], options: ReadDatasetOptions): MapDataset | OnOffDataset {
  const { where } = options;
  const has = (name: string) => hdus.some((hdu) => hdu.name.toUpperCase() === name);
  const map = (name: string, unit: string) => (has(name) ? mapFromHdus(hdus, name, { where, unit }) : undefined);
  const mask = (name: string) => (has(name) ? maskFromHdus(hdus, name, where) : undefined);
  const counts = map("COUNTS", "");
  const acceptance = map("ACCEPTANCE", "");
  const countsOff = map("COUNTS_OFF", "");
  const background = map("BACKGROUND", "");
  const maskSafe = mask("MASK_SAFE");
  const first = counts ?? background ?? acceptance ?? maskSafe;
  if (first === undefined) {
    const found = hdus.map((hdu) => hdu.name).join(", ");
    throw new FormatError(
      `${where}: no HDU COUNTS, BACKGROUND, ACCEPTANCE or MASK_SAFE; found ${found}; this is not a dataset file`,
    );
  }
  const exposure = onPixelsOf(first.geom, trueEnergy(map("EXPOSURE", "cm2 s")));
  const common = {
    name: options.name ?? fileName(hdus, where),
    counts,
    exposure,
    edisp: has("EDISP")
      ? readEDisp(map("EDISP", ""), map("EDISP_EXPOSURE", "cm2 s"), where)
      : readEDispMatrix(hdus, first.geom.axes[0], exposure?.geom.axes[0], options),
    psf:
      readPsf(map("PSF", "sr-1"), map("PSF_EXPOSURE", "cm2 s"), where) ??
      withExposure(trueEnergy(map("PSF_KERNEL", ""))),
    maskSafe,
    maskFit: mask("MASK_FIT"),
    gti: gtiIn(hdus, where),
    livetime: readLivetime(hdus, where),
    statistic: readStatistic(hdus[0]?.header ?? []),
    meta: readMeta(hdus, options),
  };
  checkShapes({ ...common, background, acceptance, countsOff }, first, where);
  const spectrum = first.geom.kind === "region";
  if (acceptance === undefined) {
    return withoutUndefined({ type: spectrum ? "SpectrumDataset" : "MapDataset", ...common, background });
  }
  const type = spectrum ? "SpectrumDatasetOnOff" : "MapDatasetOnOff";
  const errors = Object.fromEntries(Object.entries(ERRORS).map(([key, name]) => [key, map(name, "")]));
  return withoutUndefined({
    type,
    ...common,
    countsOff,
    acceptance,
    acceptanceOff: map("ACCEPTANCE_OFF", ""),
    ...errors,
  });
}

export function withoutUndefined<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}

function fileName(hdus: readonly Hdu[], where: string): string {
  const name = hdus[0] && getCard(hdus[0].header, "NAME")?.value;
  return typeof name === "string" && name !== "" ? name : basename(where).replace(/\.fits?(\.[fg]z)?$/, "");
}

/** Old files call the energy axis of the exposure `energy`. */
function trueEnergy(map: SkyMap | undefined): SkyMap | undefined {
  if (map === undefined) return undefined;
  const axes = map.geom.axes.map((axis): MapAxis => (axis.name === "energy" ? { ...axis, name: "energy_true" } : axis));
  return { ...map, geom: { ...map.geom, axes } as Geom };
}

/** An exposure in HEALPix pixels as one in the pixels of the dataset, linear between their middles. */
function onPixelsOf(geom: Geom, map: SkyMap | undefined): SkyMap | undefined {
  if (map?.geom.kind !== "healpix" || samePixels(map.geom, geom)) return map;
  return interpolateMap(map, { ...geom, axes: map.geom.axes });
}

function withExposure(map: SkyMap | undefined, exposure?: SkyMap | undefined): EDisp | undefined {
  return map && (exposure ? { map, exposure } : { map });
}

function readEDisp(map: SkyMap | undefined, exposure: SkyMap | undefined, where: string): EDisp | undefined {
  const first = map?.geom.axes[0]?.name;
  if (first !== undefined && first !== "energy" && first !== "migra") {
    throw new FormatError(`${where}: HDU EDISP: the first axis is "${first}", expected "energy" or "migra"`);
  }
  return withExposure(map, exposure);
}

function readPsf(map: SkyMap | undefined, exposure: SkyMap | undefined, where: string): EDisp | undefined {
  const names = map?.geom.axes.map(({ name }) => name) ?? [];
  if (map !== undefined && names.length !== 2) {
    throw new FormatError(`${where}: HDU PSF: the axes are [${names.join(", ")}], expected rad, then energy_true`);
  }
  return withExposure(map, exposure);
}

/** `{"livetime": "5.0 h"}` in the keyword META of the exposure. */
function readLivetime(hdus: readonly Hdu[], where: string): number | undefined {
  const exposure = hdus.find((hdu) => hdu.name.toUpperCase() === "EXPOSURE");
  const text = exposure && getCard(exposure.header, "META")?.value;
  if (typeof text !== "string" || text.trim() === "") return undefined;
  let meta: unknown;
  try {
    meta = JSON.parse(text);
  } catch {
    throw new FormatError(`${where}: HDU EXPOSURE: the keyword META is ${JSON.stringify(text)}, expected JSON`);
  }
  const livetime = (meta as { livetime?: unknown } | null)?.livetime;
  return typeof livetime === "string" ? toUnit(livetime, "s", `${where}: HDU EXPOSURE, META livetime`) : undefined;
}

function readMeta(hdus: readonly Hdu[], { where, onNote }: ReadDatasetOptions): Meta | undefined {
  const meta = freeKeywords(hdus[0]?.header ?? [], /^(NAME|CREATOR|CREATED|STATTYPE)$/);
  const other = hdus.filter((hdu, i) => i > 0 && !KNOWN.has(hdu.name.toUpperCase()));
  if (other.length > 0) meta.hdus = other;
  const unused = other.map(({ name }) => name).filter((name) => name.toUpperCase() !== "META_TABLE");
  if (unused.length > 0) onNote?.(`${where}: HDUs that are kept, but not used: ${unused.join(", ")}`);
  return Object.keys(meta).length === 0 ? undefined : meta;
}

interface Parts {
  readonly counts?: SkyMap;
  readonly exposure?: SkyMap;
  readonly background?: SkyMap;
  readonly acceptance?: SkyMap;
  readonly countsOff?: SkyMap;
  readonly maskSafe?: MaskMap;
  readonly maskFit?: MaskMap;
}

function checkShapes(parts: Parts, first: SkyMap | MaskMap, where: string): void {
  const { counts, exposure, background, acceptance, countsOff, maskSafe, maskFit } = parts;
  const others = { BACKGROUND: background, ACCEPTANCE: acceptance, COUNTS_OFF: countsOff, MASK_SAFE: maskSafe };
  for (const [name, map] of Object.entries({ ...others, MASK_FIT: maskFit })) {
    if (map !== undefined) checkPair(first.geom, map.geom, `${where}: HDU ${name}`);
  }
  if (counts) checkCounts(counts, maskSafe, `${where}: HDU COUNTS`);
  if (countsOff) checkCounts(countsOff, maskSafe, `${where}: HDU COUNTS_OFF`);
  if (exposure) checkExposure(exposure, first.geom, `${where}: HDU EXPOSURE`);
}

/** The file of a dataset with images or region tables; everything that the dataset holds is in it. */
export function writeMapDataset(dataset: BinnedDataset, options: NoteOptions = {}): Uint8Array {
  const { edisp, psf, gti, livetime, meta } = dataset;
  const hdus: Hdu[] = [
    primaryHdu([
      card("NAME", dataset.name),
      card("CREATOR", "GammaTS"),
      ...statisticCards(dataset),
      ...metaCards(meta, options),
    ]),
  ];
  const add = (name: string, map: SkyMap | MaskMap | undefined, extra?: Record<string, unknown>) => {
    if (map !== undefined) hdus.push(...mapToHdus(name, map, extra));
  };
  const onOff = isOnOff(dataset) ? dataset : undefined;
  add("COUNTS", dataset.counts);
  add("EXPOSURE", dataset.exposure, livetime === undefined ? {} : { livetime: `${livetime} s` });
  add("BACKGROUND", backgroundMap(dataset));
  add("EDISP", edisp?.map);
  add("EDISP_EXPOSURE", edisp?.exposure);
  add(psf !== undefined && isPsfKernel(psf.map) ? "PSF_KERNEL" : "PSF", psf?.map);
  add("PSF_EXPOSURE", psf?.exposure);
  add("MASK_SAFE", dataset.maskSafe);
  add("MASK_FIT", dataset.maskFit);
  if (gti !== undefined) hdus.push(gtiHdu(gti));
  add("COUNTS_OFF", onOff?.countsOff);
  add("ACCEPTANCE", onOff?.acceptance);
  add("ACCEPTANCE_OFF", onOff?.acceptanceOff);
  for (const [key, name] of Object.entries(ERRORS)) add(name, onOff?.[key as keyof typeof ERRORS]);
  if (Array.isArray(meta?.hdus)) hdus.push(...(meta.hdus as Hdu[]));
  return writeFits(hdus, options);
}
