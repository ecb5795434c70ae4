import { SpecError } from "../../errors.js";
import { findCell, scaleValues, unscaleValue } from "../../math/interpolate.js";
import { conversionFactor } from "../../units/index.js";
import type { ResourceNeed, SpectralDeclaration } from "../declaration.js";
import { resourceOf } from "../resources.js";
import type { ModelData, SpectralTable } from "../types.js";
import { type Column, increasing, numbers } from "./columns.js";

const logs = (values: Float64Array) => scaleValues(values, "log");
const unlog = (x: number) => unscaleValue(x, "log");

/** Gammapy's stand-in for zeros and less in a template of float64, in the unit of its file: the smallest normal number. */
const TINY = 2.2250738585072014e-308;

const unbound = { evaluate: () => Number.NaN };

/** The numbers of a spectrum as the YAML holds them. */
export const inlineSpectrum = ({ energy, values }: SpectralTable) => ({
  energy: { data: Array.from(energy), unit: "TeV" },
  values: { data: Array.from(values), unit: "cm-2 s-1 TeV-1" },
});

const templateNeed = {
  kind: "spectral-text",
  from: "filename",
  about: "a text of energies [MeV] and dnde [cm-2 s-1 MeV-1], as the isotropic emission of Fermi-LAT",
  // Gammapy reads the numbers alone
  inlineKeys: ["energy", "values"],
  inline: inlineSpectrum,
} as const satisfies ResourceNeed<"spectral-text">;

export const templateSpectrum: SpectralDeclaration = {
  type: "TemplateSpectralModel",
  tag: "template",
  about: "Spectrum from a table, linear in ln(dnde) and ln(E), without parameters; multiply it by a norm",
  latex: String.raw`\phi(E_i)`,
  parameters: {},
  extra: {
    energy: "{data: [numbers], unit}",
    values: "{data: [numbers], unit}; dnde at these energies, or without a unit a factor",
  },
  example: {
    energy: { data: [0.1, 1, 10], unit: "TeV" },
    values: { data: [1e-10, 1e-12, 5e-15], unit: "cm-2 s-1 TeV-1" },
  },
  resources: { table: templateNeed },
  ...unbound,
  bind(data) {
    const { type } = templateSpectrum;
    const isFile = data.extra?.energy === undefined && (data.resources?.table ?? data.extra?.filename) !== undefined;
    const extra = isFile ? inlineSpectrum(resourceOf(data, "table", templateNeed, type)) : data.extra;
    const unit = (extra?.values as Partial<Column> | undefined)?.unit ?? "";
    const isNorm = unit === "";
    const energy = logs(increasing(numbers(extra, "energy", "TeV", type), "energy", type));
    const own = isNorm ? "" : "cm-2 s-1 TeV-1";
    const lowest = Math.log(TINY) + Math.log(conversionFactor(unit, own, `${type}.values`));
    const values = numbers(extra, "values", own, type).map((x) => (x > 0 ? Math.log(x) : lowest));
    const unlog = (x: number) => (x <= lowest + Math.LN2 ? 0 : Math.exp(x));
    if (values.length !== energy.length) {
      throw new SpecError(`${type}: ${values.length} values at ${energy.length} energies; give one for each`);
    }
    const evaluate = (e: number) => {
      if (energy.length === 1) return unlog(values[0]!);
      const x = Math.log(e);
      const i = findCell(energy, x);
      const t = (x - energy[i]!) / (energy[i + 1]! - energy[i]!);
      return unlog((1 - t) * values[i]! + t * values[i + 1]!);
    };
    const energyRange = [Math.exp(energy[0]!), Math.exp(energy.at(-1)!)] as const;
    return { ...templateSpectrum, isNorm, energyRange, evaluate, derivatives: evaluate };
  },
};

/** Energies, redshifts and the share of the light that is left: of a file, or from the YAML. */
function absorptionTable(data: ModelData, type: string): SpectralTable {
  const { extra, resources } = data;
  if (resources?.table !== undefined || extra?.filename !== undefined)
    return resourceOf(data, "table", absorptionNeed, type);
  const energy = increasing(numbers(extra, "energy", "TeV", type), "energy", type);
  const param = increasing(numbers(extra, "param", "", type), "param", type);
  const values = numbers(extra, "values", "", type);
  if (values.length !== energy.length * param.length) {
    throw new SpecError(
      `${type}: ${values.length} values for ${param.length} redshifts and ${energy.length} energies; give ${param.length * energy.length}`,
    );
  }
  return { energy, param, values };
}

