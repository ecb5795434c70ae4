/** One observation reduced to maps. */
import type { MapDataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import { livetimeOf, pointingOf, sayEventsOutside } from "../events/observations.js";
import type { Observation } from "../events/types.js";
import { dispersionKernels } from "../irf/tables/edisp.js";
import { requireMemory, withMemory } from "../memory.js";
import { axisFromBounds, nBins } from "../sky/axis.js";
import { squashAxis } from "../sky/axis-groups.js";
import { toFrame } from "../sky/frames.js";
import { centerPosition, cutout, pixelScales, wcsGeom } from "../sky/geom.js";
import { nPix, pixelsOf } from "../sky/pixels.js";
import type { Geom, MapAxis, MaskMap, SkyMap, SkyPosition, WcsGeom } from "../sky/types.js";
import { backgroundCounts, defaultOversampling } from "./background.js";
import { countsMap } from "./counts.js";
import { type PixelDirections, type Places, pixelDirections, placesIn, windowDirections } from "./places.js";
import { dispersionKernelMap, exposureMap, migrationMap, needed, psfMap } from "./responses.js";
import { energyMask, type SafeMaskRule, type SpectraAt, safeEnergies, validBackground } from "./safe-mask.js";
import { defaultEnergyTrue } from "./spectrum.js";

/** How maps are made. Energies in TeV, angles in deg. */
export interface MapOptions {
  /** Pixels of counts, background and exposure, without axes. */
  readonly geom: WcsGeom;
  /** Reconstructed energy. */
  readonly energy: MapAxis;
  /** Default: 20 bins a decade, from a third of the lowest to three times the highest energy. */
  readonly energyTrue?: MapAxis;
  /** Size of the pixels of psf and energy dispersion, deg; default 0.2. */
  readonly binszIrf?: number;
  /** Default: 66 bins of 0.01 deg. */
  readonly rad?: MapAxis;
  /** Energy dispersion as a density over this axis of migra; absent: as probabilities of the energy bins. */
  readonly migra?: MapAxis;
  /** Keep pixels within this distance of the pointing, deg: the map is cut around it. Default: all pixels. */
  readonly offsetMax?: number;
  readonly safeMask?: readonly SafeMaskRule[];
  /** Parts of each energy bin in which the background response is integrated; 1: as Gammapy does. Default: `defaultOversampling`. */
  readonly oversampling?: number;
  readonly name?: string;
  /** Memory that one observation may take, bytes; default: no limit. */
  readonly maxBytes?: number | undefined;
  readonly onNote?: ((note: string) => void) | undefined;
}

const radAxis = (): MapAxis => axisFromBounds(0, 0.66, 66, { name: "rad", unit: "deg" });

/** Counts, exposure, background, psf and energy dispersion of an observation; undefined where the map has no pixel within `offsetMax` of its pointing. */
export const reduceMap = (observation: Observation, options: MapOptions): MapDataset | undefined =>
  createMapReducer(options)(observation);

/**
 * {@link reduceMap} of many observations, for which the directions of the pixels are worked out once.
 * @throws UnsupportedError where the maps would take more memory than `maxBytes`, or than the machine has.
 */
export function createMapReducer(options: MapOptions): (observation: Observation) => MapDataset | undefined {
  const whole: WcsGeom = { ...options.geom, axes: [] };
  const needs = () => mapMemory(options, whole);
  requireMemory("maps of events", needs(), options.maxBytes);
  return withMemory("maps of events", needs, () => reducerOf(options, whole));
}

/** What the maps of one observation take at most, those of a cut being smaller. */
function mapMemory(
  { energy, energyTrue = defaultEnergyTrue(energy), rad, migra, binszIrf = 0.2 }: MapOptions,
  whole: WcsGeom,
) {
  const [n, nIrf] = [whole, coarse(whole, binszIrf)].map(nPix) as [number, number];
  const [nReco, nTrue] = [nBins(energy), nBins(energyTrue)];
  const array = (what: string, numbers: number) => ({ what, bytes: 8 * numbers });
  return [
    array("directions and solid angles of the pixels", 8 * n),
    array("counts and background", 3 * n * nReco),
    array("exposure", 2 * n * nTrue),
    array("psf", 2 * nIrf * nTrue * (rad === undefined ? 66 : nBins(rad))),
    array("energy dispersion", 2 * nIrf * nTrue * (migra === undefined ? Math.max(nReco, 160) : nBins(migra))),
  ];
}

function reducerOf(options: MapOptions, whole: WcsGeom): (observation: Observation) => MapDataset | undefined {
  // The pixels of psf and energy dispersion are those of the whole map, so that observations can be stacked.
  const [fine, irf] = [
    pixelsOfField(whole, options.offsetMax),
    pixelsOfField(coarse(whole, options.binszIrf ?? 0.2), options.offsetMax),
  ];
  return (observation) => {
    const pointing = pointingOf(observation);
    const [pixels, irfPixels] = [fine(pointing), irf(pointing)];
    if (pixels === undefined || irfPixels === undefined) return undefined;
    return made(observation, placesIn(pixels, observation), placesIn(irfPixels, observation), options);
  };
}

/** The pixels of a map within twice the largest offset along rows and columns of a pointing. */
function pixelsOfField(
  geom: WcsGeom,
  offsetMax: number | undefined,
): (pointing: SkyPosition) => PixelDirections | undefined {
  const whole = pixelDirections(geom);
  return (pointing) => {
    if (offsetMax === undefined) return whole;
    const cut = cutout(geom, pointing, 2 * offsetMax);
    if (cut === null) return undefined;
    const isWhole = cut.geom.npix.every((n, k) => n === geom.npix[k]);
    return isWhole ? whole : windowDirections(whole, geom.npix[0], cut.geom, cut.window);
  };
}

function made(observation: Observation, places: Places, irfPlaces: Places, options: MapOptions): MapDataset {
  const {
    energy,
    energyTrue = defaultEnergyTrue(energy),
    offsetMax,
    rad = radAxis(),
    migra,
    safeMask = [],
    name = observation.id,
  } = options;
  const [geom, irfGeom] = [places.geom, irfPlaces.geom];
  sayEventsOutside(observation, options.onNote);
  const counts = countsMap(observation.events, geom, energy);
  const exposure = exposureMap(observation, places, energyTrue);
  const background =
    observation.irfs.background &&
    backgroundCounts(observation, places, energy, options.oversampling ?? defaultOversampling(observation, energy));
  const weights = exposureMap(observation, irfPlaces, energyTrue);
  const on = (axis: MapAxis): SkyMap => ({ ...weights, geom: { ...irfGeom, axes: [squashAxis(axis), energyTrue] } });
  const kernel =
    migra === undefined
      ? dispersionKernelMap(observation, irfPlaces, energyTrue, energy)
      : migrationMap(observation, irfPlaces, energyTrue, migra);
  const rules =
    offsetMax === undefined ? safeMask : [...safeMask, { method: "offset-max" as const, offset: offsetMax }];
  return {
    type: "MapDataset",
    name,
    counts,
    exposure,
    ...(background && { background }),
    edisp: { map: kernel, exposure: on(migra ?? energy) },
    ...(observation.irfs.psf && { psf: { map: psfMap(observation, irfPlaces, energyTrue, rad), exposure: on(rad) } }),
    maskSafe: mapSafeMask(observation, rules, {
      counts,
      exposure,
      background,
      irfPlaces,
      energyTrue,
      energy,
      offsets: places.offset,
      onNote: options.onNote,
    }),
    gti: observation.gti,
    livetime: livetimeOf(observation),
  };
}

/** The same field with pixels of another size. */
function coarse(geom: WcsGeom, binsz: number): WcsGeom {
  const [sx, sy] = pixelScales(geom);
  const { projection, frame } = geom.wcs;
  return wcsGeom({
    center: centerPosition(geom),
    binsz,
    width: [geom.npix[0] * sx, geom.npix[1] * sy],
    proj: projection,
    frame,
  });
}

interface Made {
  readonly counts: SkyMap;
  readonly exposure: SkyMap;
  readonly background: SkyMap | undefined;
  readonly irfPlaces: Places;
  readonly energyTrue: MapAxis;
  readonly energy: MapAxis;
  readonly offsets: Float64Array;
  readonly onNote: MapOptions["onNote"];
}

/** 1 where all rules hold and the background, if there is one, is finite and above 0. */
function mapSafeMask(observation: Observation, rules: readonly SafeMaskRule[], made: Made): MaskMap {
  const { counts, background, energy, offsets } = made;
  const n = nPix(counts.geom);
  const data = background ? validBackground(background) : new Uint8Array(counts.data.length).fill(1);
  for (const rule of rules) {
    if (rule.method === "offset-max") {
      for (let k = 0; k < data.length; k++) if (!(offsets[k % n]! < rule.offset)) data[k] = 0;
    } else {
      const bins = energyMask(energy, safeEnergies(rule, observation, spectraOf(observation, made), made.onNote));
      for (let k = 0; k < data.length; k++) data[k]! &= bins[Math.floor(k / n)]!;
    }
  }
  return { geom: counts.geom, data };
}

function spectraOf(
  observation: Observation,
  { counts, exposure, background, irfPlaces, energyTrue, energy }: Made,
): SpectraAt {
  const n = nPix(counts.geom);
  return {
    exposure: (position) => spectrumAt(exposure, position),
    kernel: (position) => {
      const offset = irfPlaces.offset[pixelAt(irfPlaces.geom, position)]!;
      return dispersionKernels(needed(observation, "edisp"), energyTrue, energy, [offset]);
    },
    background:
      background &&
      Float64Array.from({ length: nBins(energy) }, (_, e) =>
        background.data.subarray(e * n, (e + 1) * n).reduce((a, b) => a + b, 0),
      ),
    middle: centerPosition(counts.geom as WcsGeom),
    energyTrue,
    energy,
  };
}

/** All values of a map in the pixel at a position. */
function spectrumAt({ geom, data }: SkyMap, position: SkyPosition): Float64Array {
  const pixel = pixelAt(geom, position);
  const n = nPix(geom);
  return Float64Array.from({ length: data.length / n }, (_, k) => data[k * n + pixel]!);
}

function pixelAt(geom: Geom, position: SkyPosition): number {
  const pixels = pixelsOf(geom);
  const { lon, lat } = toFrame(position, pixels.frame);
  const pixel = pixels.indexOf(lon, lat);
  if (pixel >= 0) return pixel;
  throw new SpecError({
    where: "safe mask",
    found: `a position outside of the map (lon ${lon}, lat ${lat})`,
    expected: "one on it",
  });
}
