import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { MapDataset } from "../../src/datasets/types.js";
import { diagonalKernel, edispKernelAt } from "../../src/irf/edisp.js";
import { containment, profileAtEnergy, psfProfileAt, radiusFinder } from "../../src/irf/psf.js";
import { psfKernel, type SamplePositions } from "../../src/irf/psf-kernel.js";
import { createCache } from "../../src/math/cache.js";
import { axisCenters, axisFromEdges, axisFromEnergyBounds, nBins } from "../../src/sky/axis.js";
import { wcsGeom } from "../../src/sky/geom.js";
import type { Frame, SkyPosition, WcsGeom } from "../../src/sky/types.js";
import { storedDataset } from "../datasets/stored.js";

interface Expected {
  readonly positions: readonly {
    dataset: string;
    lon: number;
    lat: number;
    frame: Frame;
    edisp: number[];
    size: number;
    /** Middle row and diagonal of each image. */
    row: number[];
    diagonal: number[];
    radii: number[];
  }[];
  readonly diagonal: number[];
  /** Containments of a psf `[energy_true, rad]` by energy, then radius. */
  readonly uneven: Readonly<
    Record<"edges" | "rad" | "profile" | "energies" | "radii" | "values" | "true" | "row", number[]>
  > & { readonly binsz: number };
}

const expected = JSON.parse(
  readFileSync(fileURLToPath(new URL("../oracle/irf.json", import.meta.url)), "utf8"),
) as Expected;

function near(actual: ArrayLike<number>, wanted: readonly number[], relative: number, absolute: number): void {
  expect(actual.length).toBe(wanted.length);
  wanted.forEach((w, i) => {
    expect(Math.abs(actual[i]! - w), `value ${i}`).toBeLessThanOrEqual(relative * Math.abs(w) + absolute);
  });
}

const positions = createCache().scope<SamplePositions>("positions", ({ pix }) => pix.byteLength);

describe("instrument responses at positions, as Gammapy 2.1 has them", () => {
  for (const e of expected.positions) {
    const position: SkyPosition = { lon: e.lon, lat: e.lat, frame: e.frame };
    const dataset = storedDataset<MapDataset>(e.dataset);
    const geom = dataset.exposure!.geom as WcsGeom;
    const energyTrue = geom.axes[0]!;
    const profile = psfProfileAt(dataset.psf!.map, position, "psf");
    const name = `${e.dataset} at ${e.lon.toFixed(2)}, ${e.lat.toFixed(2)}`;

    it(`${name}: energy dispersion of the nearest pixel`, () => {
      const kernel = edispKernelAt(dataset.edisp!.map, position, dataset.counts!.geom.axes[0]!, "edisp");
      // nine digits written
      near(kernel.data, e.edisp, 1e-8, 1e-15);
    });

    it(`${name}: psf on the pixels`, () => {
      const kernel = psfKernel(profile, geom, energyTrue, positions);
      expect(kernel.size).toBe(e.size);
      const n = kernel.size;
      const images = Array.from({ length: nBins(energyTrue) }, (_, t) => t * n * n);
      const pick = (at: (i: number) => number) =>
        images.flatMap((from) => Array.from({ length: n }, (_, i) => kernel.data[from + at(i)]!));
      const peak = Math.max(...kernel.data);
      // float32 there
      near(
        pick((i) => ((n - 1) / 2) * n + i),
        e.row,
        2e-7,
        1e-8 * peak,
      );
      near(
        pick((i) => i * n + i),
        e.diagonal,
        2e-7,
        1e-8 * peak,
      );
      for (const from of images) {
        expect(kernel.data.subarray(from, from + n * n).reduce((s, x) => s + x, 0)).toBeCloseTo(1, 12);
      }
    });

    const radiiTest = e.radii.length === 0 ? undefined : it;
    radiiTest?.(`${name}: containment radii`, () => {
      const energies = axisCenters(profile.energy).slice(0, 3);
      const find = radiusFinder(profile.rad);
      const shape = new Float64Array(nBins(profile.rad));
      const radii = [0.5, 0.68, 0.999].flatMap((fraction) =>
        Array.from(energies, (energy) => {
          profileAtEnergy(profile, energy, shape);
          return find(shape, fraction);
        }),
      );
      near(radii, e.radii, 1e-8, 0);
    });
  }

  it("a perfect instrument", () => {
    const energyTrue = axisFromEnergyBounds(0.7, 14, 6, { name: "energy_true" });
    near(diagonalKernel(energyTrue, axisFromEnergyBounds(1, 10, 4)).data, expected.diagonal, 1e-8, 1e-15);
  });
});

describe("a psf whose energy bins are not equally wide, as Gammapy 2.1 has it", () => {
  const { edges, rad, profile, energies, radii, values, true: energyEdges, row, binsz } = expected.uneven;
  const energy = (nodes: number[]) => axisFromEdges(nodes, { name: "energy_true", unit: "TeV", interp: "log" });
  const psf = {
    energy: energy(edges),
    rad: axisFromEdges(rad, { name: "rad", unit: "deg" }),
    data: Float64Array.from(profile),
  };

  it("containments", () => {
    const found = energies.flatMap((e) => radii.map((radius) => containment(psf, e, radius)));
    near(found, values, 1e-12, 0);
  });

  it("images on pixels, divided as finely", () => {
    const axis = energy(energyEdges);
    const geom = wcsGeom({
      center: { lon: 83.63, lat: 22.01, frame: "icrs" },
      binsz,
      npix: [5, 5],
      proj: "TAN",
      axes: [axis],
    });
    const { data, size } = psfKernel(psf, geom, axis, positions);
    const rows = Array.from({ length: 3 * size }, (_, k) => {
      const t = Math.floor(k / size);
      return data[t * size * size + ((size - 1) / 2) * size + (k % size)]!;
    });
    // float32 there
    near(rows, row, 2e-7, 1e-8 * Math.max(...row));
  });
});

describe("containment", () => {
  it("of a Gaussian is 1 - exp(-r^2 / 2 sigma^2)", () => {
    const nodes = Float64Array.from({ length: 2001 }, (_, i) => i / 2000);
    const rad = { name: "rad", unit: "deg", interp: "lin", nodeType: "edges", nodes } as const;
    const energy = axisFromEnergyBounds(1, 10, 1, { name: "energy_true" });
    const sigma = 0.1;
    const data = axisCenters(rad).map(
      (r) => Math.exp((-r * r) / (2 * sigma * sigma)) / (2 * Math.PI * ((sigma * Math.PI) / 180) ** 2),
    );
    const profile = { energy, rad, data };
    // midpoint rule with rings of 0.005 sigma
    for (const r of [0.03, 0.1, 0.2503, 0.7]) {
      expect(containment(profile, 3, r)).toBeCloseTo(1 - Math.exp((-r * r) / (2 * sigma * sigma)), 5);
    }
    expect(containment(profile, 3, 0)).toBe(0);
    expect(containment(profile, 3, 5)).toBe(containment(profile, 3, 1));
  });
});
