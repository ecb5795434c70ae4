import type { Dataset, Meta } from "../datasets/types.js";
import { createResponses } from "../fold/response.js";
import { likelihoodRegistry } from "../kinds/registry.js";
import { simulator } from "../likelihood/simulate.js";
import { createSubmodel, fovBackground, skyModel } from "../models/create.js";
import type { Models } from "../models/types.js";
import { fermiDataset } from "./fermi.js";
import { hawcCrabPoints } from "./hawc.js";
import { hessDataset, hessRuns } from "./hess.js";

/** Seed of the files in examples/crab. */
export const CRAB_TWIN_SEED = 20190801;
const FERMI = "Fermi-LAT";
const SOURCE = "Crab Nebula";

export interface CrabTwin {
  /** Fermi-LAT, two H.E.S.S. runs, HAWC. */
  readonly datasets: readonly Dataset[];
  /** Start values for a fit. */
  readonly models: Models;
  /** What the counts were drawn from. */
  readonly truth: Models;
}

/**
 * The joint Crab analysis, simulated: Poisson counts of a Fermi-LAT-like cube and of two runs of H.E.S.S.-like telescopes, and the points that HAWC
 * published. The same seed gives the same numbers on every machine.
 */
export function simulateCrabTwin(options: { readonly seed?: number } = {}): CrabTwin {
  const { seed = CRAB_TWIN_SEED } = options;
  // the spectrum of the joint fit to the real data
  const truth = crabModels({ amplitude: 3.973667689e-3, alpha: 1.263354075, beta: 0.06132066742, norm: 1 });
  const models = crabModels({ amplitude: 0.01, alpha: 1.5, beta: 0.047, norm: 1.2 });
  const runs = hessRuns.map(hessDataset);
  const expected = [fermiDataset(FERMI), ...runs.map((run) => run.dataset)];
  const backgrounds = Object.fromEntries(runs.map((run) => [run.dataset.name, run.background]));
  // as Gammapy predicts, so that both can be held against what the files were made with
  const responses = createResponses({ immutable: true, irfs: "gammapy" });
  const context = { models: truth, registry: likelihoodRegistry, responses };
  const drawn = simulator(expected, context, { backgrounds })(seed);
  return {
    datasets: [...drawn.map((dataset) => ({ ...dataset, meta: label(dataset, seed) })), hawcCrabPoints("HAWC")],
    models,
    truth,
  };
}

function label(dataset: Dataset, seed: number): Meta {
  const instrument = dataset.name === FERMI ? "LAT-LIKE" : "HESS-LIKE";
  return { ORIGIN: "GammaTS simulation", TELESCOP: "SIMULATION", INSTRUME: instrument, OBJECT: SOURCE, SEED: seed };
}

function crabModels({ norm, ...spectrum }: Record<"amplitude" | "alpha" | "beta" | "norm", number>): Models {
  const spectral = createSubmodel(likelihoodRegistry, "LogParabolaSpectralModel", {
    ...spectrum,
    amplitude: { value: spectrum.amplitude, unit: "cm-2 s-1 TeV-1" },
    reference: { value: 5.054833602905273e-5, unit: "TeV", frozen: true },
  });
  const spatial = createSubmodel(likelihoodRegistry, "PointSpatialModel", {
    lon_0: { value: 83.633083, frozen: true },
    lat_0: { value: 22.0145, frozen: true },
  });
  const background = fovBackground(
    FERMI,
    createSubmodel(likelihoodRegistry, "PowerLawNormSpectralModel", { norm: { value: norm, min: 0 } }),
  );
  return { components: [skyModel({ name: SOURCE, spectral, spatial }), background] };
}
