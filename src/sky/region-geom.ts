/** Regions on geometries: masks, weights, and geometries of one spatial bin that is a region. */
import { SpecError } from "../errors.js";
import { nBins } from "./axis.js";
import { toFrame } from "./frames.js";
import { cutout, upsampleGeom } from "./geom.js";
import { determinant, lineDistances, stepLengths } from "./linear.js";
import type { PixelRegion } from "./pixel-regions.js";
import { meanPosition, regionCenter, regionToPixels, tangentWcs } from "./regions.js";
import type { MapAxis, MaskMap, Region, RegionGeom, SkyPosition, WcsGeom } from "./types.js";
import { makeProjector } from "./wcs.js";

const RAD = Math.PI / 180;

/** 1 for the pixels whose centre is inside any of the regions, [ny, nx]. A point marks the pixels that share its bilinear weight. */
export function regionImage(geom: WcsGeom, regions: readonly Region[]): Uint8Array {
  const [nx, ny] = geom.npix;
  const image = new Uint8Array(nx * ny);
  for (const region of regions) {
    const pixels = regionToPixels(region, geom.wcs) ?? pointFootprint(geom, regionCenter(region));
    const [xmin, xmax, ymin, ymax] = pixels.extent;
    const i0 = Math.max(0, Math.floor(xmin));
    const i1 = Math.min(nx - 1, Math.ceil(xmax));
    const j1 = Math.min(ny - 1, Math.ceil(ymax));
    for (let j = Math.max(0, Math.floor(ymin)); j <= j1; j++) {
      for (let i = i0; i <= i1; i++) if (pixels.contains(i, j)) image[j * nx + i] = 1;
    }
  }
  return image;
}

function pointFootprint(geom: WcsGeom, position: SkyPosition): PixelRegion {
  const out = new Float64Array(2);
  const { lon, lat } = toFrame(position, geom.wcs.frame);
  makeProjector(geom.wcs).skyToPix(lon, lat, out);
  const [x0, y0] = [out[0]!, out[1]!];
  const contains = (x: number, y: number) => Math.abs(x - x0) < 1 && Math.abs(y - y0) < 1;
  return { x: x0, y: y0, contains, extent: [x0 - 1, x0 + 1, y0 - 1, y0 + 1], area: 0 };
}

/**
 * A mask `[axes reversed, ny, nx]` that is 1 in the pixels whose centre is inside any of the regions (see {@link regionImage}), in all bins of the other axes; with
 * `inside` false it is 1 outside, as exclusion masks are. Gammapy's Geom.region_mask.
 */
export function regionMask(geom: WcsGeom, regions: readonly Region[], inside = true): MaskMap {
  const image = regionImage(geom, regions);
  const data = new Uint8Array(geom.axes.reduce((n, axis) => n * nBins(axis), image.length));
  for (let k = 0; k < data.length; k++) data[k] = (image[k % image.length] === 1) === inside ? 1 : 0;
  return { geom, data };
}

/** The share of each pixel inside the regions, [ny, nx], 0 to 1: of `factor` x `factor` sub-pixels those whose centre is inside. Gammapy's Geom.region_weights. */
export function regionWeights(geom: WcsGeom, regions: readonly Region[], factor = 10): Float64Array {
  const [nx, ny] = geom.npix;
  const fine = regionImage(upsampleGeom({ ...geom, axes: [] }, factor), regions);
  const weights = new Float64Array(nx * ny);
  for (let k = 0; k < fine.length; k++) {
    if (fine[k] === 0) continue;
    const i = Math.floor((k % (nx * factor)) / factor);
    const j = Math.floor(k / (nx * factor * factor));
    weights[j * nx + i]! += 1;
  }
  for (let k = 0; k < weights.length; k++) weights[k]! /= factor * factor;
  return weights;
}

/** The smallest whole-pixel rectangle around shapes: columns [x0, x1), rows [y0, y1). */
function boundingBox(shapes: readonly PixelRegion[]): { x0: number; x1: number; y0: number; y1: number } {
  return {
    x0: Math.min(...shapes.map((s) => Math.floor(s.extent[0] + 0.5))),
    x1: Math.max(...shapes.map((s) => Math.ceil(s.extent[1] + 0.5))),
    y0: Math.min(...shapes.map((s) => Math.floor(s.extent[2] + 0.5))),
    y1: Math.max(...shapes.map((s) => Math.ceil(s.extent[3] + 0.5))),
  };
}

