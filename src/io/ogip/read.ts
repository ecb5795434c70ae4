import type { OnOffDataset } from "../../datasets/types.js";
import { FormatError } from "../../errors.js";
import { nBins } from "../../sky/index.js";
import type { MapAxis, RegionGeom, SkyMap } from "../../sky/types.js";
import { freeKeywords, type NoteOptions, readStatistic } from "../cards.js";
import { basename, type FileAccess } from "../files.js";
import { hdusOf, openFile } from "../formats/open.js";
import type { OpenedFile } from "../formats/types.js";
import { gtiIn } from "../gti.js";
import { keyword } from "../hdu.js";
import { withoutUndefined } from "../map-dataset.js";
import { type Opened, openCompanion } from "./companion.js";
import { readResponse, refuseAreascal } from "./exposure.js";
import { groupChannels, groupStarts } from "./grouping.js";
import { findSpectrum, type Pha, readEbounds, readPha, spectrumGeom } from "./pha.js";

/** Keywords of the spectrum that the dataset itself carries. */
const USED =
  /^(NAME|HDUCLAS.*|HDUVERS|HDUDOC|HDUNAME|EXPOSURE|OBS_ID|(RESP|BACK|ANCR|CORR)FILE|CORRSCAL|BACKSCAL|AREASCAL|QUALITY|GROUPING|POISSERR|STAT_ERR|SYS_ERR|CHANTYPE|DETCHANS|CREATOR|CREATED|STATTYPE)$/;

/**
 * An ON/OFF spectrum: the PHA at `path` with the BKG, ARF and RMF that it names (next to it, or as given), in the bins of its GROUPING. ALPHA is that of the
 * standard: BACKSCAL, AREASCAL and EXPOSURE of ON over those of OFF. AREASCAL of the ON spectrum is part of the response. Without an effective area (ANCRFILE, or
 * a matrix that holds it) there is no exposure, and no source can be folded. `meta`: other keywords.
 */
export async function readOgip(path: string, files: FileAccess, options: ReadOgipOptions = {}): Promise<OnOffDataset> {
  return ogipOfFile(await openFile(path, files), files, options);
}

export interface ReadOgipOptions extends NoteOptions {
  /** Name of the dataset; absent: OBS_ID, else that of the file. */
  readonly name?: string | undefined;
}

/** `readOgip` of a PHA that is open. */
export async function ogipOfFile(
  file: OpenedFile,
  files: FileAccess,
  { name: given, onNote }: ReadOgipOptions = {},
): Promise<OnOffDataset> {
  const { path } = file;
  const source: Opened = { path, hdus: hdusOf(file) };
  const pha = readPha(findSpectrum(source.hdus, path, false), path, { onNote });
  if (!(pha.exposure > 0)) {
    throw new FormatError(`${path}: HDU SPECTRUM: EXPOSURE is ${pha.exposure} s, expected the livetime above 0 s`);
  }
  const open = (key: string) => openCompanion(source, pha.table, key, files);
  const [arf, rmf, bkg] = [await open("ANCRFILE"), await open("RESPFILE"), await open("BACKFILE")];
  refuseAreascal(pha, rmf !== undefined, path);
  const withBounds = source.hdus.some((hdu) => hdu.name === "EBOUNDS") || rmf === undefined ? source : rmf;
  const { axis, firstChannel } = readEbounds(withBounds, { onNote });
  checkChannels(pha, nBins(axis), firstChannel, path);
  const geom = spectrumGeom(source.hdus, axis, path);
  const map = (data: Float64Array): SkyMap => ({ geom, unit: "", data });
  const off = bkg && readOff(bkg, pha, { axis, firstChannel, isOwn: bkg.path === path, onNote });
  // Responses have no place on the sky, as in Gammapy: the files say nothing about it.
  const nowhere: RegionGeom = { ...geom, regions: [], wcs: null };
  const { exposure, edisp } = readResponse(arf, rmf, {
    axis,
    firstChannel,
    geom: nowhere,
    pha,
    path,
    maxBytes: files.freeBytes?.(),
    onNote,
  });
  const obsId = keyword(pha.table, "OBS_ID");
  const name = given ?? (obsId === "" ? basename(path).replace(/\.(pha|fits?)(\.[fg]z)?$/, "") : obsId);
  const meta = freeKeywords(pha.table.header, USED);
  const dataset = withoutUndefined<OnOffDataset>({
    type: "SpectrumDatasetOnOff",
    name,
    counts: map(pha.counts),
    countsOff: off && { ...off.counts, geom: { ...geom, ...off.region } },
    acceptance: map(pha.backscal),
    acceptanceOff: off && map(off.acceptance),
    exposure,
    edisp,
    maskSafe: { geom, data: Uint8Array.from(pha.quality, (q) => (q === 0 ? 1 : 0)) },
    maskFit: pha.maskFit && { geom, data: pha.maskFit },
    gti: gtiIn(source.hdus, path),
    livetime: pha.exposure,
    statistic: readStatistic(pha.table.header),
    meta: Object.keys(meta).length === 0 ? undefined : meta,
  });
  if (pha.grouping === undefined) return dataset;
  const bins = groupStarts(pha.grouping).length;
  onNote?.(`${path}: HDU SPECTRUM: GROUPING puts the ${nBins(axis)} channels into ${bins} bins`);
  return groupChannels(dataset, pha.grouping);
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
  const table = bkg.chosen ?? findSpectrum(bkg.hdus, bkg.path, true);
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
  return { counts: { unit: "", data: off.counts }, acceptance, region: { regions, wcs } };
}
