import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { simulate } from "../../src/api/datasets.js";
import {
  estimateFluxPoints,
  estimateLightCurve,
  estimateLightCurveOn,
  testConstancy,
  testConstancyOn,
} from "../../src/api/estimators.js";
import { compileJoint } from "../../src/api/fit.js";
import { createSubmodel } from "../../src/api/models.js";
import { sliceByEnergy } from "../../src/datasets/slice.js";
import type { Dataset, LightCurve, MapDataset, OnOffDataset } from "../../src/datasets/types.js";
import { standardTasks } from "../../src/estimators/tasks.js";
import { variability } from "../../src/estimators/variability.js";
import { serialExecutor } from "../../src/execute/serial.js";
import type { Executor } from "../../src/execute/types.js";
import { fitJoint } from "../../src/fit/fit.js";
import { simulateCrabTwin } from "../../src/instruments/crab.js";
import { readOgip } from "../../src/io/ogip/read.js";
import { skyModel } from "../../src/models/create.js";
import { allParameters, updateParameters } from "../../src/models/parameters.js";
import type { Models } from "../../src/models/types.js";
import { threadsExecutor } from "../../src/node/threads.js";
import type { SkyMap } from "../../src/sky/types.js";
import { datasetIntervals, durationIntervals, mjdIntervals } from "../../src/time/intervals.js";
import { nightIntervals } from "../../src/time/nights.js";
import { gammapyData } from "../environment.js";
import { buildScript } from "../execute/build.js";
import { disk } from "../io/disk.js";

const oracle = JSON.parse(await readFile(new URL("../oracle/light_curve.json", import.meta.url), "utf8"));
const source = "Crab Nebula";
const spectral = createSubmodel("LogParabolaSpectralModel", oracle.spectrum);
const models: Models = { components: [skyModel({ name: source, spectral })] };

async function flares(): Promise<OnOffDataset[]> {
  const base = await readOgip("examples/crab/joint-crab/spectra/hess/pha_obs23523.fits", disk);
  const { scale, start, stop, reference, counts, off } = oracle.flare;
  return start.map((_: number, i: number) => ({
    ...base,
    name: `flare-${i}`,
    exposure: { ...base.exposure!, data: base.exposure!.data.map((x) => x * scale) },
    counts: { ...base.counts!, data: Float64Array.from(counts[i]) },
    countsOff: { ...base.countsOff!, data: Float64Array.from(off[i]) },
    gti: { start: Float64Array.of(start[i]), stop: Float64Array.of(stop[i]), reference, timeScale: "tt" },
  }));
}

async function runs(): Promise<OnOffDataset[]> {
  const { runs: names, mjd_tt } = oracle.hess;
  return Promise.all(
    names.map(async (run: number, i: number) => ({
      ...(await readOgip(`${gammapyData}/joint-crab/spectra/hess/pha_obs${run}.fits`, disk)),
      name: String(run),
      gti: mjdIntervals([mjd_tt[i]], "tt"),
    })),
  );
}

// biome-ignore lint/suspicious/noExplicitAny: JSON of the script
function expectCurve(curve: LightCurve, expected: any): void {
  expect(curve.datasets).toEqual(expected.datasets);
  expect(curve.points.length).toBe(expected.mjd_tt.length);
  curve.points.forEach((points, t) => {
    const bands = expected.energy.length;
    expect(points.norm.length).toBe(bands);
    for (let k = 0; k < bands; k++) {
      const exact = expected.exact[t][k];
      expect(points.energy.nodes[k]! / expected.energy[k][0]).toBeCloseTo(1, 9);
      for (const [type, values] of Object.entries<number[]>(expected.reference)) {
        // Gammapy's trapezoid of 100 nodes a decade
        expect(points.reference[type as "flux"][k]! / values[k]!).toBeCloseTo(1, 6);
      }
      expect(points.counts![k]).toBe(expected.counts[t][k]);
      // both sides search the same statistic to the last digits; its minimum is known to the root of its rounding
      const unit = exact.norm_err ?? exact.norm_ul / 2;
      for (const [key, name] of [
        ["norm", "norm"],
        ["normErr", "norm_err"],
        ["normErrn", "norm_errn"],
        ["normErrp", "norm_errp"],
        ["normUl", "norm_ul"],
      ] as const) {
        if (exact[name] === null) continue;
        expect(Math.abs(points[key]![k]! - exact[name]), `${key} ${t} ${k}`).toBeLessThan(1e-6 * unit);
      }
      expect(Math.abs(points.stat![k]! - exact.stat)).toBeLessThan(1e-8);
      expect(Math.abs(points.statNull![k]! - exact.stat_null)).toBeLessThan(1e-8);
      expected.stat_scan[t][k].forEach((stat: number, j: number) => {
        expect(Math.abs(points.statScan![k * 11 + j]! / stat - 1)).toBeLessThan(1e-7);
      });
      // what the estimator itself says: Migrad stops at a distance of 2e-7 in -2 ln L, scipy's root finder at 1e-2 of an error
      if (exact.norm_err === null || expected.norm[t][k] === null) continue;
      expect(Math.abs(points.norm[k]! - expected.norm[t][k])).toBeLessThan(1e-3 * unit);
      expect(points.normErr![k]! / expected.norm_err[t][k]).toBeCloseTo(1, 2);
      expect(Math.abs(points.normErrp![k]! - expected.norm_errp[t][k])).toBeLessThan(2e-2 * unit);
      expect(Math.abs(points.normUl![k]! - expected.norm_ul[t][k])).toBeLessThan(2e-2 * unit);
      expect(points.npred![k]! / expected.npred[t][k]).toBeCloseTo(1, 3);
      expect(points.npredExcess![k]! / expected.npred_excess[t][k]).toBeCloseTo(1, 3);
    }
  });
}

