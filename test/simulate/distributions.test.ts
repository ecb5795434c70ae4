/**
 * Events that are drawn against the numbers and distributions that they are drawn from. Seeds are fixed; limits are those that one of 1000 right samples passes (KS 1.95, pulls
 * 3.3, chi2 by its distribution), so that a wrong distribution of some per cent fails at these numbers of events.
 */
import { describe, expect, it } from "vitest";
import { simulateEvents } from "../../src/api/simulate-events.js";
import { fieldOfView } from "../../src/events/field-of-view.js";
import { livetimeOf, pointingOf } from "../../src/events/observations.js";
import { createSubmodel, npred } from "../../src/index.js";
import { evaluateGrid } from "../../src/irf/tables/grid.js";
import { psfContainment } from "../../src/irf/tables/psf.js";
import type { PsfTable } from "../../src/irf/tables/types.js";
import { chi2Sf } from "../../src/math/gamma.js";
import { normalCdf } from "../../src/math/special.js";
import { reduceMap } from "../../src/reduce/map.js";
import { axisFromEnergyBounds } from "../../src/sky/axis.js";
import { separation } from "../../src/sky/frames.js";
import { wcsGeom } from "../../src/sky/geom.js";
import { SOURCE } from "../reduce/made-run.js";
import { kolmogorov, madeObservation, POINT, pull, source, valuesOf } from "./made.js";

const run = madeObservation();
const pointing = pointingOf(run);
const KS = 1.95;

