/** Disks and shells on pixels, against sums over fine cells. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { npredSignal } from "../../src/api/datasets.js";
import { createSubmodel } from "../../src/api/models.js";
import type { MapDataset } from "../../src/datasets/types.js";
import { skyModel } from "../../src/models/create.js";
import { axisFromEnergyBounds } from "../../src/sky/axis.js";
import { defaultPoles } from "../../src/sky/native-pole.js";
import type { Frame, MapAxis, WcsGeom } from "../../src/sky/types.js";
import type { Values } from "./check-derivatives.js";

interface Case {
  readonly name: string;
  readonly geom: {
    readonly projection: string;
    readonly frame: Frame;
    readonly crval: [number, number];
    readonly crpix: [number, number];
    readonly step: number;
    readonly npix: [number, number];
  };
  readonly type: string;
  readonly parameters: Readonly<Record<string, number>>;
  /** What other cells make of it, over the largest share. */
  readonly error: number;
  readonly shares: readonly number[];
}
/** The output of test/oracle/pixel_shares.py. */
const oracle = JSON.parse(
  readFileSync(new URL("../oracle/pixel_shares.json", import.meta.url), "utf8"),
) as readonly Case[];

/** A map of one bin of energy, exposed evenly, without psf. */
function bare({ projection, frame, crval, crpix, step, npix }: Case["geom"]): MapDataset {
  const wcs = {
    projection,
    frame,
    crval,
    crpix,
    cd: [-step, 0, 0, step] as const,
    ...defaultPoles({ projection, crval }),
  };
  const map = (axis: MapAxis, value: number, unit: string) => ({
    geom: { kind: "wcs", wcs, npix, axes: [axis] } as WcsGeom,
    unit,
    data: new Float64Array(npix[0] * npix[1]).fill(value),
  });
  return {
    type: "MapDataset",
    name: "bare",
    counts: map(axisFromEnergyBounds(1, 10, 1), 0, ""),
    exposure: map(axisFromEnergyBounds(1, 10, 1, { name: "energy_true" }), 1e12, "cm2 s"),
  };
}

/** Flux of `spectrum` in 1 to 10 TeV, times the exposure. */
const spectrum: [string, Values] = ["pl", { index: 2, amplitude: 1e-12 }];
const COUNTS = 0.9;

const shares = ({ geom, type, parameters }: Case): number[] => {
  const spatial: Values = Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, { value, frozen: true }]),
  );
  const model = skyModel({
    name: "src",
    spectral: createSubmodel(...spectrum, { kind: "spectral" }),
    spatial: createSubmodel(type, spatial, { kind: "spatial", frame: geom.frame }),
  });
  return Array.from(npredSignal(bare(geom), { components: [model] }).data, (x) => x / COUNTS);
};

describe("shares of pixels", () => {
  it.each(oracle.map((c) => [c.name, c] as const))("of a %s", (_, c) => {
    const ours = shares(c);
    const largest = Math.max(...c.shares);
    const off = Math.max(...ours.map((x, k) => Math.abs(x - c.shares[k]!))) / largest;
    expect(off).toBeLessThan(5e-5 + c.error);
  });
});

it("of a shell without a width: a sphere, which casts the same share on all parts of a diameter", () => {
  const [n, step, radius] = [21, 0.05, 0.4];
  const geom: Case["geom"] = {
    projection: "TAN",
    frame: "icrs",
    crval: [30, 0],
    crpix: [(n + 1) / 2, (n + 1) / 2],
    step,
    npix: [n, n],
  };
  const of = (type: string, sizes: Case["parameters"]) =>
    shares({ name: "", geom, type, parameters: { lon_0: 30, lat_0: 0, ...sizes }, error: 0, shares: [] });
  const found = of("shell", { radius, width: 0 });
  for (let j = 3; j < n - 3; j++) {
    const row = found.slice(j * n, (j + 1) * n).reduce((a, b) => a + b);
    // a sphere's zones have equal areas. The width taken is 1e-3 of the radius, which rounds the ends off; the sky bends by R^2 / 2 = 2e-5
    expect(row / (step / (2 * radius))).toBeCloseTo(1, 4);
  }
  const thin = of("shell", { radius: radius - 0.001, width: 0.002 });
  const largest = Math.max(...thin);
  // an even function of the width w but for the rim, where the brightness rises as a root and a pixel changes by about (w / R)^1.5 = 3.5e-4
  found.forEach((x, k) => {
    expect(Math.abs(x - thin[k]!) / largest).toBeLessThan(7e-4);
  });
});
