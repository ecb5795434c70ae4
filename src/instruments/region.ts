/** A region of 10 x 10 deg of the Galactic plane, simulated: twenty made sources, diffuse emission, and an instrument like Fermi-LAT. */
import type { MapDataset } from "../datasets/types.js";
import { createResponses } from "../fold/response.js";
import { likelihoodRegistry } from "../kinds/registry.js";
import { simulator } from "../likelihood/simulate.js";
import { type RandomStream, randomStream } from "../math/random.js";
import { createSubmodel, skyModel } from "../models/create.js";
import type { Models, SkyModel } from "../models/types.js";
import { axisCenters, axisFromBounds, nBins } from "../sky/axis.js";
import { toFrame } from "../sky/frames.js";
import { wcsGeom } from "../sky/geom.js";
import { nPix, pixelCenters } from "../sky/pixels.js";
import type { MapAxis, SkyMap, SkyPosition } from "../sky/types.js";
import { logNormalKernel } from "./dispersion.js";
import {
  containment68,
  energyResolution,
  galacticIntensity,
  isotropicIntensity,
  kingProfile,
  SURVEY_LIVETIME,
  surveyExposure,
} from "./lat.js";
import { energyAxis, rounded } from "./numbers.js";

export const REGION_SEED = 20261130;
const CENTER: SkyPosition = { lon: 184.5, lat: -2, frame: "galactic" };
const SIZE = 10;
const SOURCES = 20;

/** A source as a catalogue has it; fluxes in cm-2 s-1 GeV-1 at the pivot energy [GeV]. */
export interface MadeSource {
  readonly name: string;
  /** deg, icrs */
  readonly lon: number;
  readonly lat: number;
  readonly pivot: number;
  readonly fluxDensity: number;
  readonly index: number;
}

export interface SimulatedRegion {
  readonly dataset: MapDataset;
  /** Galactic intensity, cm-2 s-1 sr-1 TeV-1, on a wider map. */
  readonly galactic: SkyMap;
  /** Energies [TeV] and isotropic intensities in the same unit. */
  readonly isotropic: { readonly energy: Float64Array; readonly dnde: Float64Array };
  /** What the counts were drawn from, and what a catalogue says of it: both with the same names. */
  readonly truth: readonly MadeSource[];
  readonly catalogue: readonly MadeSource[];
}

/** The same seed gives the same numbers on every machine. */
export function simulateRegion({ seed = REGION_SEED }: { readonly seed?: number } = {}): SimulatedRegion {
  const stream = randomStream(seed, 1);
  const truth = Array.from({ length: SOURCES }, () => drawSource(stream));
  const galactic = galacticMap();
  const energy = axisCenters(energyAxis("energy_true", 0.003, 5, 40));
  const isotropic = { energy, dnde: rounded(energy.map(isotropicIntensity)) };
  const models = modelsOf(truth, galactic, isotropic);
  const context = {
    models,
    registry: likelihoodRegistry,
    responses: createResponses({ immutable: true }),
  };
  const [dataset] = simulator([instrument()], context)(seed);
  return {
    dataset: dataset as MapDataset,
    galactic,
    isotropic,
    truth,
    catalogue: truth.map((s) => measured(s, stream)),
  };
}

/** Somewhere in the region, half a degree from its edge or more; fluxes above 10 GeV from 3e-11 to 1e-9 cm-2 s-1, as in the 3FHL. */
function drawSource(stream: RandomStream): MadeSource {
  const along = () => (stream.uniform() - 0.5) * (SIZE - 1);
  const place = { lon: CENTER.lon + along(), lat: CENTER.lat + along(), frame: CENTER.frame };
  const { lon, lat } = toFrame(place, "icrs");
  const [pivot, index] = [25, 1.7 + 1.1 * stream.uniform()];
  const flux = 3e-11 * 33 ** stream.uniform();
  const fluxDensity = ((index - 1) * flux * (pivot / 10) ** -index) / 10;
  const short = (x: number) => Number(x.toPrecision(7));
  return {
    name: nameOf(lon, lat),
    lon: short(lon),
    lat: short(lat),
    pivot,
    fluxDensity: short(fluxDensity),
    index: short(index),
  };
}

