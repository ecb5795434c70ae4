/** One observation reduced to the spectrum of a region. */
import type { MapDataset, OnOffDataset } from "../datasets/types.js";
import { SpecError, UnsupportedError } from "../errors.js";
import { livetimeOf, pointingOf, sayEventsOutside } from "../events/observations.js";
import { eventsInPhases, type PhaseIntervals, phaseWidth } from "../events/phases.js";
import type { Observation } from "../events/types.js";
import { psfContainment } from "../irf/tables/psf.js";
import { axisCenters, axisFromEnergyBounds, nBins } from "../sky/axis.js";
import { squashAxis } from "../sky/axis-groups.js";
import { toFrame } from "../sky/frames.js";
import { regionGeom } from "../sky/region-geom.js";
import { regionCenter } from "../sky/regions.js";
import type { MapAxis, Region, RegionGeom, SkyMap } from "../sky/types.js";
import { backgroundCounts, defaultOversampling } from "./background.js";
import { radiusCounts, regionCounts, shapeCounts } from "./counts.js";
import {
  type OffRegions,
  type ReflectedOptions,
  reflectedRegions,
  type WobbleOptions,
  wobbleRegions,
} from "./off-regions.js";
import { placesOf } from "./places.js";
import { onRadius } from "./rad-max.js";
import { dispersionKernelMap, exposureMap } from "./responses.js";
import { energyMask, type SafeMaskRule, safeEnergies, validBackground } from "./safe-mask.js";
import { distance } from "./turned.js";

/** ON and OFF counts of the region itself, by the phases of a pulsar. */
export interface PhaseOptions {
  readonly method: "phase";
  readonly on: PhaseIntervals;
  readonly off: PhaseIntervals;
  /** Multiply the exposure by the width of the ON phases, for the flux in these; default: the flux is the mean over all phases, as in Gammapy. */
  readonly fluxInPhase?: boolean;
}

/** How a spectrum is made. Energies in TeV, angles in deg. */
export interface SpectrumOptions {
  /** ON region; a point where the responses have a radius for each energy (RAD_MAX). */
  readonly region: Region;
  /** Reconstructed energy. */
  readonly energy: MapAxis;
  /** Default: 20 bins a decade, from a third of the lowest to three times the highest energy. */
  readonly energyTrue?: MapAxis;
  /** Multiply the exposure by the share of a point source's events that the psf brings into the region: for circles and full-enclosure responses. Default: where that can be. */
  readonly containment?: boolean;
  readonly safeMask?: readonly SafeMaskRule[];
  /** Take the background from OFF regions; absent: from the background response. */
  readonly off?: ReflectedOptions | WobbleOptions | PhaseOptions;
  /** Parts of each energy bin in which the background response is integrated; 1: as Gammapy does. Default: `defaultOversampling`. */
  readonly oversampling?: number;
  /** Default: the id of the observation. */
  readonly name?: string;
  readonly onNote?: (note: string) => void;
}

/** The default axis of true energies. */
export function defaultEnergyTrue(energy: MapAxis): MapAxis {
  const [low, high] = [energy.nodes[0]!, energy.nodes.at(-1)!];
  return axisFromEnergyBounds(low / 3, high * 3, 20, { perDecade: true, name: "energy_true" });
}

/** Counts, exposure, energy dispersion and background of a region; with `off`, counts ON and OFF. */
export function reduceSpectrum(observation: Observation, options: SpectrumOptions): MapDataset | OnOffDataset {
  const { region, energy, energyTrue = defaultEnergyTrue(energy), safeMask = [], off, name = observation.id } = options;
  const geom = regionGeom([region]);
  const isPointLike = observation.irfs.aeff?.pointLike === true;
  const places = placesOf(geom, observation);
  sayEventsOutside(observation, options.onNote);
  const counts = onCounts(observation, region, geom, energy, isPointLike);
  const exposure = contained(exposureMap(observation, places, energyTrue), observation, options, isPointLike);
  const kernel = dispersionKernelMap(observation, places, energyTrue, energy);
  const weights = { geom: { ...geom, axes: [squashAxis(energy), energyTrue] }, unit: "cm2 s", data: exposure.data };
  const shared = {
    name,
    counts,
    exposure,
    edisp: { map: kernel, exposure: weights },
    gti: observation.gti,
    livetime: livetimeOf(observation),
  };
  const found = off === undefined || off.method === "phase" ? undefined : offRegions(off, observation, region);
  const background =
    off === undefined
      ? backgroundCounts(observation, places, energy, options.oversampling ?? defaultOversampling(observation, energy))
      : undefined;
  const safe = background === undefined ? new Uint8Array(nBins(energy)).fill(1) : validBackground(background);
  const at = {
    exposure: () => exposure.data,
    kernel: () => kernel.data,
    background: background?.data,
    middle: regionCenter(region),
    energyTrue,
    energy,
  };
  for (const rule of safeMask) {
    const bins =
      rule.method === "offset-max"
        ? new Uint8Array(nBins(energy)).fill(
            distance(regionCenter(region), pointingOf(observation)) < rule.offset ? 1 : 0,
          )
        : energyMask(energy, safeEnergies(rule, observation, at, options.onNote));
    for (let k = 0; k < safe.length; k++) safe[k]! &= bins[k]!;
  }
  const maskSafe = { geom: counts.geom, data: safe };
  if (off?.method === "phase") return withPhase(observation, { ...shared, maskSafe }, off, options, isPointLike);
  if (found === undefined) return { type: "SpectrumDataset", ...shared, background: background!, maskSafe };
  return withOff(observation, { ...shared, maskSafe }, found, options, isPointLike);
}

