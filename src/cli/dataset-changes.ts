/** `--statistic` and `--group`: another statistic, and other bins, of a dataset. */
import { countsGeom, isBinned, isOnOff } from "../datasets/facets.js";
import type { BinnedDataset, Dataset } from "../datasets/types.js";
import { SpecError, unknownName } from "../errors.js";
import {
  enoughChannels,
  enoughCounts,
  enoughSignal,
  enoughSignificance,
  groupUntil,
  type IsEnough,
  type Remainder,
} from "../io/ogip/grouping.js";
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

const RULES =
  'a rule like "min 20" (counts), "snr 5", "significance 3" (of the excess), "width 4" (channels) or "bins 30", with "join" behind it or without';

/** What makes a bin, and in words. */
function ruleOf(dataset: BinnedDataset, text: string, where: string): readonly [isEnough: IsEnough, what: string] {
  const [, rule, number] = /^(min|snr|significance|width|bins)\s+(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  const value = Number(number);
  const isWhole = rule === "snr" || rule === "significance" || Number.isInteger(value);
  if (!(value > 0) || !isWhole) throw new SpecError({ where, found: `"${text}"`, expected: RULES });
  const channels = dataset.counts!.data.length;
  switch (rule) {
    case "min":
      return [enoughCounts(dataset, value), `at least ${value} counts`];
    case "snr":
      return [enoughSignal(dataset, value), `counts of ${value} times their error`];
    case "significance":
      if (isOnOff(dataset) && dataset.countsOff !== undefined && dataset.acceptanceOff !== undefined) {
        return [enoughSignificance(dataset, value), `an excess of ${value} sigma`];
      }
      throw new SpecError(
        `${where}: "${dataset.name}" has no OFF counts, from which there could be an excess; group by snr`,
      );
    case "width":
      return [enoughChannels(value), `${value} channels`];
    default: {
      const width = Math.max(1, Math.floor(channels / value));
      return [enoughChannels(width), `${width} channels`];
    }
  }
}

/** A spectrum in other bins; other data as they were, unless they are `named`. */
export function grouped(dataset: Dataset, text: string, where: string, { onNote }: Change, named: boolean): Dataset {
  if (!isSpectrum(dataset) || !isBinned(dataset)) {
    if (named)
      throw new SpecError(`${where}: a ${dataset.type} is no spectrum of counts, whose channels could be grouped`);
    return dataset;
  }
  const [, rule = "", join] = /^(.*?)(\s+join)?$/.exec(text.trim()) ?? [];
  const [isEnough, what] = ruleOf(dataset, rule, where);
  const found = groupUntil(dataset, isEnough, { join: join !== undefined });
  if (found.bins === 0) {
    throw new SpecError(`${where}: "${dataset.name}" has no bin of ${what} in the fit; group it less`);
  }
  onNote(`"${dataset.name}": channels grouped into ${found.bins} bins of ${what}${whatIsLeft(found.left)}`);
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

const JOIN = ' ("join" behind the rule puts what is left at the end into the last bin)';

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
