import type { Gti, OnOffDataset } from "../../datasets/types.js";
import { FormatError } from "../../errors.js";
import { getCard, type TableHdu } from "../../fits/index.js";
import { nBins } from "../../sky/index.js";
import type { MapAxis, RegionGeom, SkyMap } from "../../sky/types.js";
import { freeKeywords, type NoteOptions, readStatistic } from "../cards.js";
import { basename, type FileAccess } from "../files.js";
import { hdusOf, openFile } from "../formats/open.js";
import type { OpenedFile } from "../formats/types.js";
import { gtiIn, readReference } from "../gti.js";
import { keyword } from "../hdu.js";
import { withoutUndefined } from "../map-dataset.js";
import { chooseTable } from "../selector.js";
import { type Companions, type Opened, openCompanion } from "./companion.js";
import { readResponse, refuseAreascal } from "./exposure.js";
import { groupChannels, groupStarts } from "./grouping.js";
import { chooseMatrix, type Times, timesOf } from "./matrix.js";
import { findBackground, findSpectrum, type Pha, readEbounds, readPha, spectrumGeom } from "./pha.js";
import { hasRows, rowOfNumber, spectrumNumbers, spectrumOfRow } from "./rows.js";

/** Keywords of the spectrum that the dataset itself carries. */
const USED =
  /^(NAME|HDUCLAS.*|HDUVERS|HDUDOC|HDUNAME|EXPOSURE|OBS_ID|(RESP|BACK|ANCR|CORR)FILE|CORRSCAL|BACKSCAL|AREASCAL|QUALITY|GROUPING|POISSERR|STAT_ERR|SYS_ERR|CHANTYPE|DETCHANS|CREATOR|CREATED|STATTYPE|SPEC_NUM)$/;

/**
 * An ON/OFF spectrum: the PHA at `path` with the BKG, ARF and RMF that it names (next to it, or as given), in the bins of its GROUPING. ALPHA is that of the
 * standard: BACKSCAL, AREASCAL and EXPOSURE of ON over those of OFF. AREASCAL of the ON spectrum is part of the response. Without an effective area (ANCRFILE, or
 * a matrix that holds it) there is no exposure, and no source can be folded. `meta`: other keywords. `path` may say which of several spectra: "grb.pha{3}".
 */
export async function readOgip(path: string, files: FileAccess, options: ReadOgipOptions = {}): Promise<OnOffDataset> {
  return ogipOfFile(await openFile(path, files), files, options);
}

export interface ReadOgipOptions extends NoteOptions {
  /** Name of the dataset; absent: OBS_ID, else that of the file. */
  readonly name?: string | undefined;
}

/** More spectra than this are not taken at once: each has a response of its own. */
const MOST = 1000;

/** One spectrum of a file, as the table of it alone. */
interface Spectrum {
  readonly table: TableHdu;
  /** Of several in one table. */
  readonly number?: number;
}

/** The spectra of a file that are meant: one, or those of the rows of a table. */
function spectraOf({ path, selector, ...file }: OpenedFile, { onNote }: NoteOptions): Spectrum[] {
  const hdus = hdusOf({ path, ...file });
  const { hdu, numbers } = selector ?? {};
  const table = hdu === undefined ? findSpectrum(hdus, path, false) : chooseTable(hdus, hdu, path);
  const where = `${path}: HDU ${table.name || "SPECTRUM"}`;
  if (!hasRows(table)) {
    if (numbers === undefined || (numbers.length === 1 && numbers[0] === 1)) return [{ table }];
    const found = `one spectrum, and ${selector!.text} asked for`;
    throw new FormatError({ where, found, expected: "the name of the file alone" });
  }
  const all = spectrumNumbers(table);
  if (numbers === undefined && all.length > MOST) {
    const remedy = `say which: ${basename(path)}{1-20}`;
    throw new FormatError({ where, found: `${all.length} spectra`, expected: `not more than ${MOST} at once`, remedy });
  }
  if (numbers === undefined && all.length > 1) {
    onNote?.(
      `${where}: ${all.length} spectra, a row each; all are taken, ${basename(path)}{${all[0]}} is one of them and {${all[0]}-${all.at(-1)}} a range`,
    );
  }
  return (numbers ?? all).map((number) => ({
    table: spectrumOfRow(table, rowOfNumber(table, number, where)),
    ...(all.length > 1 && { number }),
  }));
}

