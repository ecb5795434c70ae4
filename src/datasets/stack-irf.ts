import { SpecError } from "../errors.js";
import { axisCenters, nBins } from "../sky/axis.js";
import { sameAxis, squashAxis } from "../sky/axis-groups.js";
import { convertFrame } from "../sky/frames.js";
import { findAxis } from "../sky/geom.js";
import { nPix, pixelCenters, pixelsOf } from "../sky/pixels.js";
import type { Geom, MapAxis, MaskMap, Pixels, PixelWeights, SkyMap, SkyPosition } from "../sky/types.js";
import type { EDisp, Psf } from "./types.js";

/** Weights of an irf map `[outer, inner, lat, lon]`: `[n, lat, lon]` with n the bins of the inner axis, or one. Absent: one everywhere. */
export type IrfWeights = Uint8Array | undefined;

/** Mean of psf or edisp maps weighted by exposure, sum(w X irf) / sum(X [any w]), and the sum of the exposures; 0 where there is none. */
export function stackIrf<T extends EDisp | Psf>(irfs: readonly T[], weights: readonly IrfWeights[], name: string): T {
  const { map } = irfs[0]!;
  if (map.geom.axes.length !== 2) {
    throw new SpecError(
      `dataset "${name}": a psf given as images on the pixels (PSF_KERNEL) cannot be stacked, as it has no place on the sky; make the datasets again with psf maps`,
    );
  }
  const [inner, outer] = map.geom.axes.map(nBins) as [number, number];
  const n = nPix(map.geom);
  const data = new Float64Array(map.data.length);
  const exposure = new Float64Array(outer * n);
  const { exposure: geom = { geom: exposureGeom(map.geom), unit: "cm2 s" } } = irfs[0]!;
  irfs.forEach((irf, i) => {
    const x = irf.exposure?.data;
    if (x === undefined || x.length !== exposure.length) {
      throw new SpecError(
        `dataset "${name}": psf or edisp without an exposure, of its own or of the dataset, cannot be stacked; add EXPOSURE, PSF_EXPOSURE or EDISP_EXPOSURE to the files`,
      );
    }
    const w = weights[i];
    const rows = w === undefined ? 1 : w.length / n;
    for (let pixel = 0; pixel < n; pixel++) {
      let any = w === undefined;
      for (let r = 0; r < rows && !any; r++) any = w![r * n + pixel] === 1;
      if (!any) continue;
      for (let t = 0; t < outer; t++) {
        const xt = finite(x[t * n + pixel]!);
        exposure[t * n + pixel]! += xt;
        for (let k = 0; k < inner; k++) {
          if (w !== undefined && w[(k % rows) * n + pixel] === 0) continue;
          const at = (t * inner + k) * n + pixel;
          data[at]! += finite(xt * irf.map.data[at]!);
        }
      }
    }
  });
  for (let at = 0; at < data.length; at++) {
    const x = exposure[Math.floor(at / (inner * n)) * n + (at % n)]!;
    data[at] = x === 0 ? 0 : data[at]! / x;
  }
  return { ...irfs[0]!, map: { ...map, data }, exposure: { ...geom, data: exposure } as SkyMap };
}

const exposureGeom = (geom: Geom): Geom => ({ ...geom, axes: [squashAxis(geom.axes[0]!), ...geom.axes.slice(1)] });

/** A psf or edisp with an exposure to be weighted with: that of the dataset at its energies (of a psf in reconstructed energy, at these), where its own is missing or zero everywhere (simulated datasets). */
export function withWeights<T extends EDisp | Psf>(irf: T, exposure: SkyMap | undefined): T {
  if (exposure === undefined || irf.exposure?.data.some((x) => x > 0)) return irf;
  const { geom } = irf.map;
  const pixels = pixelsOf(exposure.geom);
  const places = placesIn(geom, pixels, (place) => pixels.nearest(place && position(place, pixels), () => true));
  const energy = findAxis(exposure.geom, "energy_true");
  const own = geom.axes.at(-1)!;
  const n = places.length;
  const data = new Float64Array(nBins(own) * n);
  const isSame = sameAxis(energy, own);
  axisCenters(own).forEach((e, t) => {
    const [low, share] = isSame ? [t, 0] : between(energy, e);
    for (let k = 0; k < n; k++) {
      const at = (bin: number) => exposure.data[bin * pixels.nPix + places[k]!]!;
      data[t * n + k] = share === 0 ? at(low) : mixed(at(low), at(low + 1), share);
    }
  });
  return { ...irf, exposure: { geom: exposureGeom(geom), unit: exposure.unit, data } };
}

