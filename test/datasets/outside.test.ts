/** Sources beside the region of a spectrum, and beside a map. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { asimov, compileDataset, npredSignal } from "../../src/api/datasets.js";
import { fit } from "../../src/api/fit.js";
import type { BinnedDataset, MapDataset, OnOffDataset, Psf } from "../../src/datasets/types.js";
import type { CompiledTerm } from "../../src/likelihood/types.js";
import { allParameters, updateParameters } from "../../src/models/parameters.js";
import type { Model, Models } from "../../src/models/types.js";
import { axisCenters, axisFromBounds, axisFromEnergyBounds, nBins } from "../../src/sky/axis.js";
import { wcsGeom } from "../../src/sky/geom.js";
import { nPix } from "../../src/sky/pixels.js";
import { regionGeom } from "../../src/sky/region-geom.js";
import type { Geom, MapAxis, Region, SkyMap, SkyPosition } from "../../src/sky/types.js";
import beside from "../oracle/disk_beside.json" with { type: "json" };
import { check, free, frozen, models, OF_POINTS, source, type Values } from "./check-derivatives.js";
import { asGammapy } from "./oracle.js";

/** The output of test/oracle/outside.py. */
const oracle = JSON.parse(readFileSync(new URL("../oracle/outside.json", import.meta.url), "utf8")) as {
  sizes: Record<"psf" | "source" | "radius" | "width" | "height" | "sigma", number> & { distances: number[] };
  regions: { name: string; shares: number[] }[];
  maps: { name: string; spatial: string; lat: number; wide: number[] }[];
};
const { sizes } = oracle;

const center: SkyPosition = { lon: 83.63, lat: 22.01, frame: "icrs" };
const energies = (name: string) => axisFromEnergyBounds(1, 10, 2, { name });
const [energy, energyTrue] = [energies("energy"), energies("energy_true")];

function filled<G extends Geom>(geom: G, value: number, unit = ""): SkyMap {
  const n = geom.axes.reduce((product, axis) => product * nBins(axis), nPix(geom));
  return { geom, unit, data: new Float64Array(n).fill(value) };
}

/** A Gaussian, the same at all places and energies. */
function psfOf(sigma: number, max: number, n: number): Psf {
  const rad: MapAxis = axisFromBounds(0, max, n, { name: "rad", unit: "deg" });
  const profile = axisCenters(rad).map(
    (r) => Math.exp(-0.5 * (r / sigma) ** 2) / (2 * Math.PI * ((sigma * Math.PI) / 180) ** 2),
  );
  const geom = wcsGeom({ center, binsz: 180, npix: 1, axes: [rad, energyTrue] });
  return { map: { geom, unit: "sr-1", data: Float64Array.of(...profile, ...profile) } };
}

const power = ["pl", { index: 2.2, amplitude: 2e-12 }] as [string, Values];
const shapes: Readonly<Record<string, Values>> = { point: {}, gaussian: { sigma: 0.2 }, disk: { r_0: 0.4 } };
const tags: Readonly<Record<string, string>> = { point: "point", gaussian: "gauss", disk: "disk" };

function still(spatial: string, place: Values, values: Values = shapes[spatial]!): Model {
  const all = models(source("src", power, [tags[spatial]!, { lon_0: center.lon, ...place, ...values }]));
  const ids = allParameters(all).flatMap(({ id, kind }) => (kind === "spatial" ? [id] : []));
  return frozen(all, ...ids).components[0]!;
}

const sum = (data: Float64Array) => data.reduce((s, x) => s + x, 0);

