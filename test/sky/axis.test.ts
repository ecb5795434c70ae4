import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  axisBin,
  axisCenters,
  axisCoord,
  axisEdges,
  axisFromEdges,
  axisFromEnergyBounds,
  axisFromNodes,
  axisIndex,
  axisPix,
  downsampleAxis,
  energyMask,
  groupTable,
  nBins,
  roundToAxis,
  sameAxis,
  sliceAxis,
  squashAxis,
  upsampleAxis,
} from "../../src/sky/index.js";

const oracle = JSON.parse(readFileSync(new URL("../oracle/sky.json", import.meta.url), "utf8")).axes;

/** 1e-13: a few roundings of logarithm and exponential, which differ between mathematical libraries. */
function expectClose(found: ArrayLike<number>, expected: number[], tolerance = 1e-13) {
  expect(found.length).toBe(expected.length);
  expected.forEach((e, k) => {
    expect(Math.abs(found[k]! - e)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(e)));
  });
}

describe("axes", () => {
  for (const row of oracle.pix) {
    const axis = (row.kind === "from_edges" ? axisFromEdges : axisFromNodes)([1, 2, 2.5, 4], {
      name: "x",
      interp: row.interp,
    });
    it(`${row.interp} ${row.kind} places coordinates as Gammapy`, () => {
      expectClose(
        row.x.map((x: number) => axisPix(axis, x)),
        row.pix,
      );
      expectClose(
        row.p.map((p: number) => axisCoord(axis, p)),
        row.coord,
      );
      expectClose(axisEdges(axis), row.edges);
      expectClose(axisCenters(axis), row.center);
      expectClose(upsampleAxis(axis, 3).nodes, row.up);
      expectClose(downsampleAxis(axis, 3).nodes, row.down);
      expectClose(squashAxis(axis).nodes, row.squash);
      row.x.forEach((x: number, k: number) => {
        // Exactly on an edge Gammapy's answer depends on whether exp(log(edge)) or sqrt(edge)^2 rounds up; here edges are exact.
        const edge = row.interp === "lin" ? -1 : axisEdges(axis).indexOf(x);
        expect(axisIndex(axis, x)).toBe(edge >= 0 ? edge : row.idx[k]);
        if (edge >= 0) return;
        expect(axisIndex(axis, x, true)).toBe(row.clip[k]);
      });
    });
  }

  it("makes energy axes from bounds", () => {
    const energy = axisFromEnergyBounds(0.01, 100, 10, { perDecade: true });
    expectClose(energy.nodes, oracle.energy);
    const three = axisFromEnergyBounds(1, 50, 3, { perDecade: true });
    expect([nBins(three), three.nodes[6]]).toEqual([6, 50]);
    expectClose(three.nodes, oracle.three);
    expectClose(axisFromEnergyBounds(1, 50, 3, { perDecade: true, strictBounds: false }).nodes, oracle.lower);
  });

  it("counts nothing on the last edge", () => {
    const axis = axisFromEdges([1, 2, 3]);
    expect([0.999, 1, 1.999, 2, 3, Number.NaN].map((x) => axisBin(axis, x))).toEqual([-1, 0, 0, 1, -1, -1]);
    expect(axisIndex(axis, 3)).toBe(2);
    const single = axisFromNodes([3]);
    expect([axisPix(single, 17), axisCoord(single, 5), axisIndex(single, 3)]).toEqual([0, 3, 1]);
  });

  it("groups whole bins nearest to the edges asked for", () => {
    const energy = axisFromEnergyBounds(0.01, 100, 10, { perDecade: true });
    for (const row of oracle.groups) {
      const groups = groupTable(energy, row.edges);
      expect(groups.map((g) => g.start)).toEqual(row.start);
      expect(groups.map((g) => g.stop)).toEqual(row.stop);
      expect(groups.map((g) => g.type)).toEqual(row.type);
      expectClose(
        groups.map((g) => g.min),
        row.min,
      );
    }
    expect(roundToAxis(energy, 1.5704)).toBeCloseTo(1.5848931924611136, 12);
    expect(() => groupTable(energy, [1.01, 1.02])).toThrow(/no whole bin/);
    expect(() => groupTable(axisFromNodes([1, 2]), [1, 2])).toThrow(/edges/);
  });

  it("masks, slices and compares", () => {
    const axis = axisFromEdges([1, 2, 5, 10], { name: "energy", interp: "log" });
    expect([...energyMask(axis, 2, 10)]).toEqual([0, 1, 1]);
    expect([...energyMask(axis, 2.1, 9)]).toEqual([0, 0, 0]);
    expect([...energyMask(axis, 2.1, 9, true)]).toEqual([0, 1, 1]);
    expect([...energyMask(axis, undefined, 5)]).toEqual([1, 1, 0]);
    expect([...sliceAxis(axis, 1, 3).nodes]).toEqual([2, 5, 10]);
    expect(() => sliceAxis(axis, 2, 4)).toThrow(/3/);
    expect(sameAxis(axis, { ...axis, nodes: axis.nodes.map((x) => x * (1 + 5e-7)) })).toBe(true);
    expect(sameAxis(axis, { ...axis, nodes: axis.nodes.map((x) => x * (1 + 5e-6)) })).toBe(false);
    expect(() => axisFromEdges([1, 1, 2])).toThrow(/increasing/);
    expect(() => downsampleAxis(axis, 2)).toThrow(/divisible/);
  });
});
