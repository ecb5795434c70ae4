/** What a dataset's instrument is, with values that mean nothing taken out or refused. */
import { backgroundMap, countsGeom, fitMask } from "../datasets/facets.js";
import type { BinnedDataset, EDisp, Psf } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import type { PsfProfile } from "../irf/psf.js";
import { axisEdges, nBins } from "../sky/axis.js";
import { nPix, pixelCenters } from "../sky/pixels.js";
import type { Geom, MapAxis, SkyMap } from "../sky/types.js";

/** All of a dataset that its response depends on: not what was counted, but in which bins. */
export interface Instrument {
  readonly name: string;
  readonly countsGeom: Geom | undefined;
  readonly exposure: SkyMap | undefined;
  readonly background: SkyMap | undefined;
  readonly edisp: EDisp | undefined;
  readonly psf: Psf | undefined;
  /** Bins in the fit. */
  readonly mask: Uint8Array;
}

export function instrumentOf(dataset: BinnedDataset): Instrument {
  const { name, exposure, edisp, psf } = dataset;
  const [geom, background, mask] = [countsGeom(dataset), backgroundMap(dataset), fitMask(dataset)];
  return { name, countsGeom: geom, exposure, background, edisp, psf, mask };
}

export interface CleanInstrument {
  readonly instrument: Instrument;
  /** What was taken for something else, in words. */
  readonly warnings: readonly string[];
}

/**
 * Exposure that is NaN, as files have it where an instrument does not see, counts as 0, and so does a background below 0; both are said. Exposure that is negative
 * or infinite and background that is not finite in the fit are refused: a likelihood with them has no meaning.
 */
export function cleanInstrument(given: Instrument): CleanInstrument {
  const warnings: string[] = [];
  const where = `dataset "${given.name}"`;
  const exposure = given.exposure && cleanExposure(given.exposure, where, warnings);
  const background = given.background && cleanBackground(given.background, given.mask, where, warnings);
  return { instrument: { ...given, exposure, background }, warnings };
}

function cleanExposure(map: SkyMap, where: string, warnings: string[]): SkyMap {
  const bad = map.data.findIndex((x) => x < 0 || x === Number.POSITIVE_INFINITY);
  if (bad >= 0) {
    throw new SpecError(
      `${where}: the exposure is ${map.data[bad]} in ${placeOf(map, bad)}; expected a number of at least 0: make the dataset again, or set it to 0 there`,
    );
  }
  if (!map.data.some(Number.isNaN)) return map;
  const { lon } = pixelCenters(map.geom);
  const unknown = map.data.reduce((n, x, i) => n + Number(Number.isNaN(x) && !Number.isNaN(lon[i % lon.length])), 0);
  if (unknown > 0) {
    warnings.push(`${where}: the exposure is NaN in ${unknown} of ${map.data.length} bins, which count as not seen`);
  }
  return { ...map, data: map.data.map((x) => (Number.isNaN(x) ? 0 : x)) };
}

function cleanBackground(map: SkyMap, mask: Uint8Array, where: string, warnings: string[]): SkyMap {
  const bad = map.data.findIndex((x, i) => !Number.isFinite(x) && mask[i] === 1);
  if (bad >= 0) {
    throw new SpecError(
      `${where}: the background is ${map.data[bad]} in ${placeOf(map, bad)}, which is in the fit; leave such bins out by the mask, or make the background again`,
    );
  }
  const negative = map.data.reduce((n, x, i) => n + Number(x < 0 && mask[i] === 1), 0);
  if (negative > 0) {
    warnings.push(`${where}: the background is negative in ${negative} bins of the fit, where it counts as 0`);
  }
  return map.data.every((x) => x >= 0) ? map : { ...map, data: map.data.map((x) => (x >= 0 ? x : 0)) };
}

/** Whether anything is seen between two true energies [TeV]; everywhere without an exposure. */
export type Sees = (low: number, high: number) => boolean;

