/** Channels put together until each bin has enough counts: the bins of Sherpa 4.19 for the same counts, and what it gives quality 2. */
import { describe, expect, it } from "vitest";
import type { MapDataset } from "../../src/datasets/types.js";
import { enoughCounts, groupUntil } from "../../src/io/ogip/grouping.js";
import { axisFromEdges } from "../../src/sky/index.js";
import type { RegionGeom } from "../../src/sky/types.js";

const COUNTS = [3, 1, 0, 4, 2, 2, 1, 0, 5, 1, 0, 1];

function spectrum(used = COUNTS.map(() => 1)): MapDataset {
  const edges = Array.from({ length: 13 }, (_, i) => 2 ** i);
  const axis = axisFromEdges(edges, { name: "energy", unit: "TeV", interp: "log" });
  const geom: RegionGeom = { kind: "region", regions: [], wcs: null, axes: [axis] };
  const counts = { geom, unit: "", data: Float64Array.from(COUNTS) };
  return { type: "SpectrumDataset", name: "x", counts, maskFit: { geom, data: Uint8Array.from(used) } } as MapDataset;
}

const binsOf = ({ dataset }: { dataset: MapDataset }) =>
  Array.from(dataset.counts!.data).filter((_, i) => dataset.maskSafe!.data[i] === 1 && dataset.maskFit!.data[i] === 1);

const grouped = (given: MapDataset, options = {}) => groupUntil(given, enoughCounts(given, 4), options);

describe("groups of at least so many counts", () => {
  it("leaves out what Sherpa gives quality 2, and says what it is", () => {
    // DataPHA.group_counts(4), ignore_bad(): [4, 4, 4, 6]; quality [0 x 9, 2, 2, 2]
    const found = grouped(spectrum());
    expect(binsOf(found)).toEqual([4, 4, 4, 6]);
    expect(found.left).toEqual([{ channels: 3, counts: 2, min: 512, max: 4096, isJoined: false }]);
  });

  it("joins the rest to the last bin where that is wanted", () => {
    const found = grouped(spectrum(), { join: true });
    expect(binsOf(found)).toEqual([4, 4, 4, 8]);
    expect(found.left).toEqual([{ channels: 3, counts: 2, min: 512, max: 4096, isJoined: true }]);
  });

  it("puts no bin over channels that are not in the fit, whose rest has a bin before it or not", () => {
    // as group_counts(4, tabStops) at channels 5 and 6: bins 4, 4, then 6 from channel 7 on
    const used = COUNTS.map((_, i) => (i === 4 || i === 5 ? 0 : 1));
    expect(binsOf(grouped(spectrum(used)))).toEqual([4, 4, 6]);
    const first = COUNTS.map((_, i) => (i === 1 ? 0 : 1));
    const found = grouped(spectrum(first), { join: true });
    // the 3 counts of the first channel have no bin before them
    expect(found.left.map((part) => [part.counts, part.isJoined])).toEqual([
      [3, false],
      [2, true],
    ]);
    expect(binsOf(found)).toEqual([4, 4, 8]);
  });
});
