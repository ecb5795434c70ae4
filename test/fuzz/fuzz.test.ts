/**
 * The small size of `npm run nightly` (docs/limits.md). A case that fails is repeated alone by its seed and index:
 * npm run nightly -- fuzz --seed 20261130 --first 4346 --count 1
 */
import { describe, expect, it } from "vitest";
import { python } from "../environment.js";
import { runChanged } from "./changed.js";
import { runFuzz } from "./fuzz.js";
import { runRoundTrips } from "./roundtrip.js";
import { runStarts, STARTS } from "./starts.js";
import { runSweep } from "./sweep/sweep.js";

const seed = 20261130;
/** ms; half a minute each on a machine of its own. */
const TIMEOUT = 600_000;

describe("random inputs", () => {
  it(
    "damaged files end in a typed error, or in contents that survive being written",
    async () => {
      const { failures, counts } = await runFuzz({ seed, first: 0, count: 10_000 });
      expect(failures).toEqual([]);
      // enough of both, or the damage is not what it should be
      expect(counts.refused).toBeGreaterThan(3000);
      expect(counts.kept).toBeGreaterThan(500);
    },
    TIMEOUT,
  );

  it(
    "a number that is changed in a data file is read as another, or refused",
    async () => {
      expect(await runChanged({ seed, first: 0, count: 1000 })).toEqual([]);
    },
    TIMEOUT,
  );

  it(
    "analyses come back from files to the last bit",
    async () => {
      expect(await runRoundTrips({ seed, first: 0, count: 1000 })).toEqual([]);
    },
    TIMEOUT,
  );

  it("fits from random starts end at one minimum, or say that they did not", () => {
    const { failures, fits, elsewhere, refused } = runStarts({ seed, first: 0, count: 3 });
    expect(failures).toEqual([]);
    expect([fits, elsewhere]).toEqual([3 * STARTS, 0]);
    expect(refused).toBeLessThan(fits / 2);
  });
});

describe.runIf(python)("random analyses, which Gammapy reads", () => {
  it(
    "give the same counts and statistics to 1e-6",
    async () => {
      const { failures, numbers, refused } = await runSweep({ seed, first: 0, count: 16 }, python!);
      expect(failures).toEqual([]);
      expect(numbers).toBeGreaterThan(200);
      expect(Object.keys(refused).length).toBeLessThan(4);
    },
    TIMEOUT,
  );
});
