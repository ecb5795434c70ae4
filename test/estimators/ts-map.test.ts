import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { npred } from "../../src/api/datasets.js";
import { estimateFluxPoints, estimateTsMap, estimateTsMapOn } from "../../src/api/estimators.js";
import { readDatasets } from "../../src/api/io.js";
import { createSubmodel } from "../../src/api/models.js";
import type { Dataset, MapDataset } from "../../src/datasets/types.js";
import { findPeaks } from "../../src/estimators/peaks.js";
import { fluxMap, type TsMap, type TsQuantity } from "../../src/estimators/ts-map-table.js";
import { serialExecutor } from "../../src/execute/serial.js";
import type { Executor } from "../../src/execute/types.js";
import { skyModel } from "../../src/models/create.js";
import type { Models } from "../../src/models/types.js";
import { threadsExecutor } from "../../src/node/threads.js";
import { pixToSky } from "../../src/sky/index.js";
import { windowMap } from "../../src/sky/map-operations.js";
import type { WcsGeom } from "../../src/sky/types.js";
import { byGammapysRule } from "../datasets/gammapys-rule.js";
import { buildScript } from "../execute/build.js";
import { disk } from "../io/disk.js";

const oracle = JSON.parse(readFileSync("test/oracle/ts_map.json", "utf8"));
const fermi = "examples/crab/fermi-3fhl-crab/Fermi-LAT-3FHL";

let datasets: readonly Dataset[];
let models: Models;
let geom: WcsGeom;
let map: TsMap;
beforeAll(async () => {
  const analysis = await readDatasets(`${fermi}_datasets.yaml`, disk, { modelsPath: `${fermi}_models.yaml` });
  datasets = analysis.datasets;
  models = { components: analysis.models!.components.filter((m) => m.type !== "SkyModel") };
  geom = (datasets[0] as MapDataset).counts!.geom as WcsGeom;
  map = estimateTsMap(datasets, models, byGammapysRule());
});

const at = (name: TsQuantity, [x, y]: readonly [number, number]) => map.maps[name].data[y * geom.npix[0] + x]!;

/** A source of index 2 on the middle of a pixel. */
function sourceAt([x, y]: readonly [number, number]) {
  const [lon, lat] = pixToSky(geom.wcs, x, y) as unknown as [number, number];
  const place = { lon_0: { value: lon, frozen: true }, lat_0: { value: lat, frozen: true } };
  return skyModel({
    name: "source",
    spectral: createSubmodel("PowerLawSpectralModel", { index: 2 }),
    spatial: { ...createSubmodel("PointSpatialModel", place), frame: geom.wcs.frame },
  });
}

