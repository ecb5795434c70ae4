import { selectObservations } from "../../src/events/select.js";
import type { Observation } from "../../src/events/types.js";
import { readIndexFiles } from "../../src/io/dl3/index-files.js";
import { createObservationReader } from "../../src/io/dl3/observations.js";
import { nodeFiles } from "../../src/node/files.js";
import { gammapyData } from "../environment.js";

export const HESS = ["23523", "23526", "23559", "23592"];

/** Observations of a folder of $GAMMAPY_DATA. */
export async function observations(folder: string, ids: readonly string[]): Promise<Observation[]> {
  const files = nodeFiles();
  const index = (await readIndexFiles(`${gammapyData}/${folder}`, files))!;
  const reader = createObservationReader(files);
  return Promise.all(selectObservations(index, { ids }).map((entry) => reader.read(entry)));
}

/** The sum of numbers, or of those where a mask is 1. */
export const sum = (x: ArrayLike<number>, mask?: ArrayLike<number>): number =>
  Array.from(x).reduce((s, v, k) => s + (mask && !mask[k] ? 0 : v), 0);

/** Numbers equal to those of the reference to their printed digits (8 or more), or to 1e-9. */
export function close(found: readonly number[], expected: readonly (number | null)[], tolerance = 1e-9): void {
  const wrong = expected.flatMap((x, k) => {
    // null: the reference has none (NaN)
    const isEqual = x === null ? Number.isNaN(found[k]!) : Math.abs(found[k]! - x) <= tolerance * Math.abs(x);
    return isEqual ? [] : [`number ${k}: ${found[k]} for ${x}`];
  });
  if (wrong.length > 0) throw new Error(wrong.join("; "));
}