describe("events of a source", () => {
  const drawn = simulateEvents(run, { components: [source()] }, { seed: 5 });
  const { events, truth } = drawn;
  const values = (pick: (i: number) => number) => valuesOf(drawn, 1, pick);

  it("are as many as flux, effective area and livetime give, at the energies that these give", () => {
    // Simpson in ln E of dnde A E, 4000 steps, by the table's own interpolation
    const offset = separation(pointing.lon, pointing.lat, SOURCE.lon, SOURCE.lat);
    const [low, high, n] = [Math.log(0.1), Math.log(100), 4000];
    const energies = Float64Array.from({ length: n + 1 }, (_, k) => Math.exp(low + ((high - low) * k) / n));
    energies[0] = run.irfs.aeff!.table.axes[0]!.nodes[0]!;
    energies[n] = run.irfs.aeff!.table.axes[0]!.nodes.at(-1)!;
    const area = evaluateGrid(run.irfs.aeff!.table, [energies, [offset]]);
    const rate = energies.map((e, k) => 2e-9 * e ** -1.2 * area[k]!);
    const sums = [0];
    for (let k = 0; k < n; k += 2)
      sums.push(sums.at(-1)! + ((high - low) / n / 3) * (rate[k]! + 4 * rate[k + 1]! + rate[k + 2]!));
    const expected = sums.at(-1)! * livetimeOf(run);
    expect(expected).toBeGreaterThan(5000);
    expect(Math.abs(pull(drawn.components[1]!.recorded, expected))).toBeLessThan(3.3);
    const cdf = (e: number) => {
      const at = ((Math.log(e) - low) / (high - low)) * (n / 2);
      const k = Math.min(Math.max(Math.floor(at), 0), n / 2 - 1);
      return (sums[k]! + (at - k) * (sums[k + 1]! - sums[k]!)) / sums.at(-1)!;
    };
    expect(
      kolmogorov(
        values((i) => truth.energy[i]!),
        cdf,
      ),
    ).toBeLessThan(KS);
  });

  it("lie around their source as the psf says, evenly in all directions", () => {
    const distances = values((i) => separation(SOURCE.lon, SOURCE.lat, events.ra[i]!, events.dec[i]!));
    const offset = [separation(pointing.lon, pointing.lat, SOURCE.lon, SOURCE.lat)];
    const cdf = (r: number) => psfContainment(run.irfs.psf!, { energy: [1], offset, rad: [r] })[0]!;
    const whole = cdf(0.4);
    // linear within bins of 0.01 deg, where events are even in r^2: at most 1/8 of the first bin's 2 % apart
    expect(kolmogorov(distances, (r) => cdf(r) / whole)).toBeLessThan(KS + 0.005 * Math.sqrt(distances.length));
    // the table is a Gaussian of 0.05 deg taken at the middles of its bins
    const gauss = (r: number) => -Math.expm1((-0.5 * r * r) / 0.05 ** 2);
    expect(kolmogorov(distances, gauss)).toBeLessThan(KS + 0.003 * Math.sqrt(distances.length));
    const angles = values((i) =>
      Math.atan2((events.ra[i]! - SOURCE.lon) * Math.cos(SOURCE.lat * (Math.PI / 180)), events.dec[i]! - SOURCE.lat),
    );
    expect(kolmogorov(angles, (a) => a / (2 * Math.PI) + 0.5)).toBeLessThan(KS);
  });

  it("have energies as the dispersion says", () => {
    const ratios = values((i) => events.energy[i]! / truth.energy[i]!);
    // even within bins of 0.05, a third of the width of the Gaussian: 0.005 from it at most
    const limit = KS + 0.005 * Math.sqrt(ratios.length);
    expect(kolmogorov(ratios, (x) => normalCdf((x - 1) / 0.15))).toBeLessThan(limit);
  });

  it("come evenly in all good time intervals, in the order of time", () => {
    const cdf = (t: number) => (t < 1500 ? t - 1000 : 400 + t - 1700) / 700;
    const times = values((i) => events.time[i]!);
    expect(times.every((t) => (t >= 1000 && t <= 1400) || (t >= 1700 && t <= 2000))).toBe(true);
    expect(kolmogorov(times, cdf)).toBeLessThan(KS);
    expect(Array.from(events.time).every((t, k) => k === 0 || t >= events.time[k - 1]!)).toBe(true);
    expect(Array.from(drawn.eventId)).toEqual(Array.from({ length: events.n }, (_, k) => k + 1));
  });

  it("follow a temporal model within the intervals, and in their number", () => {
    const tRef = run.gti.reference + 32.184 / 86400;
    // TT is 64.184 s before UTC in 2004: the model counts in UTC
    const parameters = { t0: 200 / 86400, t_ref: tRef - 96.368 / 86400 + 1000 / 86400 };
    const temporal = createSubmodel("exp-decay", parameters, { kind: "temporal" });
    const decayed = simulateEvents(run, { components: [source({ temporal })] }, { seed: 6 });
    const area = (t: number) => 1 - Math.exp(-(t - 1000) / 200);
    const whole = area(1400) + area(2000) - area(1700);
    const cdf = (t: number) => (t < 1500 ? area(t) : area(1400) + area(t) - area(1700)) / whole;
    expect(
      kolmogorov(
        valuesOf(decayed, 1, (i) => decayed.events.time[i]!),
        cdf,
      ),
    ).toBeLessThan(KS);
    const mean = (drawn.components[1]!.recorded * whole * 200) / 700;
    // both are Poisson
    const sigma = Math.sqrt(mean + (mean * mean) / drawn.components[1]!.recorded);
    expect(Math.abs(decayed.components[1]!.recorded - mean)).toBeLessThan(3.3 * sigma);
  });

  it("are the same in whatever company and order, and others for another seed or observation", () => {
    const other = source({
      name: "other",
      spatial: createSubmodel("gauss", { lon_0: 84, lat_0: 22, sigma: 0.2 }, { kind: "spatial" }),
    });
    const of = (components: (typeof other)[], seed = 5, id = run.id) => {
      const all = simulateEvents({ ...run, id }, { components }, { seed });
      const k = components.findIndex(({ name }) => name === "source") + 1;
      return valuesOf(all, k, (i) => all.events.ra[i]! + 7 * all.events.energy[i]! + all.events.time[i]!);
    };
    const own = of([source()]);
    expect(of([source(), other])).toEqual(own);
    expect(of([other, source()])).toEqual(own);
    expect(of([source()], 6)).not.toEqual(own);
    expect(of([source()], 5, "2")).not.toEqual(own);
  });
});