// biome-ignore lint/suspicious/noExplicitAny: JSON of the script
function expectConstancy(found: ReturnType<typeof testConstancy>, expected: any): void {
  expect(found.length).toBe(expected.constancy.length);
  for (const [k, { norm, norm_err, ts, p }] of expected.constancy.entries()) {
    expect(Math.abs(found[k]!.norm - norm)).toBeLessThan(1e-6 * norm_err);
    expect(found[k]!.normErr / norm_err).toBeCloseTo(1, 5);
    expect(Math.abs(found[k]!.ts - ts)).toBeLessThan(1e-7);
    // d ln p / d ts is of the order of 1
    expect(found[k]!.pValue / p).toBeCloseTo(1, 6);
  }
}

describe.runIf(gammapyData)("light curve of the Crab in four H.E.S.S. runs", () => {
  let datasets: OnOffDataset[];
  beforeAll(async () => {
    datasets = await runs();
  });

  it("is Gammapy's, run by run in two energy bins", () => {
    const expected = oracle.hess.gti;
    const curve = estimateLightCurve(datasets, models, { source, energyEdges: expected.edges });
    expectCurve(curve, expected);
    expectConstancy(testConstancy(datasets, models, { source, energyEdges: expected.edges }), expected);
  });

  it("is Gammapy's in intervals of two runs each, given in UTC", () => {
    const expected = oracle.hess.pairs;
    const timeIntervals = mjdIntervals(expected.mjd_utc, "utc");
    const curve = estimateLightCurve(datasets, models, { source, energyEdges: expected.edges, timeIntervals });
    expectCurve(curve, expected);
    expectConstancy(testConstancy(datasets, models, { source, energyEdges: expected.edges, timeIntervals }), expected);
  });
});

