/** What a dataset's instrument is, with values that mean nothing taken out or refused. */
import { backgroundMap, countsGeom, fitMask } from "../datasets/facets.js";
import type { BinnedDataset, EDisp, Psf } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import type { PsfProfile } from "../irf/psf.js";
import { axisCenters, axisEdges, nBins } from "../sky/axis.js";
import { binOf } from "../sky/axis-bins.js";
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
  const blank = given.psf === undefined ? [] : blankEnergies(given.psf.map, seesBetween(exposure));
  if (blank.length > 0) {
    warnings.push(
      `${where}: the psf is 0 in ${blank.join(", ")}, where the instrument sees: sources add nothing there`,
    );
  }
  const beyond = beyondPsf(given, exposure);
  if (beyond.length > 0) {
    warnings.push(
      `${where}: the psf ends before ${beyond.join(", ")}, where the instrument sees: that of its nearest energy is taken there`,
    );
  }
  return { instrument: { ...given, exposure, background }, warnings };
}

/** The energy bins that are seen and whose middle lies beyond the energies of the psf. */
function beyondPsf({ psf, countsGeom }: Instrument, exposure: SkyMap | undefined): string[] {
  const own = psf?.map.geom.axes[1];
  if (own === undefined) return [];
  const axis = (own.name === "energy" ? countsGeom : exposure?.geom)?.axes[0];
  if (axis === undefined || axis.unit !== own.unit) return [];
  const [limits, edges] = [axisEdges(own), axisEdges(axis)];
  const sees = own.name === "energy" ? () => true : seesBetween(exposure);
  const isBeyond = (e: number) => e < limits[0]! * (1 - 1e-6) || e > limits.at(-1)! * (1 + 1e-6);
  return Array.from(axisCenters(axis)).flatMap((e, t) =>
    isBeyond(e) && sees(edges[t]!, edges[t + 1]!) ? [binOf(axis, t)] : [],
  );
}

/** The true energies that are seen, of which a psf holds nothing in any pixel: nothing of a source comes through. */
function blankEnergies({ geom, data }: SkyMap, sees: Sees): string[] {
  const axis = geom.axes.at(-1);
  if (axis?.name !== "energy_true") return [];
  const edges = axisEdges(axis);
  const size = data.length / (edges.length - 1);
  return Array.from(edges.subarray(1)).flatMap((high, t) => {
    const isBlank = data.subarray(t * size, (t + 1) * size).every((x) => x === 0);
    return isBlank && sees(edges[t]!, high) ? [binOf(axis, t)] : [];
  });
}

function cleanExposure(map: SkyMap, where: string, warnings: string[]): SkyMap {
  const bad = map.data.findIndex((x) => x < 0 || x === Number.POSITIVE_INFINITY);
  if (bad >= 0) {
    throw new SpecError(
      `${where}: the exposure is ${map.data[bad]} in ${placeOf(map, bad)}; expected a number of at least 0: make the dataset again, or set it to 0 there`,
    );
  }
  if (!map.data.some(Number.isNaN)) return map;
  if (map.data.every(Number.isNaN)) {
    throw new SpecError(`${where}: the exposure is NaN everywhere, so nothing is seen; make the dataset again`);
  }
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

/** Refuses a psf or an energy dispersion that is no density in a pixel of its map, at energies where anything is seen. */
export function checkDensity(map: SkyMap, pixel: number, sees: Sees, what: string): void {
  const [inner, energyTrue] = map.geom.axes;
  if (inner === undefined || energyTrue === undefined) return;
  const [n, stride] = [nBins(inner), nPix(map.geom)];
  const edges = axisEdges(energyTrue);
  for (let t = 0; t + 1 < edges.length; t++) {
    const bad = firstBad(map.data, t * n, (t + 1) * n, stride, pixel);
    if (bad >= 0 && sees(edges[t]!, edges[t + 1]!))
      throw noDensity(map.data[bad * stride + pixel]!, energyTrue, t, what);
  }
}

/** A psf between pixels, without the energies at which nothing is seen and a pixel around has no number. */
export function cleanProfile(psf: PsfProfile, sees: Sees, what: string): PsfProfile {
  if (psf.data.every(Number.isFinite)) return psf;
  const n = nBins(psf.rad);
  const edges = axisEdges(psf.energy);
  const data = psf.data.slice();
  for (let t = 0; t + 1 < edges.length; t++) {
    const row = data.subarray(t * n, (t + 1) * n);
    const bad = row.find((x) => !Number.isFinite(x));
    if (bad === undefined) continue;
    if (sees(edges[t]!, edges[t + 1]!)) throw noDensity(bad, psf.energy, t, what);
    row.fill(0);
  }
  return { ...psf, data };
}

const noDensity = (value: number, axis: MapAxis, bin: number, what: string) =>
  new SpecError(
    `${what} is ${value} in ${binOf(axis, bin)}, where the instrument sees; expected a number of at least 0: make the dataset again, or leave these energies out`,
  );

/** "energy bin 3 (1 to 1.2 TeV), pixel 17" */
function placeOf({ geom }: SkyMap, i: number): string {
  const n = nPix(geom);
  return `${binOf(geom.axes[0]!, Math.floor(i / n))}${n > 1 ? `, pixel ${i % n}` : ""}`;
}
