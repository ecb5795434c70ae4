/** Table models of XSPEC: atable, mtable, etable. */
import { SpecError } from "../../../errors.js";
import { findCell } from "../../../math/interpolate.js";
import type { ParameterDeclaration, ResourceNeed, SpectralDeclaration } from "../../declaration.js";
import { uniqueNames } from "../../parts.js";
import { resourceOf } from "../../resources.js";
import type { TableModel, TableParameter } from "../../types.js";
import { gridSpectrum } from "./grid.js";

const tableNeed = {
  kind: "table-model",
  from: "filename",
  about: "spectra by parameters: an XSPEC table model (OGIP 92-009)",
} as const satisfies ResourceNeed<"table-model">;

interface Spec {
  readonly type: string;
  readonly tag: string;
  readonly about: string;
  readonly latex: string;
  readonly isAdditive: boolean;
  /** The factor is exp(-t) of what the table holds. */
  readonly isDepth?: boolean;
}

/** A name that YAML, texts and formulas take: letters, digits and _. */
function plainName(name: string, i: number): string {
  const plain = name.replace(/\W+/g, "_").replace(/^_+|_+$/g, "");
  return plain === "" ? `parameter_${i + 1}` : /^\d/.test(plain) ? `p${plain}` : plain;
}

/** As the file has it, within the values of the table, outside of which there is no spectrum. */
function declared({ name, method, initial, delta, minimum, maximum, values }: TableParameter): ParameterDeclaration {
  const isAdded = method === "additional";
  const [min, max] = isAdded
    ? [minimum, maximum]
    : [Math.max(minimum, values[0]!), Math.min(maximum, values[values.length - 1]!)];
  const how = isAdded
    ? "factor on a spectrum that is added"
    : method === "log"
      ? "interpolated in its logarithm"
      : "interpolated";
  return {
    unit: "",
    value: Math.min(Math.max(initial, min), max),
    min,
    max,
    frozen: delta <= 0 || min === max,
    ...(values.length > 2 && { kinks: Array.from(values.subarray(1, -1)) }),
    about: `${name} of the table, ${how}`,
  };
}

const redshift: ParameterDeclaration = {
  unit: "",
  value: 0,
  frozen: true,
  min: -0.999,
  max: 10,
  about: "redshift z: energies of the table are divided by 1 + z",
};
const norm: ParameterDeclaration = { unit: "", value: 1, about: "factor on the table" };

function parametersOf({ parameters, hasRedshift }: TableModel, isAdditive: boolean) {
  const more = [
    ...(hasRedshift ? [["redshift", redshift] as const] : []),
    ...(isAdditive ? [["norm", norm] as const] : []),
  ];
  const names = uniqueNames([...parameters.map(({ name }, i) => plainName(name, i)), ...more.map(([name]) => name)]);
  const all = [...parameters.map(declared), ...more.map(([, parameter]) => parameter)];
  return Object.fromEntries(names.map((name, i) => [name, all[i]!]));
}

function checkKind({ isAdditive }: TableModel, spec: Spec): void {
  if (isAdditive === spec.isAdditive) return;
  throw new SpecError({
    where: `${spec.type}: its table`,
    found: `ADDMODEL ${isAdditive ? "T, a flux" : "F, a factor"}`,
    expected: spec.isAdditive ? "a flux" : "a factor",
    remedy: isAdditive ? "take atable (TableSpectralModel)" : "take mtable or etable, times a spectrum",
  });
}

/** What a factor is beyond its table, in words. */
function beyondOf({ below = 1, above = 1 }: TableModel, { isAdditive }: Spec): string {
  if (isAdditive) return "it counts as 0";
  return below === above ? `the factor is ${below}` : `the factor is ${below} below and ${above} above`;
}

