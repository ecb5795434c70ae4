/** Spectra of particles that radiate, in the place of naima. */
import { SpecError } from "../../../errors.js";
import type { SpectralDeclaration } from "../../declaration.js";
import type { ModelData } from "../../types.js";
import { bremsstrahlungKernel } from "./bremsstrahlung.js";
import { ELECTRON } from "./constants.js";
import { inverseComptonKernel } from "./inverse-compton.js";
import { type HadronicName, hadronicModels, PION_THRESHOLD, pionDecayKernel } from "./pion-decay.js";
import { densityOf, isFixed, seedParameters, seedPhotons, temperatureOf } from "./seed-photons.js";
import { radiation } from "./spectrum.js";
import { synchrotronKernel } from "./synchrotron.js";

const ELECTRON_KEYS = ["Eemin", "Eemax", "nEed"] as const;
const HIGHEST = 1e9 * ELECTRON;
const density = (about: string) => ({ unit: "cm-3", value: 1, frozen: true, min: 0, about });

const IC = "InverseComptonSpectralModel";

export const inverseCompton: SpectralDeclaration = radiation({
  type: IC,
  tag: "ic",
  about: "Inverse Compton radiation of electrons on isotropic light (Khangulyan et al. 2014)",
  latex: String.raw`\frac{1}{4 \pi d^2} \int N(E_e) \sum_f \frac{d\dot{n}_f}{dE}(E, E_e)\, dE_e`,
  gridKeys: ELECTRON_KEYS,
  grid: { min: 1e-3, max: HIGHEST, perDecade: 100 },
  extra: {
    seed_photon_fields:
      "list of CMB (the default), FIR, NIR or {name, temperature: 30 K, energy_density: 0.5 eV cm-3}; all but the CMB have parameters",
  },
  parameterKeys: ["seed_photon_fields"],
  example: { seed_photon_fields: ["CMB", "FIR"] },
  parameters: (data) => seedParameters(seedPhotons(data, IC)),
  emissions: (data) =>
    seedPhotons(data, IC).map((field) => ({
      kernel: inverseComptonKernel(),
      scale: isFixed(field) ? field.density : densityOf(field),
      shape: isFixed(field) ? field.temperature : temperatureOf(field),
    })),
});

export const synchrotron: SpectralDeclaration = radiation({
  type: "SynchrotronSpectralModel",
  tag: "synchrotron",
  about: "Synchrotron radiation of electrons in a random magnetic field (Aharonian et al. 2010)",
  latex: String.raw`\frac{1}{4 \pi d^2} \int N(E_e) \frac{\sqrt{3} e^3 B}{2 \pi m_e c^2 \hbar E} \tilde{G}\left(\frac{E}{E_c(E_e, B)}\right) dE_e`,
  gridKeys: ELECTRON_KEYS,
  grid: { min: 1e-3, max: HIGHEST, perDecade: 100 },
  extra: {},
  parameters: () => ({ B: { unit: "G", value: 3.24e-6, min: 0, about: "magnetic field" } }),
  emissions: () => [{ kernel: synchrotronKernel(), scale: 1, shape: "B" }],
});

export const bremsstrahlung: SpectralDeclaration = radiation({
  type: "BremsstrahlungSpectralModel",
  tag: "bremsstrahlung",
  about: "Bremsstrahlung of electrons in ionised gas of the interstellar medium (Baring et al. 1999)",
  latex: String.raw`\frac{c\, n_0}{4 \pi d^2} \int N(E_e) \left(w_{ee} \sigma_{ee} + w_{ep} \sigma_{ep}\right)(E, E_e)\, dE_e`,
  gridKeys: ELECTRON_KEYS,
  grid: { min: 1e-4, max: HIGHEST, perDecade: 300 },
  extra: {},
  parameters: () => ({ n0: density("nuclei of the gas in a volume") }),
  emissions: () => [{ kernel: bremsstrahlungKernel(), scale: "n0", shape: 0 }],
});

const PION = "PionDecaySpectralModel";

function hadronic({ extra = {} }: ModelData): [HadronicName, boolean] {
  const { hiEmodel: name = "Pythia8", nuclear_enhancement: isEnhanced = true } = extra;
  if (!Object.hasOwn(hadronicModels, String(name))) {
    const expected = Object.keys(hadronicModels).join(", ");
    throw new SpecError({ where: `${PION}.hiEmodel`, found: `"${String(name)}"`, expected });
  }
  if (typeof isEnhanced !== "boolean") {
    throw new SpecError({
      where: `${PION}.nuclear_enhancement`,
      found: JSON.stringify(isEnhanced),
      expected: "true or false",
    });
  }
  return [name as HadronicName, isEnhanced];
}

export const pionDecay: SpectralDeclaration = radiation({
  type: PION,
  tag: "pion-decay",
  about: "Gamma rays of neutral pions of protons in gas of the interstellar medium (Kafexhiu et al. 2014)",
  latex: String.raw`\frac{c\, n_h}{4 \pi d^2} \int N(E_p) \frac{d\sigma}{dE}(E, E_p)\, dE_p`,
  gridKeys: ["Epmin", "Epmax", "nEpd"],
  grid: { min: PION_THRESHOLD, max: 1e4, perDecade: 100 },
  extra: {
    hiEmodel: `simulation of high energies: ${Object.keys(hadronicModels).join(", ")}; default: the first`,
    nuclear_enhancement: "true (default): nuclei in the beam and in the gas; false: protons alone",
  },
  parameters: () => ({ nh: density("nuclei of the gas in a volume") }),
  emissions: (data) => [{ kernel: pionDecayKernel(...hadronic(data)), scale: "nh", shape: 0 }],
});

/** By the names of naima's classes. */
const processes = {
  InverseCompton: inverseCompton,
  Synchrotron: synchrotron,
  PionDecay: pionDecay,
  Bremsstrahlung: bremsstrahlung,
} as const;

const ownKeys = (declarations: readonly SpectralDeclaration[]) =>
  Object.fromEntries(declarations.flatMap(({ extra = {} }) => Object.entries(extra)));

const NAIMA = "NaimaSpectralModel";

/** Gammapy's wrapper. Its YAML holds the parameters alone, so that two keys have to say what they are of. */
export const naima: SpectralDeclaration = {
  type: NAIMA,
  tag: "naima",
  about: "One of the four radiation models, under Gammapy's name for those of naima",
  latex: String.raw`\frac{1}{4 \pi d^2} \int N(E_p) \frac{d\dot{n}}{dE}(E, E_p)\, dE_p`,
  parameters: {},
  extra: {
    radiative_model: `${Object.keys(processes).join(", ")}; Gammapy does not write it`,
    ...ownKeys(Object.values(processes)),
  },
  example: { radiative_model: "Synchrotron", particle_distribution: "PowerLaw" },
  norm: "amplitude",
  evaluate: () => Number.NaN,
  bind(data) {
    const { radiative_model: name, particle_distribution: particles } = data.extra ?? {};
    const found = Object.hasOwn(processes, String(name)) ? processes[name as keyof typeof processes] : undefined;
    if (found === undefined || particles === undefined) {
      const missing = found === undefined ? "radiative_model" : "particle_distribution";
      const what = name === undefined || found !== undefined ? "is missing" : `is "${String(name)}"`;
      throw new SpecError(
        `${NAIMA}: the key ${missing} ${what}; Gammapy writes the parameters alone, so add radiative_model: ${Object.keys(processes).join(" | ")}, and particle_distribution: the name of naima's class, such as ExponentialCutoffPowerLaw`,
      );
    }
    return { ...found.bind!(data), type: NAIMA, tag: naima.tag };
  },
};
