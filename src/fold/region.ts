/** What a spectrum sees of a source: the share of its events that land in the regions that were counted. */
import type { BinnedDataset, MapDataset } from "../datasets/types.js";
import { UnsupportedError } from "../errors.js";
import { containmentInCircle } from "../irf/circle.js";
import { psfProfileAt } from "../irf/psf.js";
import type { SkyModel } from "../models/types.js";
import { axisCenters, axisEdges, nBins } from "../sky/axis.js";
import { separation, toFrame } from "../sky/frames.js";
import { withAxes } from "../sky/geom.js";
import { nPix } from "../sky/pixels.js";
import { regionBox, regionGeom, regionSolidAngle, regionToWcsGeom, regionWeights } from "../sky/region-geom.js";
import { regionContains } from "../sky/regions.js";
import type { Region, RegionGeom, WcsGeom } from "../sky/types.js";
import { bindSubmodel, refuseMapOfFlux, shapeOf } from "./bind.js";
import { frozenTemplate } from "./frozen.js";
import { createResponses, type Response } from "./response.js";
import { positionOf, type Shape } from "./shape.js";
import type { Template } from "./template.js";
import type { FoldContext } from "./types.js";

/** By true-energy bin; undefined: all of them. */
export interface SpectrumShares {
  readonly shares: Float64Array | undefined;
  readonly warnings: readonly string[];
}

/**
 * The share of the events in the region. With a psf it is what the psf brings in; without one the exposure holds the losses from a source inside already, so a
 * point counts in full or not at all, and of an extended source what lies inside. A bin without a region sees everything.
 */
export function spectrumShares(
  dataset: BinnedDataset,
  model: SkyModel,
  response: Response,
  usePsf: boolean,
  context: FoldContext,
): SpectrumShares {
  const { geom } = response;
  refuseMapOfFlux(dataset.name, model, context);
  if (geom.kind !== "region" || model.spatial === undefined || geom.regions.length === 0) {
    return { shares: undefined, warnings: [] };
  }
  const { p, free } = bindSubmodel(model, "spatial", model.spatial, context);
  const shape = shapeOf(model, model.spatial, context);
  const instrument = usePsf ? dataset : { ...dataset, psf: undefined };
  const where = `model "${model.name}" on dataset "${dataset.name}"`;
  const shares = response
    .arrays("shares of sources in regions")
    .get([...shape.key, ...p, usePsf], () => sharesOf(instrument, shape, p, geom, response, where));
  return { shares, warnings: warningsOf(dataset, model, shares, free.length > 0) };
}

function warningsOf(dataset: BinnedDataset, model: SkyModel, shares: Float64Array, isFree: boolean): string[] {
  if (shares.every((x) => x === 0)) {
    return [`source "${model.name}" lies outside the region of dataset "${dataset.name}" and adds nothing`];
  }
  if (!isFree || shares.every((x) => x === 1)) return [];
  return [
    `dataset "${dataset.name}" sees a part of source "${model.name}" alone, and keeps to that of its place and extent at the start of the fit, though these are free`,
  ];
}

/** By true-energy bin, 0 to 1. */
function sharesOf(
  dataset: BinnedDataset,
  shape: Shape,
  p: Float64Array,
  { regions }: RegionGeom,
  response: Response,
  where: string,
): Float64Array {
  const psf = dataset.psf?.map;
  const n = nBins(response.energyTrue);
  const position = positionOf(shape, p);
  const isPoint = shape.declaration.point === true && position !== null;
  if (regions.some((region) => region.shape === "point")) {
    if (psf === undefined) return new Float64Array(n).fill(1);
    throw new UnsupportedError(
      `${where}: found a psf and a region that is a point, expected one with an area, which holds a share of the events; give the spectrum its region, or remove the psf and correct the exposure for containment`,
    );
  }
  if (!isPoint) return sharesOnPixels(dataset, shape, p, regions, response);
  if (psf === undefined) return new Float64Array(n).fill(regions.some((r) => regionContains(r, position)) ? 1 : 0);
  const [region] = regions;
  if (regions.length > 1 || region?.shape !== "circle") return sharesOnPixels(dataset, shape, p, regions, response);
  const profile = psfProfileAt(psf, null, `dataset "${dataset.name}" psf`);
  const { lon, lat } = toFrame(position, region.center.frame);
  const distance = separation(region.center.lon, region.center.lat, lon, lat);
  return axisCenters(response.energyTrue).map((e) => containmentInCircle(profile, e, region.radius, distance));
}

/** Pixels across the radius of a circle of the regions' area, and at most across all of them and the psf on either side. */
const PIXELS = 20;
const MAX_PIXELS = 300;
/** Across a pixel, to see which part of it the regions hold. */
const SUB_PIXELS = 20;

/** The same for any shape and regions: folded on an image of the regions with an exposure of one, and summed over them. */
function sharesOnPixels(
  dataset: BinnedDataset,
  shape: Shape,
  p: Float64Array,
  regions: readonly Region[],
  { exposure, energy, energyTrue }: Response,
): Float64Array {
  const rad = dataset.psf?.map.geom.axes[0];
  const plane = planeOf(regions, rad === undefined ? 0 : axisEdges(rad).at(-1)!);
  const n = nPix(plane);
  // energies that are not seen may have no psf
  const ones = Float64Array.from({ length: n * exposure.length }, (_, k) => (exposure[Math.floor(k / n)]! > 0 ? 1 : 0));
  const image: MapDataset = {
    type: "MapDataset",
    name: dataset.name,
    counts: { geom: withAxes(plane, [energy]), unit: "", data: new Float64Array(n * nBins(energy)) },
    exposure: { geom: withAxes(plane, [energyTrue]), unit: "cm2 s", data: ones },
    ...(dataset.psf && { psf: dataset.psf }),
  };
  const response = createResponses({ immutable: true }).of(image);
  const template = frozenTemplate(shape, p, plane, response, true, []);
  const weights = regionWeights(plane, regions, SUB_PIXELS);
  return Float64Array.from(exposure, (_, t) => weightedSum(template, t, weights, plane.npix[0]));
}

function planeOf(regions: readonly Region[], psfRadius: number): WcsGeom {
  const geom = regionGeom(regions);
  const radius = (Math.sqrt(regionSolidAngle(geom) / Math.PI) * 180) / Math.PI;
  const binsz = Math.max(radius / PIXELS, (Math.max(...regionBox(geom).width) + 2 * psfRadius) / MAX_PIXELS);
  return regionToWcsGeom(regionGeom(regions, { binsz }));
}

/** Image t of a template times weights on the map, summed. */
function weightedSum({ x0, y0, nx, ny, data }: Template, t: number, weights: Float64Array, width: number): number {
  let sum = 0;
  for (let k = 0; k < weights.length; k++) {
    if (weights[k] === 0) continue;
    const x = (k % width) - x0;
    const y = Math.floor(k / width) - y0;
    if (x >= 0 && y >= 0 && x < nx && y < ny) sum += weights[k]! * data[(t * ny + y) * nx + x]!;
  }
  return sum;
}
