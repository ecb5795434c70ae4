import type { EDisp, OnOffDataset } from "../../datasets/types.js";
import { FormatError, UnsupportedError } from "../../errors.js";
import { type Hdu, readFits } from "../../fits/index.js";
import { nBins, squashAxis } from "../../sky/index.js";
import type { MapAxis, RegionGeom, SkyMap } from "../../sky/types.js";
import { freeKeywords, readStatistic } from "../cards.js";
import { basename, dirname, expandPath, type FileAccess, joinPath } from "../files.js";
import { hdusOf, openFile } from "../formats/open.js";
import type { OpenedFile } from "../formats/types.js";
import { gtiIn } from "../gti.js";
import { keyword } from "../hdu.js";
import { withoutUndefined } from "../map-dataset.js";
import { isNone, type Pha, readEbounds, readPha, spectrumGeom } from "./pha.js";
import { readArf, readRmf } from "./response.js";

/** Keywords of the spectrum that the dataset itself carries. */
const USED =
  /^(NAME|HDUCLAS.*|HDUVERS|HDUDOC|HDUNAME|EXPOSURE|OBS_ID|(RESP|BACK|ANCR|CORR)FILE|CORRSCAL|BACKSCAL|AREASCAL|QUALITY|GROUPING|POISSERR|STAT_ERR|SYS_ERR|CHANTYPE|DETCHANS|CREATOR|CREATED|STATTYPE)$/;

interface Opened {
  readonly path: string;
  readonly hdus: readonly Hdu[];
}

/**
 * An ON/OFF spectrum: the PHA at `path` with the BKG, ARF and RMF that it names (next to it, or as given). ALPHA is that
 * of the standard: BACKSCAL, AREASCAL and EXPOSURE of ON over those of OFF. AREASCAL of the ON spectrum is part of the
 * response. `meta`: other keywords, and `grouping` [n] (GROUPING is kept, not applied).
 */
export async function readOgip(
  path: string,
  files: FileAccess,
  options: { readonly name?: string } = {},
): Promise<OnOffDataset> {
  return ogipOfFile(await openFile(path, files), files, options);
}

/** `readOgip` of a PHA that is open. */
export async function ogipOfFile(
  file: OpenedFile,
  files: FileAccess,
  options: { readonly name?: string | undefined } = {},
): Promise<OnOffDataset> {
  const { path } = file;
  const source: Opened = { path, hdus: hdusOf(file) };
  const pha = readPha(source.hdus, path);
  if (!(pha.exposure > 0)) {
    throw new FormatError(`${path}: HDU SPECTRUM: EXPOSURE is ${pha.exposure} s, expected the livetime above 0 s`);
  }
  const arf = await companion(source, pha, "ANCRFILE", files);
  if (arf === undefined) {
    throw new FormatError(
      `${path}: HDU SPECTRUM: ANCRFILE names no file; the effective area (ARF) is needed: put its name there and the file next to the PHA`,
    );
  }
  const rmf = await companion(source, pha, "RESPFILE", files);
  refuseAreascal(pha, rmf !== undefined, path);
  const bkg = await companion(source, pha, "BACKFILE", files);
  const withBounds = source.hdus.some((hdu) => hdu.name === "EBOUNDS") || rmf === undefined ? source : rmf;
  const { axis, firstChannel } = readEbounds(withBounds.hdus, withBounds.path);
  checkChannels(pha, nBins(axis), firstChannel, path);
  const geom = spectrumGeom(source.hdus, axis, path);
  const map = (data: Float64Array): SkyMap => ({ geom, unit: "", data });
  // Responses have no place on the sky, as in Gammapy: the files say nothing about it.
  const nowhere: RegionGeom = { ...geom, regions: [], wcs: null };
  const exposure = readExposure(arf, pha, nowhere);
  const off = bkg && readOff(bkg, pha, axis, firstChannel);
  const obsId = keyword(pha.table, "OBS_ID");
  const name = options.name ?? (obsId === "" ? basename(path).replace(/\.(pha|fits?)(\.gz)?$/, "") : obsId);
  return withoutUndefined<OnOffDataset>({
    type: "SpectrumDatasetOnOff",
    name,
    counts: map(pha.counts),
    countsOff: off && { ...off.counts, geom: { ...geom, ...off.region } },
    acceptance: map(pha.backscal),
    acceptanceOff: off && map(off.acceptance),
    exposure,
    edisp:
      rmf && readEDisp(rmf, { exposure, axis, firstChannel, geom: nowhere, pha, path, maxBytes: files.freeBytes?.() }),
    maskSafe: { geom, data: Uint8Array.from(pha.quality, (q) => (q === 0 ? 1 : 0)) },
    maskFit: pha.maskFit && { geom, data: pha.maskFit },
    gti: gtiIn(source.hdus, path),
    livetime: pha.exposure,
    statistic: readStatistic(pha.table.header),
    meta: readMeta(pha),
  });
}

