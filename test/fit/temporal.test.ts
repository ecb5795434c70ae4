import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { npred, simulate } from "../../src/api/datasets.js";
import { toys } from "../../src/api/estimators.js";
import { compileJoint, fit } from "../../src/api/fit.js";
import { createSubmodel } from "../../src/api/models.js";
import type { Dataset, FluxPointsDataset, MapDataset, OnOffDataset } from "../../src/datasets/types.js";
import { fitJoint } from "../../src/fit/fit.js";
import { confidence } from "../../src/fit/intervals.js";
import { statProfile } from "../../src/fit/profiles.js";
import { extendRegistry } from "../../src/kinds/additions.js";
import { likelihoodRegistry } from "../../src/kinds/registry.js";
import { type ParameterInput, skyModel } from "../../src/models/create.js";
import { declarationOf } from "../../src/models/lookup.js";
import { standardModels } from "../../src/models/registry.js";
import type { Models, Submodel } from "../../src/models/types.js";
import { threadsExecutor } from "../../src/node/threads.js";
import { axisFromEdges, axisFromNodes } from "../../src/sky/axis.js";
import { wcsGeom } from "../../src/sky/geom.js";
import type { MapAxis, RegionGeom, SkyMap } from "../../src/sky/types.js";
import { buildScript } from "../execute/build.js";
import { checkDerivatives } from "./derivatives.js";
import { gaussian } from "./synthetic.js";

const oracle = JSON.parse(readFileSync(new URL("../oracle/temporal.json", import.meta.url), "utf8"));

interface Mean {
  readonly type: string;
  readonly p: readonly number[];
  readonly interval: readonly [number, number];
  readonly mean: number;
  readonly g: readonly number[];
  readonly h: readonly number[];
}

interface Fit {
  readonly name: string;
  readonly kind: "counts" | "on-off" | "map";
  readonly type: string;
  readonly values: Readonly<Record<string, number>>;
  readonly start: Readonly<Record<string, number>>;
  readonly fit: Readonly<Record<string, readonly [number, number]>>;
  readonly stat: number;
  readonly datasets: readonly {
    readonly counts: readonly number[];
    readonly off?: readonly number[];
    readonly start: readonly number[];
    readonly stop: readonly number[];
  }[];
}

const energy = axisFromEdges(oracle.edges);
const energyTrue = axisFromEdges(oracle.edges, { name: "energy_true" });
const region = (axis: MapAxis): RegionGeom => ({ kind: "region", regions: [], wcs: null, axes: [axis] });
const image = (axis: MapAxis) =>
  wcsGeom({ npix: [7, 6], binsz: 0.1, center: { lon: 83.63, lat: 22.01, frame: "icrs" }, proj: "TAN", axes: [axis] });

function datasetsOf({ kind, datasets }: Fit): Dataset[] {
  const geom = kind === "map" ? image : region;
  const n = kind === "map" ? 42 : 1;
  const map = (axis: MapAxis, unit: string, data: ArrayLike<number>): SkyMap => ({
    geom: geom(axis),
    unit,
    data: Float64Array.from(data),
  });
  const filled = (value: number) => new Array<number>(4 * n).fill(value);
  return datasets.map(({ counts, off, start, stop }, i): MapDataset | OnOffDataset => {
    const common = {
      name: `d${i}`,
      counts: map(energy, "", counts),
      exposure: map(energyTrue, "cm2 s", filled(oracle.exposure)),
      gti: {
        start: Float64Array.from(start),
        stop: Float64Array.from(stop),
        reference: oracle.reference,
        timeScale: "tt",
      },
    };
    if (off !== undefined) {
      return {
        type: "SpectrumDatasetOnOff",
        ...common,
        countsOff: map(energy, "", off),
        acceptance: map(energy, "", filled(1)),
        acceptanceOff: map(energy, "", filled(5)),
      };
    }
    const background = oracle.background[kind].flatMap((b: number) => new Array<number>(n).fill(b));
    return {
      type: kind === "map" ? "MapDataset" : "SpectrumDataset",
      ...common,
      background: map(energy, "", background),
    };
  });
}

