import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { estimateFluxPoints } from "../../src/api/estimators.js";
import { compileJoint } from "../../src/api/fit.js";
import { createSubmodel } from "../../src/api/models.js";
import { snapEdges } from "../../src/datasets/energy-edges.js";
import { withEnergyRange } from "../../src/datasets/facets.js";
import { sliceByEnergy } from "../../src/datasets/slice.js";
import type { Dataset, FluxPoints, MapDataset, OnOffDataset } from "../../src/datasets/types.js";
import { fitJoint } from "../../src/fit/fit.js";
import { confidence } from "../../src/fit/intervals.js";
import { statProfile } from "../../src/fit/profiles.js";
import { allParameters, updateParameters } from "../../src/models/parameters.js";
import { combineSpectra } from "../../src/models/spectral/compound.js";
import type { Models } from "../../src/models/types.js";
import { axisFromEdges } from "../../src/sky/axis.js";
import type { MaskMap } from "../../src/sky/types.js";
import { byGammapysRule } from "../datasets/gammapys-rule.js";
import { aroundSource, readCrab } from "../fit/crab.js";

const oracle = JSON.parse(await readFile(new URL("../oracle/flux_points.json", import.meta.url), "utf8"));
/** POINTS["truth"] of test/oracle/twin.py */
const truth = { amplitude: 3.973667689e-3, alpha: 1.263354075, beta: 0.06132066742 };
const source = "Crab Nebula";
const edges = Float64Array.from({ length: 6 }, (_, i) => 0.01 * 200 ** (i / 5));

let fermi: MapDataset;
let hess: OnOffDataset;
let hawc: Dataset;
let models: Models;
beforeAll(async () => {
  const crab = await readCrab("examples/crab");
  [fermi, hess, hawc] = crab.datasets as [MapDataset, OnOffDataset, Dataset];
  const spectrum = Object.entries(truth).map(([name, value]) => [`${source}.${name}`, { value }]);
  models = updateParameters(crab.models, { ...Object.fromEntries(spectrum), "Fermi-LAT-bkg.norm": { value: 1 } });
});

describe("flux points of the simulated Crab", () => {
  it.each(["Fermi-LAT", "Fermi-LAT, background free", "HESS"])("of %s are those of Gammapy", (name) => {
    const expected = oracle[name];
    const points = estimateFluxPoints([name === "HESS" ? hess : fermi], models, {
      source,
      energyEdges: expected.edges,
      reoptimize: expected.reoptimize,
      ...byGammapysRule(),
    });
    const n = expected.norm.length;
    expect(points.norm.length).toBe(n);
    for (let i = 0; i < n; i++) {
      const error = expected.norm_err[i];
      // Migrad stops at an EDM of 2e-7 (tol 1e-4), 6e-4 of an error; its Hessian is good to 1e-3
      expect(Math.abs(points.norm[i]! - expected.norm[i])).toBeLessThan(1e-3 * error);
      expect(points.normErr![i]! / error).toBeCloseTo(1, 2);
      // a root near a minimum known to 1e-3 of an error; scipy re-optimises the background by L-BFGS-B
      const tolerance = (expected.reoptimize ? 5e-3 : 1e-3) * error;
      expect(Math.abs(points.normErrn![i]! - expected.norm_errn[i])).toBeLessThan(tolerance);
      expect(Math.abs(points.normErrp![i]! - expected.norm_errp[i])).toBeLessThan(tolerance);
      expect(Math.abs(points.normUl![i]! - expected.norm_ul[i])).toBeLessThan(2 * tolerance);
      // float32 of its psf convolution
      const stat = 2e-6 * Math.abs(expected.stat_null[i]) + 1e-5;
      expect(Math.abs(points.stat![i]! - expected.stat[i])).toBeLessThan(stat);
      expect(points.npred![i]! / expected.npred[i]).toBeCloseTo(1, 3);
      expect(points.npredExcess![i]! / expected.npred_excess[i]).toBeCloseTo(1, 3);
      expect(points.counts![i]).toBe(expected.counts[i]);
      expect(points.energy.nodes[i]! / expected.energy_min[i]).toBeCloseTo(1, 12);
      for (const [type, values] of Object.entries<number[]>(expected.reference)) {
        expect(points.reference[type as keyof FluxPoints["reference"]]![i]! / values[i]!).toBeCloseTo(1, 9);
      }
      // where the background runs into its limit of zero, Migrad stops 7e-3 above the minimum
      const above = expected.reoptimize ? 0.01 : stat;
      expect(Math.abs(points.ts![i]! - expected.ts[i])).toBeLessThan(above);
      expected.norm_scan.forEach((norm: number, k: number) => {
        expect(points.normScan![i * 11 + k]! / norm).toBeCloseTo(1, 12);
        const difference = points.statScan![i * 11 + k]! - expected.stat_scan[i][k];
        expect(difference).toBeLessThan(stat);
        expect(difference).toBeGreaterThan(-above);
      });
    }
  });
});