function readMeta(pha: Pha): OnOffDataset["meta"] {
  const meta = freeKeywords(pha.table.header, USED);
  if (pha.grouping) meta.grouping = pha.grouping;
  return Object.keys(meta).length === 0 ? undefined : meta;
}

/** The file that a keyword of the PHA names, looked for next to the PHA and as given; undefined where it names none. */
async function companion(source: Opened, pha: Pha, key: string, files: FileAccess): Promise<Opened | undefined> {
  const name = keyword(pha.table, key);
  if (isNone(name)) return undefined;
  const where = `${source.path}: HDU SPECTRUM: ${key}`;
  const given = expandPath(name.replace(/\[.*\]$/, ""), files, where);
  const candidates = [joinPath(dirname(source.path), given), given].flatMap((p) => [p, `${p}.gz`]);
  for (const path of candidates) {
    // spectra may hold their background themselves
    if (path === source.path) return source;
    if (await files.exists(path)) return { path, hdus: readFits(await files.read(path), { where: path }) };
  }
  throw new FormatError(
    `${where} names "${name}", which is not there (looked for ${[...new Set(candidates)].join(", ")}); put the file next to the PHA`,
    { code: "missing-file", where, found: name },
  );
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

function readExposure(arf: Opened, pha: Pha, geom: RegionGeom): SkyMap {
  const { axis, area } = readArf(arf.hdus, arf.path);
  const scale = isUniform(pha.areascal) ? pha.areascal[0]! : 1;
  return { geom: { ...geom, axes: [axis] }, unit: "cm2 s", data: area.map((x) => x * pha.exposure * scale) };
}

function isUniform(values: Float64Array): boolean {
  return values.every((x) => x === values[0]);
}

/** Counts of the background, and its acceptance brought to the exposure and AREASCAL of the source. */
function readOff(bkg: Opened, pha: Pha, axis: MapAxis, firstChannel: number) {
  const off = readPha(bkg.hdus, bkg.path);
  checkChannels(off, nBins(axis), firstChannel, bkg.path);
  const time = off.exposure > 0 ? off.exposure / pha.exposure : 1;
  const acceptance = off.backscal.map((b, i) => {
    const scale = (time * off.areascal[i]!) / pha.areascal[i]!;
    return scale === 1 || Number.isNaN(scale) ? b : b * scale;
  });
  const { regions, wcs } = spectrumGeom(bkg.hdus, axis, bkg.path);
  return { counts: { unit: "", data: off.counts }, acceptance, region: { regions, wcs } };
}

interface Source {
  readonly exposure: SkyMap;
  readonly axis: MapAxis;
  readonly firstChannel: number;
  readonly geom: RegionGeom;
  readonly pha: Pha;
  readonly path: string;
  readonly maxBytes: number | undefined;
}

/** The RMF as a kernel map of one pixel. Its true-energy axis is the ARF's: that of the RMF is often rounded. */
function readEDisp(rmf: Opened, { exposure, axis, firstChannel, geom, pha, path, maxBytes }: Source): EDisp {
  const channels = nBins(axis);
  const { axis: own, matrix } = readRmf(rmf.hdus, { channels, firstChannel }, rmf.path, maxBytes);
  const trueAxis = exposure.geom.axes[0]!;
  const near = own.nodes.every((e, i) => Math.abs(e / (trueAxis.nodes[i] ?? Number.NaN) - 1) < 1e-3);
  if (own.nodes.length !== trueAxis.nodes.length || !near) {
    throw new FormatError(
      `${rmf.path}: HDU MATRIX: the ${nBins(own)} bins of ENERG_LO, ENERG_HI are not the ${nBins(trueAxis)} of the ARF of ${path}; the files do not belong together`,
    );
  }
  if (!isUniform(pha.areascal)) for (let i = 0; i < matrix.length; i++) matrix[i]! *= pha.areascal[i % channels]!;
  const squashed = squashAxis(axis);
  return {
    map: { geom: { ...geom, axes: [axis, trueAxis] }, unit: "", data: matrix },
    exposure: { geom: { ...geom, axes: [squashed, trueAxis] }, unit: "cm2 s", data: exposure.data.slice() },
  };
}

/** Whether a spectrum without an RMF has an AREASCAL per channel, which nothing could carry. */
function refuseAreascal(pha: Pha, rmf: boolean, path: string): void {
  if (rmf || isUniform(pha.areascal)) return;
  throw new UnsupportedError(`${path}: AREASCAL differs from channel to channel, which needs an RMF; add RESPFILE`);
}
