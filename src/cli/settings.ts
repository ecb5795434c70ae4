/** `--set`, `--free`, `--freeze`, `--energy-range`: what a command line changes in an analysis. */

import { binsInside, sameEnergy } from "../datasets/energy-edges.js";
import { countsGeom, isBinned } from "../datasets/facets.js";
import type { BinnedDataset, Dataset } from "../datasets/types.js";
import { SpecError, unknownName } from "../errors.js";
import { kindOf } from "../likelihood/registry.js";
import { allParameters, findParameter, updateParameters } from "../models/parameters.js";
import type { Models } from "../models/types.js";
import { axisEdges } from "../sky/axis.js";
import { conversionFactor, parseQuantity, toUnit } from "../units/index.js";
import type { Context } from "./context.js";

export interface Settings {
  /** `"<model>.<parameter>=<value>"`, with or without a unit. */
  readonly set?: readonly string[];
  readonly free?: readonly string[];
  readonly freeze?: readonly string[];
  /** `"<dataset>=<min>,<max>"`, or `"<min>,<max>"` for all datasets. */
  readonly energyRange?: readonly string[];
}

/** `setOption`: where the values come from. */
export function changeModels(models: Models, settings: Settings, setOption = "--set"): Models {
  let result = models;
  const known = (id: string, option: string) => findParameter(allParameters(models), id.trim(), option);
  for (const text of settings.set ?? []) {
    const at = text.lastIndexOf("=");
    if (at < 1) {
      throw new SpecError(
        `${setOption} "${text}": expected a parameter and a value, like ${setOption} "Crab Nebula.alpha=1.3"`,
      );
    }
    const where = `${setOption} "${text}"`;
    const entry = known(text.slice(0, at), setOption);
    const { value, unit } = parseQuantity(text.slice(at + 1), where);
    const factor = unit === "" ? 1 : conversionFactor(unit, entry.parameter.unit, where);
    result = updateParameters(result, { [entry.id]: value * factor });
  }
  for (const [option, ids, frozen] of [
    ["--free", settings.free, false],
    ["--freeze", settings.freeze, true],
  ] as const) {
    for (const id of ids ?? []) result = updateParameters(result, { [known(id, option).id]: { frozen } });
  }
  return result;
}

export function changeDatasets(
  datasets: readonly Dataset[],
  settings: Settings,
  { using: { registry }, onNote }: Pick<Context, "using" | "onNote">,
): readonly Dataset[] {
  let result = datasets;
  for (const text of settings.energyRange ?? []) {
    const at = text.lastIndexOf("=");
    const name = at < 0 ? undefined : text.slice(0, at).trim();
    const [emin, emax] = energyRange(text.slice(at + 1), `--energy-range "${text}"`);
    if (name !== undefined) findDataset(datasets, name, "--energy-range");
    result = result.map((d) => {
      if (name !== undefined && d.name !== name) return d;
      const message = isBinned(d) ? whatIsLeftOut(d, emin, emax) : "";
      if (message !== "") onNote(`--energy-range: dataset "${d.name}": ${message}`);
      return kindOf(d, registry).restrict(d, emin, emax);
    });
  }
  return result;
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
