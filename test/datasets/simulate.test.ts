import { describe, expect, it } from "vitest";
import { asimov, npred, npredBackground, npredSignal, simulate, simulator } from "../../src/api/datasets.js";
import { compileJoint } from "../../src/api/fit.js";
import { createSubmodel } from "../../src/api/models.js";
import type { FluxPointsDataset, MapDataset, OnOffDataset } from "../../src/datasets/types.js";
import { onOffBackground } from "../../src/kinds/on-off-data.js";
import { skyModel } from "../../src/models/create.js";
import type { Models } from "../../src/models/types.js";
import { storedDataset } from "./stored.js";

const models: Models = {
  components: [
    skyModel({
      name: "src",
      spectral: createSubmodel("pl", { amplitude: 4e-12 }),
      spatial: createSubmodel("point", { lon_0: 83.63, lat_0: 22.01 }, { kind: "spatial" }),
    }),
  ],
};
const cube = storedDataset<MapDataset>("cube");
const onoff = storedDataset<OnOffDataset>("onoff");
const points: FluxPointsDataset = {
  type: "FluxPointsDataset",
  name: "points",
  statistic: "distrib",
  points: {
    energy: { name: "energy", unit: "TeV", interp: "log", nodeType: "center", nodes: Float64Array.of(1, 2, 4) },
    sedType: "dnde",
    reference: {
      dnde: Float64Array.of(4e-12, 1e-12, 2.5e-13),
      flux: new Float64Array(3),
      eflux: new Float64Array(3),
      e2dnde: new Float64Array(3),
    },
    norm: Float64Array.of(1.2, 0.9, 0.1),
    normErrn: Float64Array.of(0.1, 0.2, Number.NaN),
    normErrp: Float64Array.of(0.2, 0.3, Number.NaN),
    normErr: Float64Array.of(0.15, 0.25, Number.NaN),
    normUl: Float64Array.of(1.6, 1.5, 0.7),
    isUlStored: Uint8Array.of(0, 0, 1),
    ts: Float64Array.of(100, 40, 1),
  },
};
const total = (x: Float64Array) => x.reduce((s, v) => s + v, 0);

describe("simulate", () => {
  it("is reproducible to the bit, and another with another seed, toy or place in the list", () => {
    const draw = (seed: number, toy?: number) =>
      simulator([cube, onoff, points], models)(seed, toy) as [MapDataset, OnOffDataset, FluxPointsDataset];
    const [a, b, c] = draw(5);
    const again = draw(5);
    expect(again[0].counts!.data).toEqual(a.counts!.data);
    expect(again[1].countsOff!.data).toEqual(b.countsOff!.data);
    expect(again[2].points.norm).toEqual(c.points.norm);
    expect(simulate([cube, onoff, points], models, 5)[0]).toEqual(a);
    expect(draw(6)[0].counts!.data).not.toEqual(a.counts!.data);
    expect(draw(5, 1)[0].counts!.data).not.toEqual(a.counts!.data);
    const twins = simulator([cube, { ...cube, name: "twin" }], { components: [] })(5) as MapDataset[];
    expect(twins[0]!.counts!.data).not.toEqual(twins[1]!.counts!.data);
  });

  it("draws Poisson counts around npred", () => {
    const draw = simulator([cube, onoff], models);
    const mu = npred(cube, models).data;
    const off = npredBackground(onoff, models).data.map(
      (b, i) => (b * onoff.acceptanceOff!.data[i]!) / onoff.acceptance.data[i]!,
    );
    const n = 200;
    let counts = 0;
    let pull = 0;
    let countsOff = 0;
    for (let toy = 0; toy < n; toy++) {
      const [a, b] = draw(1, toy) as [MapDataset, OnOffDataset];
      counts += total(a.counts!.data);
      a.counts!.data.forEach((x, i) => {
        pull += (x - mu[i]!) ** 2 / mu[i]!;
      });
      countsOff += total(b.countsOff!.data);
    }
    // within 5 standard deviations of sums of Poisson counts
    expect(Math.abs(counts - n * total(mu))).toBeLessThan(5 * Math.sqrt(n * total(mu)));
    expect(Math.abs(countsOff - n * total(off))).toBeLessThan(5 * Math.sqrt(n * total(off)));
    const bins = n * mu.length;
    const variance = mu.reduce((s, m) => s + 2 + 1 / m, 0) * n;
    expect(Math.abs(pull - bins)).toBeLessThan(5 * Math.sqrt(variance));
  });

  it("takes a given background for ON/OFF data", () => {
    const map = { ...onoff.acceptance, data: onoff.acceptance.data.map(() => 40) };
    const { counts: _, countsOff: __, ...bare } = onoff;
    const made = simulate(bare as OnOffDataset, models, 3, { backgrounds: { onoff: map } });
    const alpha = 0.2;
    const mean = (40 * map.data.length) / alpha;
    expect(Math.abs(total(made.countsOff!.data) - mean)).toBeLessThan(5 * Math.sqrt(mean));
    expect(() => simulate(bare as OnOffDataset, models, 3)).toThrow(/needs a background/);
  });

  it("draws flux points whose pulls are normal on both sides and leaves limits", () => {
    const draw = simulator([points], models);
    const n = 4000;
    const pulls: number[] = [];
    for (let toy = 0; toy < n; toy++) {
      const [made] = draw(11, toy) as [FluxPointsDataset];
      expect(made.points.norm[2]).toBe(0.1);
      expect(made.points.ts).toBeUndefined();
      const d = made.points.norm[0]! - 1;
      pulls.push(d / (d > 0 ? 0.1 : 0.2));
    }
    const mean = pulls.reduce((s, x) => s + x, 0) / n;
    const square = pulls.reduce((s, x) => s + x * x, 0) / n;
    // 5 standard deviations of mean and mean square of n normal numbers
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(square - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
  });
});

describe("asimov", () => {
  it("puts the minimum at the models", () => {
    // limits pull the model down wherever it is, so the points take part without theirs
    const sets = [cube, onoff, { ...points, statistic: "chi2" as const }].map((d) => asimov(d, models));
    const joint = compileJoint(sets, models);
    const g = new Float64Array(joint.start.length);
    const h = new Float64Array(g.length ** 2);
    joint.objective.hessian(joint.start, g, h);
    // the gradient would move the minimum by less than 1e-6 standard deviations
    joint.parameters.forEach((p, i) => {
      if (p.id.endsWith("0")) return;
      expect(Math.abs(g[i]!) / Math.sqrt(h[i * g.length + i]!), p.id).toBeLessThan(1e-6);
    });
    const made = sets[1] as OnOffDataset;
    expect(total(made.counts!.data)).toBeCloseTo(
      total(npredSignal(onoff, models).data) + total(onOffBackground(made)),
      9,
    );
  });
});