/** `readOgip` of a PHA that is open; of a file of several spectra it has to be said which. */
export async function ogipOfFile(
  file: OpenedFile,
  files: FileAccess,
  options: ReadOgipOptions = {},
): Promise<OnOffDataset> {
  const [spectrum, ...more] = spectraOf(file, {});
  if (more.length === 0) return readSpectrum(spectrum!, file, files, options);
  throw new FormatError({
    where: file.path,
    found: `${more.length + 1} spectra, a row each`,
    expected: "one",
    remedy: `say which: ${basename(file.path)}{${spectrum!.number}}`,
  });
}

/** All spectra of a PHA that is open, or those asked for: "grb.pha{1-4}". */
export async function ogipSpectra(
  file: OpenedFile,
  files: FileAccess,
  options: ReadOgipOptions = {},
): Promise<OnOffDataset[]> {
  const opened: Companions = new Map();
  const datasets: OnOffDataset[] = [];
  for (const spectrum of spectraOf(file, options)) {
    datasets.push(await readSpectrum(spectrum, file, files, options, opened));
  }
  return datasets;
}

async function readSpectrum(
  { table, number }: Spectrum,
  file: OpenedFile,
  files: FileAccess,
  { name: given, onNote }: ReadOgipOptions,
  opened?: Companions,
): Promise<OnOffDataset> {
  const { path } = file;
  const source: Opened = { path, hdus: hdusOf(file) };
  const pha = readPha(table, path, { onNote });
  if (!(pha.exposure > 0)) {
    throw new FormatError(`${path}: HDU SPECTRUM: EXPOSURE is ${pha.exposure} s, expected the livetime above 0 s`);
  }
  const open = (key: string) => openCompanion(source, table, key, files, opened);
  const [arf, response] = [await open("ANCRFILE"), await open("RESPFILE")];
  const bkg = pha.isNet ? undefined : await open("BACKFILE");
  const times = timesOf(table, path);
  const rmf = response && { ...response, chosen: chooseMatrix(response, { times }, { onNote }) };
  refuseAreascal(pha, rmf !== undefined, path);
  const withBounds = source.hdus.some((hdu) => hdu.name === "EBOUNDS") || rmf === undefined ? source : rmf;
  const { axis, firstChannel } = readEbounds(withBounds, { onNote });
  checkChannels(pha, nBins(axis), firstChannel, path);
  const geom = spectrumGeom(source.hdus, axis, path);
  const map = (data: Float64Array): SkyMap => ({ geom, unit: "", data });
  const off = bkg && readOff(bkg, pha, { axis, firstChannel, isOwn: bkg.path === path, onNote });
  // Responses have no place on the sky, as in Gammapy: the files say nothing about it.
  const nowhere: RegionGeom = { ...geom, regions: [], wcs: null };
  const maxBytes = files.freeBytes?.();
  const { exposure, edisp } = readResponse(arf, rmf, { axis, geom: nowhere, pha, path, maxBytes, onNote });
  const meta = freeKeywords(table.header, USED);
  const dataset = withoutUndefined<OnOffDataset>({
    type: "SpectrumDatasetOnOff",
    name: nameOf(table, path, given) + (number === undefined || given !== undefined ? "" : `-${number}`),
    counts: map(pha.counts),
    countsOff: off && { ...off.counts, geom: { ...geom, ...off.region } },
    acceptance: map(pha.backscal),
    acceptanceOff: off && map(off.acceptance),
    countsError: pha.error && map(pha.error),
    countsOffError: off?.error && map(off.error),
    systematic: pha.systematic && map(pha.systematic),
    systematicOff: off?.systematic && map(off.systematic),
    exposure,
    edisp,
    maskSafe: { geom, data: Uint8Array.from(pha.quality, (q) => (q === 0 ? 1 : 0)) },
    maskFit: pha.maskFit && { geom, data: pha.maskFit },
    gti: number === undefined ? gtiIn(source.hdus, path) : gtiOfRow(table, times, path),
    livetime: pha.exposure,
    statistic: readStatistic(table.header) ?? statisticOf(pha, off, { path, onNote }),
    meta: Object.keys(meta).length === 0 ? undefined : meta,
  });
  if (pha.grouping === undefined) return dataset;
  const bins = groupStarts(pha.grouping).length;
  onNote?.(`${path}: HDU SPECTRUM: GROUPING puts the ${nBins(axis)} channels into ${bins} bins`);
  return groupChannels(dataset, pha.grouping);
}

