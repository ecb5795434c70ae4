/** What a spectrum sees of a source: the share of its events that land in the regions that were counted. */
import type { BinnedDataset, MapDataset } from "../datasets/types.js";
import { UnsupportedError } from "../errors.js";
import { containmentInCircle } from "../irf/circle.js";
import { isRecoPsf, psfProfileAt } from "../irf/psf.js";
import type { SkyModel } from "../models/types.js";
import { axisCenters, axisEdges, nBins } from "../sky/axis.js";
import { separation, toFrame } from "../sky/frames.js";
import { withAxes } from "../sky/geom.js";
import { nPix } from "../sky/pixels.js";
import { regionBox, regionGeom, regionSolidAngle, regionToWcsGeom, regionWeights } from "../sky/region-geom.js";
import { regionContains } from "../sky/regions.js";
import type { Region, RegionGeom, WcsGeom } from "../sky/types.js";
import { bindSubmodel, refuseMapOfFlux, shapeOf } from "./bind.js";
import { differencesVector } from "./flux/differences.js";
import { frozenTemplate } from "./frozen.js";
import { createResponses, type Response } from "./response.js";
import { positionOf, type Shape } from "./shape.js";
import type { Template } from "./template.js";
import type { CalibratedSpectrum, FoldContext } from "./types.js";

/** By true-energy bin; undefined: all of them. */
export interface SpectrumShares {
  /** What they are at the start, or for good. */
  readonly shares: Float64Array | undefined;
  /** The same as a function of free place and extent, which has parameters of its own. */
  readonly moving?: CalibratedSpectrum;
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
  const { p, free, parameters } = bindSubmodel(model, "spatial", model.spatial, context);
  const shape = shapeOf(model, model.spatial, context);
  const instrument = usePsf ? dataset : { ...dataset, psf: undefined };
  const where = `model "${model.name}" on dataset "${dataset.name}"`;
  const sharesAt = sharesOf(instrument, shape, geom, response, where);
  const shares = response
    .arrays("shares of sources in regions")
    .get([...shape.key, ...p, usePsf], () => sharesAt.at(p));
  if (free.length === 0) return { shares, warnings: warningsOf(dataset, model, shares, "still") };
  if (!sharesAt.isSmooth) return { shares, warnings: warningsOf(dataset, model, shares, "stepwise") };
  const vector = differencesVector(sharesAt.at, p, free, stepsOf(shape, p, radiusOfRegions(geom.regions)));
  return { shares, moving: { vector, parameters }, warnings: warningsOf(dataset, model, shares, "moving") };
}

function warningsOf(
  dataset: BinnedDataset,
  model: SkyModel,
  shares: Float64Array,
  kind: "still" | "stepwise" | "moving",
): string[] {
  if (kind === "stepwise") {
    return [
      `dataset "${dataset.name}" has no psf, so source "${model.name}" counts there in full or not at all, by its place at the start of the fit: the place is free, and this dataset does not measure it`,
    ];
  }
  if (shares.some((x) => x !== 0)) return [];
  const start = kind === "moving" ? " at the start of the fit" : "";
  return [`source "${model.name}" lies outside the region of dataset "${dataset.name}"${start} and adds nothing`];
}

/** Shares by true-energy bin, 0 to 1, as a function of the parameters of a shape. */
interface SharesAt {
  at(p: Float64Array): Float64Array;
  /** Whether they change with the place other than in steps. */
  readonly isSmooth: boolean;
}