function onCounts(
  observation: Observation,
  region: Region,
  geom: RegionGeom,
  energy: MapAxis,
  isPointLike: boolean,
): SkyMap {
  const radius = onRadius(observation, region, isPointLike);
  if (radius === undefined) return regionCounts(observation.events, region, geom, energy);
  return radiusCounts(observation.events, [regionCenter(region)], radius, geom, energy);
}

function contained(exposure: SkyMap, observation: Observation, options: SpectrumOptions, isPointLike: boolean): SkyMap {
  const { region, containment, onNote } = options;
  const { psf } = observation.irfs;
  const can = region.shape === "circle" && psf !== undefined && !isPointLike;
  if (containment === true && !can) {
    throw new SpecError({
      where: `observation ${observation.id}: containment`,
      found: isPointLike
        ? "point-like responses, which hold for what is in the region already"
        : psf === undefined
          ? "no psf"
          : `a region of the shape ${region.shape}`,
      expected: "a circle, and full-enclosure responses with a psf; leave the containment out",
    });
  }
  if (containment === false || !can) {
    if (!isPointLike && containment !== false) {
      onNote?.(
        `observation ${observation.id}: the exposure is that of all events, whatever the psf brings out of the region (${psf === undefined ? "there is no psf" : `a ${region.shape}, no circle`})`,
      );
    }
    return exposure;
  }
  const energy = axisCenters(exposure.geom.axes[0]!);
  const offset = distance(regionCenter(region), pointingOf(observation));
  const share = psfContainment(psf, { energy, offset: [offset], rad: [region.radius] });
  return { ...exposure, data: exposure.data.map((x, k) => x * share[k]!) };
}

function offRegions(off: ReflectedOptions | WobbleOptions, observation: Observation, region: Region): OffRegions {
  const pointing = toFrame(pointingOf(observation), regionCenter(region).frame);
  if (off.method === "wobble") return wobbleRegions(region, pointing, off);
  if (region.shape !== "point") return reflectedRegions(region, pointing, off);
  throw new UnsupportedError({
    where: "reflected regions",
    found: "a point as ON region",
    expected: "a region with an area, or wobble regions",
  });
}

type Made = Pick<Required<MapDataset>, "name" | "counts" | "exposure" | "edisp" | "gti" | "livetime" | "maskSafe">;

function withOff(
  observation: Observation,
  made: Made,
  found: OffRegions,
  options: SpectrumOptions,
  isPointLike: boolean,
): OnOffDataset {
  const { region, energy, onNote } = options;
  const n = nBins(energy);
  const constant = (value: number): SkyMap => ({
    geom: made.counts.geom,
    unit: "",
    data: new Float64Array(n).fill(value),
  });
  const radius = onRadius(observation, region, isPointLike);
  const centers = found.regions.map(regionCenter);
  const tooNear = radius !== undefined && nearest([regionCenter(region), ...centers]) < 2 * largest(radius, energy);
  if (found.regions.length === 0 || tooNear) {
    onNote?.(
      `observation ${observation.id}: ${tooNear ? "the OFF regions overlap" : "no place for an OFF region"} (the ON region is ${distance(regionCenter(region), pointingOf(observation)).toFixed(3)} deg from the pointing); it takes no part in fits`,
    );
    return {
      type: "SpectrumDatasetOnOff",
      ...made,
      acceptance: constant(1),
      maskSafe: { ...made.maskSafe, data: new Uint8Array(n) },
    };
  }
  const geom = regionGeom(found.regions);
  const { events } = observation;
  const countsOff =
    radius === undefined
      ? shapeCounts(events, found.shapes, found.wcs, geom, energy)
      : radiusCounts(events, centers, radius, geom, energy);
  const off = { geom: countsOff.geom, unit: "", data: new Float64Array(n).fill(found.regions.length) };
  return { type: "SpectrumDatasetOnOff", ...made, countsOff, acceptance: constant(1), acceptanceOff: off };
}

function withPhase(
  observation: Observation,
  made: Made,
  { on, off, fluxInPhase = false }: PhaseOptions,
  { region, energy }: SpectrumOptions,
  isPointLike: boolean,
): OnOffDataset {
  const { geom } = made.counts;
  const counted = (intervals: PhaseIntervals): SkyMap => {
    const events = eventsInPhases(observation, intervals);
    return { ...onCounts({ ...observation, events }, region, geom as RegionGeom, energy, isPointLike), geom };
  };
  const constant = (value: number): SkyMap => ({ geom, unit: "", data: new Float64Array(nBins(energy)).fill(value) });
  const [width, widthOff] = [phaseWidth(on), phaseWidth(off)];
  if (!(width > 0 && widthOff > 0)) {
    throw new SpecError({
      where: `observation ${observation.id}: phases`,
      found: `widths of ${width} ON and ${widthOff} OFF`,
      expected: "both above 0",
    });
  }
  const { exposure } = made;
  return {
    type: "SpectrumDatasetOnOff",
    ...made,
    ...(fluxInPhase && { exposure: { ...exposure, data: exposure.data.map((x) => x * width) } }),
    counts: counted(on),
    countsOff: counted(off),
    acceptance: constant(width),
    acceptanceOff: constant(widthOff),
  };
}

function nearest(places: readonly ReturnType<typeof regionCenter>[]): number {
  let least = Infinity;
  for (let i = 0; i < places.length; i++)
    for (let j = 0; j < i; j++) least = Math.min(least, distance(places[i]!, places[j]!));
  return least;
}

const largest = (radius: (energy: number) => number, energy: MapAxis): number =>
  axisCenters(energy).reduce((r, e) => Math.max(r, radius(e)), 0);
