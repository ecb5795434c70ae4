/** A joint analysis twice: with models, a prior and statistics that come with GammaTS, and with the same ones under names of one's own. */
import { createSubmodel } from "../../../src/api/models.js";
import type { Dataset } from "../../../src/datasets/types.js";
import { standardRegistry } from "../../../src/io/registry.js";
import { extendRegistry } from "../../../src/kinds/additions.js";
import { skyModel } from "../../../src/models/create.js";
import type { Models, Parameter, Submodel } from "../../../src/models/types.js";
import { readCrab } from "../../../src/node/crab.js";
import { nodeFiles } from "../../../src/node/files.js";
import additions from "./plugin.mjs";

export const registry = extendRegistry(standardRegistry, additions);
export const pluginFile = new URL("./plugin.mjs", import.meta.url);

const NAMES: Readonly<Record<string, string>> = {
  LogParabolaSpectralModel: "OwnSpectralModel",
  PowerLawNormSpectralModel: "OwnNormSpectralModel",
  GaussianSpatialModel: "OwnSpatialModel",
  ConstantTemporalModel: "OwnTemporalModel",
  GaussianPrior: "OwnPrior",
  cash: "own-cash",
  wstat: "own-wstat",
  chi2: "own-chi2",
};
const OTHERS = Object.fromEntries(Object.entries(NAMES).map(([name, own]) => [own, name]));

/** All own names in a result as those of the standard declarations. */
export function standardised<T>(value: T): T {
  if (typeof value === "string") {
    let text: string = value;
    for (const [own, name] of Object.entries(OTHERS)) text = text.replaceAll(own, name);
    return text as T;
  }
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || value instanceof Map) return value;
  if (Array.isArray(value)) return value.map(standardised) as T;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, standardised(inner)])) as T;
}

const withPrior = (submodel: Submodel): Submodel => ({
  ...submodel,
  parameters: submodel.parameters.map((p): Parameter => {
    if (p.name !== "beta") return p;
    const numbers = [
      { name: "mu", value: 0.06, unit: "" },
      { name: "sigma", value: 0.02, unit: "" },
    ];
    return { ...p, prior: { type: "GaussianPrior", weight: 1, parameters: numbers } };
  }),
});

export interface OwnAnalysis {
  readonly datasets: readonly Dataset[];
  readonly models: Models;
}

async function standardAnalysis(): Promise<OwnAnalysis> {
  const crab = await readCrab("examples/crab", nodeFiles());
  const spectral = createSubmodel("LogParabolaSpectralModel", {
    amplitude: 4e-11,
    alpha: 2.4,
    beta: 0.06,
    reference: 1,
  });
  const at = { lon_0: { value: 83.633083, frozen: true }, lat_0: { value: 22.0145, frozen: true } };
  const source = skyModel({
    name: "crab",
    spectral: withPrior(spectral),
    spatial: createSubmodel("GaussianSpatialModel", { ...at, sigma: { value: 0.03, frozen: true } }),
    temporal: createSubmodel("ConstantTemporalModel"),
  });
  const background = {
    type: "FoVBackgroundModel" as const,
    name: "Fermi-LAT-bkg",
    datasetsNames: ["Fermi-LAT"] as const,
    spectral: createSubmodel("PowerLawNormSpectralModel", { norm: { value: 1, min: 0 } }),
  };
  const gti = { start: Float64Array.of(0), stop: Float64Array.of(1000), reference: 53343, timeScale: "tt" };
  const statistics: Readonly<Record<string, string>> = { MapDataset: "cash", SpectrumDatasetOnOff: "wstat" };
  const datasets = crab.datasets.map((d) => ({ ...d, gti, statistic: statistics[d.type] ?? "chi2" }));
  return { datasets, models: { components: [source, background] } };
}

const renamed = (submodel: Submodel): Submodel => ({
  ...submodel,
  type: NAMES[submodel.type]!,
  parameters: submodel.parameters.map((p) =>
    p.prior ? { ...p, prior: { ...p.prior, type: NAMES[p.prior.type]! } } : p,
  ),
});

function ownAnalysis({ datasets, models }: OwnAnalysis): OwnAnalysis {
  return {
    datasets: datasets.map((d) => ({ ...d, statistic: NAMES[(d as { statistic?: string }).statistic!]! })),
    models: {
      components: models.components.map((m) => ({
        ...m,
        spectral: renamed(m.spectral),
        ...("spatial" in m && m.spatial && { spatial: renamed(m.spatial) }),
        ...("temporal" in m && m.temporal && { temporal: renamed(m.temporal) }),
      })),
    },
  };
}

const standard = await standardAnalysis();
export const analyses = { standard, own: ownAnalysis(standard) } as const;