/** "MADE J0534.5+2200" */
function nameOf(lon: number, lat: number): string {
  const hours = lon / 15;
  const minutes = ((hours % 1) * 60).toFixed(1).padStart(4, "0");
  const degrees = Math.abs(lat);
  const two = (x: number) => String(Math.floor(x)).padStart(2, "0");
  return `MADE J${two(hours)}${minutes}${lat < 0 ? "-" : "+"}${two(degrees)}${two((degrees % 1) * 60)}`;
}

/** As an earlier survey found it: a flux good to 15 %, an index to 0.1. */
function measured(source: MadeSource, stream: RandomStream): MadeSource {
  const fluxDensity = source.fluxDensity * Math.exp(0.15 * stream.normal());
  return { ...source, fluxDensity, index: source.index + 0.1 * stream.normal() };
}

function instrument(): MapDataset {
  const [energy, energyTrue] = [energyAxis("energy", 0.01, 2, 6), energyAxis("energy_true", 0.0059, 3.4, 14)];
  const image = (...axes: MapAxis[]) => wcsGeom({ center: CENTER, binsz: 0.1, npix: [100, 100], axes });
  const anywhere = (...axes: MapAxis[]) => wcsGeom({ center: CENTER, binsz: [360, 180], npix: [1, 1], axes });
  const n = nPix(image());
  const energies = axisCenters(energyTrue);
  const areas = energies.map((e) => surveyExposure(e, SURVEY_LIVETIME));
  const rad = axisFromBounds(0, 2, 100, { name: "rad", unit: "deg" });
  const law = { sigma: energyResolution, bias: () => 1 };
  const profiles = Array.from(energies, (e) => kingProfile(rad.nodes, containment68(e)));
  return {
    type: "MapDataset",
    name: "region",
    counts: { geom: image(energy), unit: "", data: new Float64Array(n * nBins(energy)) },
    exposure: {
      geom: image(energyTrue),
      unit: "cm2 s",
      data: rounded(Float64Array.from({ length: n * areas.length }, (_, k) => areas[Math.floor(k / n)]!)),
    },
    edisp: { map: { geom: anywhere(energy, energyTrue), unit: "", data: logNormalKernel(energyTrue, energy, law) } },
    psf: {
      map: {
        geom: anywhere(rad, energyTrue),
        unit: "sr-1",
        data: rounded(Float64Array.from(profiles.flatMap((profile) => [...profile]))),
      },
    },
  };
}

/** On 16 x 16 deg, so that what the psf brings in from beside the region is there. */
function galacticMap(): SkyMap {
  const axis = { ...energyAxis("energy_true", 0.003, 5, 20), nodeType: "center" as const };
  const geom = wcsGeom({ center: CENTER, binsz: 0.25, npix: [64, 64], axes: [axis] });
  const { lat } = pixelCenters(geom);
  const n = nPix(geom);
  const energies = axisCenters(axis);
  const data = Float64Array.from({ length: n * energies.length }, (_, k) =>
    galacticIntensity(energies[Math.floor(k / n)]!, lat[k % n]!),
  );
  return { geom, unit: "cm-2 s-1 sr-1 TeV-1", data: rounded(data) };
}

function modelsOf(
  truth: readonly MadeSource[],
  galactic: SkyMap,
  { energy, dnde }: SimulatedRegion["isotropic"],
): Models {
  const submodel = (type: string, values: object, options = {}) =>
    createSubmodel(likelihoodRegistry, type, values as Record<string, number>, options);
  const sources = truth.map(
    ({ name, lon, lat, pivot, fluxDensity, index }): SkyModel =>
      skyModel({
        name,
        spectral: submodel("PowerLawSpectralModel", {
          index,
          amplitude: { value: fluxDensity, unit: "cm-2 s-1 GeV-1" },
          reference: { value: pivot, unit: "GeV" },
        }),
        spatial: submodel("PointSpatialModel", { lon_0: lon, lat_0: lat }),
      }),
  );
  const template = { normalize: false, filename: "galactic.fits" };
  const diffuse = [
    skyModel({
      name: "galactic",
      spectral: submodel("PowerLawNormSpectralModel", {}),
      spatial: submodel("TemplateSpatialModel", {}, { extra: template, resources: { map: galactic } }),
    }),
    skyModel({
      name: "isotropic",
      spectral: submodel(
        "TemplateSpectralModel",
        {},
        { extra: { energy: { data: [...energy], unit: "TeV" }, values: { data: [...dnde], unit: "cm-2 s-1 TeV-1" } } },
      ),
      spatial: submodel("ConstantSpatialModel", {}),
    }),
  ];
  return { components: [...sources, ...diffuse] };
}
