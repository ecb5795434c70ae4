import { FormatError } from "../errors.js";
import { axisCenters, axisEdges, axisPix, nBins } from "../sky/axis.js";
import { upsampleAxis } from "../sky/axis-groups.js";
import { toFrame } from "../sky/frames.js";
import { pixelCenter, pixelsOf } from "../sky/pixels.js";
import type { MapAxis, Pixels, PixelWeights, SkyMap, SkyPosition } from "../sky/types.js";

/** The point spread function at one place: radial profiles `data[k * nRad + i]` in sr-1 at the nodes of both axes. */
export interface PsfProfile {
  /** True energies, or reconstructed ones (`isRecoPsf`). */
  readonly energy: MapAxis;
  readonly rad: MapAxis;
  readonly data: Float64Array;
}

const RAD = Math.PI / 180;

/**
 * Profile at a position, by Gammapy's rule: linear between the spatial pixels of the map; where the map holds nothing there, or beyond its edge, that of the nearest valid
 * pixel. It steps there.
 */
export function psfProfileAt(map: SkyMap, position: SkyPosition | null, where: string): PsfProfile {
  const { rad, energy } = psfAxes(map, where);
  const pixels = pixelsOf(map.geom);
  const { nPix } = pixels;
  const valid = (pixel: number) => holds(map, nPix, pixel, 0, map.data.length / nPix);
  const data = new Float64Array(map.data.length / nPix);
  if (nPix === 1 || !isInside(pixels, position) || !valid(pixels.nearest(position, () => true))) {
    const pixel = pixels.nearest(position, valid);
    for (let k = 0; k < data.length; k++) data[k] = map.data[k * nPix + pixel]!;
    return { energy, rad, data };
  }
  const { index, weight } = around(pixels, position);
  index.forEach((pixel, n) => {
    for (let k = 0; k < data.length; k++) data[k]! += weight[n]! * map.data[k * nPix + pixel]!;
  });
  return { energy, rad, data };
}

/** Profile in the middle of a spatial pixel; at energies at which the map holds nothing there, that of the nearest pixel where it does. */
export function psfProfileOfPixel(map: SkyMap, pixel: number, where: string): PsfProfile {
  const { rad, energy } = psfAxes(map, where);
  const pixels = pixelsOf(map.geom);
  const { nPix } = pixels;
  const nRad = nBins(rad);
  const data = new Float64Array(map.data.length / nPix);
  const middle = pixelCenter(map.geom, pixel);
  for (let from = 0; from < data.length; from += nRad) {
    const has = (other: number) => holds(map, nPix, other, from, from + nRad);
    const source = has(pixel) ? pixel : pixels.nearest(middle, has);
    for (let k = from; k < from + nRad; k++) data[k] = map.data[k * nPix + source]!;
  }
  return { energy, rad, data };
}

/** Whether a pixel has anything in the bins [from, to) of the other axes. */
function holds({ data }: SkyMap, nPix: number, pixel: number, from: number, to: number): boolean {
  for (let k = from; k < to; k++) if (data[k * nPix + pixel]! > 0) return true;
  return false;
}

/** Whether a psf is given by reconstructed energy (Gammapy's RecoPSFMap): it blurs what the energy dispersion has left. */
export const isRecoPsf = ({ geom }: SkyMap): boolean => geom.axes.length === 2 && geom.axes[1]!.name === "energy";

function psfAxes({ geom }: SkyMap, where: string): { readonly rad: MapAxis; readonly energy: MapAxis } {
  const [rad, energy] = geom.axes;
  if (rad?.name !== "rad" || (energy?.name !== "energy_true" && energy?.name !== "energy")) {
    throw new FormatError(
      `${where}: psf has the axes [${geom.axes.map((a) => a.name).join(", ")}]; expected [rad, energy_true], or [rad, energy] of a psf in reconstructed energy`,
    );
  }
  return { rad, energy };
}

function isInside(pixels: Pixels, position: SkyPosition | null): boolean {
  if (position === null) return true;
  const { lon, lat } = toFrame(position, pixels.frame);
  return pixels.indexOf(lon, lat) >= 0;
}

/** The pixels around a position; those around the middle of the map where it has none. */
function around(pixels: Pixels, position: SkyPosition | null): PixelWeights {
  if (position === null) return pixels.middle;
  const out = { index: new Int32Array(4), weight: new Float64Array(4) };
  const { lon, lat } = toFrame(position, pixels.frame);
  const count = pixels.interpolation(lon, lat, out);
  return count === 0 ? pixels.middle : { index: out.index.subarray(0, count), weight: out.weight };
}

/** Lower node of the cell of position p among n nodes, and the fraction in it; the outer cells extrapolate. */
function cell(p: number, n: number): readonly [number, number] {
  if (n === 1) return [0, 0];
  const i = Math.min(Math.max(Math.floor(p), 0), n - 2);
  return [i, p - i];
}

