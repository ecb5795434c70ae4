/** The spectrum of a region of a map. */
import { SpecError, UnsupportedError } from "../errors.js";
import { toFrame } from "../sky/frames.js";
import { pixelScales } from "../sky/geom.js";
import { imageGeom, nPix, pixelsOf } from "../sky/pixels.js";
import { regionGeom, regionImage } from "../sky/region-geom.js";
import { sumInRegion } from "../sky/region-map.js";
import { meanPosition, regionCenter } from "../sky/regions.js";
import type { MaskMap, Region, RegionGeom, SkyMap, SkyPosition, WcsGeom } from "../sky/types.js";
import { isOnOff } from "./facets.js";
import type { EDisp, MapDataset, OnOffDataset, Psf } from "./types.js";

/** Options of `toSpectrum`. */
export interface ToSpectrumOptions {
  /** Of the spectrum; default: that of the map. */
  readonly name?: string;
}

/**
 * The counts and the background of a map in the union of regions, where its mask_safe allows, with the mean exposure there and psf and energy dispersion at the centre. A source is seen by the share of
 * its events that the psf brings into the regions (Gammapy's to_spectrum_dataset drops the psf, and corrects the exposure for a source at the centre where it is told to).
 * @throws SpecError where a region is a point, holds no pixel's middle, leaves the map, or the masks differ within it.
 * @throws UnsupportedError where the data are no image.
 */
export function toSpectrum(
  dataset: MapDataset | OnOffDataset,
  regions: readonly Region[],
  options: ToSpectrumOptions = {},
): MapDataset | OnOffDataset {
  const { counts, exposure, edisp, psf, maskSafe, maskFit, gti, meta, livetime } = dataset;
  const where = `dataset "${dataset.name}"`;
  if (counts === undefined) throw new SpecError(`toSpectrum: ${where} has no counts, expected a map of counts`);
  const geom = imageGeom(counts.geom, `toSpectrum: ${where}`);
  if (regions.some(({ shape }) => shape === "point")) {
    throw new SpecError(`toSpectrum: ${where}: found a region that is a point, expected one with an area`);
  }
  const image = regionImage(geom, regions);
  const inside = indicesOf(image);
  if (inside.length === 0)
    throw new SpecError(`toSpectrum: ${where}: no pixel has its middle in the regions; make them larger`);
  checkContained(geom, regions, image, where);
  const place = regionGeom(regions, { binsz: Math.min(...pixelScales(geom)) });
  const center = meanPosition(regions.map(regionCenter));
  const summed = (map: SkyMap) => sumInRegion(map, regions, maskSafe && { weights: maskSafe });
  const shared = {
    name: options.name ?? dataset.name,
    counts: summed(counts),
    ...(exposure && { exposure: meanAround(exposure, regions, place, center) }),
    ...(edisp && { edisp: atPlace(edisp, center) }),
    ...(psf && { psf: atPlace(psf, center) }),
    ...(maskSafe && { maskSafe: maskOf(maskSafe, place, inside, where, "mask_safe") }),
    ...(maskFit && { maskFit: maskOf(maskFit, place, inside, where, "mask_fit") }),
    ...(gti && { gti }),
    ...(meta && { meta }),
    ...(livetime !== undefined && { livetime }),
  };
  if (!isOnOff(dataset)) {
    const { background } = dataset;
    return { type: "SpectrumDataset", ...shared, ...(background && { background: summed(background) }) };
  }
  const { countsOff, acceptance, acceptanceOff } = dataset;
  const on = scaled(summed(acceptance), 1 / inside.length);
  if (countsOff === undefined || acceptanceOff === undefined) {
    return { type: "SpectrumDatasetOnOff", ...shared, acceptance: on };
  }
  const off = summed(countsOff);
  // the background that the OFF counts stand for stays the same
  const background = {
    ...countsOff,
    data: countsOff.data.map((n, i) => (n === 0 ? 0 : (n * acceptance.data[i]!) / acceptanceOff.data[i]!)),
  };
  const expected = summed(background);
  // without OFF counts the ratio is that of the means
  const mean = summed(acceptanceOff).data.map((x) => x / inside.length);
  const offAcceptance = off.data.map((n, i) =>
    expected.data[i]! > 0 ? (on.data[i]! * n) / expected.data[i]! : mean[i]!,
  );
  return {
    type: "SpectrumDatasetOnOff",
    ...shared,
    acceptance: on,
    countsOff: off,
    acceptanceOff: { ...on, data: offAcceptance },
  };
}

