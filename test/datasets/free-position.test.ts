/** Sources whose position is free, where psf and energy dispersion differ from place to place. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { compileDataset, npred } from "../../src/api/datasets.js";
import { compileJoint, fit } from "../../src/api/fit.js";
import { createSubmodel, fovBackground } from "../../src/api/models.js";
import type { MapDataset } from "../../src/datasets/types.js";
import { fitJoint } from "../../src/fit/fit.js";
import { statProfile } from "../../src/fit/profiles.js";
import { skyModel } from "../../src/models/create.js";
import { allParameters, updateParameters } from "../../src/models/parameters.js";
import type { Models } from "../../src/models/types.js";
import { nPix } from "../../src/sky/pixels.js";
import type { SkyMap, WcsGeom } from "../../src/sky/types.js";
import { near, sumsByEnergy } from "./oracle.js";
import { storedDataset } from "./stored.js";

const cube = storedDataset<MapDataset>("cube");
const center = { lon: 83.63, lat: 22.01 };
const powerLaw = createSubmodel("pl", { index: 2.2, amplitude: 2e-12 });

function source(shape: string, lon: number, lat: number, values: Readonly<Record<string, number>> = {}): Models {
  const spatial = createSubmodel(shape, { lon_0: lon, lat_0: lat, ...values }, { kind: "spatial" });
  return { components: [skyModel({ name: "src", spectral: powerLaw, spatial }), fovBackground("cube")] };
}

/** Every pixel of a map of responses has what its first one has. */
function same(map: SkyMap): SkyMap {
  const n = nPix(map.geom);
  return { ...map, data: map.data.map((_, k) => map.data[k - (k % n)]!) };
}

const onePsf: MapDataset = { ...cube, psf: { ...cube.psf!, map: same(cube.psf!.map) } };
const oneEDisp: MapDataset = { ...cube, edisp: { ...cube.edisp!, map: same(cube.edisp!.map) } };

/** Steps of a walk to and fro over borders of the map and of both maps of responses, deg. */
const WALK = [
  [0.13, -0.08],
  [0.55, -0.31],
  [0.251, 0.1],
  [-0.7, 0.4],
  [0.249, 0.1],
  [0.13, -0.0801],
  [0.95, 0.7],
  [0, 0],
] as const;

const frozenStat = (dataset: MapDataset, models: Models) =>
  compileDataset(dataset, models, { free: () => false }).term.value(new Float64Array(0));

interface Expected {
  readonly lon: number;
  readonly lat: number;
  readonly sums: readonly number[];
  readonly peak: number;
  readonly probes: readonly (readonly [number, number])[];
  readonly spectrum: Readonly<Record<string, number>>;
}
const between = JSON.parse(
  readFileSync(fileURLToPath(new URL("../oracle/between.json", import.meta.url)), "utf8"),
) as Expected[];