describe("extended sources", () => {
  it("have the shape of their model, and its number", () => {
    const spatial = createSubmodel("gauss", { lon_0: SOURCE.lon, lat_0: SOURCE.lat, sigma: 0.3 }, { kind: "spatial" });
    const apply = { exposure: true, psf: false, edisp: false };
    const one = source({ spatial, applyIrf: apply });
    // the same effective area at all offsets
    const { table } = run.irfs.aeff!;
    const flat = { ...table, data: table.data.map((_, k) => table.data[4 * Math.floor(k / 4)]!) };
    const even = { ...run, irfs: { ...run.irfs, aeff: { ...run.irfs.aeff!, table: flat } } };
    const drawn = simulateEvents(even, { components: [one] }, { seed: 8 });
    const distances = valuesOf(drawn, 1, (i) =>
      separation(SOURCE.lon, SOURCE.lat, drawn.events.ra[i]!, drawn.events.dec[i]!),
    );
    const cdf = (r: number) => -Math.expm1(-0.5 * (r / 0.3) ** 2);
    expect(kolmogorov(distances, cdf)).toBeLessThan(KS);
    const point = simulateEvents(even, { components: [source({ applyIrf: apply })] }, { seed: 9 });
    const [n, m] = [drawn.components[1]!.events, point.components[1]!.events];
    expect(n).toBeGreaterThan(4000);
    expect(Math.abs(n - m)).toBeLessThan(3.3 * Math.sqrt(n + m));
  });

  it.each([
    ["an elongated disk at the rim", "disk", { r_0: 0.8, e: 0.9, phi: 40, lon_0: 85, lat_0: 22.5 }],
    ["a shell", "shell", { radius: 0.5, width: 0.1, lon_0: 83.2, lat_0: 22.8 }],
    ["the whole field of view", "const", { value: 300 }],
  ])("agree with the map that a reduction predicts: %s", (_, tag, parameters) => {
    const spatial = createSubmodel(tag, parameters, { kind: "spatial" });
    const models = { components: [source({ spatial })] };
    const drawn = simulateEvents(run, models, { seed: 10 });
    const options = {
      geom: wcsGeom({ center: pointing, binsz: 0.1, width: 4, proj: "TAN" }),
      energy: axisFromEnergyBounds(0.3, 30, 4),
      energyTrue: axisFromEnergyBounds(0.1, 100, 90, { name: "energy_true" }),
    };
    const dataset = reduceMap({ ...run, events: drawn.events }, options)!;
    const predicted = npred(dataset, models);
    const [n, mu] = [dataset.counts!.data, predicted.data].map((data) => data.reduce((a, b) => a + b, 0));
    // exposures at the middles of bins of a thirtieth of a decade, pixels of 0.1 deg: 0.3 %
    expect(mu).toBeGreaterThan(3000);
    expect(Math.abs(n! - mu!)).toBeLessThan(3.3 * Math.sqrt(mu!) + 0.003 * mu!);
    expect(chi2Of(dataset.counts!.data, predicted.data)).toBeGreaterThan(1e-3);
  });
});

/** p-value of the counts in bins of at least 20 expected events, those below joined in their order. */
function chi2Of(counts: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [chi2, dof, n, mu] = [0, 0, 0, 0];
  for (let k = 0; k < counts.length; k++) {
    n += counts[k]!;
    mu += expected[k]!;
    if (mu < 20) continue;
    chi2 += (n - mu) ** 2 / mu;
    dof++;
    [n, mu] = [0, 0];
  }
  return chi2Sf(chi2, dof);
}