describe("the region of a spectrum", () => {
  const regions: Readonly<Record<string, Region>> = {
    circle: { shape: "circle", center, radius: sizes.radius },
    rectangle: { shape: "rectangle", center, width: sizes.width, height: sizes.height, angle: 0 },
  };
  const psf = psfOf(sizes.psf, 0.6, 600);
  function spectrum(region: Region | undefined, withPsf: boolean): MapDataset {
    const geom = regionGeom(region === undefined ? [] : [region]);
    return {
      type: "SpectrumDataset",
      name: "spectrum",
      counts: filled({ ...geom, axes: [energy] }, 3),
      background: filled({ ...geom, axes: [energy] }, 1),
      exposure: filled({ ...geom, axes: [energyTrue] }, 1e13, "cm2 s"),
      ...(withPsf && { psf }),
    };
  }
  /** What the dataset sees, over what it does where nothing is known of places. */
  const shareOf = (dataset: BinnedDataset, model: Model) =>
    sum(npredSignal(dataset, models(model)).data) / sum(npredSignal(spectrum(undefined, false), models(model)).data);

  it.each(oracle.regions.map((c) => [c.name, c] as const))("%s", (name, { shares }) => {
    const [shape, region] = [name.split(" ")[0]!, name.split(" ").at(-1)!];
    const dataset = spectrum(regions[region], name.includes("with psf"));
    // rings of the psf 0.001 deg wide; else pixels of a tenth of the radius, the psf cut at 99.9 % of its events
    const tolerance = name === "point with psf, circle" ? 2e-5 : 2e-3;
    shares.forEach((share, i) => {
      const model = still(
        shape,
        { lat_0: center.lat + sizes.distances[i]! },
        shape === "point" ? {} : { sigma: sizes.source },
      );
      expect(Math.abs(shareOf(dataset, model) - share), `${sizes.distances[i]} deg`).toBeLessThan(tolerance);
    });
  });

  it("holds a point in full or not at all where there is no psf, ON/OFF data too", () => {
    const dataset = spectrum(regions.circle, false);
    const acceptance = filled(dataset.counts!.geom, 1);
    const onOff: OnOffDataset = {
      ...{ name: "spectrum", counts: dataset.counts!, exposure: dataset.exposure! },
      ...{
        type: "SpectrumDatasetOnOff",
        acceptance,
        countsOff: filled(acceptance.geom, 4),
        acceptanceOff: filled(acceptance.geom, 5),
      },
    };
    for (const one of [dataset, onOff]) {
      for (const [distance, share] of [
        [0, 1],
        [0.109, 1],
        [0.111, 0],
        [0.81, 0],
      ] as const) {
        expect(shareOf(one, still("point", { lat_0: center.lat + distance }))).toBe(share);
      }
      // at the other side of the sky
      expect(shareOf(one, still("point", { lon_0: center.lon + 180, lat_0: -center.lat }))).toBe(0);
      expect(shareOf(one, models(source("src", power)).components[0]!)).toBe(1);
    }
  });

  it("is a place unless nothing is known of it", () => {
    expect(shareOf(spectrum(undefined, true), still("point", { lat_0: -60 }))).toBe(1);
    expect(shareOf(spectrum({ shape: "point", center }, false), still("point", { lat_0: 20 }))).toBe(1);
  });

  it("does not see a source, and the fit says so", async () => {
    const outside = source("far", power, ["point", { lon_0: center.lon, lat_0: 23 }]);
    const inside = source("src", power, ["point", { lon_0: center.lon, lat_0: center.lat }]);
    const all = frozen(models(inside, outside), ...["far.index", "far.amplitude", "src.index"], ...PLACES);
    const result = await fit([spectrum(regions.circle, false)], all);
    expect(result.warnings).toEqual(['source "far" lies outside the region of dataset "spectrum" and adds nothing']);
  });

  it.each([
    ["point", "circle", 3e-2],
    ["point", "rectangle", 3e-2],
    ["gaussian", "circle", 3e-2],
  ] as const)("follows a %s of free place and extent, with derivatives", (shape, region, tolerance) => {
    const dataset = spectrum(regions[region], true);
    const name = `${shape} with psf, ${region}`;
    const { shares } = oracle.regions.find((c) => c.name === name)!;
    const extent: Values = shape === "point" ? {} : { sigma: sizes.source };
    const place = (d: number): Values => ({ lat_0: center.lat + d });
    const ids = ["src.lon_0", "src.lat_0", ...(shape === "point" ? [] : ["src.sigma"])];
    const moving = compileDataset(dataset, free(models(still(shape, place(0.02), extent)), ...ids));
    expect(moving.warnings).toEqual([]);
    const flux = [2.2, 2e-12];
    const at = (d: number) =>
      Float64Array.of(...flux, center.lon, center.lat + d, ...Object.values(extent).map(Number));
    sizes.distances.forEach((d, i) => {
      // those of extents take seconds
      if (shares[i]! < 1e-3 || (shape !== "point" && i % 3 !== 1)) return;
      const stays = compileDataset(dataset, models(still(shape, place(d), extent)));
      expect(moving.term.value(at(d))).toBeCloseTo(stays.term.value(Float64Array.of(...flux)), 9);
      // sixth-order differences of the statistic, over steps of the size of a pixel of the region
      const g = new Float64Array(moving.term.n);
      moving.term.gradient(at(d), g);
      const h = 0.004;
      for (let k = 2; k < g.length; k++) {
        const f = (steps: number) => moving.term.value(at(d).map((x, j) => (j === k ? x + steps * h : x)));
        const slope = (45 * (f(1) - f(-1)) - 9 * (f(2) - f(-2)) + f(3) - f(-3)) / (60 * h);
        // second-order differences over pixels, of what changes over the psf: (step / width)^2 / 6
        expect(Math.abs(g[k]! - slope), `${ids[k - 2]} at ${d}`).toBeLessThan(tolerance * Math.abs(slope) + 1e-2);
      }
    });
  });

  it("measures the place of a source together with others, and shares that are theirs", () => {
    const truth = models(source("src", power, ["point", { lon_0: center.lon + 0.03, lat_0: center.lat + 0.05 }]));
    const shifted = (lon: number, lat: number): Region => ({
      shape: "circle",
      center: { ...center, lon: center.lon + lon, lat: center.lat + lat },
      radius: sizes.radius,
    });
    const data = [shifted(0, 0), shifted(0.1, 0), shifted(0, 0.1)].map((region, i) =>
      asimov({ ...spectrum(region, true), name: `spectrum ${i}` }, truth),
    );
    const start = updateParameters(truth, { "src.lat_0": { value: center.lat }, "src.lon_0": { value: center.lon } });
    const result = fit(data, start);
    expect(result.message).toMatch(/^Optimization terminated successfully/);
    expect(result.success).toBe(true);
    const value = (id: string) => result.parameters.find((p) => p.id === id)!;
    for (const [id, expected] of [
      ["src.lon_0", center.lon + 0.03],
      ["src.lat_0", center.lat + 0.05],
    ] as const) {
      expect(Math.abs(value(id).value - expected)).toBeLessThan(1e-3 * value(id).error);
    }
    expect(value("src.amplitude").value / 2e-12).toBeCloseTo(1, 5);
  });

  it("without a psf keeps to the place at the start, and says so", () => {
    const all = models(source("src", power, ["point", { lon_0: center.lon, lat_0: center.lat + 0.1 }]));
    expect(compileDataset(spectrum(regions.circle, false), all).warnings).toEqual([
      expect.stringMatching(/^dataset "spectrum" has no psf, so source "src" counts there in full or not at all/),
    ]);
  });
});