describe("a source between the pixels of its responses", () => {
  it.each(between)("has the counts of Gammapy's responses in them, mixed, at $lon, $lat", (expected) => {
    const { lon, lat, spectrum, sums, peak, probes } = expected;
    const spatial = createSubmodel("point", { lon_0: lon, lat_0: lat }, { kind: "spatial" });
    const models = { components: [skyModel({ name: "src", spectral: createSubmodel("pl", spectrum), spatial })] };
    const { data } = npred(cube, models, { model: "src" });
    // float32 kernels and transforms there
    sumsByEnergy(data, sums.length).forEach((x, r) => {
      near(x, sums[r]!, 1e-6, 4e-7 * peak, `energy bin ${r}`);
    });
    for (const [k, value] of probes) near(data[k]!, value, 1e-6, 4e-7 * peak, `bin ${k}`);
  });

  const shapes = ["point", "gauss"] as const;
  const datasets = { cube, onePsf, oneEDisp };
  for (const shape of shapes) {
    const of = (lon: number, lat: number) => source(shape, lon, lat, shape === "point" ? {} : { sigma: 0.1 });
    it.each(Object.entries(datasets))(
      `is the same free and frozen, on whatever way it came: ${shape}, %s`,
      (_, dataset) => {
        const models = of(center.lon, center.lat);
        const { term, parameters } = compileDataset(dataset, models);
        const entries = allParameters(models);
        const p = Float64Array.from(parameters, (q) => entries[q.entry]!.parameter.value * q.factor);
        const at = (name: string) => parameters.findIndex((q) => entries[q.entry]!.id === `src.${name}`);
        const [g, h] = [new Float64Array(term.n), new Float64Array(term.n ** 2)];
        for (const [dx, dy] of [...WALK, ...WALK.toReversed()]) {
          const [lon, lat] = [center.lon + dx, center.lat + dy];
          p[at("lon_0")] = lon;
          p[at("lat_0")] = lat;
          const expected = frozenStat(dataset, of(lon, lat));
          // transforms and direct sums of an extended source differ by rounding of its brightest pixel
          const tolerance = 1e-11 * Math.abs(expected);
          expect(Math.abs(term.value(p) - expected)).toBeLessThan(tolerance);
          expect(Math.abs(term.hessian(p, g, h) - expected)).toBeLessThan(tolerance);
        }
      },
    );

    it(`has a likelihood without steps at borders of responses: ${shape}`, () => {
      const step = 1e-7;
      // the nodes of the psf are 1 deg apart, those of the energy dispersion 0.73 deg
      for (const border of [-0.365, -0.5, 0, 0.365, 0.5]) {
        const [before, after] = [-1, 1].map((side) =>
          frozenStat(
            cube,
            of(center.lon + (border + side * step) / Math.cos((22 * Math.PI) / 180), center.lat + 0.013),
          ),
        );
        // slopes of the likelihood are below 1e4 a degree
        expect(Math.abs(after! - before!)).toBeLessThan(2 * step * 1e4);
      }
    });
  }

  it("profiles what it fits: the statistic of a profile is that of the frozen source", () => {
    const { seen, truth } = made();
    const joint = compileJoint([seen], truth);
    const fitted = fitJoint(joint);
    const profile = statProfile(joint, fitted, "src.lon_0", { n: 5, reoptimize: false });
    profile.stat.forEach((stat, i) => {
      const frozen = updateParameters(fitted.models, { "src.lon_0": profile.values[i]! });
      expect(Math.abs(stat - frozenStat(seen, frozen))).toBeLessThan(1e-9 * Math.abs(stat));
    });
  });
});

/** Two pixels of responses that differ by much, and a border between them inside of one pixel of the map. */
function twoHalves(): MapDataset {
  const half = <M extends SkyMap>(map: M): M => {
    const { wcs } = map.geom as WcsGeom;
    const n = nPix(map.geom);
    const crval = [center.lon + 0.05, center.lat] as const;
    const geom = { ...map.geom, npix: [2, 1], wcs: { ...wcs, crval, crpix: [1.5, 1], cd: [-0.1, 0, 0, 2] } };
    const data = Float64Array.from(
      { length: (map.data.length / n) * 2 },
      (_, k) => map.data[(k >> 1) * n + (k % 2) * (n - 1)]!,
    );
    return { ...map, geom, data } as M;
  };
  return { ...cube, psf: { map: half(cube.psf!.map) }, edisp: { map: half(cube.edisp!.map) } } as MapDataset;
}

/** What such an instrument counts of a bright source, without scatter. */
function made(): { seen: MapDataset; truth: Models } {
  const dataset = twoHalves();
  const truth = updateParameters(source("point", center.lon + 0.05, center.lat + 0.045), { "src.amplitude": 3e-11 });
  const counts = npred(dataset, truth);
  return { seen: { ...dataset, counts: { ...counts, data: counts.data.map(Math.round) } }, truth };
}

describe("a fit of a free position", () => {
  it("does not depend on where it starts, and reports the statistic of what it reports", () => {
    const { seen, truth } = made();
    const results = [0.02, 0.048, 0.052, 0.08].map((start) => {
      const models = updateParameters(truth, { "src.lon_0": center.lon + start, "src.lat_0": center.lat + 0.03 });
      const result = fit([seen], models);
      expect(result.success, result.message).toBe(true);
      expect(Math.abs(result.totalStat - frozenStat(seen, result.models))).toBeLessThan(
        1e-9 * Math.abs(result.totalStat),
      );
      const joint = compileJoint([seen], result.models);
      expect(Math.abs(result.totalStat - joint.datasetStat(0, joint.start))).toBeLessThan(
        1e-9 * Math.abs(result.totalStat),
      );
      return result;
    });
    for (const { totalStat, free } of results) {
      // a fit ends within 1e-3 of the minimum
      expect(Math.abs(totalStat - results[0]!.totalStat)).toBeLessThan(1e-3);
      free.values.forEach((value, i) => {
        expect(Math.abs(value - results[0]!.free.values[i]!)).toBeLessThan(0.02 * free.errors[i]!);
      });
    }
  });
});
