/** Maps of real runs against Gammapy 2.1 (astropy 8.0.2, regions 0.11, numpy 2.4.6). */
import { describe, expect, it } from "vitest";
import { pointingOf } from "../../src/events/observations.js";
import { fovNorm, withFovNorm } from "../../src/reduce/fov-background.js";
import { type MapOptions, reduceMap } from "../../src/reduce/map.js";
import type { SafeMaskRule } from "../../src/reduce/safe-mask.js";
import { axisFromBounds, axisFromEnergyBounds } from "../../src/sky/axis.js";
import { cutout, wcsGeom } from "../../src/sky/geom.js";
import { nPix } from "../../src/sky/pixels.js";
import { gammapyData } from "../environment.js";
import { close, HESS, observations, sum } from "./observations.js";

const center = { lon: 83.633, lat: 22.014, frame: "icrs" } as const;
const SR = (Math.PI / 180) ** 2;
const small: MapOptions = {
  geom: wcsGeom({ center, binsz: 0.02, npix: 100 }),
  energy: axisFromEnergyBounds(1, 10, 4),
  energyTrue: axisFromEnergyBounds(0.5, 20, 10, { name: "energy_true" }),
  offsetMax: 2.5,
  safeMask: [{ method: "aeff-max", percent: 10 }],
  oversampling: 1,
};
const wide: MapOptions = {
  geom: wcsGeom({ center, frame: "galactic", proj: "TAN", binsz: 0.05, npix: [100, 80] }),
  energy: axisFromEnergyBounds(0.5, 30, 6),
  energyTrue: axisFromEnergyBounds(0.2, 60, 20, { name: "energy_true" }),
  migra: axisFromBounds(0.2, 5, 48, { name: "migra" }),
  offsetMax: 2.5,
  safeMask: [{ method: "aeff-default" }],
  oversampling: 1,
};

/** Counts, background, exposure (m2 s), psf (deg-2), energy dispersion, safe bins, counts and background in them. */
async function rows(options: MapOptions) {
  return (await observations("hess-dl3-dr1", HESS)).map((run) => {
    const { counts, background, exposure, psf, edisp, maskSafe } = reduceMap(run, options)!;
    const safe = maskSafe!.data;
    return {
      exact: [sum(counts!.data), sum(safe), sum(counts!.data, safe)],
      background: [sum(background!.data), sum(background!.data, safe)],
      irfs: [sum(exposure!.data) / 1e4, sum(psf!.map.data) * SR, sum(edisp!.map.data)],
    };
  });
}

describe.skipIf(gammapyData === null)("maps of real runs", () => {
  it("has the counts, masks, exposures, psf, dispersion and background of Gammapy", async () => {
    const found = await rows(small);
    expect(found.map((r) => r.exact)).toEqual([
      [787, 40000, 787],
      [659, 40000, 659],
      [448, 38596, 444],
      [592, 38616, 589],
    ]);
    const irfs = [
      [6.19278927919e13, 376104.569593, 625.685517201],
      [5.80791640219e13, 411267.132715, 618.694015565],
      [4.13465784692e13, 375534.715169, 622.322661762],
      [4.36180171267e13, 347537.562922, 630.544939993],
    ];
    const background = [
      [684.519028076, 684.519028076],
      [517.49492627, 517.49492627],
      [383.038607716, 376.823229286],
      [464.954174315, 458.862362803],
    ];
    found.forEach((r, k) => {
      close(r.irfs, irfs[k]!);
      // logarithms of the reference are float32
      close(r.background, background[k]!, 1e-7);
    });
  });

  it("has them on a galactic map with a migra axis, cut around each pointing", async () => {
    const found = await rows(wide);
    expect(found.map((r) => r.exact)).toEqual([
      [5781, 33205, 2241],
      [5421, 33205, 1967],
      [3734, 23690, 1311],
      [4211, 23725, 1693],
    ]);
    const irfs = [
      [6.18882452852e13, 3070552.29953, 88600],
      [5.74785636067e13, 3276700.32722, 88600],
      [4.20983288634e13, 2382128.96735, 63400],
      [4.54342133854e13, 2225023.33399, 63600],
    ];
    const background = [
      [3611.91090981, 2287.82341951],
      [3421.7007687, 1856.10381612],
      [2540.1680092, 1325.80284921],
      [2584.6002203, 1619.2651741],
    ];
    found.forEach((r, k) => {
      close(r.irfs, irfs[k]!);
      close(r.background, background[k]!, 1e-7);
    });
  });

  it("integrates the background in parts of a bin", async () => {
    const found = await rows({ ...small, oversampling: 5 });
    close(
      found.map((r) => r.background[0]!),
      [681.241054191, 505.013718124, 373.368459125, 460.693166133],
      1e-7,
    );
    // the default is within 0.1 % of a hundred parts a bin, where one part is up to 2.6 % off
    const [chosen, fine] = [
      await rows({ ...small, oversampling: undefined as never }),
      await rows({ ...small, oversampling: 100 }),
    ];
    close(
      chosen.map((r) => r.background[0]!),
      fine.map((r) => r.background[0]!),
      1e-3,
    );
  });

  it("finds the norm of the background in the field of view", async () => {
    const exclusion = [{ shape: "circle", center: { lon: 83.63, lat: 22.14, frame: "icrs" }, radius: 0.2 }] as const;
    const norms = (await observations("hess-dl3-dr1", HESS)).map((run) =>
      fovNorm(reduceMap(run, small)!, { exclusion }),
    );
    // the reference's minimiser stops within 0.003 of the error
    close(
      norms.map((n) => n.norm),
      [0.989143456, 1.07808467, 0.989581689, 1.10072938],
      2e-4,
    );
    close(
      norms.map((n) => n.error),
      [0.038679, 0.04648, 0.052155, 0.049879],
      2e-4,
    );
    const [run] = await observations("hess-dl3-dr1", HESS);
    const data = reduceMap(run!, small)!;
    expect(withFovNorm(data, fovNorm(data, { minCounts: 1e6 })).maskSafe!.data.some((x) => x === 1)).toBe(false);
  });

  it("has the pixels of each safe mask", async () => {
    const [run] = await observations("hess-dl3-dr1", HESS);
    // the part within 2.5 deg along rows and columns
    const { geom } = cutout(wide.geom, pointingOf(run!), 5)!;
    const n = nPix(geom);
    const pixels = (rule: SafeMaskRule) => {
      const { offsetMax: _, ...options } = wide;
      const { data } = reduceMap(run!, { ...options, geom, safeMask: [rule] })!.maskSafe!;
      return Array.from({ length: 6 }, (_, e) => sum(data.subarray(e * n, (e + 1) * n)));
    };
    const fromSecond = [0, 6866, 6866, 6866, 6866, 6866];
    expect(pixels({ method: "aeff-max" })).toEqual(fromSecond);
    expect(pixels({ method: "edisp-bias" })).toEqual(fromSecond);
    expect(pixels({ method: "bkg-peak" })).toEqual(new Array(6).fill(6866));
    expect(pixels({ method: "aeff-default" })).toEqual(fromSecond);
    expect(pixels({ method: "offset-max", offset: 1 })).toEqual(new Array(6).fill(1255));
    expect(pixels({ method: "aeff-max", of: { fixedOffset: 1 } })).toEqual(fromSecond);
    for (const method of ["aeff-max", "edisp-bias", "bkg-peak"] as const) {
      expect(pixels({ method, of: { fileOffset: 0 } })).toEqual(fromSecond);
    }
  });
});