/**
 * One spatial bin: the union of `regions`, measured on a tangential WCS of `binsz` [deg] around their (mean) centre,
 * as large as their bounding box in pixels. Without regions the bin has no place on the sky.
 */
export function regionGeom(
  regions: readonly Region[],
  options: { readonly axes?: readonly MapAxis[]; readonly binsz?: number } = {},
): RegionGeom {
  const { axes = [], binsz = 0.1 } = options;
  if (regions.length === 0) return { kind: "region", regions, wcs: null, axes };
  const center = meanPosition(regions.map(regionCenter));
  // The box depends on how the pixels lie: as in Gammapy it is taken with the centre on a corner of four pixels.
  const wide = [Math.round(360 / binsz), Math.round(180 / binsz)] as const;
  const shapes = pixelShapes(regions, tangentWcs(center, binsz, wide));
  const box = shapes.length > 0 ? boundingBox(shapes) : { x0: 0, x1: 1, y0: 0, y1: 1 };
  return { kind: "region", regions, wcs: tangentWcs(center, binsz, [box.x1 - box.x0, box.y1 - box.y0]), axes };
}

function pixelShapes(regions: readonly Region[], wcs: WcsGeom["wcs"]): PixelRegion[] {
  return regions.map((region) => regionToPixels(region, wcs)).filter((s) => s !== null);
}

function placed(geom: RegionGeom): WcsGeom["wcs"] {
  if (geom.wcs === null) {
    throw new SpecError("This region geometry has no region, so no place on the sky; give it one to measure it");
  }
  return geom.wcs;
}

/** Centre of the pixel bounding box of the regions, and its width and height [deg]. */
export function regionBox(geom: RegionGeom): { center: SkyPosition; width: [number, number] } {
  const wcs = placed(geom);
  const shapes = pixelShapes(geom.regions, wcs);
  if (shapes.length === 0) return { center: regionCenter(geom.regions[0]!), width: [0.1, 0.1] };
  const box = boundingBox(shapes);
  const out = new Float64Array(2);
  makeProjector(wcs).pixToSky((box.x0 + box.x1 - 1) / 2, (box.y0 + box.y1 - 1) / 2, out);
  const [sx, sy] = stepLengths(wcs.cd);
  const width: [number, number] = [(box.x1 - box.x0) * sx, (box.y1 - box.y0) * sy];
  return { center: { lon: out[0]!, lat: out[1]!, frame: wcs.frame }, width };
}

/**
 * The pixels of the region's WCS that hold it, or at least `minWidth` [deg] around it.
 * @throws SpecError where the region lies outside of its WCS.
 */
export function regionToWcsGeom(geom: RegionGeom, minWidth = 0): WcsGeom {
  const wcs = placed(geom);
  const box = regionBox(geom);
  const width = [Math.max(box.width[0], minWidth), Math.max(box.width[1], minWidth)] as const;
  // A plane large enough that the cutout is never trimmed; pixels keep their places.
  const margin = Math.ceil(Math.max(...width) / Math.min(...lineDistances(wcs.cd))) + 2;
  const crpix = [wcs.crpix[0] + margin, wcs.crpix[1] + margin] as const;
  const npix = [Math.ceil(2 * crpix[0]), Math.ceil(2 * crpix[1])] as const;
  const plane: WcsGeom = { kind: "wcs", wcs: { ...wcs, crpix }, npix, axes: geom.axes };
  const cut = cutout(plane, box.center, width);
  if (cut === null) throw new SpecError("The region lies outside its own WCS; give it another one");
  return cut.geom;
}

/** Solid angle of the regions [sr]: area in pixels times that of a pixel at the centre; of several regions by counting sub-pixels of a tenth. */
export function regionSolidAngle(geom: RegionGeom): number {
  const wcs = placed(geom);
  const pixel = Math.abs(determinant(wcs.cd)) * RAD * RAD;
  if (geom.regions.length === 1) return (regionToPixels(geom.regions[0]!, wcs)?.area ?? 0) * pixel;
  const weights = regionWeights(regionToWcsGeom(geom), geom.regions);
  return weights.reduce((sum, w) => sum + w, 0) * pixel;
}