/** The bin whose centre is at or below an energy, and how far it is to the next centre; beyond the outermost centres these. */
function between(axis: MapAxis, e: number): readonly [bin: number, share: number] {
  const centers = axisCenters(axis);
  if (e <= centers[0]!) return [0, 0];
  const next = centers.findIndex((c) => c > e);
  if (next < 0) return [centers.length - 1, 0];
  const [a, b] = [centers[next - 1]!, centers[next]!];
  return [next - 1, Math.log(e / a) / Math.log(b / a)];
}

/** As a power of the energy; linear where one of both is 0. */
const mixed = (a: number, b: number, share: number): number =>
  a > 0 && b > 0 ? a * (b / a) ** share : a + share * (b - a);

const position = ([lon, lat]: readonly [number, number], { frame }: Pixels): SkyPosition => ({ lon, lat, frame });

const finite = (x: number): number => (Number.isFinite(x) ? x : 0);

/**
 * mask_safe on the pixels of an edisp map. A kernel map takes it by reconstructed energy, a migration map its "or" over energy. Pixels between those
 * of the mask are inside if one of the four around them is, pixels beyond them like its outermost cells (Gammapy's mask_safe_edisp).
 */
export function edispWeights(mask: MaskMap | undefined, image: MaskMap | undefined, edisp: EDisp): IrfWeights {
  if (mask === undefined || image === undefined) return undefined;
  const chosen = edisp.map.geom.axes[0]!.name === "energy" ? mask : image;
  if (mask.geom.kind === "region") return onPixels(chosen, edisp.map.geom);
  const pixels = pixelsOf(mask.geom);
  const around = { index: new Int32Array(4), weight: new Float64Array(4) };
  const cells = placesIn(edisp.map.geom, pixels, (place) => {
    if (place === null) return partOf(pixels.middle, pixels.middle.index.length);
    const count = pixels.interpolation(...place, around);
    // a part of HEALPix has nothing beyond its border: what is safe anywhere is safe there
    if (count === 0 && mask.geom.kind === "healpix") return Array.from({ length: pixels.nPix }, (_, i) => i);
    return partOf(around, count);
  });
  const n = chosen.data.length / pixels.nPix;
  const out = new Uint8Array(n * cells.length);
  for (let r = 0, k = 0; r < n; r++) {
    for (const cell of cells) out[k++] = cell.some((pixel) => chosen.data[r * pixels.nPix + pixel] === 1) ? 1 : 0;
  }
  return out;
}

/** The mask of a spectrum, which holds everywhere, on all pixels of an irf map. */
function onPixels({ data }: MaskMap, geom: Geom): Uint8Array {
  const n = nPix(geom);
  return Uint8Array.from({ length: data.length * n }, (_, k) => data[Math.floor(k / n)]!);
}

/** The pixels of an interpolation that weigh in: weights below 1e-9 are rounding of a position that is the middle of a pixel. */
const partOf = ({ index, weight }: PixelWeights, count: number): number[] =>
  Array.from(index.subarray(0, count)).filter((_, k) => Math.abs(weight[k]!) > 1e-9);

/**
 * The "or" of mask_safe over energy on the pixels of psf maps: of the mask's pixel that holds their centre, none outside. A psf map so coarse that this
 * leaves it nothing takes the "or" over the whole mask.
 */
export function psfWeights(images: readonly (MaskMap | undefined)[], psfs: readonly Psf[]): IrfWeights[] {
  const weights = images.map((image, i) => {
    if (image === undefined) return undefined;
    if (image.geom.kind === "region") return onPixels(image, psfs[i]!.map.geom);
    const pixels = pixelsOf(image.geom);
    const inside = placesIn(psfs[i]!.map.geom, pixels, (place) => {
      const pixel = place === null ? pixels.nearest(null, () => true) : pixels.indexOf(...place);
      return pixel < 0 ? 0 : image.data[pixel]!;
    });
    return Uint8Array.from(inside);
  });
  if (weights.some((w) => w === undefined || w.some((x) => x === 1))) return weights;
  return images.map((image, i) => weights[i]!.map(() => (image!.data.some((x) => x === 1) ? 1 : 0)));
}

/** What `make` says of the middle (lon, lat) of each pixel of `geom`, in the frame of `target`; of a region, which may have no place, of null. */
function placesIn<T>(geom: Geom, target: Pixels, make: (place: readonly [number, number] | null) => T): T[] {
  if (geom.kind === "region") return [make(null)];
  const { frame } = pixelsOf(geom);
  const { lon, lat } = pixelCenters(geom);
  const out = new Float64Array(2);
  return Array.from(lon, (x, i) => {
    convertFrame(x, lat[i]!, frame, target.frame, out);
    return make([out[0]!, out[1]!]);
  });
}
