import { describe, expect, it } from "vitest";
import { createSubmodel, fovBackground } from "../../src/api/models.js";
import type { BinnedDataset, FluxPointsDataset, MapDataset } from "../../src/datasets/types.js";
import { updateParameters } from "../../src/models/parameters.js";
import { standardModels } from "../../src/models/registry.js";
import type { Model } from "../../src/models/types.js";
import { defaultPoles, nPix, pixToSky, toFrame } from "../../src/sky/index.js";
import type { Geom, WcsGeom } from "../../src/sky/types.js";
import { at, atSlow, check, free, frozen, models, OF_POINTS, source, type Values } from "./check-derivatives.js";
import { storedDataset } from "./stored.js";

/** Psf of the first spatial pixel everywhere: how the psf changes with the place is not part of the derivatives. */
function onePsf(dataset: BinnedDataset): BinnedDataset {
  const { map } = dataset.psf!;
  const n = nPix(map.geom);
  const data = map.data.map((_, k) => map.data[Math.floor(k / n) * n]!);
  return { ...dataset, psf: { ...dataset.psf, map: { ...map, data } } };
}

/** The same pixels on the sky of another projection. */
function projected(dataset: BinnedDataset, projection: string): BinnedDataset {
  const geom = <M extends { readonly geom: Geom }>(map: M): M => {
    const { wcs } = map.geom as WcsGeom;
    return {
      ...map,
      geom: { ...map.geom, wcs: { ...wcs!, projection, ...defaultPoles({ projection, crval: wcs!.crval }) } },
    };
  };
  const { counts, exposure, background } = dataset as MapDataset;
  return { ...dataset, counts: geom(counts!), exposure: geom(exposure!), background: geom(background!) } as MapDataset;
}

const spectrum: [string, Values] = ["pl", { index: 2.1, amplitude: 3e-12 }];

describe("derivatives of maps", () => {
  const cube = storedDataset("cube");
  const smooth = onePsf(cube);
  const tilted = free(
    models(fovBackground("cube", createSubmodel("pl-norm", { norm: 1.2, tilt: 0.1 }))),
    "cube-bkg.tilt",
  ).components[0]!;
  const point = source("src", spectrum, ["point", at(0.13, -0.08)]);
  const fixed = frozen(models(point, tilted), "src.lon_0", "src.lat_0");

  it("fixed point and tilted background", () => {
    expect(check(cube, fixed).term.n).toBe(4);
    atSlow(cube, fixed);
  });
  it("moving point", () => {
    expect(check(cube, models(point, tilted), OF_POINTS).term.n).toBe(6);
    atSlow(cube, models(point, tilted));
  });
  it("point with one free coordinate", () => {
    check(cube, frozen(models(point), "src.lon_0"), OF_POINTS);
    check(cube, frozen(models(point), "src.lat_0"), OF_POINTS);
  });
  it.each(["CAR", "MER", "CEA", "CYP", "TAN", "STG", "SIN", "ZEA", "ARC", "SFL", "GLS", "PAR", "AIT", "MOL"])(
    "moving point on a %s map",
    (name) => {
      const map = projected(cube, name);
      const { wcs } = map.counts!.geom as WcsGeom;
      const [lon, lat] = pixToSky(wcs, 11.3, 8.8);
      for (const frame of ["icrs", "galactic", "fk4"] as const) {
        const position = toFrame({ lon: lon!, lat: lat!, frame: wcs!.frame }, frame);
        const spatial = createSubmodel(
          "point",
          { lon_0: position.lon, lat_0: position.lat },
          { kind: "spatial", frame },
        );
        check(map, models({ ...point, spatial } as Model), OF_POINTS);
      }
    },
  );
  it("gaussian", () => {
    const all = models(source("src", spectrum, ["gauss", { sigma: 0.172, ...at(0.12, -0.07) }]), tilted);
    check(smooth, all);
    atSlow(smooth, all);
  });
  it("gaussian with a psf that differs from place to place", () => {
    check(cube, models(source("src", spectrum, ["gauss", { sigma: 0.172, ...at(0.12, -0.07) }]), tilted));
  });
  it("elliptical gaussian with all parameters free", () => {
    const all = models(source("src", spectrum, ["gauss", { sigma: 0.172, e: 0.6, phi: 40, ...at(0.12, -0.07) }]));
    expect(check(smooth, free(all, "src.e", "src.phi")).term.n).toBe(7);
  });
  it("disk", () => {
    const all = models(source("src", spectrum, ["disk", { r_0: 0.31, edge_width: 0.3, ...at(0.12, -0.07) }]));
    check(smooth, free(all, "src.edge_width"));
    atSlow(smooth, all);
  });
  it("two overlapping sources", () => {
    const other = source(
      "other",
      ["lp", { amplitude: 4e-12, alpha: 2, beta: 0.2, reference: 1 }],
      ["gauss", { sigma: 0.14, ...at(0.03, 0.12) }],
    );
    const all = models(point, other, tilted);
    check(smooth, all);
    atSlow(smooth, all);
  });
  it("icrs source on a galactic map with a migration map", () => {
    const all = models(source("src", spectrum, ["point", { lon_0: 83.7, lat_0: 22.11 }]));
    check(storedDataset("galactic"), all, OF_POINTS);
  });
  it("negative sources, whose counts are clipped", () => {
    for (const amplitude of [-2e-13, -3e-12]) {
      const all = updateParameters(fixed, { "src.amplitude": amplitude });
      check(cube, all);
      atSlow(cube, all);
    }
  });
  it("a negative and a positive source", () => {
    const all = frozen(
      models(
        point,
        source("minus", ["pl", { index: 2.1, amplitude: -1e-12 }], ["gauss", { sigma: 0.2, ...at(0.1, 0) }]),
        tilted,
      ),
      ...["src", "minus"].flatMap((name) => [`${name}.lon_0`, `${name}.lat_0`]),
    );
    check(cube, frozen(all, "minus.sigma"));
    atSlow(cube, all);
  });
});

