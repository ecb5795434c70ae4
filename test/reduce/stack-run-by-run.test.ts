/** Runs that are added to a stack one after the other, as `gammats reduce` does, so that memory does not grow with their number. */
import { describe, expect, it } from "vitest";
import { stackReduce } from "../../src/datasets/stack.js";
import { readFits } from "../../src/fits/index.js";
import { observationOf } from "../../src/io/dl3/observations.js";
import { createMapReducer, reduceSpectrum } from "../../src/reduce.js";
import { axisFromEnergyBounds } from "../../src/sky/axis.js";
import { wcsGeom } from "../../src/sky/geom.js";
import { madeRun, SOURCE } from "./made-run.js";

const runs = [0.5, -0.5, 1.2, 1.6].map((north, k) => {
  const { bytes } = madeRun({ id: 100 + k, seed: k + 1, north });
  const path = `run_${k}.fits`;
  return observationOf([{ path, hdus: readFits(bytes, { where: path }) }]);
});
const energy = axisFromEnergyBounds(0.3, 30, 6);

/** All numbers of a dataset, by their place in it. */
function numbersOf(value: unknown, at = ""): [string, number][] {
  if (typeof value === "number") return [[at, value]];
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array, (x, k) => [`${at}[${k}]`, x]);
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, part]) => numbersOf(part, `${at}.${key}`));
}

describe("a stack of four runs, two of them at the border of their field of view", () => {
  const geom = wcsGeom({ center: SOURCE, binsz: 0.1, width: 3, proj: "TAN" });
  const reduceMap = createMapReducer({
    geom,
    energy,
    safeMask: [
      { method: "aeff-max", percent: 20 },
      { method: "offset-max", offset: 1.5 },
    ],
  });
  const kinds = {
    maps: runs.map((run) => reduceMap(run)!),
    spectra: runs.map((run) =>
      reduceSpectrum(run, { region: { shape: "circle", center: SOURCE, radius: 0.11 }, energy, off: {} }),
    ),
  };
  for (const [name, datasets] of Object.entries(kinds)) {
    it(`is the same made run by run: ${name}`, () => {
      const all = numbersOf(stackReduce(datasets as never[], { name: "stacked" }));
      const byRun = numbersOf(
        (datasets as never[]).reduce((sum, run) => stackReduce([sum, run], { name: "stacked" }) as never),
      );
      expect(byRun.length).toBe(all.length);
      expect(all.length).toBeGreaterThan(100);
      // sums in another order: rounding
      const off = all.filter(
        ([, x], k) => Math.abs(byRun[k]![1] - x) > 1e-12 * Math.abs(x) && !Object.is(byRun[k]![1], x),
      );
      expect(off.slice(0, 3)).toEqual([]);
    });
  }
});