/** `free`: values of what is fitted of the temporal model, where it starts. */
function modelsOf({ kind, type, values, start }: Omit<Fit, "name" | "fit" | "stat" | "datasets">): Models {
  const frozen = Object.entries(values).map(([k, value]) => [k, { value, frozen: true }]);
  const free = Object.entries(start).map(([k, value]) => [k, { value, frozen: false }]);
  const fixed = (value: number) => ({ value, frozen: true });
  return {
    components: [
      skyModel({
        name: "src",
        spectral: createSubmodel("pl", oracle.spectrum),
        temporal: createSubmodel(type, Object.fromEntries([...frozen, ...free])),
        ...(kind === "map" && {
          spatial: createSubmodel(
            "GaussianSpatialModel",
            { lon_0: fixed(83.65), lat_0: fixed(22), sigma: fixed(0.12), e: fixed(0), phi: fixed(0) },
            { frame: "icrs" },
          ),
        }),
      }),
    ],
  };
}

const fits: readonly Fit[] = oracle.fits;
const example = (name: string, kind = "counts") => fits.find((f) => f.name === name && f.kind === kind)!;

describe("means over an interval", () => {
  it.each(
    (oracle.means as Mean[]).map((m) => [`${m.type} ${m.p.join(" ")} over ${m.interval.join(" to ")}`, m] as const),
  )("%s", (_, { type, p, interval: [a, b], mean, g, h }) => {
    const declaration = declarationOf(type, "temporal", standardModels);
    const n = p.length;
    const [first, second] = [new Float64Array(n), new Float64Array(n * n)];
    const vector = Float64Array.from(p);
    const value = declaration.derivatives!(a, b, vector, first, second);
    expect(value).toBe(declaration.mean(a, b, vector));
    expect(Math.abs(value / mean - 1)).toBeLessThan(1e-12);
    // differences of what the ends of an interval add: of a short one 1e-3 of a time constant remains, of their second derivatives as much again
    g.forEach((x, i) => {
      expect(Math.abs(first[i]! - x), `d/d${i}`).toBeLessThan(
        1e-12 * Math.abs(x) + 1e-12 * Math.max(...g.map(Math.abs)),
      );
    });
    h.forEach((x, i) => {
      expect(Math.abs(second[i]! - x), `d2 ${i}`).toBeLessThan(
        1e-11 * Math.abs(x) + 1e-11 * Math.max(...h.map(Math.abs)),
      );
      expect(second[i]).toBe(second[(i % n) * n + Math.floor(i / n)]);
    });
  });
});

it("a template light curve has the derivatives of its mean by the time that it counts from", () => {
  const series = {
    time: Float64Array.of(0, 1, 2.5, 3, 5),
    values: Float64Array.of(1, 2.5, 0.4, 0.9, 0),
    reference: 57000,
  };
  const template = declarationOf(
    { type: "LightCurveTemplateTemporalModel", resources: { series } },
    "temporal",
    standardModels,
  );
  for (const [a, b] of [
    [0.2, 0.9],
    [0.7, 2.8],
    [-1, 4],
    [4, 7],
  ] as const) {
    const p = Float64Array.of(0.05);
    const [g, h] = [new Float64Array(1), new Float64Array(1)];
    expect(template.derivatives!(a, b, p, g, h)).toBe(template.mean(a, b, p));
    const mean = (t: number) => template.mean(a, b, Float64Array.of(t));
    // quadratic between the nodes, where such differences are exact
    const step = 0.01;
    expect(g[0]).toBeCloseTo((mean(0.05 + step) - mean(0.05 - step)) / (2 * step), 10);
    expect(h[0]).toBeCloseTo((mean(0.05 + step) - 2 * mean(0.05) + mean(0.05 - step)) / step ** 2, 9);
  }
});

