/** Small problems with a known truth: a power law in 1 - 10 TeV seen by a counting experiment, or as flux points. */

import { createSubmodel } from "../src/api/models.js";
import type { Dataset, FluxPointsDataset, MapDataset, OnOffDataset } from "../src/datasets/types.js";
import { skyModel } from "../src/models/create.js";
import type { Models } from "../src/models/types.js";
import { axisCenters, axisFromEdges } from "../src/sky/axis.js";
import type { RegionGeom, SkyMap } from "../src/sky/types.js";

export const BINS = 8;
const AMPLITUDE = 1e-12;
const INDEX = 2;
const edges = Float64Array.from({ length: BINS + 1 }, (_, i) => 10 ** (i / BINS));

export interface Problem {
  readonly datasets: readonly Dataset[];
  /** At the truth; amplitude free, index free on request. */
  readonly models: Models;
}

function models(freeIndex: boolean, min?: number): Models {
  const spectral = createSubmodel("PowerLawSpectralModel", {
    amplitude: { value: AMPLITUDE, ...(min !== undefined && { min }) },
    index: { value: INDEX, frozen: !freeIndex },
  });
  return { components: [skyModel({ name: "source", spectral })] };
}

/** The flux in each bin, cm-2 s-1. */
const flux = Float64Array.from({ length: BINS }, (_, i) => AMPLITUDE * (1 / edges[i]! - 1 / edges[i + 1]!));
const totalFlux = flux.reduce((a, b) => a + b, 0);

function map(name: string, unit: string, values: (i: number) => number): SkyMap {
  const axis = axisFromEdges(edges, { name, unit: "TeV", interp: "log" });
  const geom: RegionGeom = { kind: "region", regions: [], wcs: null, axes: [axis] };
  return { geom, unit, data: Float64Array.from({ length: BINS }, (_, i) => values(i)) };
}

/** Cash, the amplitude not below 0: `signal` expected counts over `background` known ones, in 8 bins; counts as expected. */
export function cashProblem(signal: number, background: number, freeIndex = false): Problem {
  const exposure = signal / totalFlux;
  const b = background / BINS;
  const dataset: MapDataset = {
    type: "SpectrumDataset",
    name: "counts",
    counts: map("energy", "", (i) => exposure * flux[i]! + b),
    exposure: map("energy_true", "cm2 s", () => exposure),
    background: map("energy", "", () => b),
  };
  return { datasets: [dataset], models: models(freeIndex, 0) };
}

/** WStat: the same with the background measured in a region `1 / alpha` times as large. */
export function wstatProblem(signal: number, background: number, alpha: number, freeIndex = false): Problem {
  const exposure = signal / totalFlux;
  const b = background / BINS;
  const dataset: OnOffDataset = {
    type: "SpectrumDatasetOnOff",
    name: "on-off",
    counts: map("energy", "", (i) => exposure * flux[i]! + b),
    countsOff: map("energy", "", () => b / alpha),
    exposure: map("energy_true", "cm2 s", () => exposure),
    acceptance: map("energy", "", () => 1),
    acceptanceOff: map("energy", "", () => 1 / alpha),
  };
  return { datasets: [dataset], models: models(freeIndex, 0) };
}

/** Chi-square: flux points with known Gaussian errors, `relative` of the value in each; amplitude limited from below on request. */
export function chi2Problem(relative: number, freeIndex = false, min?: number): Problem {
  const energy = axisFromEdges(edges, { name: "energy", unit: "TeV", interp: "log" });
  const centers = axisCenters(energy);
  const reference = {
    dnde: centers.map((e) => AMPLITUDE * e ** -INDEX),
    flux,
    eflux: centers.map((_, i) => AMPLITUDE * Math.log(edges[i + 1]! / edges[i]!)),
    e2dnde: centers.map(() => AMPLITUDE),
  };
  const dataset: FluxPointsDataset = {
    type: "FluxPointsDataset",
    name: "points",
    points: {
      energy,
      sedType: "dnde",
      reference,
      norm: new Float64Array(BINS).fill(1),
      normErr: new Float64Array(BINS).fill(relative),
    },
    statistic: "chi2",
  };
  return { datasets: [dataset], models: models(freeIndex, min) };
}