describe("light curve of a flare of few counts", () => {
  let datasets: OnOffDataset[];
  const { gti: expected } = oracle.flare;
  const options = { source, energyEdges: expected.edges };
  beforeAll(async () => {
    datasets = await flares();
  });

  it("is Gammapy's", () => {
    expectCurve(estimateLightCurve(datasets, models, options), expected);
  });

  it("is not constant, by the ratio of likelihoods that Gammapy's statistic gives", () => {
    expectConstancy(testConstancy(datasets, models, options), expected);
  });

  it("has in each interval the flux points of its datasets, whatever the intervals", () => {
    const pairs = durationIntervals(datasets, 2000);
    const curve = estimateLightCurve(datasets, models, { ...options, timeIntervals: pairs });
    expect(curve.datasets).toEqual([0, 2, 4, 6].map((i) => [`flare-${i}`, `flare-${i + 1}`]));
    curve.points.forEach((points, t) => {
      expect(points).toEqual(estimateFluxPoints(datasets.slice(2 * t, 2 * t + 2), models, options));
    });
  });

  it("takes the bins in the fit as its energy where none is given", () => {
    const { energy, norm } = estimateLightCurve(datasets, models, { source }).points[0]!;
    const mask = datasets[0]!.maskSafe!.data;
    const { nodes } = datasets[0]!.counts!.geom.axes[0]!;
    expect(norm.length).toBe(1);
    expect(Array.from(energy.nodes)).toEqual([nodes[mask.indexOf(1)]!, nodes[mask.lastIndexOf(1) + 1]!]);
  });

  it("is the change itself where the source has a temporal model", () => {
    const { t0, t_ref, norm } = oracle.flare.decay;
    const temporal = createSubmodel("ExpDecayTemporalModel", { t0, t_ref });
    const decaying = { ...temporal, extra: { scale: "tt" } };
    const changing: Models = { components: [skyModel({ name: source, spectral, temporal: decaying })] };
    const [edges, steady] = [{ source, energyEdges: [0.8, 30] }, oracle.flare["no decay"].norm];
    const curve = estimateLightCurve(datasets, changing, edges);
    curve.points.forEach((points, i) => {
      if (norm[i] === 0) return;
      expect(points.norm[0]! / steady[i]).toBeCloseTo(1, 6);
      // Gammapy's norm multiplies the decayed flux; its fluxes leave the decay out (docs/differences.md)
      const [a, b] = [oracle.flare.start[i], oracle.flare.stop[i]].map((s) => s / 86400 / t0) as [number, number];
      const mean = (Math.exp(-a) - Math.exp(-b)) / (b - a);
      expect((norm[i] * mean) / steady[i]).toBeCloseTo(1, 6);
    });
  });

  it("leaves out intervals and datasets that are not inside one another", () => {
    const { reference } = oracle.flare;
    const mjd = (a: number, b: number) => [reference + a / 86400, reference + b / 86400] as const;
    const names = (pairs: (readonly [number, number])[], atol?: number) =>
      estimateLightCurve(datasets, models, { ...options, timeIntervals: mjdIntervals(pairs, "tt"), atol }).datasets;
    // the second run sticks out of the interval, the second interval is empty
    expect(names([mjd(-10, 1500), mjd(1500, 1900), mjd(1900, 3700)])).toEqual([["flare-0"], ["flare-2", "flare-3"]]);
    expect(names([mjd(0, 599.999), mjd(3000, 3600)])).toEqual([["flare-3"]]);
    expect(names([mjd(0, 599.999), mjd(3000, 3600)], 0.01)).toEqual([["flare-0"], ["flare-3"]]);
    expect(names([mjd(3000, 3600), mjd(0, 600)])).toEqual([["flare-0"], ["flare-3"]]);
    expect(() => names([mjd(0, 3600), mjd(3000, 4000)])).toThrow(/interval 2 starts before interval 1 stops/);
    expect(() => names([mjd(10, 20)])).toThrow(/no dataset lies inside the interval of time/);
  });

  it("names datasets without good time intervals, and energies that intervals do not share", () => {
    const { gti: _, ...without } = datasets[1]!;
    expect(() => estimateLightCurve([datasets[0]!, without], models, options)).toThrow(
      /dataset "flare-1" without good/,
    );
    expect(() => estimateLightCurve(datasets, models, { ...options, source: "Crab" })).toThrow(/Crab Nebula/);
    const [first, second] = datasets as [OnOffDataset, OnOffDataset];
    const shifted = (map: OnOffDataset["acceptance"]) => {
      const [axis, ...rest] = map.geom.axes;
      const geom = { ...map.geom, axes: [{ ...axis!, nodes: axis!.nodes.map((e) => e * 1.01) }, ...rest] };
      return { ...map, geom: geom as typeof map.geom };
    };
    const other = {
      ...second,
      counts: shifted(second.counts!),
      countsOff: shifted(second.countsOff!),
      acceptance: shifted(second.acceptance),
      acceptanceOff: shifted(second.acceptanceOff!),
      maskSafe: { ...second.maskSafe!, geom: shifted(second.acceptance).geom },
      edisp: {
        map: {
          ...second.edisp!.map,
          geom: {
            ...second.edisp!.map.geom,
            axes: second.edisp!.map.geom.axes.map((a) =>
              a.name === "energy" ? { ...a, nodes: a.nodes.map((e) => e * 1.01) } : a,
            ),
          } as never,
        },
      },
    };
    const notes: string[] = [];
    const curve = estimateLightCurve([first, other], models, { ...options, onNote: (note) => notes.push(note) });
    expect(notes.join()).toMatch(/dataset "flare-\d": left out, as an edge lies inside: 0\.\d+ to 0\.\d+ TeV/);
    // all points have the edges of the first dataset, and no bin of the other that lies across one
    expect(curve.points.every((p) => p.energy.nodes.every((e, k) => e === curve.points[0]!.energy.nodes[k]))).toBe(
      true,
    );
  });
});