describe("fits of seven datasets", () => {
  it.each(fits.map((f) => [`${f.name}, ${f.kind}`, f] as const))("%s", (_, expected) => {
    const result = fit(datasetsOf(expected), modelsOf(expected));
    expect(result.message).toBe("Optimization terminated successfully.");
    expect(result.success).toBe(true);
    // Gammapy stops within 1e-4 of the minimum; scipy at it
    expect(Math.abs(result.totalStat - expected.stat)).toBeLessThan(1e-4);
    for (const [k, [value, error]] of Object.entries(expected.fit)) {
      const found = result.parameters.find((p) => p.id === `src.${k}` || p.id === `src.temporal.${k}`)!;
      expect(Math.abs(found.value - value), k).toBeLessThan(1e-2 * error);
      // Hesse and scipy take second differences
      expect(Math.abs(found.error / error - 1), `error of ${k}`).toBeLessThan(3e-3);
    }
  });
});

/** Steps of differences: a tenth of an error. */
const stepsOf = (errors: Float64Array) => errors.map((e) => 0.1 * e);

describe("derivatives of the joint likelihood", () => {
  const one = example("gaussian");
  const datasets = datasetsOf(one);
  const given = modelsOf(one).components[0]! as Models["components"][0] & { temporal: Submodel };

  const check = (data: readonly Dataset[], models: Models, tolerance = 1e-7) => {
    const joint = compileJoint(data, models);
    const result = fitJoint(joint);
    expect(result.message).toBe("Optimization terminated successfully.");
    const x = result.free.values.map((v, i) => v + 0.3 * result.free.errors[i]!);
    checkDerivatives(joint, x, stepsOf(result.free.errors), tolerance);
    return result;
  };

  it("with a norm and an energy scale of the instrument", () => {
    const nuisance = (name: string, value: number, sigma: number, frozen = false) => ({
      name,
      value,
      unit: "",
      error: 0,
      min: Number.NaN,
      max: Number.NaN,
      frozen,
      ...(!frozen && { prior: gaussian(value, sigma) }),
    });
    const parameters = [
      nuisance("area_norm", 1, 0.1),
      nuisance("energy_scale", 0, 0.1),
      nuisance("background_norm", 1, 0, true),
    ];
    const calibration = [{ name: "cal", datasetsNames: ["d0", "d1", "d2"], parameters }];
    const { free } = check(datasets, { components: [given], calibration });
    expect(free.ids).toEqual([
      "src.index",
      "src.amplitude",
      "src.t_ref",
      "src.sigma",
      "cal.area_norm",
      "cal.energy_scale",
    ]);
  });

  it("with links, formulas and priors", () => {
    const pulse = (name: string, sigma: ParameterInput) =>
      skyModel({
        name,
        spectral: createSubmodel("pl", {
          index: 2.2,
          amplitude: { value: 4e-12, link: "flux" },
        }),
        datasetsNames: name === "a" ? ["d0", "d2", "d4", "d6"] : ["d1", "d3", "d5"],
        temporal: createSubmodel("GaussianTemporalModel", {
          // one time in two units
          t_ref:
            name === "a"
              ? { value: one.start.t_ref!, link: "peak" }
              : { value: one.start.t_ref! * 86400, unit: "s", link: "peak" },
          sigma,
        }),
      });
    const width = { value: one.start.sigma!, prior: gaussian(1, 0.3) };
    const models = {
      components: [pulse("a", width), pulse("b", { value: 1.2, expression: "1.1 * a.sigma", frozen: true })],
    };
    const { free, models: fitted } = check(datasets, models);
    expect(free.ids).toEqual(["a.index", "a.amplitude", "a.t_ref", "a.sigma", "b.index"]);
    const [a, b] = fitted.components.map((m) => (m as typeof given).temporal.parameters);
    expect(b![1]!.value).toBeCloseTo(1.1 * a![1]!.value, 12);
    expect(b![0]!.value).toBeCloseTo(86400 * a![0]!.value, 4);
  });

  it.each([
    ["of free place", { lon_0: 83.645, lat_0: 22.004 }, "PointSpatialModel"],
    ["of free extent", { lon_0: 83.65, lat_0: 22, sigma: 0.12, e: { value: 0, frozen: true } }, "GaussianSpatialModel"],
  ])("of a source %s", (_, values, type) => {
    const map = example("gaussian", "map");
    const model = modelsOf(map).components[0]!;
    const spatial = createSubmodel(type, values, { frame: "icrs" });
    const { free } = check(
      simulate(datasetsOf(map), { components: [{ ...model, spatial } as typeof model] }, 3),
      {
        components: [{ ...model, spatial } as typeof model],
      },
      1e-6,
    );
    expect(free.ids.slice(2).map((id) => id.replace(/^src\.(temporal\.|spatial\.)?/, ""))).toEqual([
      ...Object.keys(values).slice(0, type === "PointSpatialModel" ? 2 : 3),
      "t_ref",
      "sigma",
    ]);
  });

  it("with a frozen spectrum", () => {
    const spectral = {
      ...given.spectral,
      parameters: given.spectral.parameters.map((p) => ({ ...p, frozen: true })),
    };
    const { free } = check(datasets, { components: [{ ...given, spectral }] });
    expect(free.ids).toEqual(["src.t_ref", "src.sigma"]);
  });

  it("of a model of one's own without derivatives, by differences", () => {
    const { derivatives: _, ...pulse } = declarationOf("GaussianTemporalModel", "temporal", standardModels);
    const registry = extendRegistry(likelihoodRegistry, { temporal: [{ ...pulse, type: "OwnPulse", tag: "own" }] });
    const own = { components: [{ ...given, temporal: { ...given.temporal, type: "OwnPulse" } }] };
    const expected = fit(datasets, { components: [given] });
    const result = fit(datasets, own, { registry });
    expect(result.message).toBe("Optimization terminated successfully.");
    result.free.values.forEach((v, i) => {
      // extrapolated differences hold 1e-9 of a derivative
      expect(Math.abs(v - expected.free.values[i]!)).toBeLessThan(1e-6 * expected.free.errors[i]!);
      expect(Math.abs(result.free.errors[i]! / expected.free.errors[i]! - 1)).toBeLessThan(1e-6);
    });
  });
});

