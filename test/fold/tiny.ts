/** An instrument of few bins whose every number is another, and what it counts by the formula, bin by bin. */
import type { MapDataset } from "../../src/datasets/types.js";
import { kernelOfPixel } from "../../src/irf/edisp.js";
import { psfProfileOfPixel } from "../../src/irf/psf.js";
import { type PsfImages, psfKernel } from "../../src/irf/psf-kernel.js";
import { createCache } from "../../src/math/cache.js";
import { axisCenters, axisFromBounds, axisFromEdges, nBins } from "../../src/sky/axis.js";
import { toFrame } from "../../src/sky/frames.js";
import { wcsGeom } from "../../src/sky/geom.js";
import type { MapAxis, SkyMap, SkyPosition, WcsGeom } from "../../src/sky/types.js";
import { pixToSky, skyToPix } from "../../src/sky/wcs.js";

export const center: SkyPosition = { lon: 83.63, lat: 22.01, frame: "icrs" };
const log = (edges: readonly number[], name: string) => axisFromEdges(edges, { name, interp: "log", unit: "TeV" });
export const energy = log([1, 2.5, 10], "energy");
export const energyTrue = log([0.8, 2, 5, 12], "energy_true");
const NX = 6;
const NY = 5;
/** Pixels of 0.1 deg, more columns than rows. */
export const image = (...axes: MapAxis[]): WcsGeom =>
  wcsGeom({ center, binsz: 0.1, npix: [NX, NY], proj: "TAN", axes });

function filled(geom: WcsGeom, unit: string, value: (bin: number, x: number, y: number) => number): SkyMap {
  const [nx, ny] = geom.npix;
  const n = geom.axes.reduce((product, axis) => product * nBins(axis), nx * ny);
  const at = (k: number) => value(Math.floor(k / (nx * ny)), k % nx, Math.floor(k / nx) % ny);
  return { geom, unit, data: Float64Array.from({ length: n }, (_, k) => at(k)) };
}

const rad = axisFromBounds(0, 0.24, 12, { name: "rad", unit: "deg" });

/** Gaussians, of other widths in each pixel and true energy. `npix`: places of the map of the psf. */
function psfMap(npix: readonly [number, number]): SkyMap {
  const geom = wcsGeom({ center, binsz: 0.4, npix, proj: "TAN", axes: [rad, energyTrue] });
  const radii = axisCenters(rad);
  return filled(geom, "sr-1", (bin, x, y) => {
    const sigma = 0.03 + 0.008 * Math.floor(bin / radii.length) + 0.006 * x + 0.01 * y;
    return Math.exp(-0.5 * (radii[bin % radii.length]! / sigma) ** 2) / sigma ** 2;
  });
}

/** Shares of true energies in energy bins, others in each pixel; nothing of the last true energy is in the first bin. */
function edispMap(npix: readonly [number, number]): SkyMap {
  const geom = wcsGeom({ center, binsz: 0.3, npix, proj: "TAN", axes: [energy, energyTrue] });
  const shares = [0.6, 0.1, 0.3, 0.5, 0, 0.8];
  return filled(geom, "", (bin, x, y) => shares[bin]! * (1 + 0.1 * x - 0.15 * y));
}

export interface TinyOptions {
  /** Places of the maps of psf and energy dispersion; undefined: there is none. */
  readonly psf?: readonly [number, number];
  readonly edisp?: readonly [number, number];
}

/** Counts from 0 to 4, an exposure that changes from pixel to pixel, and pixels that are not in the fit. */
export function tiny({ psf, edisp }: TinyOptions = {}): MapDataset {
  const counts = filled(image(energy), "", (r, x, y) => (3 * x + 2 * y + r) % 5);
  const mask = counts.data.map((_, k) => Number(k % 7 !== 2));
  return {
    type: "MapDataset",
    name: "tiny",
    counts,
    exposure: filled(image(energyTrue), "cm2 s", (t, x, y) => 1e12 * (1 + 0.3 * t + 0.07 * x + 0.11 * y)),
    background: filled(image(energy), "", (r, x, y) => 0.5 + 0.1 * r + 0.02 * x * y),
    maskSafe: { geom: counts.geom, data: Uint8Array.from(mask) },
    ...(psf && { psf: { map: psfMap(psf) } }),
    ...(edisp && { edisp: { map: edispMap(edisp) } }),
  };
}

/** Pixels around a place and what each counts for: bilinear between the middles, and beyond the outer ones as they are. */
function around({ geom }: SkyMap, position: SkyPosition): { pixel: number; weight: number }[] {
  const { npix, wcs } = geom as WcsGeom;
  const { lon, lat } = toFrame(position, wcs.frame);
  const place = skyToPix(wcs, lon, lat) as unknown as [number, number];
  const [x, y] = place.map((u, i) => Math.min(Math.max(u, 0), npix[i]! - 1)) as [number, number];
  const all = Array.from({ length: npix[0] * npix[1] }, (_, pixel) => {
    const [dx, dy] = [(pixel % npix[0]) - x, Math.floor(pixel / npix[0]) - y];
    return { pixel, weight: Math.max(0, 1 - Math.abs(dx)) * Math.max(0, 1 - Math.abs(dy)) };
  });
  return all.filter(({ weight }) => weight > 0);
}