/** The statistic that the errors in the files ask for; undefined: that of Poisson counts. */
function statisticOf(
  { error, isNet, table }: Pha,
  off: { readonly error?: Float64Array | undefined } | undefined,
  { path, onNote }: NoteOptions & { readonly path: string },
): string | undefined {
  const at = `${path}: HDU ${table.name || "SPECTRUM"}`;
  const net = isNet ? "; its background is subtracted already (HDUCLAS2 NET), and BACKFILE is not read" : "";
  const [name, why] =
    error !== undefined
      ? ["chi2", `errors of the counts are given (STAT_ERR, POISSERR F)${net}`]
      : off?.error !== undefined
        ? ["pgstat", "the background has normal errors (STAT_ERR)"]
        : [];
  if (name !== undefined) onNote?.(`${at}: ${why}: the statistic is ${name}; --statistic takes another`);
  return name;
}

function nameOf(table: TableHdu, path: string, given: string | undefined): string {
  const obsId = keyword(table, "OBS_ID");
  return given ?? (obsId === "" ? basename(path).replace(/\.(pha2?|fits?)(\.[fg]z)?$/, "") : obsId);
}

/** The table GTI of a file is that of all its spectra; one of several has its own times, where the file says what they count from. */
function gtiOfRow(table: TableHdu, times: Times | undefined, where: string): Gti | undefined {
  const isDated = ["MJDREF", "MJDREFI"].some((key) => typeof getCard(table.header, key)?.value === "number");
  if (times === undefined || !isDated) return undefined;
  const [start, stop] = times.map((t) => Float64Array.of(t));
  return { start: start!, stop: stop!, ...readReference(table.header, where, "tt") };
}

function checkChannels(pha: Pha, n: number, first: number, path: string): void {
  if (pha.counts.length !== n) {
    throw new FormatError(
      `${path}: HDU SPECTRUM: found ${pha.counts.length} channels, expected ${n} as in EBOUNDS; the files do not belong together`,
    );
  }
  const bad = pha.channel.findIndex((c, i) => c - pha.channel[0]! !== i);
  if (bad >= 0) {
    throw new FormatError(
      `${path}: HDU SPECTRUM, column CHANNEL: row ${bad + 1} is ${pha.channel[bad]}, expected ${pha.channel[0]! + bad} (from ${first}, one by one)`,
    );
  }
}

interface Background extends NoteOptions {
  readonly axis: MapAxis;
  readonly firstChannel: number;
  /** It is a table of the same file as the spectrum. */
  readonly isOwn: boolean;
}

/** Counts of the background, and its acceptance brought to the exposure and AREASCAL of the source. */
function readOff(bkg: Opened, pha: Pha, { axis, firstChannel, isOwn, onNote }: Background) {
  const table = findBackground(bkg);
  if (isOwn && table === pha.table) {
    throw new FormatError(
      `${bkg.path}: HDU SPECTRUM: BACKFILE names the file itself, which holds no other spectrum with HDUCLAS2 BKG; name the file of the background`,
    );
  }
  const off = readPha(table, bkg.path, { onNote });
  checkChannels(off, nBins(axis), firstChannel, bkg.path);
  const time = off.exposure > 0 ? off.exposure / pha.exposure : 1;
  const acceptance = off.backscal.map((b, i) => {
    const scale = (time * off.areascal[i]!) / pha.areascal[i]!;
    return scale === 1 || Number.isNaN(scale) ? b : b * scale;
  });
  const { regions, wcs } = spectrumGeom(bkg.hdus, axis, bkg.path);
  const { counts, error, systematic } = off;
  return { counts: { unit: "", data: counts }, acceptance, region: { regions, wcs }, error, systematic };
}