describe("flux points of few events, which ask for no background", () => {
  it("are those of Gammapy with zero as the limit of its norm", () => {
    const { "Fermi-LAT, few events": expected } = oracle;
    const free = updateParameters(models, { "Fermi-LAT-bkg.norm": { min: Number.NaN } });
    const options = { source, energyEdges: expected.edges, reoptimize: true, ...byGammapysRule() };
    const points = estimateFluxPoints([aroundSource(fermi)], free, options);
    for (const i of [0, 1]) {
      expect(points.counts![i]).toBe(expected.counts[i]);
      // Migrad stops at 6e-4 of an error; -2 ln L holds the float32 of its psf convolution
      expect(Math.abs(points.norm[i]! - expected.norm[i])).toBeLessThan(1e-3 * expected.norm_err[i]);
      expect(Math.abs(points.stat![i]! - expected.stat[i])).toBeLessThan(1e-4);
      expect(Math.abs(points.ts![i]! - expected.ts[i])).toBeLessThan(1e-3);
      expect(points.npred![i]! / expected.npred[i]).toBeCloseTo(1, 3);
    }
  });
});

/** A point by the general way: the dataset cut, the amplitude alone (and what is said) free, fitted and searched in the joint likelihood. */
function slowPoint(datasets: readonly Dataset[], range: readonly [number, number], free: readonly string[] = []) {
  const cut = datasets.map((d) => sliceByEnergy(d as MapDataset, ...range)!);
  const amplitude = `${source}.amplitude`;
  const names = cut.map((d) => d.name);
  const used = { components: models.components.filter((m) => m.datasetsNames?.some((d) => names.includes(d)) ?? true) };
  const held = Object.fromEntries(
    allParameters(used).map(({ id }) => [id, { frozen: id !== amplitude && !free.includes(id) }]),
  );
  const joint = compileJoint(cut, updateParameters(used, held));
  const result = fitJoint(joint);
  const scale = truth.amplitude;
  const one = confidence(joint, result, amplitude);
  const scan = statProfile(joint, result, amplitude, { values: [0.2 * scale, 5 * scale] });
  const at = joint.parameters.findIndex((p) => p.id === amplitude);
  return {
    norm: result.free.values[at]! / scale,
    normErr: result.free.errors[at]! / scale,
    normErrn: one.errn / scale,
    normErrp: one.errp / scale,
    normUl: (result.free.values[at]! + confidence(joint, result, amplitude, { sigma: 2 }).errp) / scale,
    stat: result.totalStat,
    scan: scan.stat,
  };
}

function expectPoint(points: FluxPoints, i: number, slow: ReturnType<typeof slowPoint>) {
  // both stop within 1e-4 of an error of the minimum; levels are held to 1e-7
  for (const key of ["norm", "normErr", "normErrn", "normErrp", "normUl"] as const) {
    expect(Math.abs(points[key]![i]! - slow[key]), key).toBeLessThan(1e-4 * slow.normErr);
  }
  expect(Math.abs(points.stat![i]! - slow.stat)).toBeLessThan(1e-7);
  expect(points.success![i]).toBe(1);
  const m = points.normScan!.length / points.norm.length;
  // the two rules of integration agree to 1e-8
  [0, m - 1].forEach((k, j) => {
    expect(Math.abs(points.statScan![i * m + k]! / slow.scan[j]! - 1)).toBeLessThan(1e-7);
  });
}