/** Share of true energy t in energy bin r: the energy dispersions around the place mixed; without any, the share of the bin that lies there. */
function dispersionAt({ edisp }: MapDataset, position: SkyPosition): (t: number, r: number) => number {
  if (edisp === undefined) {
    const [from, to] = [energyTrue.nodes, energy.nodes];
    return (t, r) =>
      Math.max(0, Math.min(from[t + 1]!, to[r + 1]!) - Math.max(from[t]!, to[r]!)) / (from[t + 1]! - from[t]!);
  }
  const parts = around(edisp.map, position).map(({ pixel, weight }) => ({
    weight,
    kernel: kernelOfPixel(edisp.map, pixel, energy, "edisp"),
  }));
  return (t, r) => parts.reduce((sum, { weight, kernel }) => sum + weight * kernel.data[t * kernel.nReco + r]!, 0);
}

/** The psf of true energy t as a function of pixels: images around the place, mixed before each is normalised. */
function psfAt({ psf }: MapDataset, position: SkyPosition): (t: number, dx: number, dy: number) => number {
  if (psf === undefined) return (_, dx, dy) => Number(dx === 0 && dy === 0);
  const kept = createCache().scope<never>("positions", () => 0);
  const parts = around(psf.map, position).map(({ pixel, weight }) => ({
    weight,
    images: psfKernel(psfProfileOfPixel(psf.map, pixel, "psf"), image(energyTrue), energyTrue, kept),
  }));
  const value = ({ size, data }: PsfImages, t: number, dx: number, dy: number) => {
    const middle = (size - 1) / 2;
    if (Math.abs(dx) > middle || Math.abs(dy) > middle) return 0;
    return data[(t * size + middle + dy) * size + middle + dx]!;
  };
  return (t, dx, dy) => {
    const total = parts.reduce((sum, { weight, images }) => sum + weight * images.sums[t]!, 0);
    const mixed = parts.reduce(
      (sum, { weight, images }) => sum + weight * images.sums[t]! * value(images, t, dx, dy),
      0,
    );
    return mixed / total;
  };
}

/** Pixels beside the map from which the psf may bring something. */
const MARGIN = 5;

/** A source as the formula needs it: flux in cm-2 s-1 in each bin of true energy, its place, and its share in a pixel on the map or beside it (before the psf). */
export interface Seen {
  readonly flux: (t: number) => number;
  readonly position: SkyPosition;
  readonly share: (x: number, y: number, t: number) => number;
}

/** Counts [energy, lat, lon]: sum over true energies of flux, exposure, energy dispersion, and the source convolved with the psf. */
export function countsByHand(dataset: MapDataset, { flux, position, share }: Seen): Float64Array {
  const [nx, ny] = (dataset.counts!.geom as WcsGeom).npix;
  const out = new Float64Array(dataset.counts!.data.length);
  const [dispersion, psf] = [dispersionAt(dataset, position), psfAt(dataset, position)];
  for (let t = 0; t < nBins(energyTrue); t++) {
    const places: { u: number; v: number; own: number }[] = [];
    for (let v = -MARGIN; v < ny + MARGIN; v++) {
      for (let u = -MARGIN; u < nx + MARGIN; u++) places.push({ u, v, own: share(u, v, t) });
    }
    for (let k = 0; k < nx * ny; k++) {
      let sum = 0;
      for (const { u, v, own } of places) if (own !== 0) sum += own * psf(t, (k % nx) - u, Math.floor(k / nx) - v);
      const seen = flux(t) * dataset.exposure!.data[t * nx * ny + k]! * sum;
      for (let r = 0; r < nBins(energy); r++) out[r * nx * ny + k]! += dispersion(t, r) * seen;
    }
  }
  return out;
}

/** The position of pixel coordinates on the map. */
export function placeOf(x: number, y: number): SkyPosition {
  const [lon, lat] = pixToSky(image().wcs, x, y) as unknown as [number, number];
  return { lon, lat, frame: "icrs" };
}

/** Flux of a power law in each bin of true energy, by its integral. */
export const powerLawFlux = (index: number, amplitude: number) => (t: number) => {
  const [a, b] = [energyTrue.nodes[t]!, energyTrue.nodes[t + 1]!];
  return (amplitude * (a ** (1 - index) - b ** (1 - index))) / (index - 1);
};

/** The share of a point at pixel coordinates (px, py) in each of the four pixels around it. */
export const pointShare = (px: number, py: number) => (x: number, y: number) =>
  Math.max(0, 1 - Math.abs(x - px)) * Math.max(0, 1 - Math.abs(y - py));
