import { describe, expect, it } from "vitest";
import { stackReduce } from "../../src/datasets/stack.js";
import { readOgip } from "../../src/io/ogip/read.js";
import { onOffBackground } from "../../src/kinds/on-off-data.js";
import { disk } from "../io/disk.js";

const data = process.env.GAMMAPY_DATA;

describe.runIf(data)("the two H.E.S.S. runs of the Crab Nebula", () => {
  it("stack to the counts of Gammapy 2.1", async () => {
    const folder = `${data}/joint-crab/spectra/hess`;
    const runs = [
      await readOgip(`${folder}/pha_obs23523.fits`, disk),
      await readOgip(`${folder}/pha_obs23526.fits`, disk),
    ];
    const stacked = stackReduce(runs, { name: "HESS" });
    const inside = (values: Float64Array) => values.reduce((s, x, i) => s + (stacked.maskSafe!.data[i] ? x : 0), 0);
    expect(inside(stacked.counts!.data)).toBe(250);
    expect(inside(stacked.countsOff!.data)).toBe(195);
    // float64 sum of alpha counts_off with alpha = 1/12
    expect(inside(onOffBackground(stacked))).toBeCloseTo(16.25, 12);
    expect(stacked.maskSafe!.data.filter((x) => x === 1)).toHaveLength(43);
    expect(stacked.counts!.data).toHaveLength(80);
    expect(stacked.livetime).toBeCloseTo(runs[0]!.livetime! + runs[1]!.livetime!, 9);
    expect(stacked.name).toBe("HESS");
  });
});
