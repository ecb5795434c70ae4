/** Pulls and impacts of nuisance parameters, for people. */
import type { FreeBlock } from "../fit/result.js";
import type { Impact, Pull } from "../fit/systematics.js";
import { shown } from "./numbers.js";
import { textTable } from "./table.js";

export function pullsTable(pulls: readonly Pull[], free: FreeBlock): string {
  return textTable(
    ["nuisance parameter", "value", "error", "pull", "error / prior width"],
    pulls.map(({ id, value, error }) => {
      const k = free.ids.indexOf(id);
      const sigma = free.errors[k]!;
      return [id, shown(free.values[k]!, sigma), shown(sigma, sigma), value.toFixed(2), error.toFixed(2)];
    }),
  );
}

/** Shifts in the unit of the parameter, and in its errors. */
export function impactsTable(impacts: readonly Impact[], free: FreeBlock): string {
  return textTable(
    ["nuisance parameter", "moves", "at -1 error by", "at +1 error by", "in its errors", ""],
    impacts.map(({ nuisance, parameter, down, up, message }) => {
      const error = errorOf(free, parameter);
      const relative = [down, up].map((s) => `${s < 0 ? "-" : "+"}${Math.abs(s / error).toFixed(2)}`);
      return [nuisance, parameter, shown(down, error), shown(up, error), relative.join(", "), message];
    }),
  );
}

export const errorOf = ({ ids, errors }: FreeBlock, id: string): number => errors[ids.indexOf(id)]!;
