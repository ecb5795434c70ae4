/** Counts in HEALPix pixels. Numbers: test/oracle/healpix_datasets.py (Gammapy 2.1, healpy). */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createSubmodel } from "../../src/api/models.js";
import type { MapDataset } from "../../src/datasets/types.js";
import { pointImages } from "../../src/fold/healpix/point.js";
import { createResponses } from "../../src/fold/response.js";
import { compileJoint, fit, npred, readDatasets } from "../../src/index.js";
import { memoryFiles } from "../../src/io/files.js";
import { writeMapDataset } from "../../src/io/map-dataset.js";
import { smoothProfile } from "../../src/irf/smooth-profile.js";
import { skyModel } from "../../src/models/create.js";
import { pointSource } from "../../src/models/spatial/point.js";
import type { Models } from "../../src/models/types.js";
import { axisCenters, nBins } from "../../src/sky/axis.js";
import { healpixOver } from "../../src/sky/change-pixels.js";
import { wcsGeom } from "../../src/sky/geom.js";
import { nPix, pixelCenters, pixelsOf } from "../../src/sky/pixels.js";
import type { Geom, HealpixGeom, MapAxis } from "../../src/sky/types.js";
import { python } from "../environment.js";
import { checkDerivatives } from "../fit/derivatives.js";

interface Case {
  file: string;
  stat: number;
  sums: Record<string, number[]>;
  models: Record<string, number[]>;
  shares: number[];
  gauss: number[];
}
type Oracle = Record<"part" | "whole" | "narrow" | "broad" | "template", Case> & { models: string; datasets: string };

const oracle: Oracle = JSON.parse(readFileSync(new URL("../oracle/healpix_datasets.json", import.meta.url), "utf8"));
const names = ["part", "whole", "narrow", "broad", "template"] as const;
const files = memoryFiles({
  ...Object.fromEntries(
    names.map((name) => [`${name}.fits`, new Uint8Array(gunzipSync(Buffer.from(oracle[name].file, "base64")))]),
  ),
  "models.yaml": new TextEncoder().encode(oracle.models),
  "datasets.yaml": new TextEncoder().encode(oracle.datasets),
});
const { datasets, models } = await readDatasets("datasets.yaml", files, { modelsPath: "models.yaml" });
const [part, whole, narrow, broad] = datasets as MapDataset[];
const only = (dataset: MapDataset, name: string) => npred(dataset, models, { model: name });

/** A point source at one place, folded with the psf of a dataset at all true energies. */
function pointIn(dataset: MapDataset, free: readonly number[]) {
  const geom = dataset.counts!.geom as HealpixGeom;
  const response = createResponses().of(dataset);
  const profile = response.profile(null)!;
  const profiles = Array.from(axisCenters(response.energyTrue), (e) => smoothProfile(profile, e));
  const shape = { declaration: pointSource, frame: "icrs" as const, lon: 0, lat: 1, key: [] };
  return pointImages({ name: "x", spectrum: null as never, shape, p: new Float64Array(2), free }, geom, profiles);
}

describe.each([part!, whole!])("counts in HEALPix pixels without a psf: $name", (dataset) => {
  const { sums, stat, models: pixels } = oracle[dataset.name as "part"];

  it.each(["point", "flat", "diffuse", "gauss"])("predicts what is expected of %s", (name) => {
    const { data } = only(dataset, name);
    const n = nPix(dataset.counts!.geom);
    // the file has exposures in float32
    sums[name]!.forEach((sum, r) => {
      const found = data.subarray(r * n, (r + 1) * n).reduce((a, b) => a + b, 0);
      expect(Math.abs(found / sum - 1)).toBeLessThan(1e-6);
    });
    const own = pixels[name] ?? [];
    const most = Math.max(...own);
    // the 128 x 128 samples of the script leave 1e-6 of the brightest pixel
    for (const [i, x] of own.entries()) expect(Math.abs(data[i]! - x) / most).toBeLessThan(2e-6);
  });

  it("has the statistic", () => {
    const isOwn = (c: Models["components"][number]) => c.datasetsNames?.includes(dataset.name) ?? true;
    const joint = compileJoint([dataset], { ...models, components: models.components.filter(isOwn) });
    expect(joint.objective.value(joint.start)).toBeCloseTo(stat, 3);
  });
});

