/** What was counted in each run, and in all up to it. */
import { isOnOff } from "../../datasets/facets.js";
import { columnsOf } from "../../io/table/rows.js";
import type { Table } from "../../io/table/types.js";
import { nPix, pixelCenter } from "../../sky/pixels.js";
import { makeRegionTest } from "../../sky/regions.js";
import type { Region, SkyMap } from "../../sky/types.js";
import { cashCountsStatistics, wstatCountsStatistics } from "../../stats/counts-statistics.js";
import type { Plan } from "./plan.js";
import type { Reduced } from "./runs.js";

/** In mask_safe; of maps within the radius of the target. */
export interface RunRow {
  readonly name: string;
  /** s */
  readonly livetime: number;
  readonly on: number;
  readonly off: number | null;
  /** Background of ON by OFF counts. */
  readonly alpha: number | null;
  readonly background: number;
  readonly excess: number;
  readonly significance: number;
  /** Of this run and those before it. */
  readonly cumulated_livetime: number;
  readonly cumulated_excess: number;
  readonly cumulated_significance: number;
}

/** The rows of runs that come one after the other. */
export function createRunRows(): { readonly rows: readonly RunRow[]; add(dataset: Reduced, plan: Plan): void } {
  const rows: RunRow[] = [];
  let sum: Counted = { on: 0, off: 0, background: 0 };
  let livetime = 0;
  return {
    rows,
    add(dataset, plan) {
      const own = countedIn(dataset, plan.geometry === "map" ? plan.region : undefined);
      const { on, off, background } = own;
      sum = {
        on: sum.on + on,
        off: off === null || sum.off === null ? null : sum.off + off,
        background: sum.background + background,
      };
      livetime += dataset.livetime ?? 0;
      rows.push({
        name: dataset.name,
        livetime: dataset.livetime ?? Number.NaN,
        on,
        off,
        alpha: alphaOf(own),
        background,
        excess: on - background,
        significance: significanceOf(own),
        cumulated_livetime: livetime,
        cumulated_excess: sum.on - sum.background,
        cumulated_significance: significanceOf(sum),
      });
    },
  };
}

interface Counted {
  readonly on: number;
  readonly off: number | null;
  readonly background: number;
}

const alphaOf = ({ off, background }: Counted): number | null => (off === null || off === 0 ? null : background / off);

/** Li & Ma (1983), ApJ 272, 317, equation 17; of a background that is known, its limit of many OFF counts. */
function significanceOf(counted: Counted): number {
  const alpha = alphaOf(counted);
  const { on, off, background } = counted;
  return (alpha === null ? cashCountsStatistics(on, background) : wstatCountsStatistics(on, off!, alpha)).sqrtTs;
}

/** Counts in mask_safe; `region`: in pixels whose middle lies in it. */
function countedIn(dataset: Reduced, region: Region | undefined): Counted {
  const { counts, maskSafe } = dataset;
  const isInside = region && makeRegionTest(region);
  const n = counts === undefined ? 0 : nPix(counts.geom);
  const inside = Uint8Array.from({ length: n }, (_, p) => (isInside?.(pixelCenter(counts!.geom, p)) === false ? 0 : 1));
  const total = (map: SkyMap | undefined, factor: (i: number) => number = () => 1) =>
    map === undefined
      ? 0
      : map.data.reduce((s, x, i) => (maskSafe?.data[i] === 0 || inside[i % n] === 0 ? s : s + x * factor(i)), 0);
  const on = total(counts);
  if (!isOnOff(dataset)) return { on, off: null, background: total(dataset.background) };
  const { acceptance, acceptanceOff, countsOff } = dataset;
  const alpha = (i: number) => (acceptance?.data[i] ?? 0) / (acceptanceOff?.data[i] ?? Number.POSITIVE_INFINITY);
  return { on, off: total(countsOff), background: total(countsOff, alpha) };
}

export function runsTable(rows: readonly RunRow[]): Table {
  const { text, number, whole } = columnsOf(rows);
  const isOnOff = rows.some(({ off }) => off !== null);
  return {
    name: "runs",
    about: "Runs: counts in mask_safe, and the sums up to each run",
    columns: [
      text("observation", (r) => r.name),
      number("livetime", (r) => r.livetime, { unit: "s", decimals: 1 }),
      whole("on", (r) => r.on),
      ...(isOnOff
        ? [
            whole("off", (r) => r.off, { reason: "no OFF counts" }),
            number("alpha", (r) => r.alpha, { reason: "no OFF counts", decimals: 5 }),
          ]
        : [number("background", (r) => r.background, { decimals: 2 })]),
      number("excess", (r) => r.excess, { decimals: 2 }),
      number("significance", (r) => r.significance, { decimals: 2 }),
      number("cumulated_livetime", (r) => r.cumulated_livetime, { unit: "s", decimals: 1 }),
      number("cumulated_excess", (r) => r.cumulated_excess, { decimals: 2 }),
      number("cumulated_significance", (r) => r.cumulated_significance, { decimals: 2 }),
    ],
  };
}