/**
 * The profile [nRad] at true energy e, into out, as Gammapy interpolates maps: linear in the position among the bins. The outer cells are extrapolated up to the edges of the axis;
 * beyond them (where Gammapy goes on) it is that of the edge.
 */
export function profileAtEnergy(psf: PsfProfile, e: number, out: Float64Array): void {
  profileAtPosition(psf, axisPix(psf.energy, e), out);
}

/**
 * The same as it interpolates the tables of instruments, from which it takes containment radii: linear in ln E (or E, as the axis has it) between the centres of bins, which is
 * another where bins are not equally wide.
 */
export function profileBetweenCenters(psf: PsfProfile, e: number, out: Float64Array): void {
  const { energy } = psf;
  profileAtPosition(psf, axisPix({ ...energy, nodeType: "center", nodes: axisCenters(energy) }, e), out);
}

function profileAtPosition(psf: PsfProfile, position: number, out: Float64Array): void {
  const nRad = nBins(psf.rad);
  const n = nBins(psf.energy);
  const [k, f] = cell(Math.min(Math.max(position, -0.5), n - 0.5), n);
  for (let i = 0; i < nRad; i++) {
    const a = psf.data[k * nRad + i]!;
    out[i] = n === 1 ? a : a + f * (psf.data[(k + 1) * nRad + i]! - a);
  }
}

/** Solid angle 2 pi rad drad of each rad bin, sr. */
function ringAreas(rad: MapAxis): Float64Array {
  const centers = axisCenters(rad);
  const edges = axisEdges(rad);
  return centers.map((c, i) => 2 * Math.PI * c * (edges[i + 1]! - edges[i]!) * RAD * RAD);
}

/**
 * Finds the containment radius in deg of profiles on a rad axis: the trial radius (centres of the axis upsampled 20 times) whose
 * containment is nearest to `fraction`, the first of equals. The cumulative has its nodes at the upper rad edges and is zero below half a
 * step before the first (Gammapy's IRF.containment_radius).
 */
export function radiusFinder(rad: MapAxis): (profile: Float64Array, fraction: number) => number {
  const areas = ringAreas(rad);
  const nodes = axisEdges(rad).slice(1);
  const shifted: MapAxis = { ...rad, nodeType: "center", nodes };
  const lowest = axisEdges(shifted)[0]!;
  const trial = axisCenters(upsampleAxis(rad, 20));
  const first = Math.max(
    trial.findIndex((r) => r >= lowest),
    0,
  );
  const cumulative = new Float64Array(nodes.length);
  const contained = (q: number): number => {
    if (nodes.length === 1) return cumulative[0]!;
    const [i, f] = cell(axisPix(shifted, trial[q]!), nodes.length);
    return cumulative[i]! + f * (cumulative[i + 1]! - cumulative[i]!);
  };
  return (profile, fraction) => {
    let sum = 0;
    for (let i = 0; i < nodes.length; i++) cumulative[i] = sum += areas[i]! * Math.max(profile[i]!, 0);
    // the cumulative rises, so the nearest trial radius is one of the two around the crossing
    let low = first;
    let high = trial.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (contained(middle) < fraction) low = middle + 1;
      else high = middle;
    }
    let best = low;
    for (let q = low - 1; q >= 0; q--) {
      const value = q < first ? 0 : contained(q);
      if (Math.abs(value - fraction) > Math.abs(contained(best) - fraction)) break;
      best = q;
    }
    return trial[best]!;
  };
}

/**
 * Fraction of the events inside a radius [deg] at true energy e: cumulative with a leading zero at the rad edges, constant beyond (Gammapy's
 * PSFMap.containment).
 */
export function containmentCurve(psf: PsfProfile, e: number): (radius: number) => number {
  const profile = new Float64Array(nBins(psf.rad));
  profileAtEnergy(psf, e, profile);
  const areas = ringAreas(psf.rad);
  const edges = axisEdges(psf.rad);
  const sums = new Float64Array(edges.length);
  for (let i = 0; i < profile.length; i++) sums[i + 1] = sums[i]! + areas[i]! * profile[i]!;
  return (radius) => {
    if (radius <= edges[0]!) return 0;
    const i = lastAtMost(edges, radius);
    if (i === profile.length) return sums[i]!;
    const f = axisPix(psf.rad, radius) + 0.5 - i;
    return sums[i]! + f * areas[i]! * profile[i]!;
  };
}

/** Index of the last of rising numbers that is not above x; the first is not. */
function lastAtMost(rising: Float64Array, x: number): number {
  let low = 0;
  let high = rising.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (rising[middle]! <= x) low = middle;
    else high = middle;
  }
  return low;
}

/** {@link containmentCurve} at one radius. */
export const containment = (psf: PsfProfile, e: number, radius: number): number => containmentCurve(psf, e)(radius);
