/** Pulls and impacts of nuisance parameters, as tables. */
import type { FreeBlock } from "../fit/result.js";
import type { Impact, Pull } from "../fit/systematics.js";
import { columnsOf } from "../io/table/rows.js";
import type { Table } from "../io/table/types.js";

export function pullsTable(pulls: readonly Pull[], free: FreeBlock): Table {
  const { text, number } = columnsOf(pulls.map((pull) => ({ ...pull, k: free.ids.indexOf(pull.id) })));
  return {
    name: "pulls",
    about: "Pulls of the nuisance parameters",
    columns: [
      text("parameter", (p) => p.id),
      number("value", (p) => free.values[p.k], { err: (p) => free.errors[p.k], reason: "it has no error" }),
      number("pull", (p) => p.value, { decimals: 2, reason: "its prior has no width" }),
      number("pull_error", (p) => p.error, {
        decimals: 2,
        about: "error / width of the prior",
        reason: "it has no error",
      }),
    ],
  };
}

/** Shifts in the unit of the parameter, and in its errors. */
export function impactsTable(impacts: readonly Impact[], free: FreeBlock): Table {
  const { text, number } = columnsOf(impacts.map((impact) => ({ ...impact, error: errorOf(free, impact.parameter) })));
  const missing = { reason: (i: Impact) => i.message || "it has no error" };
  return {
    name: "impacts",
    about: "Shifts of parameters where a nuisance parameter is moved by its error",
    columns: [
      text("nuisance", (i) => i.nuisance),
      text("parameter", (i) => i.parameter),
      number("down", (i) => i.down, { ...missing, scale: (i) => i.error }),
      number("up", (i) => i.up, { ...missing, scale: (i) => i.error }),
      number("down_in_errors", (i) => i.down / i.error, { ...missing, decimals: 2 }),
      number("up_in_errors", (i) => i.up / i.error, { ...missing, decimals: 2 }),
      ...(impacts.some((i) => i.message !== "") ? [text("message", (i) => i.message)] : []),
    ],
  };
}

export const errorOf = ({ ids, errors }: FreeBlock, id: string): number => errors[ids.indexOf(id)]!;