it.runIf(python)("is for Gammapy what it was, when we have written it", () => {
  const folder = mkdtempSync(join(tmpdir(), "healpix-datasets-"));
  const paths = [part!, whole!].map(({ name }) => join(folder, `${name}.fits`));
  [part!, whole!].forEach((dataset, i) => {
    writeFileSync(paths[i]!, writeMapDataset(dataset));
  });
  const script = new URL("../oracle/healpix_datasets.py", import.meta.url).pathname;
  const found = JSON.parse(execFileSync(python!, ["-W", "ignore", script, "check", ...paths], { encoding: "utf8" }));
  rmSync(folder, { recursive: true });
  [part!, whole!].forEach((dataset, i) => {
    const { geom, counts, background, mask, point } = found[paths[i]!];
    const { nside, nested, frame } = dataset.counts!.geom as HealpixGeom;
    expect(geom).toEqual([nside, nested, frame]);
    expect(counts).toEqual(Array.from(dataset.counts!.data));
    expect(background).toEqual(Array.from(dataset.background!.data));
    expect(mask).toEqual(Array.from(dataset.maskSafe!.data));
    const { data } = only(dataset, "point");
    for (const [k, x] of (point as number[]).entries()) expect(data[k]!).toBeCloseTo(x, 6);
  });
});

