/** `--edges`, `--range` with `--bins`, and `--source`: which source is measured in which energy bins. */
import { fluxSources } from "../api/models.js";
import type { ModelsOption } from "../api/models-option.js";
import { SpecError } from "../errors.js";
import type { Models } from "../models/types.js";
import { axisFromEnergyBounds } from "../sky/index.js";
import { toUnit } from "../units/index.js";
import { confidenceOf } from "./confidence.js";
import { numberOf } from "./numbers.js";
import { energyRange } from "./settings.js";

export interface EdgeOptions {
  readonly edges?: string;
  readonly range?: string;
  readonly bins?: string;
}

/** Edges of energy bins, TeV, from --edges or from --range with --bins. */
export function edgesOf({ edges, range, bins }: EdgeOptions, command: string): Float64Array {
  if (edges !== undefined && range === undefined && bins === undefined) {
    return Float64Array.from(edges.split(","), (text) => toUnit(text.trim(), "TeV", "--edges"));
  }
  if (edges === undefined && range !== undefined && bins !== undefined) {
    const [min, max] = energyRange(range, `--range "${range}"`);
    const n = Number(bins);
    if (!Number.isInteger(n) || n < 1) {
      throw new SpecError(`--bins "${bins}": expected a whole number above 0`);
    }
    return axisFromEnergyBounds(min, max, n).nodes;
  }
  throw new SpecError(
    `${command}: give the energies either as --edges "1 TeV,3 TeV,10 TeV" or as --range "1 TeV,15 TeV" --bins 6`,
  );
}

export interface NormOptions {
  readonly normMin?: string;
  readonly normMax?: string;
  readonly ulSigma?: string;
  readonly ulCl?: string;
}

/** Limits of norms, from --norm-min and --norm-max, and how sure upper limits are, from --ul-sigma and --ul-cl. */
export function normLimits({ normMin, normMax, ulSigma, ulCl }: NormOptions): {
  readonly normMin?: number;
  readonly normMax?: number;
  readonly nSigmaUl?: number;
} {
  const confidence = confidenceOf({ sigma: ulSigma, cl: ulCl }, 2, "ul-");
  const read = (text: string, option: string) => numberOf(text, option, "a number such as 0", Number.isFinite);
  return {
    ...(normMin !== undefined && { normMin: read(normMin, "--norm-min") }),
    ...(normMax !== undefined && { normMax: read(normMax, "--norm-max") }),
    ...(confidence !== undefined && { nSigmaUl: confidence.sigma }),
  };
}

export function onlySource(models: Models, command: string, using: ModelsOption): string {
  const names = fluxSources(models, using).map(({ name }) => name);
  if (names.length === 1) return names[0]!;
  throw new SpecError(
    `${command}: choose a source with --source; there are ${names.map((n) => `"${n}"`).join(", ") || "none"}`,
  );
}