describe("a TS map", () => {
  it.each([
    [25, 19],
    [24, 20],
    [27, 17],
    [18, 25],
    [33, 12],
  ] as const)("is at (%i, %i) what a fit of one source finds there", (...pixel) => {
    const all = { components: [...models.components, sourceAt(pixel)] };
    const points = estimateFluxPoints(datasets, all, { source: "source", energyEdges: [0.01, 2], ...byGammapysRule() });
    const { norm, normErr, normErrn, normErrp, normUl, ts, stat, statNull, npredExcess } = points;
    const exact = {
      norm,
      norm_err: normErr,
      norm_errn: normErrn,
      norm_errp: normErrp,
      norm_ul: normUl,
      ts,
      stat,
      stat_null: statNull,
      npred_excess: npredExcess,
    };
    for (const [name, column] of Object.entries(exact)) {
      const [found, wanted] = [at(name as TsQuantity, pixel), column![0]!];
      expect(Math.abs(found / wanted - 1), `${name}: ${found}, ${wanted}`).toBeLessThan(1e-7);
    }
  });

  it("is Gammapy's fit of one source at each pixel, where fluxes are positive", () => {
    for (const { pixel, ...found } of oracle.fits) {
      // the reference goes on where bins are predicted negative (docs/differences.md)
      if (found.norm < 0) continue;
      const error = found.norm_err;
      // it convolves by transforms in float32: far from the source 1e-3 of a small psf value times many counts
      for (const name of ["norm", "norm_errn", "norm_errp", "norm_ul"] as const) {
        expect(Math.abs(at(name, pixel) - found[name]), `${name} at ${pixel}`).toBeLessThan(0.003 * error);
      }
      expect(Math.abs(at("ts", pixel) - found.ts)).toBeLessThan(0.01);
      expect(Math.abs(at("stat_null", pixel) - found.stat_null)).toBeLessThan(1e-5);
    }
    // on the source itself nothing is far
    const [{ pixel, ...best }] = oracle.fits;
    for (const name of ["norm", "norm_err", "ts", "stat", "npred_excess"] as const) {
      expect(Math.abs(at(name, pixel) / best[name] - 1)).toBeLessThan(3e-6);
    }
  });

  it("comes near Gammapy's TS map, whose kernel is cut at 0.5 deg and that of the middle everywhere", () => {
    const { probes, flux, tested } = oracle.map;
    expect(map.maps.ts.data.filter((ts) => !Number.isNaN(ts)).length).toBe(tested);
    const fluxes = fluxMap(map, "flux");
    // the bound on significances is the largest difference found, at a faint pixel whose counts lie beyond the kernel; fits of single sources, above, are the sharp test
    oracle.pixels.forEach((pixel: [number, number], i: number) => {
      expect(Math.abs(at("sqrt_ts", pixel) - probes.sqrt_ts[i])).toBeLessThan(0.01 * Math.abs(probes.sqrt_ts[i]) + 0.9);
      if (flux[i] < 1e-9) return;
      expect(Math.abs(fluxes.data[pixel[1] * geom.npix[0] + pixel[0]]! / flux[i] - 1)).toBeLessThan(0.02);
    });
    const [peak] = findPeaks(map.maps.sqrt_ts, { threshold: 5, minDistance: 0.3 });
    const [theirs] = oracle.map.peaks;
    expect([peak!.x, peak!.y]).toEqual([theirs.x, theirs.y]);
    expect(peak!.ra).toBeCloseTo(theirs.ra, 9);
    expect(peak!.dec).toBeCloseTo(theirs.dec, 9);
  });

  it("keeps norms where no bin is predicted negative", () => {
    const dataset = datasets[0] as MapDataset;
    const background = npred(dataset, models, byGammapysRule()).data;
    const pixel = [12, 9] as const;
    const norm = at("norm", pixel);
    expect(norm).toBeLessThan(0);
    const signal = npred(dataset, { components: [sourceAt(pixel)] }, { model: "source", ...byGammapysRule() }).data;
    const inside = signal.map((s, i) => (dataset.maskSafe!.data[i] === 1 && s > 0 ? background[i]! + norm * s : 0));
    const lowest = inside.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    // at the limit one bin is predicted empty
    expect(Math.abs(lowest)).toBeLessThan(1e-9);
    expect(at("ts", pixel)).toBeGreaterThan(0);
    expect(at("sqrt_ts", pixel)).toBeCloseTo(-Math.sqrt(at("ts", pixel)), 12);
  });

  it("keeps errors there too", () => {
    const dataset = datasets[0] as MapDataset;
    const background = npred(dataset, models, byGammapysRule()).data;
    const [nx] = geom.npix;
    // faint pixels, whose lower error would lead below zero
    const faint = Array.from({ length: map.maps.norm.data.length }, (_, i) => i).filter((i) => {
      const [norm, errn, err] = (["norm", "norm_errn", "norm_err"] as const).map((name) => map.maps[name].data[i]!);
      return norm! > 0 && norm! < 0.5 * err! && errn! > 0;
    });
    expect(faint.length).toBeGreaterThan(3);
    for (const i of faint.slice(0, 6)) {
      const pixel = [i % nx, Math.floor(i / nx)] as const;
      const lowest = map.maps.norm.data[i]! - map.maps.norm_errn.data[i]!;
      const signal = npred(dataset, { components: [sourceAt(pixel)] }, { model: "source", ...byGammapysRule() }).data;
      signal.forEach((s, k) => {
        if (dataset.maskSafe!.data[k] === 1) expect(background[k]! + lowest * s).toBeGreaterThan(-1e-9);
      });
    }
  });

  it("of two datasets counts both, each on its own pixels", () => {
    const dataset = datasets[0] as MapDataset;
    const window = { x0: 5, y0: 3, nx: 41, ny: 34 };
    const part = <M extends Parameters<typeof windowMap>[0] | undefined>(m: M) =>
      (m === undefined ? undefined : windowMap(m, window)) as M;
    const second: MapDataset = {
      ...dataset,
      name: "second",
      counts: part(dataset.counts),
      background: part(dataset.background),
      exposure: part(dataset.exposure),
      maskSafe: part(dataset.maskSafe),
    };
    const pixel = [24, 20] as const;
    const two = estimateTsMap([dataset, second], { components: [] }, { energyEdges: [0.01, 0.1, 2] });
    const all = { components: [sourceAt(pixel)] };
    const points = estimateFluxPoints([dataset, second], all, { source: "source", energyEdges: [0.01, 0.1, 2] });
    const i = pixel[1] * geom.npix[0] + pixel[0];
    for (const r of [0, 1]) {
      const j = r * geom.npix[0] * geom.npix[1] + i;
      expect(two.maps.norm.data[j]! / points.norm[r]! - 1).toBeCloseTo(0, 7);
      expect(two.maps.ts.data[j]! / points.ts![r]! - 1).toBeCloseTo(0, 7);
      expect(two.reference.flux[r]! / points.reference.flux[r]! - 1).toBeCloseTo(0, 12);
    }
  });

  it("says what it cannot do", () => {
    const off = { type: "SpectrumDatasetOnOff", name: "on-off" } as unknown as Dataset;
    expect(() => estimateTsMap([off], models)).toThrow(
      /dataset "on-off" is a SpectrumDatasetOnOff; expected a MapDataset/,
    );
    expect(() => estimateTsMap([], models)).toThrow(/no datasets/);
    expect(() => estimateTsMap(datasets, models, { energyEdges: [2, 1] })).toThrow(
      /expected two or more that increase/,
    );
    expect(() => estimateTsMap(datasets, models, { energyEdges: [0.011, 0.012] })).toThrow(
      /no whole energy bin of the data lies between 0.011 and 0.012 TeV/,
    );
    expect(() => findPeaks(map.maps.ts, { threshold: 1, energyBin: 3 })).toThrow(/no energy bin 3/);
  });
});

describe("a TS map in jobs", () => {
  let executors: Executor[];
  beforeAll(async () => {
    const script = await buildScript("worker.ts");
    executors = [serialExecutor(), threadsExecutor({ workers: 2, script })];
  });
  afterAll(() => Promise.all(executors.map((executor) => executor.close())));

  it("is that of one thread to the bit, whatever the cut", async () => {
    const options = { energyEdges: [0.01, 0.1, 2] };
    const whole = estimateTsMap(datasets, models, options);
    for (const executor of executors) {
      for (const jobSize of [200, 777]) {
        const progress: number[] = [];
        const onProgress = (done: number) => progress.push(done);
        const found = await estimateTsMapOn(executor, datasets, models, { ...options, jobSize, onProgress });
        expect(found.maps).toEqual(whole.maps);
        expect(progress.at(-1)).toBe(1592);
      }
    }
  });

  it("stops when told to", async () => {
    const signal = AbortSignal.abort();
    await expect(estimateTsMapOn(executors[1]!, datasets, models, { signal })).rejects.toThrow(/abort/i);
    expect(() => estimateTsMap(datasets, models, { signal })).toThrow(/abort/i);
  });
});
