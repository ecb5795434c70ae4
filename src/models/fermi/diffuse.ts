/** Diffuse emission as the Fermi tools give it: a spectrum from everywhere, and a map cube of the Galaxy. */

import type { SkyMap } from "../../sky/types.js";
import { createSubmodel, skyModel } from "../create.js";
import type { ModelRegistry } from "../declaration.js";
import { combineSpectra } from "../spectral/compound.js";
import { inlineSpectrum } from "../spectral/table.js";
import type { SkyModel, SpectralTable, Submodel } from "../types.js";

const norm = (registry: ModelRegistry, link?: string): Submodel => {
  const made = createSubmodel(registry, "PowerLawNormSpectralModel");
  const linked = (p: Submodel["parameters"][number]) => (p.name === "norm" && link !== undefined ? { ...p, link } : p);
  return { ...made, parameters: made.parameters.map(linked) };
};

export interface IsotropicOptions {
  readonly registry: ModelRegistry;
  readonly datasetsNames?: readonly string[];
  /** Whether its counts are spread by the energy dispersion; files of the Fermi-LAT team are made for those that are not. */
  readonly edisp: boolean;
  /** Label of norms that are one parameter. */
  readonly link?: string | undefined;
}

/** The isotropic emission of a text of the Fermi tools, times a norm. */
export function isotropicModel(name: string, table: SpectralTable, options: IsotropicOptions): SkyModel {
  const { registry, datasetsNames, edisp, link } = options;
  // the numbers, and no name of a file: Gammapy reads these alone
  const template = createSubmodel(registry, "TemplateSpectralModel", {}, { extra: inlineSpectrum(table) });
  return skyModel({
    name,
    spectral: combineSpectra(template, "mul", norm(registry, link)),
    spatial: createSubmodel(registry, "ConstantSpatialModel", {}, { kind: "spatial" }),
    ...(datasetsNames && { datasetsNames }),
    applyIrf: { exposure: true, psf: false, edisp },
  });
}

/** Of the cubes of the Fermi-LAT team, which do not say it. */
const UNIT = "cm-2 s-1 MeV-1 sr-1";

/** Diffuse emission from a map cube of dnde by sr, times a norm. */
export function diffuseModel(name: string, map: SkyMap, file: string, registry: ModelRegistry): SkyModel {
  return skyModel({
    name,
    spectral: norm(registry),
    spatial: createSubmodel(
      registry,
      "TemplateSpatialModel",
      {},
      { kind: "spatial", extra: { filename: file, normalize: false, unit: map.unit || UNIT }, resources: { map } },
    ),
  });
}