describe("events of the background", () => {
  const brighter = { ...run.irfs.background!, table: { ...run.irfs.background!.table } };
  brighter.table.data = brighter.table.data.map((x) => 15 * x);
  const bright = { ...run, irfs: { ...run.irfs, background: brighter } };
  // within the field of view and the energies of the table: at its border a map has whole pixels, or none
  const options = {
    geom: wcsGeom({ center: pointing, binsz: 0.1, width: 4, proj: "TAN" }),
    energy: axisFromEnergyBounds(0.2, 50, 12),
    energyTrue: axisFromEnergyBounds(0.1, 100, 10, { name: "energy_true" }),
  };

  it("have the energies and places of the table", () => {
    const { events } = simulateEvents(bright, { components: [] }, { seed: 11 });
    // ln of the rate is linear in ln E through values of E^-2.7
    const [low, high] = [0.1 ** -1.7, 100 ** -1.7];
    expect(kolmogorov(Array.from(events.energy), (e) => (low - e ** -1.7) / (low - high))).toBeLessThan(KS);
    const dataset = reduceMap({ ...bright, events }, options)!;
    const [n, mu] = [dataset.counts!, dataset.background!].map(({ data }) => data.reduce((a, b) => a + b, 0));
    expect(n).toBeGreaterThan(5000);
    expect(Math.abs(pull(n!, mu!))).toBeLessThan(3.3);
    expect(chi2Of(dataset.counts!.data, dataset.background!.data)).toBeGreaterThan(1e-3);
  });

  it.each(["reverse-lon-radec", "altaz"] as const)("in a field of view along %s", (alignment) => {
    // ten times as many on the right as on the left
    const data = run.irfs.background!.table.data.map((x, k) => x * (1 + Math.floor((k % 144) / 12)));
    const table = { ...brighter.table, data };
    const tilted = {
      ...bright,
      irfs: { ...bright.irfs, background: { ...brighter, table, alignment } },
      location: { lon: 16.5, lat: -23.27, height: 1800 },
      gti: { ...run.gti, start: Float64Array.of(77000), stop: Float64Array.of(79000) },
    };
    const drawn = simulateEvents(tilted, { components: [] }, { seed: 12 });
    const dataset = reduceMap({ ...tilted, events: drawn.events }, options)!;
    expect(chi2Of(dataset.counts!.data, dataset.background!.data)).toBeGreaterThan(1e-3);
    const { x, y, z } = directionsOf(drawn.events.ra, drawn.events.dec);
    const { lon } = fieldOfView(pointing, { x, y, z }, "radec");
    const mean = lon.reduce((a, b) => a + b, 0) / lon.length;
    if (alignment !== "altaz") expect(mean).toBeLessThan(-0.5);
  });

  it("over offsets alone, as the table says, with a factor by energy", () => {
    const { table } = brighter;
    const offset = {
      name: "offset",
      unit: "deg",
      interp: "lin",
      nodeType: "edges",
      nodes: Float64Array.of(0, 1, 2, 3),
    } as const;
    const values = Float64Array.from({ length: 27 }, (_, k) => table.data[144 * Math.floor(k / 3)]! * (3 - (k % 3)));
    const background = { ...brighter, table: { ...table, axes: [table.axes[0]!, offset], data: values } };
    const round = { ...run, irfs: { ...run.irfs, background } };
    const norm = createSubmodel("pl-norm", { norm: 2, tilt: 0.5 });
    const model = { type: "FoVBackgroundModel", name: "1-bkg", datasetsNames: ["1"], spectral: norm } as const;
    const drawn = simulateEvents(round, { components: [model] }, { seed: 13 });
    const dataset = { ...reduceMap({ ...round, events: drawn.events }, options)!, name: "1" };
    const predicted = npred(dataset, { components: [model] });
    const [n, mu] = [dataset.counts!.data, predicted.data].map((data) => data.reduce((a, b) => a + b, 0));
    // the norm at the middles of quarter decades, of a spectrum of index 3.2: 1 %
    expect(Math.abs(n! - mu!)).toBeLessThan(3.3 * Math.sqrt(mu!) + 0.01 * mu!);
    expect(drawn.components[0]!.name).toBe("1-bkg");
  });
});