const PLACES = ["far.lon_0", "far.lat_0", "src.lon_0", "src.lat_0"];

describe("a map", () => {
  const image = wcsGeom({ center, binsz: 0.1, npix: 20, proj: "TAN" });
  const map: MapDataset = {
    type: "MapDataset",
    name: "map",
    counts: filled({ ...image, axes: [energy] }, 1),
    background: filled({ ...image, axes: [energy] }, 1),
    exposure: filled({ ...image, axes: [energyTrue] }, 1e14, "cm2 s"),
    psf: psfOf(sizes.sigma, 1.6, 160),
  };

  it.each(oracle.maps.map((c) => [c.name, c] as const))(
    "sees a %s as a wider one does",
    (_, { spatial, lat, wide }) => {
      const { data } = npredSignal(map, models(still(spatial, { lat_0: lat })), asGammapy);
      wide.forEach((counts, r) => {
        const found = sum(data.subarray(r * 400, (r + 1) * 400));
        // noise of the reference's float32 transforms
        expect(Math.abs(found - counts)).toBeLessThan(5e-7 * counts + 2e-5);
      });
    },
  );

  it.each(beside.north.map((north, i) => [north, beside.shares[i]!] as const))(
    "holds of a disk %d deg north of its centre what the psf brings in",
    (north, share) => {
      const on = (npix: number, lat: number) => {
        const fine = wcsGeom({ center, binsz: 0.05, npix, proj: "TAN" });
        const seen: MapDataset = {
          ...{ type: "MapDataset", name: "map", psf: psfOf(beside.sigma, 1.2, 240) },
          counts: filled({ ...fine, axes: [energy] }, 1),
          background: filled({ ...fine, axes: [energy] }, 1),
          exposure: filled({ ...fine, axes: [energyTrue] }, 1e14, "cm2 s"),
        };
        return sum(npredSignal(seen, models(still("disk", { lat_0: lat }, { r_0: beside.radius }))).data);
      };
      const found = on(20, center.lat + north) / on(60, center.lat);
      // the psf on pixels of a third of its width
      expect(Math.abs(found / share - 1)).toBeLessThan(2.5e-3);
    },
  );

  it.each(["point", "gaussian", "disk"])(
    "sees a %s of free place as one that stays, on both sides of its border",
    (spatial) => {
      for (const { lat } of oracle.maps.filter((c) => c.spatial === spatial)) {
        const moving = compileDataset(map, free(models(still(spatial, { lat_0: 22.3 })), "src.lon_0", "src.lat_0"));
        const stays = compileDataset(map, models(still(spatial, { lat_0: lat })));
        const value = moving.term.value(Float64Array.of(2.2, 2e-12, center.lon, lat));
        // direct sums or transforms
        expect(Math.abs(value - stays.term.value(Float64Array.of(2.2, 2e-12)))).toBeLessThan(1e-10 * Math.abs(value));
      }
    },
  );

  it.each(["point", "gaussian", "disk"])("has a likelihood without steps where a %s leaves it", (spatial) => {
    const { term } = compileDataset(map, free(models(still(spatial, { lat_0: 22.3 })), "src.lon_0", "src.lat_0"));
    const at = (lat: number) => term.value(Float64Array.of(2.2, 2e-11, center.lon, lat));
    const [step, before, after] = [1e-3, center.lat + 0.9, center.lat + 1.3];
    const values = Array.from({ length: Math.round((after - before) / step) }, (_, i) => at(before + i * step));
    const changes = values.slice(1).map((value, i) => Math.abs(value - values[i]!));
    // it falls by some hundred in all, evenly; a lost corner of pixels makes one step of it
    expect(Math.max(...changes)).toBeLessThan((3 / changes.length) * sum(Float64Array.from(changes)));
  });

  it("has exact derivatives beside its border", () => {
    const place = (lat: number): Models => models(source("src", power, ["point", { lon_0: center.lon, lat_0: lat }]));
    check(map, place(center.lat + 1.13), OF_POINTS);
    const gaussian = { lon_0: center.lon, lat_0: center.lat + 1.2, sigma: 0.2 };
    check(map, models(source("src", power, ["gauss", gaussian])));
  });

  it("has the same derivatives at a place, wherever the source was before", () => {
    const four = axisFromEnergyBounds(1, 10, 4, { name: "energy_true" });
    const [narrow, wide] = [0.05, sizes.sigma].map((sigma) => psfOf(sigma, 1.6, 160).map) as [SkyMap, SkyMap];
    const psf = { ...wide, geom: { ...wide.geom, axes: [wide.geom.axes[0]!, four] } };
    const dataset: MapDataset = {
      ...map,
      exposure: filled({ ...image, axes: [four] }, 1e14, "cm2 s"),
      // two energies of each, as they are transformed by twos
      psf: { map: { ...psf, data: Float64Array.of(...narrow.data, ...wide.data) } },
    };
    const gaussian = { lon_0: center.lon, lat_0: center.lat + 0.8, sigma: 0.2 };
    const compiled = () => compileDataset(dataset, models(source("src", power, ["gauss", gaussian])));
    const derivatives = ({ term: { n, hessian } }: CompiledTerm, lat: number, sigma: number) => {
      const [g, h] = [new Float64Array(n), new Float64Array(n * n)];
      hessian(Float64Array.of(2.2, 2e-12, center.lon, lat, sigma), g, h);
      return [...g, ...h];
    };
    const moved = compiled();
    for (const sigma of [0.3, 0.1]) derivatives(moved, center.lat + 0.6, sigma);
    expect(derivatives(moved, gaussian.lat_0, 0.2)).toEqual(derivatives(compiled(), gaussian.lat_0, 0.2));
  });

  it("refuses a source without a place", () => {
    expect(() => npredSignal(map, models(source("src", power)))).toThrow(
      'model "src" on dataset "map": found no spatial model, expected one',
    );
  });
});
