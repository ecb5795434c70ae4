import { describe, expect, it } from "vitest";
import { skyMapSpecOf } from "../../src/plot/sky-map.js";
import { axisFromEdges, axisFromNodes } from "../../src/sky/index.js";
import type { MapAxis, SkyMap, Wcs } from "../../src/sky/types.js";

const wcs: Wcs = {
  projection: "CAR",
  frame: "galactic",
  crval: [0, 0],
  crpix: [1.5, 1],
  cd: [-1, 0, 0, 1],
  lonpole: 0,
  latpole: 90,
};

function mapOf(axes: MapAxis[], planes: number, value: (plane: number, pixel: number) => number): SkyMap {
  const data = Float64Array.from({ length: 2 * planes }, (_, i) => value(Math.floor(i / 2), i % 2));
  return { geom: { kind: "wcs", wcs, npix: [2, 1], axes }, unit: "cm2 s", data };
}

const energy = (n: number) =>
  axisFromNodes(
    Array.from({ length: n }, (_, i) => 0.01 * 2 ** i),
    { name: "energy_true", unit: "TeV" },
  );

describe("skyMapSpecOf", () => {
  it("has an image for each bin, with its energies or other values", () => {
    const rad = axisFromEdges([0, 0.1, 0.3], { name: "rad", unit: "deg" });
    const { panels, title } = skyMapSpecOf(
      mapOf([energy(2), rad], 4, (p, i) => p + i),
      "exposure",
    );
    expect(title).toBe("exposure");
    expect(panels.map((panel) => panel.title)).toEqual([
      "10 GeV, rad 0 deg to 0.1 deg",
      "10 GeV, rad 0.1 deg to 0.3 deg",
      "20 GeV, rad 0 deg to 0.1 deg",
      "20 GeV, rad 0.1 deg to 0.3 deg",
    ]);
    expect(Array.from(panels[2]!.values)).toEqual([2, 3]);
    expect(panels[2]).toMatchObject({ label: "cm2 s", range: [2, 3], stretch: "sqrt" });
  });

  it("leaves images of many bins out, evenly, and says so", () => {
    const { panels, title } = skyMapSpecOf(
      mapOf([energy(30)], 30, (p) => p),
      "cube",
    );
    expect(title).toBe("cube: 12 of 30 bins");
    expect(panels.map((panel) => panel.values[0])).toEqual([1, 3, 6, 8, 11, 13, 16, 18, 21, 23, 26, 28]);
  });

  it("draws differences around zero, and images without a value", () => {
    const { panels } = skyMapSpecOf(
      mapOf([], 1, (_, i) => i - 0.5),
      "residuals",
    );
    expect(panels).toMatchObject([{ title: "", colors: "diverging" }]);
    expect(
      skyMapSpecOf(
        mapOf([], 1, () => Number.NaN),
        "none",
      ).panels[0]!.range,
    ).toEqual([0, 1]);
  });
});
