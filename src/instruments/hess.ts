import type { OnOffDataset } from "../datasets/types.js";
import { axisCenters, nBins } from "../sky/axis.js";
import type { RegionGeom, SkyMap } from "../sky/types.js";
import { logNormalKernel } from "./dispersion.js";
import { backgroundRate, effectiveArea, energyBias, energyResolution } from "./iact.js";
import { energyAxis, integrateLog, rounded } from "./numbers.js";

export interface HessRun {
  readonly name: string;
  /** deg */
  readonly zenith: number;
  /** Time since `REFERENCE`, s. */
  readonly start: number;
}

/** Two runs of 28 min, of which 94 % are live, at the zenith angles at which the Crab is seen from Namibia. */
const SPAN = 1680;
const LIVETIME = 0.94 * SPAN;
/** Any night will do: MJD 53000.0 (TT). */
const REFERENCE = 53000;
export const hessRuns: readonly HessRun[] = [
  { name: "23523", zenith: 47, start: 79200 },
  { name: "23526", zenith: 45, start: 84600 },
];

/** Solid angle of the ON region, a circle of 0.11 deg, sr; with twelve OFF regions of the same size. */
const OMEGA = Math.PI * ((0.11 * Math.PI) / 180) ** 2;
const OFF_REGIONS = 12;

export interface HessTwin {
  /** Without counts. */
  readonly dataset: OnOffDataset;
  /** Expected background counts in the ON region. */
  readonly background: SkyMap;
}

/** An ON/OFF spectrum of H.E.S.S.'s shape: 10 GeV to 100 TeV in 80 bins, safe where the effective area is above 10 % of its maximum. */
export function hessDataset({ name, zenith, start }: HessRun): HessTwin {
  const energy = energyAxis("energy", 0.01, 100, 80);
  const energyTrue = { ...energy, name: "energy_true" };
  const geom = (...axes: RegionGeom["axes"]): RegionGeom => ({
    kind: "region",
    regions: [],
    wcs: null,
    axes,
  });
  const counts = geom(energy);
  const constant = (value: number): SkyMap => ({
    geom: counts,
    unit: "",
    data: new Float64Array(nBins(energy)).fill(value),
  });
  const area = rounded(axisCenters(energyTrue).map((e) => effectiveArea(e, zenith)));
  const safe = 0.1 * Math.max(...area);
  const law = {
    sigma: (e: number) => energyResolution(e, zenith),
    bias: (e: number) => energyBias(e, zenith),
  };
  const rate = (e: number) => backgroundRate(e, zenith, OMEGA);
  const background = area.map((_, i) => LIVETIME * integrateLog(rate, energy.nodes[i]!, energy.nodes[i + 1]!));
  const kernel: SkyMap = { geom: geom(energy, energyTrue), unit: "", data: logNormalKernel(energyTrue, energy, law) };
  return {
    dataset: {
      type: "SpectrumDatasetOnOff",
      name,
      exposure: { geom: geom(energyTrue), unit: "cm2 s", data: area.map((a) => a * LIVETIME) },
      edisp: { map: kernel },
      acceptance: constant(1),
      acceptanceOff: constant(OFF_REGIONS),
      maskSafe: { geom: counts, data: Uint8Array.from(area, (a) => (a > safe ? 1 : 0)) },
      livetime: LIVETIME,
      gti: {
        start: Float64Array.of(start),
        stop: Float64Array.of(start + SPAN),
        reference: REFERENCE,
        timeScale: "tt",
      },
    },
    background: { geom: counts, unit: "", data: background },
  };
}