describe("derivatives of every spectral model", () => {
  const bare = storedDataset("bare");
  const values: Record<string, Values> = {
    "pl-2": { amplitude: 4e-12, index: 2.4 },
    bpl: { index1: 1.5, index2: 2.8, ebreak: 3.1 },
    "secpl-4fgl": { expfactor: 2e-4, index_1: 1.8, index_2: 0.6 },
    "secpl-4fgl-dr3": { expfactor: 0.4, index_1: 1.8, index_2: 0.4 },
    "secpl-3fgl": { ecut: 4, index_1: 1.8, index_2: 0.7 },
    const: { const: 3e-13 },
    gauss: { mean: 3, sigma: 0.8 },
    sbpl: { index1: 1.5, index2: 2.8, ebreak: 3 },
  };
  const shapes = standardModels.spectral.filter((d) => d.isNorm !== true && !d.bind);
  it.each(shapes.map((d) => [d.tag]))("%s", (tag) => {
    const one = source("src", [tag, values[tag] ?? {}], ["point", at(0.04, 0.03)]);
    check(bare, frozen(models(one), "src.lon_0", "src.lat_0"));
  });
  const norms = standardModels.spectral.filter((d) => d.isNorm === true && !d.bind);
  it.each(norms.map((d) => [d.tag]))("background %s", (tag) => {
    check(bare, models(fovBackground("bare", createSubmodel(tag, {}, { kind: "spectral" }))));
  });
});

describe("derivatives of spectra", () => {
  it("wstat with bins without OFF counts", () => {
    const all = models(source("src", ["lp", { amplitude: 2e-12, alpha: 2, beta: 0.1, reference: 1 }]));
    const onoff = storedDataset("onoff");
    check(onoff, all);
    atSlow(onoff, all);
  });
  it("a circle with psf containment", () => {
    const all = models(source("src", spectrum, ["point", at(0, 0)]));
    check(storedDataset("spectrum"), frozen(all, "src.lon_0", "src.lat_0"));
  });
});

describe("derivatives of flux points", () => {
  const ones = Float64Array.of(1, 1, 1, 1);
  const dnde = Float64Array.of(9e-12, 2e-12, 4e-13, 1e-13);
  const dataset = (statistic: FluxPointsDataset["statistic"]): FluxPointsDataset => ({
    type: "FluxPointsDataset",
    name: "points",
    statistic,
    points: {
      energy: { name: "energy", unit: "TeV", interp: "log", nodeType: "center", nodes: Float64Array.of(0.5, 1, 2, 4) },
      sedType: "dnde",
      reference: { dnde, flux: ones, eflux: ones, e2dnde: ones },
      norm: Float64Array.of(1, 1.1, 0.9, 0.4),
      normErr: Float64Array.of(0.1, 0.1, 0.2, 0.4),
      normErrn: Float64Array.of(0.09, 0.1, 0.18, Number.NaN),
      normErrp: Float64Array.of(0.12, 0.13, 0.25, Number.NaN),
      normUl: Float64Array.of(1.3, 1.4, 1.5, 1.2),
      isUlStored: Uint8Array.of(0, 0, 0, 1),
      stat: Float64Array.of(1, 2, 3, 4),
      normScan: Float64Array.from([0.5, 1, 1.5, 2, 3, 0.4, 1, 1.6, 2, 3, 0.4, 0.9, 1.5, 2, 3, 0.1, 0.4, 1.5, 2, 3]),
      statScan: Float64Array.from([26, 1, 24, 80, 300, 40, 2.5, 20, 60, 250, 9, 3, 11, 30, 90, 4.5, 4, 10, 18, 40]),
    },
  });
  it.each(["chi2", "distrib", "profile"] as const)("%s", (statistic) => {
    const all = models(source("src", ["lp", { amplitude: 2.3e-12, alpha: 2.2, beta: 0.1, reference: 1 }]));
    check(dataset(statistic), all);
  });
});