/** The numbers of a table as the YAML holds them. */
const inline = ({ energy, param, values }: SpectralTable) => ({
  energy: { data: energy, unit: "TeV" },
  param: { data: param, unit: "" },
  values: {
    data: Array.from(param, (_, i) => values.subarray(i * energy.length, (i + 1) * energy.length)),
    unit: "",
  },
});

const absorptionNeed = {
  kind: "spectral-table",
  from: "filename",
  folder: "$GAMMAPY_DATA/ebl",
  // Gammapy's names
  known: {
    key: "reference",
    files: {
      dominguez: "ebl_dominguez11.fits.gz",
      franceschini: "ebl_franceschini.fits.gz",
      finke: "frd_abs.fits.gz",
      franceschini17: "ebl_franceschini_2017.fits.gz",
      "saldana-lopez21": "ebl_saldana-lopez_2021.fits.gz",
    },
    standard: "dominguez",
  },
  about: "share of the light that is left by redshift and energy: an XSPEC table model",
  inline,
} as const satisfies ResourceNeed<"spectral-table">;

export const eblAbsorption: SpectralDeclaration = {
  type: "EBLAbsorptionNormSpectralModel",
  tag: "ebl-norm",
  aliases: { tag: "ebl", parameters: { z: "redshift" } },
  about:
    "Absorption by the extragalactic background light, from a table by redshift and energy; multiply a spectrum by it",
  latex: String.raw`T(E, z)^{\alpha}`,
  parameters: {
    redshift: { unit: "", value: 0.1, frozen: true, about: "redshift of the source" },
    alpha_norm: { unit: "", value: 1, frozen: true, about: "optical depth over that of the table" },
  },
  extra: {
    energy: "{data: [numbers], unit}; with param and values in place of a file",
    param: "{data: [numbers]}; redshifts",
    values: "{data: [numbers for each redshift]}; share of the light that is left",
  },
  example: { filename: "$GAMMAPY_DATA/ebl/ebl_dominguez11.fits.gz" },
  resources: { table: absorptionNeed },
  isNorm: true,
  ...unbound,
  bind(data) {
    const { energy, param, values } = absorptionTable(data, eblAbsorption.type);
    const [x, y] = [logs(energy), logs(values)];
    const n = x.length;
    let depth = 0;
    let slope = 0;
    /** Optical depth -ln T and its derivative by redshift; T stays within 0 and 1. */
    const look = (e: number, z: number): void => {
      const le = Math.log(e);
      const j = n === 1 ? 0 : findCell(x, le);
      const t = n === 1 ? 0 : (le - x[j]!) / (x[j + 1]! - x[j]!);
      const along = (i: number) => (t === 0 ? y[i * n + j]! : (1 - t) * y[i * n + j]! + t * y[i * n + j + 1]!);
      const i = param.length === 1 ? 0 : findCell(param, z);
      const low = along(i);
      slope = param.length === 1 ? 0 : -(along(i + 1) - low) / (param[i + 1]! - param[i]!);
      depth = -low + slope * (z - param[i]!);
      if (depth <= 0) depth = slope = 0;
      if (unlog(-depth) === 0) depth = Number.POSITIVE_INFINITY;
    };
    /** T^alpha; also where T is 0, and 0^0 is 1. */
    const share = (alpha: number) => (depth === 0 || alpha === 0 ? 1 : Math.exp(-depth * alpha));
    return {
      ...eblAbsorption,
      evaluate(e, p) {
        look(e, p[0]!);
        return share(p[1]!);
      },
      derivatives(e, p, g, h) {
        look(e, p[0]!);
        const alpha = p[1]!;
        const value = share(alpha);
        g.fill(0);
        h.fill(0);
        if (value === 0 || depth === 0 || depth === Number.POSITIVE_INFINITY) return value;
        g[0] = -alpha * slope * value;
        g[1] = -depth * value;
        h[0] = -alpha * slope * g[0];
        h[1] = h[2] = -slope * value - alpha * slope * g[1];
        h[3] = depth * depth * value;
        return value;
      },
    };
  },
};
