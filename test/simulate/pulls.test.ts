/** A small number of the observations that `npm run nightly -- events` draws, reduces and fits. */
import { expect, it } from "vitest";
import { eventPulls, problemsOf } from "./pulls.js";

it("fits of simulated observations have pulls of mean 0 and width 1", { timeout: 120_000 }, () => {
  const found = eventPulls({ seed: 1, first: 0, count: 60 });
  expect(Object.keys(found.pulls).sort()).toEqual([
    "map amplitude",
    "map index",
    "map lat_0",
    "map lon_0",
    "spectrum amplitude",
    "spectrum index",
  ]);
  expect(Object.values(found.pulls).map((x) => x.length)).toEqual(Array(6).fill(60));
  expect(problemsOf(found)).toEqual([]);
});

it("and pulls that are off, or too wide, are found", () => {
  const even = Array.from({ length: 60 }, (_, k) => Math.sqrt(3) * ((2 * k + 1) / 60 - 1));
  const problems = (change: (x: number) => number) => problemsOf({ pulls: { x: even.map(change) }, failures: [] });
  expect(problems((x) => x)).toEqual([]);
  expect(problems((x) => x + 0.5)).toHaveLength(1);
  expect(problems((x) => 1.5 * x)).toHaveLength(1);
});