function bound(table: TableModel, spec: Spec): Partial<SpectralDeclaration> & Pick<SpectralDeclaration, "evaluate"> {
  const { energy, parameters, hasRedshift, below, above } = table;
  const { isAdditive, isDepth = false } = spec;
  const m = parameters.length;
  const n = energy.length - 1;
  const widths = Float64Array.from({ length: n }, (_, i) => (isAdditive ? energy[i + 1]! - energy[i]! : 1));
  const [outsideLow, outsideHigh] = isAdditive ? [0, 0] : [below ?? 1, above ?? 1];
  const grid = gridSpectrum(table);
  const all = m + (hasRedshift ? 1 : 0) + (isAdditive ? 1 : 0);
  const at = (e: number, p: Float64Array) => (hasRedshift ? e * (1 + p[m]!) : e);
  const moving = hasRedshift ? { redshift: m } : {};
  const last = energy[n]!;
  /** dnde without its norm, or the factor. */
  const inBin = (i: number) => (isDepth ? Math.exp(-grid.value[i]!) : grid.value[i]! / widths[i]!);
  return {
    jumps: [{ energies: energy.filter((e) => e > 0), ...moving }],
    tables: [{ energyRange: [energy[0]!, last], beyond: beyondOf(table, spec), ...moving }],
    evaluate(e, p) {
      const x = at(e, p);
      const scale = isAdditive ? p[all - 1]! : 1;
      grid.update(p, false);
      if (x >= energy[0]! && x < last) return scale * inBin(findCell(energy, x));
      // parameters outside of the table are no flux of 0
      return Number.isNaN(grid.value[0]!) ? Number.NaN : scale * (x < last ? outsideLow : outsideHigh);
    },
    derivatives(e, p, g, h) {
      const x = at(e, p);
      const scale = isAdditive ? p[all - 1]! : 1;
      g.fill(0);
      h.fill(0);
      grid.update(p, true);
      if (!(x >= energy[0]! && x < last)) {
        return Number.isNaN(grid.value[0]!) ? Number.NaN : scale * (x < last ? outsideLow : outsideHigh);
      }
      const i = findCell(energy, x);
      const y = inBin(i);
      for (let a = 0; a < m; a++) {
        const slope = grid.slopes[a]![i]!;
        g[a] = scale * (isDepth ? -slope * y : slope / widths[i]!);
        for (let b = 0; b < m; b++) {
          const bend = grid.bends[a * m + b]![i]!;
          h[a * all + b] = scale * (isDepth ? (slope * grid.slopes[b]![i]! - bend) * y : bend / widths[i]!);
        }
        if (isAdditive) h[a * all + all - 1] = h[(all - 1) * all + a] = slope / widths[i]!;
      }
      if (isAdditive) g[all - 1] = y;
      return scale * y;
    },
  };
}

function tableModel(spec: Spec): SpectralDeclaration {
  const { type, tag, about, latex, isAdditive } = spec;
  const declaration: SpectralDeclaration = {
    type,
    tag,
    about,
    latex,
    parameters: {},
    example: { filename: "table.fits" },
    resources: { table: tableNeed },
    ...(!isAdditive && { isNorm: true }),
    evaluate: () => Number.NaN,
    bind(data) {
      const table = resourceOf(data, "table", tableNeed, type);
      checkKind(table, spec);
      const parameters = parametersOf(table, isAdditive);
      const own = isAdditive ? { norm: Object.keys(parameters).at(-1)! } : {};
      return { ...declaration, parameters, ...own, ...bound(table, spec) };
    },
  };
  return declaration;
}

export const atable: SpectralDeclaration = tableModel({
  type: "TableSpectralModel",
  tag: "atable",
  about:
    "XSPEC's additive table model: photons in bins of energy, interpolated between values of parameters; 0 beyond its energies",
  latex: String.raw`n\, \frac{F_i(\theta)}{\Delta E_i},\ E (1 + z) \in \Delta E_i`,
  isAdditive: true,
});

export const mtable: SpectralDeclaration = tableModel({
  type: "TableNormSpectralModel",
  tag: "mtable",
  about:
    "XSPEC's multiplicative table model: a factor in bins of energy, interpolated between values of parameters; multiply a spectrum by it",
  latex: String.raw`M_i(\theta),\ E (1 + z) \in \Delta E_i`,
  isAdditive: false,
});

export const etable: SpectralDeclaration = tableModel({
  type: "ExponentialTableNormSpectralModel",
  tag: "etable",
  about: "XSPEC's exponential table model: exp(-t) of a table of optical depths; multiply a spectrum by it",
  latex: String.raw`\exp(-t_i(\theta)),\ E (1 + z) \in \Delta E_i`,
  isAdditive: false,
  isDepth: true,
});