function directionsOf(ra: ArrayLike<number>, dec: ArrayLike<number>) {
  const rad = Math.PI / 180;
  const of = (f: (lon: number, lat: number) => number) =>
    Float64Array.from(ra, (lon, k) => f(lon * rad, dec[k]! * rad));
  return {
    x: of((l, b) => Math.cos(b) * Math.cos(l)),
    y: of((l, b) => Math.cos(b) * Math.sin(l)),
    z: of((_, b) => Math.sin(b)),
  };
}

describe("analytic psfs", () => {
  const axis = run.irfs.aeff!.table.axes;
  const table = (value: number) => ({ axes: axis, data: run.irfs.aeff!.table.data.map(() => value), unit: "deg" });
  it.each([
    ["gauss", { kind: "gauss", sigma: [table(0.05), table(0.1), table(0.3)], amplitude: [table(0.3), table(0.02)] }],
    ["king", { kind: "king", gamma: table(2.5), sigma: table(0.06) }],
  ] as const)("%s", (_, psf: PsfTable) => {
    const drawn = simulateEvents({ ...run, irfs: { ...run.irfs, psf } }, { components: [source()] }, { seed: 14 });
    const distances = valuesOf(drawn, 1, (i) =>
      separation(SOURCE.lon, SOURCE.lat, drawn.events.ra[i]!, drawn.events.dec[i]!),
    );
    const cdf = (r: number) => psfContainment(psf, { energy: [1], offset: [0.5], rad: [r] })[0]!;
    // what leaves the field of view is less than 1e-3
    expect(kolmogorov(distances, cdf)).toBeLessThan(KS + 1e-3 * Math.sqrt(distances.length));
  });
});

describe("what cannot be drawn", () => {
  const draw =
    (spec: Parameters<typeof source>[0], change = {}) =>
    () =>
      simulateEvents({ ...run, ...change }, { components: [source(spec)] }, { seed: 1 });
  it("is refused with what to do", () => {
    expect(draw({ spatial: createSubmodel("const-flux", {}, { kind: "spatial" }) })).toThrow(
      /ConstantFluxSpatialModel/,
    );
    const { spatial: _, ...nowhere } = source();
    expect(() => simulateEvents(run, { components: [nowhere] }, { seed: 1 })).toThrow(/no spatial model/);
    const falling = createSubmodel("linear", { alpha: 1, beta: -200, t_ref: run.gti.reference }, { kind: "temporal" });
    expect(draw({ temporal: falling })).toThrow(/rate below 0/);
    expect(draw({}, { irfs: { ...run.irfs, aeff: undefined } })).toThrow(/effective area/);
    expect(() => simulateEvents(run, { components: [] }, { seed: -1 })).toThrow(/seed/);
    expect(() => simulateEvents(run, { components: [source()] }, { seed: 1, maxBytes: 1000 })).toThrow(/memory/);
  });

  it("is said: events without a psf, and outside of the field of view", () => {
    const { axes, data } = (run.irfs.psf as PsfTable & { kind: "table" }).table;
    const psf: PsfTable = {
      kind: "table",
      table: { axes, data: data.map((x, k) => (k < data.length / 2 ? 0 : x)), unit: "sr-1" },
    };
    const notes: string[] = [];
    const rim = source({ spatial: createSubmodel("point", { lon_0: POINT.parameters[0]!.value, lat_0: 25.49 }) });
    const options = { seed: 3, onNote: (note: string) => void notes.push(note) };
    const irfs = { ...run.irfs, psf, background: undefined };
    const drawn = simulateEvents({ ...run, irfs }, { components: [rim] }, options);
    const { recorded, unknown, outside, events } = drawn.components[0]!;
    expect(recorded).toBe(unknown + outside + events);
    expect(unknown).toBeGreaterThan(100);
    expect(outside).toBeGreaterThan(10);
    expect(notes.join("\n")).toMatch(/are dropped, for whose.*\n.*are dropped, outside of the field/);
  });
});
