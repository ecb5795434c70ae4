/** What was counted in each run, and in all up to it, as `gammats reduce` tells it. */
import { columnsOf } from "../../io/table/rows.js";
import type { Table } from "../../io/table/types.js";
import { createRunCounter, type RunCounts } from "../../reduce/run-counts.js";
import type { Plan } from "./plan.js";
import type { Reduced } from "./runs.js";

export type RunRow = ReturnType<typeof namedRow>;

/** The rows of runs that come one after the other: in mask_safe; of maps within the radius of the target. */
export function createRunRows(): { readonly rows: readonly RunRow[]; add(dataset: Reduced, plan: Plan): void } {
  const rows: RunRow[] = [];
  const count = createRunCounter();
  return {
    rows,
    add(dataset, plan) {
      rows.push(namedRow(count(dataset, plan.geometry === "map" ? plan.region : undefined)));
    },
  };
}

/** The names are those of the document. */
const namedRow = ({ cumulatedLivetime, cumulatedExcess, cumulatedSignificance, ...own }: RunCounts) => ({
  ...own,
  cumulated_livetime: cumulatedLivetime,
  cumulated_excess: cumulatedExcess,
  cumulated_significance: cumulatedSignificance,
});

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