const indicesOf = (image: Uint8Array): number[] => Array.from(image.keys()).filter((i) => image[i] === 1);

/** Refuses regions that reach beyond the image: what they miss there would be missed in silence. */
function checkContained(geom: WcsGeom, regions: readonly Region[], image: Uint8Array, where: string): void {
  const [nx, ny] = geom.npix;
  const { crpix } = geom.wcs;
  const wider: WcsGeom = { ...geom, npix: [nx + 2, ny + 2], wcs: { ...geom.wcs, crpix: [crpix[0] + 1, crpix[1] + 1] } };
  const count = (mask: Uint8Array) => mask.reduce((sum, x) => sum + x, 0);
  if (count(regionImage(wider, regions)) === count(image)) return;
  throw new SpecError(
    `toSpectrum: ${where}: the regions reach beyond the map; make them smaller, or cut them at its border`,
  );
}

const onPlace = (map: SkyMap, place: RegionGeom, data: Float64Array): SkyMap => ({
  ...map,
  geom: { ...place, axes: map.geom.axes },
  data,
});

const scaled = (map: SkyMap, factor: number): SkyMap => ({ ...map, data: map.data.map((x) => x * factor) });

/** The mean over the pixels of a map, whatever they are, in the regions; where none is, the value at the centre. */
function meanAround(map: SkyMap, regions: readonly Region[], place: RegionGeom, center: SkyPosition): SkyMap {
  const { geom } = map;
  const inside = geom.kind === "wcs" ? indicesOf(regionImage({ ...geom, axes: [] }, regions)) : [];
  if (inside.length === 0) return onPlace(map, place, valuesAt(map, center));
  const sum = sumInRegion(map, regions);
  // what has no value is no part of the mean
  const n = sumInRegion({ ...map, data: map.data.map((x) => (Number.isNaN(x) ? x : 1)) }, regions);
  return { ...sum, data: sum.data.map((x, k) => x / n.data[k]!) };
}

/** Values at a position for each bin of the other axes, between the pixels around it; of a map of one place those of that place. */
function valuesAt({ geom, data }: SkyMap, center: SkyPosition): Float64Array {
  const pixels = pixelsOf(geom);
  const n = pixels.nPix;
  const around = { index: new Int32Array(4), weight: new Float64Array(4) };
  const { lon, lat } = toFrame(center, pixels.frame);
  const count = pixels.interpolation(lon, lat, around);
  if (count === 0)
    throw new SpecError(
      "toSpectrum: the centre of the regions lies beyond a map of the instrument; choose regions on it",
    );
  return Float64Array.from({ length: data.length / n }, (_, k) => {
    let sum = 0;
    for (let c = 0; c < count; c++) sum += around.weight[c]! * data[k * n + around.index[c]!]!;
    return sum;
  });
}

/** A map of psf or energy dispersion, with its exposure, at one place; kernels that are the same everywhere stay. */
function atPlace<I extends EDisp | Psf>(irf: I, center: SkyPosition): I {
  if (!irf.map.geom.axes.some(({ name }) => name === "rad" || name === "migra" || name === "energy")) {
    throw new UnsupportedError(
      "toSpectrum: the psf is a kernel of pixels, which a spectrum cannot use; give the map its psf as a function of the distance (rad)",
    );
  }
  const place = regionGeom([{ shape: "point", center }]);
  const cut = (map: SkyMap) => onPlace(map, place, valuesAt(map, center));
  return { ...irf, map: cut(irf.map), ...(irf.exposure && { exposure: cut(irf.exposure) }) };
}

/** A mask that is the same in all pixels of the regions, bin by bin. */
function maskOf(mask: MaskMap, place: RegionGeom, pixels: readonly number[], where: string, name: string): MaskMap {
  const n = nPix(mask.geom);
  const data = Uint8Array.from({ length: mask.data.length / n }, (_, k) => {
    const used = pixels.filter((i) => mask.data[k * n + i] !== 0).length;
    if (used === 0 || used === pixels.length) return used === 0 ? 0 : 1;
    throw new SpecError(
      `toSpectrum: ${where}: ${name} holds ${used} of the ${pixels.length} pixels of the regions in bin ${k + 1} of energy; choose regions in which it is the same everywhere`,
    );
  });
  return { geom: { ...place, axes: mask.geom.axes }, data };
}
