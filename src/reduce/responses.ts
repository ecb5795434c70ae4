/** Responses of an observation at the pixels of a geometry. */
import { SpecError } from "../errors.js";
import { livetimeOf } from "../events/observations.js";
import type { Observation } from "../events/types.js";
import { dispersionKernels, migrationDensity } from "../irf/tables/edisp.js";
import { evaluateGrid } from "../irf/tables/grid.js";
import { psfDensity } from "../irf/tables/psf.js";
import { axisCenters, axisEdges, nBins } from "../sky/axis.js";
import { withAxes } from "../sky/geom.js";
import { nPix } from "../sky/pixels.js";
import type { MapAxis, SkyMap } from "../sky/types.js";
import type { Places } from "./places.js";

const RAD = Math.PI / 180;

/** The response of an observation, which has to be there. */
export function needed<K extends keyof Observation["irfs"]>(observation: Observation, name: K) {
  const found = observation.irfs[name];
  if (found !== undefined) return found;
  throw new SpecError({
    where: `observation ${observation.id}`,
    found: `the responses ${Object.keys(observation.irfs).join(", ") || "(none)"}`,
    expected: `${WORDS[name]}, without which this cannot be made`,
  });
}

const WORDS: Readonly<Record<keyof Observation["irfs"], string>> = {
  aeff: "an effective area (AEFF_2D)",
  edisp: "an energy dispersion (EDISP_2D)",
  psf: "a point spread function (PSF_TABLE, PSF_3GAUSS or PSF_KING)",
  background: "a background (BKG_2D or BKG_3D)",
  radMax: "radii of the ON region (RAD_MAX_2D)",
};

/**
 * Effective area times livetime, cm2 s, `[energy_true, ...pixels]`: at the middles of pixels, and at the geometric middle of each true-energy bin, which stands for the
 * bin (as in Gammapy).
 */
export function exposureMap(observation: Observation, places: Places, energyTrue: MapAxis): SkyMap {
  const { table } = needed(observation, "aeff");
  const livetime = livetimeOf(observation);
  const data = evaluateGrid(table, [axisCenters(energyTrue), places.offset]);
  for (let k = 0; k < data.length; k++) data[k]! *= livetime;
  return { geom: withAxes(places.geom, [energyTrue]), unit: "cm2 s", data };
}

/** Probabilities of the bins of reconstructed energy, `[energy_true, energy, ...pixels]`. */
export function dispersionKernelMap(
  observation: Observation,
  places: Places,
  energyTrue: MapAxis,
  energy: MapAxis,
): SkyMap {
  const kernels = dispersionKernels(needed(observation, "edisp"), energyTrue, energy, places.offset);
  return {
    geom: withAxes(places.geom, [energy, energyTrue]),
    unit: "",
    data: pixelsLast(kernels, nBins(energyTrue), places.offset.length, nBins(energy)),
  };
}

/** Density dP/dmigra on an axis of migra, normalised, `[energy_true, migra, ...pixels]`. */
export function migrationMap(observation: Observation, places: Places, energyTrue: MapAxis, migra: MapAxis): SkyMap {
  const edisp = needed(observation, "edisp");
  const { geom: pixels, offset: offsets } = places;
  const own = edisp.table.axes[1]!;
  const onOwn = migrationDensity(edisp, axisCenters(energyTrue), offsets);
  const rows = evaluateGrid(
    {
      axes: [{ ...energyTrue, nodeType: "center", nodes: axisCenters(energyTrue) }, indexAxis(offsets.length), own],
      data: onOwn,
      unit: "",
    },
    [axisCenters(energyTrue), Float64Array.from(offsets.keys()), axisCenters(migra)],
  );
  normaliseRows(
    rows,
    axisEdges(migra)
      .slice(1)
      .map((e, k) => e - axisEdges(migra)[k]!),
  );
  return {
    geom: withAxes(pixels, [migra, energyTrue]),
    unit: "",
    data: pixelsLast(rows, nBins(energyTrue), nPix(pixels), nBins(migra)),
  };
}

const indexAxis = (n: number): MapAxis => ({
  name: "place",
  unit: "",
  interp: "lin",
  nodeType: "center",
  nodes: Float64Array.from({ length: n }, (_, k) => k),
});

/** Density of a point source, sr-1, `[energy_true, rad, ...pixels]`, so that it is 1 within the rad axis. */
export function psfMap(observation: Observation, places: Places, energyTrue: MapAxis, rad: MapAxis): SkyMap {
  const { geom: pixels, offset: offsets } = places;
  const centers = axisCenters(rad);
  const rows = psfDensity(needed(observation, "psf"), {
    energy: axisCenters(energyTrue),
    offset: offsets,
    rad: centers,
  });
  const edges = axisEdges(rad);
  normaliseRows(
    rows,
    centers.map((r, k) => 2 * Math.PI * r * (edges[k + 1]! - edges[k]!) * RAD * RAD),
  );
  return {
    geom: withAxes(pixels, [rad, energyTrue]),
    unit: "sr-1",
    data: pixelsLast(rows, nBins(energyTrue), nPix(pixels), nBins(rad)),
  };
}

/** Divides each row by its sum with these weights; rows of 0 stay. */
function normaliseRows(rows: Float64Array, weights: Float64Array): void {
  const n = weights.length;
  for (let at = 0; at < rows.length; at += n) {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += rows[at + k]! * weights[k]!;
    if (sum > 0) for (let k = 0; k < n; k++) rows[at + k]! /= sum;
  }
}

/** `[a, pixel, b]` -> `[a, b, pixel]`. */
function pixelsLast(data: Float64Array, nA: number, nPixels: number, nB: number): Float64Array {
  const out = new Float64Array(data.length);
  for (let a = 0; a < nA; a++) {
    for (let p = 0; p < nPixels; p++) {
      for (let b = 0; b < nB; b++) out[(a * nB + b) * nPixels + p] = data[(a * nPixels + p) * nB + b]!;
    }
  }
  return out;
}