describe("what fits are followed by", () => {
  const one = example("decay");
  const datasets = datasetsOf(one);
  const joint = compileJoint(datasets, modelsOf(one));
  const best = fitJoint(joint);

  it("predictions of the fitted models are those of the likelihood", () => {
    const total = datasets.reduce((sum, d) => sum + npred(d, best.models).data.reduce((a, b) => a + b, 0), 0);
    const counts = datasets.reduce((sum, d) => sum + (d as MapDataset).counts!.data.reduce((a, b) => a + b, 0), 0);
    // the amplitude is free, and at its minimum sum (n / mu - 1) s = 0: totals agree where most counts are the source's
    expect(Math.abs(total / counts - 1)).toBeLessThan(0.02);
  });

  it("profiles and MINOS errors", () => {
    const { errn, errp, message } = confidence(joint, best, "src.t0");
    expect(message).toBe("");
    const profile = statProfile(joint, best, "src.t0", {
      values: [best.parameters.find((p) => p.id === "src.t0")!.value + errp],
    });
    expect(profile.stat[0]! - best.totalStat).toBeCloseTo(1, 5);
    expect(errn / errp).toBeGreaterThan(0.7);
    expect(errn / errp).toBeLessThan(1);
  });

  it("toys, in threads to the same bits, with errors that hold", async () => {
    const two = threadsExecutor({ workers: 2, script: await buildScript("worker.ts") });
    try {
      const options = { n: 60, seed: 5, jobSize: 30 };
      const here = await toys(datasets, best.models, options);
      const there = await toys(datasets, best.models, { ...options, executor: two });
      expect(there.values).toEqual(here.values);
      const i = here.ids.indexOf("src.t0");
      const k = here.ids.length;
      const truth = best.free.values[i]!;
      const inside = Array.from({ length: 60 }, (_, t) => {
        const at = t * k + i;
        return Math.abs(here.values[at]! - truth) < here.errors[at]! ? 1 : 0;
      }).reduce<number>((a, b) => a + b, 0);
      // binomial: 41 +- 3.6
      expect(inside).toBeGreaterThan(29);
      expect(inside).toBeLessThan(53);
    } finally {
      await two.close();
    }
  });
});