describe("a light curve with backgrounds fitted again", () => {
  it("is tested for constancy with the backgrounds of each interval on both sides", () => {
    const { datasets: all, models: start } = simulateCrabTwin();
    const fermi = all.find((d): d is MapDataset => d.name === "Fermi-LAT")!;
    const background = start.components.find((m) => m.type === "FoVBackgroundModel")!;
    const names = ["first", "second", "third"];
    const free: Models = {
      components: [
        start.components.find((m) => m.name === "Crab Nebula")!,
        ...names.map((name) => ({ ...background, name: `${name}-bkg`, datasetsNames: [name] as const })),
      ],
    };
    const datasets = names.map((name, i) => {
      const brighter = updateParameters(free, { "Crab Nebula.amplitude": 3e-3 * (1 + 0.2 * i) });
      const gti = mjdIntervals([[55000 + i, 55000.5 + i]], "tt");
      return { ...simulate({ ...fermi, name }, brighter, 5 + i), name, gti } as MapDataset;
    });
    const range = [0.01, 0.06] as const;
    const options = { source: "Crab Nebula", energyEdges: range, reoptimize: true };
    const [found] = testConstancy(datasets, free, options) as [ReturnType<typeof testConstancy>[0]];
    // the general way: amplitude and background norms free in a joint likelihood
    const held = Object.fromEntries(
      allParameters(free).map(({ id }) => [id, { frozen: !/(Crab Nebula\.amplitude|bkg\.norm)$/.test(id) }]),
    );
    const fit = (chosen: readonly MapDataset[]) => {
      const cut = chosen.map((d) => sliceByEnergy(d, ...range)!);
      const own = cut.map((d) => d.name);
      const used = free.components.filter((m) => m.datasetsNames?.some((d) => own.includes(d)) ?? true);
      const fits = Object.entries(held).filter(([id]) => used.some((m) => id.startsWith(`${m.name}.`)));
      return fitJoint(compileJoint(cut, updateParameters({ components: used }, Object.fromEntries(fits))));
    };
    const together = fit(datasets);
    const apart = datasets.reduce((sum, d) => sum + fit([d]).totalStat, 0);
    // both know their minima to 1e-9, and integrate the spectrum alike to 1e-8
    expect(Math.abs(found.ts - (together.totalStat - apart))).toBeLessThan(1e-5);
    expect([found.dof, found.ts > 0]).toEqual([2, true]);
    const at = together.free.ids.indexOf("Crab Nebula.amplitude");
    const amplitude = allParameters(free).find((p) => p.id === "Crab Nebula.amplitude")!.parameter.value;
    expect((found.norm * amplitude) / together.free.values[at]!).toBeCloseTo(1, 5);
    expect((found.normErr * amplitude) / together.free.errors[at]!).toBeCloseTo(1, 4);
  });
});

describe("constancy of a constant source of few counts", () => {
  it("is denied as often as it should be by the ratio of likelihoods, too often by chi2 of the errors", async () => {
    const [base] = (await flares()) as [OnOffDataset];
    const weak = (map: SkyMap) => ({ ...map, data: map.data.map((x) => x / 8) });
    const run = { ...base, exposure: weak(base.exposure!), countsOff: weak(base.countsOff!) };
    const n = 150;
    const denied = { ratio: 0, chi2: 0 };
    for (let k = 0; k < n; k++) {
      const datasets = Array.from({ length: 8 }, (_, i) => ({
        ...simulate(run, models, 1000 * k + i),
        name: `run-${i}`,
        gti: mjdIntervals([[53343 + i, 53343.5 + i]], "tt"),
      }));
      const options = { source, energyEdges: [0.8, 30] };
      if (testConstancy(datasets, models, options)[0]!.pValue < 0.05) denied.ratio++;
      if (variability(estimateLightCurve(datasets, models, options))[0]!.pValue < 0.05) denied.chi2++;
    }
    // 5 % of the toys: 7.5 +- 2.7
    expect(denied.ratio).toBeLessThan(16);
    expect(denied.chi2).toBeGreaterThan(25);
  }, 60_000);
});

