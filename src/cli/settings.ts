/** `--set`, `--free`, `--freeze`, `--energy-range`, `--group`, `--statistic`: what a command line changes in an analysis. */

import { binsInside, sameEnergy } from "../datasets/energy-edges.js";
import { countsGeom, isBinned } from "../datasets/facets.js";
import type { BinnedDataset, Dataset } from "../datasets/types.js";
import { SpecError, unknownName } from "../errors.js";
import { kindOf } from "../likelihood/registry.js";
import { allParameters, type ParameterEntry, updateParameters } from "../models/parameters.js";
import type { Models } from "../models/types.js";
import { axisEdges } from "../sky/axis.js";
import { conversionFactor, parseQuantity, toUnit } from "../units/index.js";
import type { Context } from "./context.js";
import { grouped, nothingToChange, withStatistic } from "./dataset-changes.js";
import { parameterNamed } from "./parameter-names.js";
import type { RegionSettings } from "./region-masks.js";

export interface Settings extends RegionSettings {
  /** `"<model>.<parameter>=<value>"`, with or without a unit. */
  readonly set?: readonly string[];
  readonly free?: readonly string[];
  readonly freeze?: readonly string[];
  /** `"<dataset>=<min>,<max>"`, or `"<min>,<max>"` for all datasets. */
  readonly energyRange?: readonly string[];
  /** `"min 20"`, `"min 20 join"` or `"<dataset>=min 20"` */
  readonly group?: readonly string[];
  /** `"chi2"`, or `"<dataset>=chi2"` */
  readonly statistic?: readonly string[];
}

/** Names of the options with which a command line changes an analysis. */
export function changesOf(options: Settings & { readonly replaceSpectrum?: readonly string[] }): string[] {
  const flags = {
    set: "set",
    free: "free",
    freeze: "freeze",
    energyRange: "energy-range",
    group: "group",
    statistic: "statistic",
    replaceSpectrum: "replace-spectrum",
  } as const;
  const names = Object.keys(flags) as (keyof typeof flags)[];
  return names.filter((name) => options[name] !== undefined).map((name) => flags[name]);
}

/** A parameter, and what it is set to. */
function assignment(
  entries: readonly ParameterEntry[],
  text: string,
  option: string,
): readonly [ParameterEntry, string] {
  const at = text.lastIndexOf("=");
  if (at < 1) {
    throw new SpecError(
      `${option} "${text}": expected a parameter and a value, like ${option} "Crab Nebula.alpha=1.3"`,
    );
  }
  return [parameterNamed(entries, text.slice(0, at), option), text.slice(at + 1)];
}

/** Ids of the parameters that are set. */
export function setIds(models: Models, { set = [] }: Pick<Settings, "set">, option = "--set"): string[] {
  const entries = allParameters(models);
  return set.map((text) => assignment(entries, text, option)[0].id);
}

/** `setOption`: where the values come from. */
export function changeModels(models: Models, settings: Settings, setOption = "--set"): Models {
  const entries = allParameters(models);
  let result = models;
  for (const text of settings.set ?? []) {
    const where = `${setOption} "${text}"`;
    const [{ id, parameter }, quantity] = assignment(entries, text, setOption);
    const { value, unit } = parseQuantity(quantity, where);
    const factor = unit === "" ? 1 : conversionFactor(unit, parameter.unit, where);
    result = updateParameters(result, { [id]: value * factor });
  }
  for (const [option, names, frozen] of [
    ["--free", settings.free, false],
    ["--freeze", settings.freeze, true],
  ] as const) {
    const preferred = ({ parameter }: ParameterEntry) => parameter.frozen !== frozen;
    for (const name of names ?? []) {
      result = updateParameters(result, { [parameterNamed(entries, name, option, preferred).id]: { frozen } });
    }
  }
  return result;
}

/** The dataset that a text is about, and the rest of the text: "HESS=min 20"; without a name it is about all. */
function forDataset(text: string, datasets: readonly Dataset[], option: string): readonly [string | undefined, string] {
  const at = text.lastIndexOf("=");
  const name = at < 0 ? undefined : text.slice(0, at).trim();
  if (name !== undefined) findDataset(datasets, name, option);
  return [name, text.slice(at + 1)];
}

export function changeDatasets(
  datasets: readonly Dataset[],
  settings: Settings,
  context: Pick<Context, "using" | "onNote">,
): readonly Dataset[] {
  const changes = [
    ["--statistic", settings.statistic, withStatistic],
    ["--group", settings.group, grouped],
    ["--energy-range", settings.energyRange, inRange],
  ] as const;
  let result = datasets;
  for (const [option, texts = [], change] of changes) {
    for (const text of texts) {
      const [name, rest] = forDataset(text, datasets, option);
      const isAbout = (d: Dataset) => name === undefined || d.name === name;
      const before = result;
      result = before.map((d) =>
        isAbout(d) ? change(d, rest.trim(), `${option} "${text}"`, context, name !== undefined) : d,
      );
      if (result.every((d, i) => d === before[i]) && option !== "--energy-range")
        throw nothingToChange(option, text, before, context);
    }
  }
  return result;
}

type Change = Pick<Context, "using" | "onNote">;

function inRange(dataset: Dataset, text: string, where: string, { using, onNote }: Change): Dataset {
  const [emin, emax] = energyRange(text, where);
  const message = isBinned(dataset) ? whatIsLeftOut(dataset, emin, emax) : "";
  if (message !== "") onNote(`--energy-range: dataset "${dataset.name}": ${message}`);
  return kindOf(dataset, using.registry).restrict(dataset, emin, emax);
}

/** Where the ends of a range lie inside bins of the data, which bins are used, in words; else empty. */
function whatIsLeftOut(dataset: BinnedDataset, emin: number, emax: number): string {
  const axis = countsGeom(dataset)?.axes[0];
  if (axis === undefined) return "";
  const edges = axisEdges(axis);
  const [start, stop] = binsInside(axis, emin, emax);
  const inside = (e: number) => e > edges[0]! && e < edges.at(-1)! && !edges.some((edge) => sameEnergy(e, edge));
  if (!inside(emin) && !inside(emax)) return "";
  const text = (e: number) => Number(e.toPrecision(5));
  return stop > start
    ? `an end lies inside an energy bin, which is left out; used are ${text(edges[start]!)} to ${text(edges[stop]!)} TeV`
    : "no whole energy bin lies inside";
}

/** `"0.66 TeV,30 TeV"` in TeV. */
export function energyRange(text: string, where: string): [number, number] {
  const parts = text.split(",");
  if (parts.length !== 2) {
    throw new SpecError(`${where}: expected two energies with units and a comma between, like "0.66 TeV,30 TeV"`);
  }
  const [emin, emax] = parts.map((part) => toUnit(part.trim(), "TeV", where)) as [number, number];
  if (!(emin > 0 && emin < emax)) {
    throw new SpecError(
      `${where}: the range goes from ${emin} to ${emax} TeV; expected two increasing energies above 0`,
    );
  }
  return [emin, emax];
}

export function findDataset(datasets: readonly Dataset[], name: string, where: string): Dataset {
  const found = datasets.find((d) => d.name === name);
  if (found !== undefined) return found;
  throw unknownName(
    where,
    "dataset",
    name,
    datasets.map((d) => d.name),
  );
}