const masked = (of: (i: number) => boolean): MapDataset => {
  const { geom, data } = fermi.counts!;
  const maskFit: MaskMap = { geom, data: Uint8Array.from(data, (_, i) => (of(i) ? 1 : 0)) };
  return { ...fermi, maskFit };
};

describe("flux points by the short way and by the general one", () => {
  const background = "Fermi-LAT-bkg.norm";

  it("agree where masks have holes, and leave out what is masked", () => {
    const nPix = fermi.counts!.data.length / 5;
    const holes = masked((i) => i % 3 !== 0 && Math.floor(i / nPix) !== 1);
    const points = estimateFluxPoints([holes], models, { source, energyEdges: edges });
    for (const i of [0, 2, 3, 4]) expectPoint(points, i, slowPoint([holes], [edges[i]!, edges[i + 1]!]));
    expect([points.norm[1], points.normUl![1], points.stat![1]]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect([points.success![1], points.counts![1]]).toEqual([0, Number.NaN]);
    const wide = estimateFluxPoints([holes], models, { source, energyEdges: [edges[0]!, edges[2]!] });
    expectPoint(wide, 0, slowPoint([holes], [edges[0]!, edges[2]!]));
    expect(wide.counts![0]).toBe(points.counts![0]);
  });

  it("agree where the background is fitted again in each bin", () => {
    const points = estimateFluxPoints([fermi], models, { source, energyEdges: edges.slice(0, 4), reoptimize: true });
    for (let i = 0; i < 3; i++) expectPoint(points, i, slowPoint([fermi], [edges[i]!, edges[i + 1]!], [background]));
  });

  it("agree for two datasets in one point, with the background held and fitted", () => {
    for (const reoptimize of [false, true]) {
      const points = estimateFluxPoints([fermi, hess], models, { source, energyEdges: [0.5, 2], reoptimize });
      expectPoint(points, 0, slowPoint([fermi, hess], [0.5, 2], reoptimize ? [background] : []));
    }
  });

  it("agree where no counts ask for a background, as with one that has zero as its limit", () => {
    const before = models;
    const few = aroundSource(fermi);
    try {
      models = updateParameters(before, { [background]: { min: Number.NaN } });
      const points = estimateFluxPoints([few], models, { source, energyEdges: edges.slice(3), reoptimize: true });
      models = updateParameters(before, { [background]: { min: 0 } });
      for (const i of [0, 1]) {
        const slow = slowPoint([few], [edges[3 + i]!, edges[4 + i]!], [background]);
        expect(Math.abs(points.norm[i]! - slow.norm)).toBeLessThan(1e-4 * slow.normErr);
        expect(Math.abs(points.stat![i]! - slow.stat)).toBeLessThan(1e-6);
        expect(points.npred![i]! / points.counts![i]!).toBeCloseTo(1, 2);
      }
    } finally {
      models = before;
    }
  });

  it("agree where a background is negative, and bins have to be clipped at zero", () => {
    const before = models;
    models = updateParameters(models, { [background]: { value: -0.1, min: Number.NaN } });
    const few = aroundSource(fermi);
    try {
      const points = estimateFluxPoints([few], models, { source, energyEdges: edges });
      for (const i of [1, 3, 4]) expectPoint(points, i, slowPoint([few], [edges[i]!, edges[i + 1]!]));
    } finally {
      models = before;
    }
  });

  it("are no success where bins with counts are predicted negative, and say so", () => {
    const negative = updateParameters(models, { [background]: { value: -0.1, min: Number.NaN } });
    const points = estimateFluxPoints([fermi], negative, { source, energyEdges: edges });
    // above 0.24 TeV no bin with counts is without the source
    expect(points.success).toEqual(Uint8Array.of(0, 0, 0, 1, 1));
    for (const remark of points.remarks!.slice(0, 3)) {
      expect(remark).toMatch(/^\d+ bins with counts are predicted negative$/);
    }
  });
});

describe("flux points", () => {
  it("have no norm but a limit where there are no counts, and are empty beyond the data", () => {
    const { counts } = fermi;
    const nPix = counts!.data.length / 5;
    const empty = { ...fermi, counts: { ...counts!, data: counts!.data.map((n, i) => (i < 4 * nPix ? n : 0)) } };
    const points = estimateFluxPoints([empty], models, { source, energyEdges: [...edges.slice(3), 5, 10] });
    expect(points.success).toEqual(Uint8Array.of(1, 0, 0, 0));
    expect(points.counts![1]).toBe(0);
    // -2 ln L = 2 npred without counts: the scan is a straight line
    const [first, last] = [points.statScan![11]!, points.statScan![21]!];
    const slope = (last - first) / 4.8;
    expect((first - points.statNull![1]!) / 0.2 / slope).toBeCloseTo(1, 9);
    expect([...points.statScan!.subarray(22)].every(Number.isNaN)).toBe(true);
  });

  it("are the same whether instruments were made before or not, and do not see those of other datasets", () => {
    const options = { source, energyEdges: edges };
    const first = estimateFluxPoints([fermi], models, options);
    compileJoint([fermi], models);
    expect(estimateFluxPoints([fermi], models, options)).toEqual(first);
    expect(estimateFluxPoints([{ ...fermi }], models, options)).toEqual(first);
    const exposure = {
      ...(fermi as MapDataset).exposure!,
      data: (fermi as MapDataset).exposure!.data.map((x) => 2 * x),
    };
    const doubled = estimateFluxPoints([{ ...fermi, exposure } as MapDataset], models, options);
    for (let i = 0; i < 5; i++) expect(doubled.norm[i]! / first.norm[i]!).toBeCloseTo(0.5, 9);
  });

  it("without data have no counts, and say why", () => {
    const points = estimateFluxPoints([fermi, hess], models, { source, energyEdges: [0.1, 0.7, 1, 1e3, 1e4] });
    const { edges: own, remarks, counts, success } = { ...points, edges: points.energy.nodes };
    expect([own[3], own[4]]).toEqual([100, 1e4]);
    expect(remarks!.slice(2)).toEqual(["", "no data in this interval"]);
    expect(Array.from(counts!, Number.isNaN)).toEqual(Array.from(success!, (ok) => ok === 0));
    // below 0.69 TeV there are bins of both, up to 1 TeV lies a part of a bin of Fermi-LAT and nothing of H.E.S.S. in the fit
    const high = { ...hess, maskFit: withEnergyRange(hess, 1, 100).maskFit! };
    const cut = estimateFluxPoints([fermi, high], models, { source, energyEdges: [0.7, 1, 10] });
    expect(cut.remarks).toEqual(["left out: an edge lies inside a bin of Fermi-LAT", ""]);
    expect(estimateFluxPoints([hess], models, { source, energyEdges: [1, 10] }).remarks).toBeUndefined();
  });

  it.each([
    [[2000, 5000], /no whole energy bin of the data lies between 2000 and 5000 TeV; the data in the fit reach from/],
    [[0.02, 0.1, 0.3], /between 0.01\d* and 0.3\d* TeV, in any of the 2 intervals; .* reach from 0.\d+ to \d+.* TeV/],
  ] as const)("without any data are refused: %j", (energyEdges, message) => {
    expect(() => estimateFluxPoints([hess], models, { source, energyEdges })).toThrow(message);
  });

  it("say which datasets are left out, and why", () => {
    const notes: string[] = [];
    const onNote = (note: string) => notes.push(note);
    const points = (datasets: readonly Dataset[], own = models) =>
      estimateFluxPoints(datasets, own, { source, energyEdges: [1, 10], onNote });
    const alone = points([hess]);
    expect(notes).toEqual([]);
    expect(points([hess, hawc])).toEqual(alone);
    const components = models.components.map((m) =>
      m.name === source ? { ...m, datasetsNames: ["HESS"] } : m,
    ) as Models["components"];
    expect(points([hess, fermi], { components })).toEqual(alone);
    expect(notes).toEqual([
      'flux points: dataset "HAWC" is left out: it has no counts',
      'flux points: dataset "Fermi-LAT" is left out: "Crab Nebula" does not belong to it (datasets_names)',
    ]);
  });

  it("refuse edges that do not increase, and sources and datasets that are not there", () => {
    const of = (datasets: readonly Dataset[], options: { source?: string; energyEdges?: number[] }) => () =>
      estimateFluxPoints(datasets, models, { source, energyEdges: [1, 2], ...options });
    expect(of([hess], { energyEdges: [2, 1] })).toThrow(/expected two or more that increase/);
    expect(of([hess], { energyEdges: [2] })).toThrow(/expected two or more that increase/);
    expect(of([hess], { source: "Crab" })).toThrow(/no source "Crab"/);
    expect(of([], {})).toThrow(/none of the datasets has counts/);
  });
});

describe("flux points measured by a spectrum that is not positive", () => {
  const energyEdges = [1, 3, 10];
  const measured = (amplitude: number) => {
    const notes: string[] = [];
    const own = updateParameters(models, { [`${source}.amplitude`]: amplitude });
    const points = estimateFluxPoints([hess], own, { source, energyEdges, onNote: (note) => notes.push(note) });
    const flux = (norm: Float64Array | undefined) => Array.from(norm!, (v, i) => v * points.reference.flux[i]!);
    const { norm, normErr, normErrn, normErrp, normUl } = points;
    return { notes, points, fluxes: [norm, normErr, normErrn, normErrp, normUl].map(flux) };
  };

  it.each([-truth.amplitude, 0])(
    "amplitude %d: the fluxes, errors, limits and signs of a positive one",
    (amplitude) => {
      const right = measured(truth.amplitude);
      const { notes, points, fluxes } = measured(amplitude);
      expect(right.notes).toEqual([expect.stringMatching(/moved to those of the data: 3 to 3.1623 TeV/)]);
      expect(notes).toHaveLength(2);
      expect(notes[1]).toMatch(/"Crab Nebula.amplitude" is (-0.003974|0); points are measured by the same spectrum/);
      fluxes.forEach((values, k) => {
        values.forEach((value, i) => {
          // the same level, found from another place: 1e-7 of it
          expect(Math.abs(value / right.fluxes[k]![i]! - 1)).toBeLessThan(1e-6);
        });
      });
      expect(Array.from(points.sqrtTs!)).toEqual(Array.from(right.points.sqrtTs!, (s) => expect.closeTo(s, 6)));
      expect(points.reference.dnde.every((v) => v > 0)).toBe(true);
    },
  );

  it("a sum that changes its sign: positive in each bin, the limit above the value", () => {
    const spectral = models.components[0]!.spectral;
    const steep = createSubmodel("PowerLawSpectralModel", { index: 4, amplitude: 1.2e-10, reference: 1 });
    const sum = combineSpectra(spectral, "sub", steep);
    const components = models.components.map((m) =>
      m.name === source ? { ...m, spectral: sum } : m,
    ) as Models["components"];
    const points = estimateFluxPoints([hess], { components }, { source, energyEdges });
    expect(points.reference.flux.every((v) => v > 0)).toBe(true);
    points.norm.forEach((norm, i) => {
      expect(norm).toBeGreaterThan(0);
      expect(points.normErr![i]).toBeGreaterThan(0);
      expect(points.normUl![i]).toBeGreaterThan(norm);
    });
  });
});

describe("energy edges", () => {
  const names = (energyEdges: readonly number[], datasets: readonly Dataset[] = [hess]) => {
    const notes: string[] = [];
    const points = estimateFluxPoints(datasets, models, { source, energyEdges, onNote: (note) => notes.push(note) });
    return { edges: Array.from(points.energy.nodes), notes };
  };

  it("that differ in the last digits are those of the data, and nothing is said", () => {
    const own = hess.counts!.geom.axes[0]!.nodes;
    const [a, b] = [own.find((e) => e > 0.99)!, own.find((e) => e > 9.9)!];
    expect(names([a * (1 + 5e-7), b * (1 - 5e-7)])).toEqual({ edges: [a, b], notes: [] });
    const { maskFit } = withEnergyRange(hess, a * (1 + 5e-7), b * (1 - 5e-7));
    expect(maskFit!.data.reduce((sum, used) => sum + used, 0)).toBe(own.indexOf(b) - own.indexOf(a));
  });

  it("that fall on one another are refused, with those of the data", () => {
    expect(() => names([1, 1.01, 10])).toThrow(
      /no whole energy bin of the data lies between 1 and 1.01 TeV, both are nearest to 1 TeV.*The data have 0.01, /,
    );
  });

  it("of two instruments: bins that lie across an edge are left out, and it is said", () => {
    const { edges: found, notes } = names([0.7, 1, 2], [fermi, hess]);
    expect(found[1]).toBeCloseTo(1, 12);
    expect(notes.join("\n")).toMatch(/dataset "Fermi-LAT": left out, as an edge lies inside: 0.69314 to 2 TeV/);
    const alone = estimateFluxPoints([hess], models, { source, energyEdges: found });
    const both = estimateFluxPoints([fermi, hess], models, { source, energyEdges: found });
    expect(both.counts).toEqual(alone.counts);
  });

  it("of which no instrument has all bins between two: said, with the energies that are used", () => {
    const axis = (name: string, edges: number[]) => ({
      name,
      energy: axisFromEdges(edges, { name: "energy", interp: "log" }),
    });
    const [a, b] = [axis("a", [1, 2, 4, 5, 10]), axis("b", [1, 3, 6, 10])];
    // 3 TeV is an edge of b alone, 5 TeV of a alone: a has 4 to 5 TeV of it, b nothing
    const { edges: found, messages } = snapEdges([a, b], [3, 5, 10], "flux points");
    expect(Array.from(found)).toEqual([3, 5, 10]);
    expect(messages).toEqual([
      'dataset "a": left out, as an edge lies inside: 2 to 4 TeV',
      'dataset "b": left out, as an edge lies inside: 3 to 6 TeV',
      expect.stringMatching(/^the bins in the fit inside 3 to 5 TeV reach from 4 to 5 TeV; take edges there that/),
      "edges near these that lie inside no bin: 1, 10 TeV",
    ]);
    expect(snapEdges([a, axis("c", [0.5, 2.5, 8])], [2.5, 8], "flux points").messages).toContain(
      "the datasets share no two edges near these; measure each by itself",
    );
    // masks count as well
    const masked = { ...a, inFit: [2, 4] as const };
    expect(snapEdges([masked], [1, 10], "flux points").messages).toEqual([
      "the bins in the fit inside 1 to 10 TeV reach from 2 to 4 TeV; take edges there that the datasets share",
    ]);
    expect(snapEdges([masked, a], [1, 10], "flux points").messages).toEqual([]);
    expect(snapEdges([masked], [2, 4], "flux points").messages).toEqual([]);
    // 3 TeV lies inside a bin of a, 2 and 4 TeV are edges of both: 4 TeV is nearer
    const d = axis("d", [2, 3, 4, 10]);
    const { messages: said } = snapEdges([a, d], [2, 3, 10], "flux points");
    expect(said).toContain("edges near these that lie inside no bin: 2, 4, 10 TeV");
    // beyond the data of one, edges of the other alone will do; 10 TeV lies inside 6 to 20 TeV
    expect(snapEdges([a, axis("e", [3, 6, 20, 50])], [6, 20, 50], "flux points").messages).toEqual([
      'dataset "a": left out, as an edge lies inside: 5 to 10 TeV',
      "edges near these that lie inside no bin: 2, 20, 50 TeV",
    ]);
    // edges of both, whatever lies between
    expect(snapEdges([a, axis("c", [1, 5, 10])], [1, 5, 10], "flux points").messages).toEqual([]);
  });
});