describe("what cannot be told apart", () => {
  it.each(["counts", "on-off", "map"])("decay time and norm of one dataset: %s", (kind) => {
    const one = example("decay", kind);
    const models = modelsOf(one);
    for (const dataset of datasetsOf(one)) {
      const { success, message } = fit([dataset], models);
      expect(success).toBe(false);
      expect(message).toMatch(/flat.*src\.amplitude.*src\.t0|src\.amplitude \(flat\), src\.t0 \(flat\)/);
    }
  });

  it("place and width of a pulse from two datasets", () => {
    const one = example("gaussian");
    for (const first of [0, 1, 2, 3, 4, 5]) {
      const { success, message } = fit(datasetsOf(one).slice(first, first + 2), modelsOf(one));
      expect(success).toBe(false);
      expect(message).toMatch(/flat.*src\.t_ref.*src\.sigma/);
    }
  });

  it("is told by a second dataset", () => {
    const one = example("decay");
    expect(fit(datasetsOf(one).slice(0, 4), modelsOf(one)).success).toBe(true);
  });
});

describe("flux points", () => {
  const [timed, untimed] = oracle.flux_points;
  const at = [1.4, 4, 11];
  const gti = {
    start: Float64Array.from(example("decay").datasets[2]!.start),
    stop: Float64Array.from(example("decay").datasets[2]!.stop),
    reference: oracle.reference,
    timeScale: "tt",
  };
  const reference = Float64Array.of(2e-12, 2e-13, 2e-14);
  const ones = Float64Array.of(1, 1, 1);
  const dataset: FluxPointsDataset = {
    type: "FluxPointsDataset",
    name: "points",
    statistic: "chi2",
    points: {
      energy: axisFromNodes(at),
      eRef: Float64Array.from(at),
      sedType: "dnde",
      reference: { dnde: reference, flux: ones, eflux: ones, e2dnde: ones },
      norm: ones,
      normErr: Float64Array.of(0.1, 0.15, 0.2),
    },
  };
  const models = modelsOf({
    kind: "counts",
    type: "ExpDecayTemporalModel",
    values: { t0: 1.3, t_ref: oracle.reference },
    start: {},
  });

  it("with good time intervals see the mean over them, as in the reference", () => {
    const predicted = npred({ ...dataset, gti }, models).data;
    timed.dnde.forEach((y: number, i: number) => {
      expect(Math.abs(predicted[i]! / y - 1)).toBeLessThan(1e-9);
    });
    const { objective, start } = compileJoint([{ ...dataset, gti }], models);
    expect(objective.value(start)).toBeCloseTo(timed.stat, 6);
  });

  it("without see the source as it is at its reference, and it is said", () => {
    const predicted = npred(dataset, models).data;
    untimed.dnde.forEach((y: number, i: number) => {
      expect(Math.abs(predicted[i]! / y - 1)).toBeLessThan(1e-9);
    });
    const { objective, start, terms } = compileJoint([dataset], models);
    expect(objective.value(start)).toBeCloseTo(untimed.stat, 6);
    expect(terms[0]!.warnings).toEqual([
      expect.stringMatching(/"points" has no good time intervals.*counts as constant/),
    ]);
  });

  it("measure a change with time together with spectra", () => {
    const one = example("decay");
    const free = modelsOf(one);
    const datasets = [...datasetsOf(one), { ...dataset, gti }];
    const { free: found, success } = fit(datasets, free);
    expect(success).toBe(true);
    const joint = compileJoint(datasets, free);
    checkDerivatives(
      joint,
      found.values.map((v, i) => v + 0.3 * found.errors[i]!),
      stepsOf(found.errors),
      1e-7,
    );
  });
});