describe.each([narrow!, broad!])("a point source with a psf: $name", (dataset) => {
  const { shares } = oracle[dataset.name as "narrow"];
  const make = pointIn(dataset, [0, 1]);
  const place = Float64Array.of(83.63, 22.01);

  it("has the share of each pixel that sub-pixels have", () => {
    const { pixels, images } = make(place, 0);
    const found = new Float64Array(shares.length);
    pixels.forEach((pixel, i) => {
      found[pixel] = images[0]![i]!;
    });
    for (const [i, x] of found.entries()) expect(Math.abs(x - shares[i]!)).toBeLessThan(1e-5);
    expect(Math.abs(found.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(1e-6);
  });

  it("has derivatives by its place that its values confirm", () => {
    const { images, pixels } = make(place, 2);
    const exact = images.map((image) => image.slice());
    const h = 2e-3;
    const at = (a: number, b: number) =>
      make(Float64Array.of(place[0]! + a * h, place[1]! + b * h), 0).images[0]!.slice();
    const [l, r, d, u, c] = [at(-1, 0), at(1, 0), at(0, -1), at(0, 1), at(0, 0)];
    const [pp, mm, pm, mp] = [at(1, 1), at(-1, -1), at(1, -1), at(-1, 1)];
    const close = (image: number, difference: (i: number) => number, tolerance: number) => {
      const most = Math.max(...exact[image]!.map(Math.abs));
      for (let i = 0; i < pixels.length; i++) {
        expect(Math.abs(exact[image]![i]! - difference(i)) / most).toBeLessThan(tolerance);
      }
    };
    // differences of second order, with steps of a hundredth of the psf: 1e-4
    close(1, (i) => (r[i]! - l[i]!) / (2 * h), 3e-4);
    close(2, (i) => (u[i]! - d[i]!) / (2 * h), 3e-4);
    close(3, (i) => (r[i]! + l[i]! - 2 * c[i]!) / (h * h), 1e-3);
    close(4, (i) => (pp[i]! + mm[i]! - pm[i]! - mp[i]!) / (4 * h * h), 1e-3);
    close(5, (i) => (u[i]! + d[i]! - 2 * c[i]!) / (h * h), 1e-3);
  });
});

it("counts all of a source whose psf is far narrower than a pixel, wherever it is, and smoothly", () => {
  const { geom, data } = narrow!.psf!.map;
  const nodes = geom.axes[0]!.nodes.map((x) => x / 20);
  const psf = {
    geom: { ...geom, axes: [{ ...geom.axes[0]!, nodes }, geom.axes[1]!] },
    unit: "sr-1",
    data: data.map((x) => 400 * x),
  };
  const make = pointIn({ ...narrow!, psf: { map: psf } } as MapDataset, []);
  // along a line over several pixels of 0.9 deg, with a psf of 0.01 deg
  let before: Map<number, number> | undefined;
  for (let k = 0; k < 400; k++) {
    const { pixels, images } = make(Float64Array.of(83 + 0.004 * k, 21.5 + 0.003 * k), 0);
    const n = pixels.length;
    const own = new Map(Array.from(pixels, (pixel, i) => [pixel, images[0]![i]!]));
    expect(Math.abs(images[0]!.subarray(0, n).reduce((a, b) => a + b, 0) - 1)).toBeLessThan(2e-5);
    // 0.005 deg is half a sigma: at most 20 % cross a border
    for (const [pixel, share] of own) expect(Math.abs(share - (before?.get(pixel) ?? share))).toBeLessThan(0.25);
    before = own;
  }
});

/** A source with a spectrum as the script has it. */
function sourceOf(type: string, values: Record<string, number>, free = true): Models {
  const spatial = createSubmodel(type, values, { kind: "spatial" });
  const parameters = spatial.parameters.map((p) => ({ ...p, frozen: p.frozen || !free }));
  const spectral = createSubmodel("pl", { index: 2.2, amplitude: 3e-12, reference: "2 TeV" });
  return { components: [skyModel({ name: "x", spectral, spatial: { ...spatial, parameters } })] };
}

/** The narrow psf, one exposure everywhere, and energies as they are. */
const { edisp: _, ...rest } = narrow!;
const even = {
  ...rest,
  exposure: { ...narrow!.exposure!, data: narrow!.exposure!.data.map(() => 1e14) },
} as MapDataset;

describe("an extended source with a psf", () => {
  const gauss = { lon_0: 83.9, lat_0: 22.3, sigma: 0.5 };

  it("has the share of each pixel that a Gaussian has, blurred with one", () => {
    const { data } = npred(even, sourceOf("gauss", gauss, false), { model: "x" });
    const n = nPix(even.counts!.geom);
    const total = data.subarray(0, n).reduce((a, b) => a + b, 0);
    const share = oracle.narrow.gauss;
    const inside = share.reduce((a, b) => a + b, 0);
    // planes for spheres, and the image on which it is blurred: 6e-5 of the brightest pixel
    for (const [i, x] of share.entries()) expect(Math.abs((data[i]! * inside) / total - x)).toBeLessThan(2e-5);
    // flux times exposure in the disk of 6 deg, but for the bins of true energy beyond those that are measured
    const alone = npred(even, sourceOf("point", { lon_0: 83.9, lat_0: 22.3 }, false), { model: "x" }).data;
    expect(total / alone.subarray(0, n).reduce((x, y) => x + y, 0)).toBeCloseTo(1, 4);
  });
});

/** What a fine image of WCS pixels counts, sorted into HEALPix pixels of nside 256 (0.23 deg), and the dataset of these. */
function sortedDataset(own: Models): { fine: MapDataset; healpix: MapDataset } {
  const [energy] = narrow!.counts!.geom.axes;
  const [energyTrue] = narrow!.exposure!.geom.axes;
  const image = wcsGeom({ center: { lon: 83.8, lat: 22.1, frame: "icrs" }, binsz: 0.01, width: [4, 4], proj: "TAN" });
  const sky = healpixOver(image, 256);
  const made = (geom: Geom): MapDataset => {
    const n = nPix(geom);
    const area = pixelsOf(geom).solidAngles();
    const map = (axis: MapAxis, unit: string, value: (pixel: number) => number) => ({
      geom: { ...geom, axes: [axis] } as Geom,
      unit,
      data: Float64Array.from({ length: n * nBins(axis) }, (_, k) => value(k % n)),
    });
    return {
      type: "MapDataset",
      name: "x",
      counts: map(energy!, "", () => 0),
      exposure: map(energyTrue!, "cm2 s", () => 3e14),
      background: map(energy!, "", (pixel) => 3e5 * area[pixel]!),
      psf: narrow!.psf!,
      edisp: narrow!.edisp!,
    };
  };
  const fine = made(image);
  const counts = npred(fine, own);
  const healpix = made(sky);
  const { lon, lat } = pixelCenters(image);
  const place = lon.map((l, i) => pixelsOf(sky).indexOf(l, lat[i]!));
  const sums = new Float64Array(healpix.counts!.data.length);
  const mask = new Uint8Array(sums.length).fill(1);
  counts.data.forEach((x, k) => {
    const pixel = place[k % place.length]!;
    if (pixel >= 0) sums[Math.floor(k / place.length) * nPix(sky) + pixel]! += x;
  });
  // pixels that reach beyond the image
  const { lon: l, lat: b } = pixelCenters(sky);
  sums.forEach((_, k) => {
    const at = k % l.length;
    if (Math.abs(b[at]! - 22.1) > 1.7 || Math.abs(l[at]! - 83.8) * Math.cos(0.386) > 1.7) mask[k] = 0;
  });
  const { geom } = healpix.counts!;
  const background = healpix.background!;
  // the same pixels as those that the counts were sorted into have the background that was sorted too
  const areas = new Float64Array(sums.length);
  fine.background!.data.forEach((x, k) => {
    const pixel = place[k % place.length]!;
    if (pixel >= 0) areas[Math.floor(k / place.length) * nPix(sky) + pixel]! += x;
  });
  return {
    fine: { ...fine, counts },
    healpix: {
      ...healpix,
      background: { ...background, data: areas },
      counts: { geom, unit: "", data: sums },
      maskSafe: { geom, data: mask },
    },
  };
}

describe.each([
  ["point", { lon_0: 83.9, lat_0: 22.3 }],
  ["gauss", { lon_0: 83.9, lat_0: 22.3, sigma: 0.3 }],
] as const)("a %s in counts of a fine image that are sorted into HEALPix pixels", (type, place) => {
  const truth = sourceOf(type, place);
  const { fine, healpix } = sortedDataset(truth);

  it("is found again as it was, with the errors of the image", () => {
    const start = sourceOf(type, { ...place, lon_0: 83.85, lat_0: 22.33 });
    const [a, b] = [fit([healpix], start), fit([fine], truth)];
    expect(a.success).toBe(true);
    a.free.ids.forEach((id, i) => {
      const error = b.free.errors[i]!;
      // pixels of 0.01 deg that lie on a border are sorted as a whole: of 0.02 deg they move the point by 0.6 errors, of these by 0.1
      expect(Math.abs(a.free.values[i]! - b.free.values[i]!) / error, id).toBeLessThan(0.15);
      // coarser pixels know less
      expect(a.free.errors[i]! / error, id).toBeGreaterThan(0.999);
      expect(a.free.errors[i]! / error, id).toBeLessThan(1.1);
    });
  });
});

describe.each([
  ["point", { lon_0: 83.9, lat_0: 22.3 }],
  ["gauss", { lon_0: 83.9, lat_0: 22.3, sigma: 0.5 }],
  ["disk", { lon_0: 83.9, lat_0: 22.3, r_0: 0.8 }],
] as const)("a fit of a %s", (type, place) => {
  it("has a gradient and a Hessian that the statistic confirms", () => {
    const own = sourceOf(type, place);
    const counts = npred(even, own);
    const joint = compileJoint([{ ...even, counts } as MapDataset], own);
    const steps = joint.start.map((v, i) => (joint.parameters[i]!.id.endsWith("amplitude") ? 1e-3 * v : 1e-3));
    // away from the minimum, where all terms of the derivatives count
    const x = joint.start.map((v, i) => v + 3 * steps[i]!);
    checkDerivatives(joint, x, steps, 1e-3);
  });
});
