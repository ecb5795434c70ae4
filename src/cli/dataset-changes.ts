/** `--statistic` and `--group`: another statistic, and other bins, of a dataset. */
import { countsGeom, isBinned, isOnOff } from "../datasets/facets.js";
import type { Dataset } from "../datasets/types.js";
import { SpecError, unknownName } from "../errors.js";
import { groupMinCounts, type Remainder } from "../io/ogip/grouping.js";
import { kindOf } from "../likelihood/registry.js";
import { nPix } from "../sky/pixels.js";
import type { Context } from "./context.js";

type Change = Pick<Context, "using" | "onNote">;

/** The form of data that the statistic of a dataset is for. */
function formOf(dataset: Dataset, { using: { registry } }: Change) {
  const kind = kindOf(dataset, registry);
  const name = kind.statistic(dataset);
  const all = registry.statistics.filter((statistic) => statistic.name === name);
  // of one name there may be one for counts and one for flux points
  if (all.length < 2) return all[0]?.data;
  return isBinned(dataset) ? (isOnOff(dataset) ? "on-off" : "counts") : "points";
}

/** The dataset with the statistic `name`; as it was where that is one for other data, unless it is `named`. */
export function withStatistic(dataset: Dataset, name: string, where: string, context: Change, named: boolean): Dataset {
  const { statistics } = context.using.registry;
  const form = formOf(dataset, context);
  const all = statistics.filter((statistic) => statistic.name === name);
  const wanted = all.find(({ data }) => data === form) ?? all[0];
  if (wanted === undefined) {
    throw unknownName(where, "statistic", name, [...new Set(statistics.map((statistic) => statistic.name))]);
  }
  if (wanted.data === form) return { ...dataset, statistic: name } as Dataset;
  if (!named) return dataset;
  const fitting = statistics.filter(({ data }) => data === form).map((statistic) => statistic.name);
  throw new SpecError(
    `${where}: "${name}" is for ${wanted.data} data; a ${dataset.type} takes ${fitting.join(" or ")}`,
  );
}

const isSpectrum = (dataset: Dataset): boolean => {
  const geom = isBinned(dataset) ? countsGeom(dataset) : undefined;
  return geom !== undefined && nPix(geom) === 1 && isBinned(dataset) && dataset.counts !== undefined;
};

/** A spectrum in bins of at least so many counts; other data as they were, unless they are `named`. */
export function grouped(dataset: Dataset, text: string, where: string, { onNote }: Change, named: boolean): Dataset {
  const [, number, word] = /^min\s+(\d+)(\s+join)?$/.exec(text) ?? [];
  const min = Number(number);
  if (!(min > 0)) {
    throw new SpecError(`${where}: expected the least number of counts in a bin, like "min 20" or "min 20 join"`);
  }
  if (!isSpectrum(dataset) || !isBinned(dataset)) {
    if (named)
      throw new SpecError(`${where}: a ${dataset.type} is no spectrum of counts, whose channels could be grouped`);
    return dataset;
  }
  const found = groupMinCounts(dataset, min, { join: word !== undefined });
  if (found.bins === 0) {
    throw new SpecError(`${where}: "${dataset.name}" has fewer than ${min} counts in the fit; group it less`);
  }
  onNote(
    `"${dataset.name}": channels grouped into ${found.bins} bins of at least ${min} counts${whatIsLeft(found.left)}`,
  );
  return found.dataset;
}

/** What does not make a bin, in words. */
function whatIsLeft(left: readonly Remainder[]): string {
  const energy = (e: number) => Number(e.toPrecision(4));
  const listed = (parts: readonly Remainder[]) =>
    parts
      .map(({ counts, channels, min, max }) => {
        const number = (n: number, what: string) => `${n} ${what}${n === 1 ? "" : "s"}`;
        return `${number(counts, "count")} in ${number(channels, "channel")} from ${energy(min)} to ${energy(max)} TeV`;
      })
      .join(", ");
  const [joined, out] = [left.filter((part) => part.isJoined), left.filter((part) => !part.isJoined)];
  return [
    joined.length === 0 ? "" : `; too few for one of their own, and joined to the one before: ${listed(joined)}`,
    out.length === 0 ? "" : `; too few for one, and left out of the fit: ${listed(out)}${JOIN}`,
  ].join("");
}

const JOIN = ' ("min N join" puts what is left at the end into the last bin)';

/** That an option for all datasets is for none of them. */
export function nothingToChange(
  option: string,
  text: string,
  datasets: readonly Dataset[],
  context: Change,
): SpecError {
  if (option === "--group") return new SpecError(`${option} "${text}": none of the datasets is a spectrum of counts`);
  const { statistics } = context.using.registry;
  const takes = datasets.map((dataset) => {
    const form = formOf(dataset, context);
    const names = statistics.filter(({ data }) => data === form).map((statistic) => statistic.name);
    return `"${dataset.name}" takes ${names.join(" or ")}`;
  });
  return new SpecError(`${option} "${text}": this statistic is for other data; ${takes.join(", ")}`);
}
