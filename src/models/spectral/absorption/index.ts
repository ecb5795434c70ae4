/** Absorption by interstellar matter: factors on a spectrum. */
import { SpecError, unknownName } from "../../../errors.js";
import type { SpectralDeclaration } from "../../declaration.js";
import type { ModelData } from "../../types.js";
import { ABUNDANCES, type AbundanceTable } from "./abundances.js";
import { atomsOnly, type CrossSection, edgesOf, interstellar } from "./cross-section.js";
import { tabulated } from "./tabulated.js";

/** Megabarn times 1e22 cm-2. */
const PER_COLUMN = 1e4;
const TEV = 1e-12; // of an eV
/** TeV: above it no column of any use absorbs, and the continued cross section says nothing. */
const HIGHEST = 1e-4;

interface Model {
  readonly type: string;
  readonly tag: string;
  readonly other: string;
  readonly about: string;
  readonly abundances: AbundanceTable;
  crossSection(abundances: readonly number[]): CrossSection;
}

function abundancesOf({ extra }: ModelData, { type, abundances }: Model): readonly number[] {
  const name = extra?.abundances ?? abundances;
  const found = Object.entries(ABUNDANCES).find(([table]) => table === name);
  if (found !== undefined) return found[1];
  throw unknownName(`${type}.abundances`, "table of abundances", String(name), Object.keys(ABUNDANCES));
}

function redshiftOf({ extra }: ModelData, { type }: Model): number {
  const z = extra?.redshift ?? 0;
  if (typeof z === "number" && z > -1 && Number.isFinite(z)) return z;
  throw new SpecError({ where: `${type}.redshift`, found: String(z), expected: "a number above -1" });
}

/** exp(-nh sigma((1 + z) E)) */
function absorption(model: Model): SpectralDeclaration {
  const { type, tag, other, about } = model;
  const declaration: SpectralDeclaration = {
    type,
    tag,
    aliases: { tag: other, parameters: { nH: "nh" } },
    about,
    latex: String.raw`\exp(-N_H \sigma((1 + z) E))`,
    parameters: { nh: { unit: "", value: 0.1, min: 0, about: "column of hydrogen, 1e22 cm-2" } },
    extra: {
      abundances: `${Object.keys(ABUNDANCES).join(", ")}; default ${model.abundances}`,
      redshift: "of what absorbs; default 0",
    },
    example: { abundances: model.abundances, redshift: 0 },
    isNorm: true,
    evaluate: () => Number.NaN,
    bind(data) {
      const abundances = abundancesOf(data, model);
      const scale = 1 + redshiftOf(data, model);
      const edges = edgesOf(abundances);
      const logSigma = tabulated(model.crossSection(abundances), edges);
      const sigma = (e: number) => PER_COLUMN * Math.exp(logSigma((e / TEV) * scale));
      return {
        ...declaration,
        energyRange: [0, HIGHEST],
        jumps: [{ energies: Float64Array.from(edges, (e) => (e * TEV) / scale) }],
        evaluate: (e, p) => Math.exp(-p[0]! * sigma(e)),
        derivatives(e, p, g, h) {
          const s = sigma(e);
          const value = Math.exp(-p[0]! * s);
          g[0] = -s * value;
          h[0] = s * s * value;
          return value;
        },
      };
    },
  };
  return declaration;
}

export const phabs: SpectralDeclaration = absorption({
  type: "PhotoelectricAbsorptionNormSpectralModel",
  tag: "phabs",
  other: "zphabs",
  about: "Photoelectric absorption by neutral atoms; multiply a spectrum by it",
  abundances: "angr",
  crossSection: atomsOnly,
});

export const tbabs: SpectralDeclaration = absorption({
  type: "InterstellarAbsorptionNormSpectralModel",
  tag: "tbabs",
  other: "ztbabs",
  about:
    "Absorption by gas, molecules and grains (Wilms, Allen & McCray 2000), without fine structure of edges; multiply a spectrum by it",
  abundances: "wilm",
  crossSection: interstellar,
});
