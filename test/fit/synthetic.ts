import type { FluxPointsDataset, MapDataset, OnOffDataset } from "../../src/datasets/types.js";
import type { PriorSpec } from "../../src/models/types.js";
import { axisCenters, axisEdges, axisFromEnergyBounds, nBins } from "../../src/sky/axis.js";
import type { MapAxis, RegionGeom, SkyMap } from "../../src/sky/types.js";

const region = (...axes: MapAxis[]): RegionGeom => ({ kind: "region", regions: [], wcs: null, axes });
const map = (axes: MapAxis[], unit: string, data: ArrayLike<number>): SkyMap => ({
  geom: region(...axes),
  unit,
  data: Float64Array.from(data),
});

export interface Instrument {
  /** cm2 s at 1 TeV */
  readonly exposure?: number;
  /** Background counts per bin at 1 TeV */
  readonly background?: number;
}

const energy = axisFromEnergyBounds(0.5, 50, 20);
const energyTrue = axisFromEnergyBounds(0.2, 120, 50, { name: "energy_true" });

/** 20 bins from 0.5 to 50 TeV, an exposure that rises with energy, a Gaussian response of 15 % in ln E. */
function response({ exposure = 3e13 }: Instrument) {
  const nTrue = nBins(energyTrue);
  const nReco = nBins(energy);
  const edges = axisEdges(energy);
  const centers = axisCenters(energyTrue);
  const kernel = new Float64Array(nTrue * nReco);
  for (let t = 0; t < nTrue; t++) {
    for (let r = 0; r < nReco; r++) {
      const at = (x: number) => 1 / (1 + Math.exp((-1.702 * Math.log(x / centers[t]!)) / 0.15));
      kernel[t * nReco + r] = at(edges[r + 1]!) - at(edges[r]!);
    }
  }
  return {
    exposure: map(
      [energyTrue],
      "cm2 s",
      Array.from(centers, (e) => exposure * e ** 0.5),
    ),
    edisp: { map: map([energy, energyTrue], "", kernel) },
  };
}

/** A spectrum with background; counts are 0 until simulated. */
export function spectrumDataset(name: string, instrument: Instrument = {}): MapDataset {
  const zero = new Float64Array(nBins(energy));
  const { background = 20 } = instrument;
  return {
    type: "SpectrumDataset",
    name,
    counts: map([energy], "", zero),
    background: map(
      [energy],
      "",
      Array.from(axisCenters(energy), (e) => background * e ** -1.7),
    ),
    ...response(instrument),
  };
}

export function onOffDataset(name: string, instrument: Instrument = {}): OnOffDataset {
  const zero = new Float64Array(nBins(energy));
  const { background = 20 } = instrument;
  const off = Array.from(axisCenters(energy), (e) => Math.round(5 * background * e ** -1.7));
  return {
    type: "SpectrumDatasetOnOff",
    name,
    counts: map([energy], "", zero),
    countsOff: map([energy], "", off),
    acceptance: map(
      [energy],
      "",
      zero.map(() => 1),
    ),
    acceptanceOff: map(
      [energy],
      "",
      zero.map(() => 5),
    ),
    ...response(instrument),
  };
}

/** Flux points at ten energies with errors of 5 %, values to be filled. */
export function fluxPointsDataset(name: string, dnde: (e: number) => number): FluxPointsDataset {
  const axis = axisFromEnergyBounds(0.3, 30, 10);
  const e = axisCenters(axis);
  const values = Float64Array.from(e, dnde);
  const ones = values.map(() => 1);
  return {
    type: "FluxPointsDataset",
    name,
    statistic: "chi2",
    points: {
      energy: axis,
      sedType: "dnde",
      reference: { dnde: values, flux: ones, eflux: ones, e2dnde: values.map((v, i) => v * e[i]! ** 2) },
      norm: ones,
      normErr: values.map(() => 0.05),
    },
  };
}

export const gaussian = (mu: number, sigma: number): PriorSpec => ({
  type: "GaussianPrior",
  weight: 1,
  parameters: [
    { name: "mu", value: mu, unit: "" },
    { name: "sigma", value: sigma, unit: "" },
  ],
});