describe("light curve in jobs", () => {
  let datasets: Dataset[];
  let two: Executor;
  const edges = { source, energyEdges: [0.8, 2, 30] };
  beforeAll(async () => {
    datasets = await flares();
    two = threadsExecutor({ workers: 2, script: await buildScript("worker.ts") });
  });
  afterAll(() => two.close());

  it("is that of one thread to the bit, like its test", async () => {
    const whole = estimateLightCurve(datasets, models, edges);
    const test = testConstancy(datasets, models, edges);
    for (const executor of [serialExecutor(), two]) {
      for (const jobSize of [1, 3]) {
        expect(await estimateLightCurveOn(executor, datasets, models, { ...edges, jobSize })).toEqual(whole);
        expect(await testConstancyOn(executor, datasets, models, { ...edges, jobSize })).toEqual(test);
      }
    }
    expect(standardTasks.map((t) => t.name)).toContain("light curve");
  });

  it("says how far it is, and stops when told to", async () => {
    const progress: number[][] = [];
    await estimateLightCurveOn(two, datasets, models, { ...edges, onProgress: (...now) => progress.push(now) });
    expect(progress.map(([done]) => done)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const stop = AbortSignal.abort(new Error("enough"));
    await expect(estimateLightCurveOn(two, datasets, models, { ...edges, signal: stop })).rejects.toThrow("enough");
    expect(() => estimateLightCurve(datasets, models, { ...edges, signal: stop })).toThrow("enough");
  });
});

describe("intervals of time", () => {
  const dataset = (name: string, start: number[], stop: number[], timeScale = "tt", reference = 53343) =>
    ({
      name,
      gti: { start: Float64Array.from(start), stop: Float64Array.from(stop), reference, timeScale },
    }) as Dataset;
  const list = ({ start, stop }: { start: Float64Array; stop: Float64Array }) =>
    Array.from(start, (a, i) => [Math.round(a), Math.round(stop[i]!)]);

  it("are one for each dataset, joined where they overlap, not where they touch", () => {
    const datasets = [
      dataset("b", [600], [1200]),
      dataset("a", [0, 300], [200, 600]),
      dataset("c", [2000], [2600]),
      dataset("d", [2100], [2700]),
    ];
    expect(list(datasetIntervals(datasets))).toEqual([
      [0, 600],
      [600, 1200],
      [2000, 2700],
    ]);
  });

  it("compare times of different scales: UTC is 64.184 s behind TT in 2004", () => {
    const datasets = [dataset("tt", [0], [600]), dataset("utc", [600 - 64.184], [1200], "utc")];
    expect(list(datasetIntervals(datasets))).toEqual([
      [0, 600],
      [600, 1264],
    ]);
    const { reference, start, stop } = mjdIntervals([[57753.5, 57754.5]], "utc");
    // a leap second lies between
    expect([reference, start[0], stop[0]]).toEqual([57753, 43200, 129601]);
  });

  it("are nights, wherever on Earth they are", () => {
    for (const noon of [0, 9, 15]) {
      const at = (day: number, hour: number) => 86400 * day + 3600 * (noon + hour);
      const datasets = [8, 11, 15].flatMap((hour) =>
        [0, 1, 4].map((day) => dataset(`${day} ${hour}`, [at(day, hour)], [at(day, hour + 1)])),
      );
      expect(list(nightIntervals(datasets))).toEqual([0, 1, 4].map((day) => [at(day, 8), at(day, 16)]));
    }
    const always = [dataset("Fermi", [0], [864000])];
    expect(() => nightIntervals(always)).toThrow(/observe at every hour/);
    expect(() => nightIntervals(always, { cut: 12 })).toThrow(/"Fermi" observes across 12:00/);
  });

  it("are of one duration, where datasets begin", () => {
    const datasets = [dataset("a", [100], [200]), dataset("b", [7000], [7100])];
    expect(list(durationIntervals(datasets, 3600))).toEqual([
      [100, 3700],
      [3700, 7300],
    ]);
    expect(list(durationIntervals(datasets, 3600, { origin: 53343 }))).toEqual([
      [0, 3600],
      [3600, 7200],
    ]);
    expect(() => durationIntervals(datasets, 0)).toThrow(/more than 0 s/);
    expect(() => mjdIntervals([[2, 1]], "utc")).toThrow(/found 2 to 1 \(MJD\)/);
    expect(() => mjdIntervals([], "utc")).toThrow(/none are given/);
  });
});
