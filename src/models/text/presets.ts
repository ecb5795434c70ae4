/** Spectra with names: measured ones of the Crab Nebula and of cosmic rays at Earth, as texts. */

/** A name, and the text that it stands for. */
export interface Preset {
  readonly name: string;
  readonly about: string;
  readonly text: string;
}

/** All-sky fluxes: 4 pi sr times the brightness of Table 3 of Bernlöhr et al. (2013), m-2 s-1 TeV-1 sr-1. */
const sky = (brightness: number) => `${brightness * 4 * Math.PI} m-2 s-1 TeV-1`;
const cosmicRay = (brightness: number, index: number) => `pl(amplitude=${sky(brightness)}, index=${index})`;
const rays = "at Earth, over the whole sky (Bernlöhr et al. 2013)";

/** The fifth of Gammapy's spectra of the Crab Nebula, crab-meyer, is a model of its own. */
export const presets: readonly Preset[] = [
  {
    name: "crab-hegra",
    about: "Crab Nebula by HEGRA (Aharonian et al. 2000, ApJ 539, 317)",
    text: "pl(amplitude=2.83e-11, index=2.62)",
  },
  {
    name: "crab-hess-pl",
    about: "Crab Nebula by H.E.S.S., power law (Aharonian et al. 2006, A&A 457, 899)",
    text: "pl(amplitude=3.45e-11, index=2.63)",
  },
  {
    name: "crab-hess-ecpl",
    about: "Crab Nebula by H.E.S.S., with a cutoff (Aharonian et al. 2006, A&A 457, 899)",
    text: `ecpl(amplitude=3.76e-11, index=2.39, lambda_=${1 / 14.3})`,
  },
  {
    name: "crab-magic-lp",
    about: "Crab Nebula by MAGIC, log parabola (Aleksić et al. 2015, JHEAp 5, 30)",
    text: `lp(amplitude=3.23e-11, alpha=2.47, beta=${0.24 / Math.LN10}, reference=1)`,
  },
  {
    name: "crab-magic-ecpl",
    about: "Crab Nebula by MAGIC, with a cutoff (Aleksić et al. 2015, JHEAp 5, 30)",
    text: `ecpl(amplitude=3.8e-11, index=2.21, lambda_=${1 / 6})`,
  },
  { name: "cosmic-ray-proton", about: `Protons ${rays}`, text: cosmicRay(0.096, 2.7) },
  { name: "cosmic-ray-N", about: `Nitrogen ${rays}, as Gammapy has it`, text: cosmicRay(0.0719, 2.64) },
  { name: "cosmic-ray-Si", about: `Silicon ${rays}`, text: cosmicRay(0.0284, 2.66) },
  { name: "cosmic-ray-Fe", about: `Iron ${rays}`, text: cosmicRay(0.0134, 2.63) },
  {
    name: "cosmic-ray-electron",
    about: `Electrons ${rays}`,
    text: `${cosmicRay(6.85e-5, 3.21)} + log-gauss(L=${3.19e-3 * 4 * Math.PI} m-2 s-1)`,
  },
];

export const findPreset = (name: string): Preset | undefined => presets.find((preset) => preset.name === name);