function sharesOf(
  dataset: BinnedDataset,
  shape: Shape,
  { regions }: RegionGeom,
  response: Response,
  where: string,
): SharesAt {
  const psf = dataset.psf?.map;
  if (psf !== undefined && isRecoPsf(psf)) {
    throw new UnsupportedError(
      `${where}: found a psf in reconstructed energy (axis "energy"), expected one by energy_true, which says what share of a source the region of a spectrum holds; fit the map, or give the psf by energy_true`,
    );
  }
  const n = nBins(response.energyTrue);
  const isPoint = shape.declaration.point === true && shape.lon >= 0;
  if (regions.some((region) => region.shape === "point")) {
    if (psf === undefined) return { at: () => new Float64Array(n).fill(1), isSmooth: false };
    throw new UnsupportedError(
      `${where}: found a psf and a region that is a point, expected one with an area, which holds a share of the events; give the spectrum its region, or remove the psf and correct the exposure for containment`,
    );
  }
  // a region is one pixel
  if (shape.declaration.perPixel === true) return { at: () => new Float64Array(n).fill(1), isSmooth: true };
  if (!isPoint) return { at: sharesOnPixels(dataset, shape, regions, response), isSmooth: true };
  if (psf === undefined) {
    const isInside = (p: Float64Array) => regions.some((r) => regionContains(r, positionOf(shape, p)!));
    return { at: (p) => new Float64Array(n).fill(isInside(p) ? 1 : 0), isSmooth: false };
  }
  const [region] = regions;
  if (regions.length > 1 || region?.shape !== "circle") {
    return { at: sharesOnPixels(dataset, shape, regions, response), isSmooth: true };
  }
  const profile = psfProfileAt(psf, null, `dataset "${dataset.name}" psf`);
  const energies = axisCenters(response.energyTrue);
  const at = (p: Float64Array) => {
    const { lon, lat } = toFrame(positionOf(shape, p)!, region.center.frame);
    const distance = separation(region.center.lon, region.center.lat, lon, lat);
    return energies.map((e) => containmentInCircle(profile, e, region.radius, distance));
  };
  return { at, isSmooth: true };
}

/** Pixels across the radius of a circle of the regions' area, and at most across all of them and the psf on either side. */
const PIXELS = 20;
const MAX_PIXELS = 300;
/** Across a pixel, to see which part of it the regions hold. */
const SUB_PIXELS = 20;
/** Step of a length by which shares are differentiated, in pixels; and of what has no length. */
const STEP = 1;
const STEP_OF_NUMBERS = 0.02;

/** Steps for differences by each parameter [n]: a pixel on the sky, and at most a third of the way to the edge of what is allowed. */
function stepsOf({ declaration, lon, lat }: Shape, p: Float64Array, radius: number): Float64Array {
  return Float64Array.from(Object.values(declaration.parameters), ({ unit, min, max }, i) => {
    const length = (STEP * radius) / PIXELS;
    if (i === lon) return length / Math.max(Math.cos((p[lat]! * Math.PI) / 180), 1e-3);
    if (i === lat) return length;
    const room = Math.min(p[i]! - (min ?? Number.NEGATIVE_INFINITY), (max ?? Number.POSITIVE_INFINITY) - p[i]!);
    return Math.min(unit === "deg" ? length : STEP_OF_NUMBERS, room > 0 ? room / 3 : Number.POSITIVE_INFINITY);
  });
}

/** The same for any shape and regions: folded on an image of the regions with an exposure of one, and summed over them. */
function sharesOnPixels(
  dataset: BinnedDataset,
  shape: Shape,
  regions: readonly Region[],
  { exposure, energy, energyTrue }: Response,
): (p: Float64Array) => Float64Array {
  const rad = dataset.psf?.map.geom.axes[0];
  const plane = planeOf(regions, rad === undefined ? 0 : axisEdges(rad).at(-1)!);
  const n = nPix(plane);
  // energies that are not seen may have no psf
  const ones = () =>
    Float64Array.from({ length: n * exposure.length }, (_, k) => (exposure[Math.floor(k / n)]! > 0 ? 1 : 0));
  const make = () => {
    const image: MapDataset = {
      type: "MapDataset",
      name: dataset.name,
      counts: { geom: withAxes(plane, [energy]), unit: "", data: new Float64Array(n * nBins(energy)) },
      exposure: { geom: withAxes(plane, [energyTrue]), unit: "cm2 s", data: ones() },
      ...(dataset.psf && { psf: dataset.psf }),
    };
    return {
      response: createResponses({ immutable: true }).of(image),
      weights: regionWeights(plane, regions, SUB_PIXELS),
    };
  };
  let made: ReturnType<typeof make> | undefined;
  return (p) => {
    made ??= make();
    const { response, weights } = made;
    const template = frozenTemplate(shape, p, plane, response, true, []);
    return Float64Array.from(exposure, (_, t) => weightedSum(template, t, weights, plane.npix[0]));
  };
}

/** Of a circle of the regions' area, deg. */
const radiusOfRegions = (regions: readonly Region[]): number =>
  (Math.sqrt(regionSolidAngle(regionGeom(regions)) / Math.PI) * 180) / Math.PI;

function planeOf(regions: readonly Region[], psfRadius: number): WcsGeom {
  const geom = regionGeom(regions);
  const radius = radiusOfRegions(regions);
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
