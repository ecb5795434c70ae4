import type { OnOffDataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import type { OnOffErrors, OnOffStatistic } from "../likelihood/statistics/types.js";

/** acceptance / acceptance_off, `[energy, lat, lon]`. */
export function alphaOf(dataset: OnOffDataset): Float64Array {
  const off = dataset.acceptanceOff?.data;
  return dataset.acceptance.data.map((a, i) => (off === undefined ? Number.NaN : a / off[i]!));
}

/** Background in the ON region estimated from OFF alone: alpha counts_off; 0 where there is no OFF. */
export function onOffBackground(dataset: OnOffDataset): Float64Array {
  const alpha = alphaOf(dataset);
  const off = dataset.countsOff?.data;
  return alpha.map((a, i) => (off === undefined || !Number.isFinite(a) ? 0 : a * off[i]!));
}

/** The maps of errors of a dataset in some of its bins; undefined: it has none. */
export interface OnOffErrorMaps {
  readonly on: Float64Array | undefined;
  readonly off: Float64Array | undefined;
  readonly systematic: Float64Array | undefined;
  readonly systematicOff: Float64Array | undefined;
}

/** `pick`: the bins that are meant. */
export function errorMaps(dataset: OnOffDataset, pick: (data: Float64Array) => Float64Array): OnOffErrorMaps {
  const { countsError, countsOffError, systematic, systematicOff } = dataset;
  const of = (map: OnOffDataset["countsError"]) => map && pick(map.data);
  return { on: of(countsError), off: of(countsOffError), systematic: of(systematic), systematicOff: of(systematicOff) };
}

/** `statistic.constant` of bin i of the maps. */
export function constantOf(
  statistic: OnOffStatistic,
  { on, off, systematic, systematicOff }: OnOffErrorMaps,
): (i: number, nOn: number, nOff: number, alpha: number) => number {
  const errors: { -readonly [K in keyof OnOffErrors]: number } = { on: 0, off: 0, onSystematic: 0, offSystematic: 0 };
  return (i, nOn, nOff, alpha) => {
    errors.on = on?.[i] ?? Number.NaN;
    errors.off = off?.[i] ?? Number.NaN;
    errors.onSystematic = (systematic?.[i] ?? 0) * nOn;
    errors.offSystematic = (systematicOff?.[i] ?? 0) * nOff;
    return statistic.constant?.(nOn, nOff, alpha, errors) ?? 0;
  };
}

interface Bins {
  readonly on: Float64Array;
  readonly off: Float64Array;
}

/** Refuses what a statistic cannot work with. */
export function checkStatistic(where: string, statistic: OnOffStatistic, maps: OnOffErrorMaps, on: Float64Array): void {
  const { name, needsErrors, uses = [] } = statistic;
  if (needsErrors === true && maps.on === undefined) {
    throw new SpecError(
      `${where}: the statistic "${name}" needs errors of the counts (STAT_ERR with POISSERR F), and there are none; take chi2datavar, chi2gehrels or one for Poisson counts`,
    );
  }
  const bad = uses.includes("on") || maps.on !== undefined ? -1 : on.findIndex((n) => n < 0);
  if (bad >= 0) throw new SpecError(`${where}: bin ${bad} has ${on[bad]} counts, expected 0 or more for "${name}"`);
}

const bins = (n: number) => (n === 1 ? "1 bin" : `${n} bins`);

/** What a user should know of a statistic of these data. */
export function statisticWarnings(
  where: string,
  { name, uses = [], fewest = {} }: OnOffStatistic,
  maps: OnOffErrorMaps,
  { on, off }: Bins,
): string[] {
  const unused = [
    ...(maps.on && !uses.includes("on") && name !== "chi2modvar" ? ["errors of the counts (STAT_ERR)"] : []),
    ...(maps.off && !uses.includes("off") ? ["errors of the background (STAT_ERR)"] : []),
    ...(maps.systematic && (name === "pgstat" || !uses.includes("systematic")) ? ["systematic errors (SYS_ERR)"] : []),
  ];
  const few = (counts: Float64Array, least = 0) => counts.reduce((k, n) => k + (n < least ? 1 : 0), 0);
  const fewOn = maps.on ? 0 : few(on, fewest.on);
  const fewOff = maps.off ? 0 : few(off, fewest.off);
  return [
    ...(unused.length > 0 ? [`${where}: ${unused.join(" and ")} are not used by the statistic "${name}"`] : []),
    ...(fewOn > 0
      ? [
          `${where}: ${bins(fewOn)} with fewer than ${fewest.on} counts, for which "${name}" is biased; group them (--group "min 20"), or take wstat`,
        ]
      : []),
    ...(fewOff > 0
      ? [
          `${where}: ${bins(fewOff)} with fewer than ${fewest.off} OFF counts, whose background "${name}" takes for better known than it is; take wstat`,
        ]
      : []),
  ];
}