export function seesBetween(exposure: SkyMap | undefined): Sees {
  if (exposure === undefined) return () => true;
  const { data, geom } = exposure;
  const edges = axisEdges(geom.axes[0]!);
  const n = nPix(geom);
  const seen = Array.from({ length: edges.length - 1 }, (_, t) => data.subarray(t * n, (t + 1) * n).some((x) => x > 0));
  return (low, high) => seen.some((s, t) => s && edges[t]! < high * (1 - 1e-9) && edges[t + 1]! > low * (1 + 1e-9));
}

/** Rounding of what made a psf or a dispersion may leave values below 0, of at most this part of the largest. */
const ROUNDING = 1e-6;

/** The index of the first value that is no density; -1 if there is none. */
function firstBad(data: ArrayLike<number>, from: number, to: number, stride: number, offset: number): number {
  let most = 0;
  for (let i = from; i < to; i++) {
    const x = data[i * stride + offset]!;
    if (x > most && x < Number.POSITIVE_INFINITY) most = x;
  }
  for (let i = from; i < to; i++) {
    const x = data[i * stride + offset]!;
    if (!(x >= -ROUNDING * most && x < Number.POSITIVE_INFINITY)) return i;
  }
  return -1;
}

/** A psf whose rows are numbers of at least 0 where anything is seen; those of other energies become 0 if they are not. */
export function cleanProfile(psf: PsfProfile, sees: Sees, where: string): PsfProfile {
  const n = nBins(psf.rad);
  const unseen = badRows(psf.data, { n, stride: 1, offset: 0 }, psf.energyTrue, sees, `${where}: the psf`);
  if (unseen.length === 0) return psf;
  const data = psf.data.slice();
  for (const t of unseen) data.fill(0, t * n, (t + 1) * n);
  return { ...psf, data };
}

/** Refuses an energy dispersion that is no density in a pixel of its map, at energies where anything is seen. */
export function checkDispersion(map: SkyMap, pixel: number, sees: Sees, where: string): void {
  const [inner, energyTrue] = map.geom.axes;
  if (inner === undefined || energyTrue === undefined) return;
  const rows = { n: nBins(inner), stride: nPix(map.geom), offset: pixel };
  badRows(map.data, rows, energyTrue, sees, `${where}: the edisp`);
}

/** Rows of `n` values for each true energy: `data[(t * n + i) * stride + offset]`. */
interface Rows {
  readonly n: number;
  readonly stride: number;
  readonly offset: number;
}

/** The rows that are no density, at energies where nothing is seen; at others they are refused. */
function badRows(data: Float64Array, { n, stride, offset }: Rows, axis: MapAxis, sees: Sees, what: string): number[] {
  const edges = axisEdges(axis);
  const out: number[] = [];
  for (let t = 0; t + 1 < edges.length; t++) {
    const bad = firstBad(data, t * n, (t + 1) * n, stride, offset);
    if (bad < 0) continue;
    if (sees(edges[t]!, edges[t + 1]!)) {
      throw new SpecError(
        `${what} is ${data[bad * stride + offset]} in ${binOf(axis, t)}, where the instrument sees; expected a number of at least 0: make the dataset again, or leave these energies out`,
      );
    }
    out.push(t);
  }
  return out;
}

/** "energy bin 3 (1 to 1.2 TeV), pixel 17" */
function placeOf({ geom }: SkyMap, i: number): string {
  const n = nPix(geom);
  return `${binOf(geom.axes[0]!, Math.floor(i / n))}${n > 1 ? `, pixel ${i % n}` : ""}`;
}

function binOf(axis: MapAxis, bin: number): string {
  const edges = axisEdges(axis);
  const text = (e: number) => Number(e.toPrecision(4));
  return `${axis.name} bin ${bin} (${text(edges[bin]!)} to ${text(edges[bin + 1]!)} ${axis.unit})`;
}
