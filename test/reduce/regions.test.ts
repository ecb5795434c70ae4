/** OFF regions, rings, excess maps and theta2 of real runs against Gammapy 2.1 (test/oracle/reduce.py). */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { estimateSensitivity } from "../../src/api/sensitivity.js";
import type { OnOffDataset } from "../../src/datasets/types.js";
import { withPhases } from "../../src/events/phases.js";
import type { Observation } from "../../src/events/types.js";
import { backgroundCounts } from "../../src/reduce/background.js";
import { excessMaps } from "../../src/reduce/excess-map.js";
import { reduceMap } from "../../src/reduce/map.js";
import type { ReflectedOptions } from "../../src/reduce/off-regions.js";
import { placesOf } from "../../src/reduce/places.js";
import { adaptiveRingBackground, ringBackground } from "../../src/reduce/ring.js";
import { reduceSpectrum, type SpectrumOptions } from "../../src/reduce/spectrum.js";
import { theta2 } from "../../src/reduce/theta2.js";
import { axisFromBounds, axisFromEdges, axisFromEnergyBounds } from "../../src/sky/axis.js";
import { wcsGeom } from "../../src/sky/geom.js";
import { getByCoord } from "../../src/sky/map.js";
import { nPix } from "../../src/sky/pixels.js";
import { regionMask } from "../../src/sky/region-geom.js";
import type { Region, SkyMap } from "../../src/sky/types.js";
import { gammapyData } from "../environment.js";
import { close, HESS, observations, sum } from "./observations.js";

const oracle = JSON.parse(readFileSync(fileURLToPath(new URL("../oracle/reduce.json", import.meta.url)), "utf8"));
const center = { lon: 83.633083, lat: 22.0145, frame: "icrs" } as const;
const energy = axisFromEnergyBounds(0.05, 50, 5, { perDecade: true });
const energyTrue = axisFromEnergyBounds(0.02, 90, 9, { perDecade: true, name: "energy_true" });

interface Expected {
  readonly counts: number[];
  readonly countsOff: number[] | null;
  readonly n: number;
  readonly safe: number[];
  readonly exposure: number[];
  readonly edispSum: number;
}

function check(
  run: Observation,
  options: Partial<SpectrumOptions> & Pick<SpectrumOptions, "region">,
  expected: Expected,
) {
  const safeMask = [{ method: "aeff-max", percent: 10 }] as const;
  const found = reduceSpectrum(run, { energy, energyTrue, safeMask, ...options }) as OnOffDataset;
  expect(Array.from(found.counts!.data)).toEqual(expected.counts);
  expect(found.acceptanceOff?.data[0] ?? 0).toBe(expected.n);
  expect(found.countsOff ? Array.from(found.countsOff.data) : null).toEqual(expected.countsOff);
  expect(Array.from(found.maskSafe!.data)).toEqual(expected.safe);
  close(Array.from(found.exposure!.data), expected.exposure);
  close([sum(found.edisp!.map.data)], [expected.edispSum]);
}

describe.skipIf(gammapyData === null)("spectra of other instruments and regions", () => {
  it("reads point-like responses with a radius for each energy (MAGIC)", async () => {
    const runs = await observations("magic/rad_max/data", ["5029747", "5029748"]);
    const region: Region = { shape: "point", center };
    const byId = new Map(runs.map((run) => [run.id, run]));
    ["5029747", "5029748"].forEach((id, k) => {
      [1, 3].forEach((n, j) => void check(byId.get(id)!, { region, off: { method: "wobble", n } }, oracle.magic[k][j]));
    });
  });

  it("reads point-like responses with one radius (VERITAS)", async () => {
    const runs = await observations("veritas/crab-point-like-ED", ["64080", "64081", "64082", "64083"]);
    const region: Region = { shape: "circle", center, radius: 0.08944271909999159 };
    runs.forEach((run, k) => void check(run, { region, off: {} }, oracle.veritas[k]));
    expect(() => reduceSpectrum(runs[0]!, { region: { ...region, radius: 0.1 }, energy, off: {} })).toThrow(
      /circle of 0.1 deg.*0.0894/,
    );
  });

  const SHAPES: Readonly<Record<string, Region>> = {
    ellipse: { shape: "ellipse", center, width: 0.3, height: 0.15, angle: 30 },
    rectangle: { shape: "rectangle", center, width: 0.3, height: 0.2, angle: 60 },
    circle: { shape: "circle", center: { lon: 184.557, lat: -5.784, frame: "galactic" }, radius: 0.2 },
  };
  const exclusion = regionMask(
    wcsGeom({ center, binsz: 0.02, width: 6, proj: "TAN" }),
    [{ shape: "circle", center: { lon: 84.3, lat: 21.6, frame: "icrs" }, radius: 0.25 }],
    false,
  );

  it.each(Object.keys(SHAPES))("turns ON regions about the pointing: %s", async (name) => {
    const runs = await observations("hess-dl3-dr1", HESS);
    runs.forEach(
      (run, k) =>
        void check(run, { region: SHAPES[name]!, containment: false, off: { exclusion } }, oracle.shapes[name][k]),
    );
  });

  const FINDERS: Readonly<Record<string, ReflectedOptions>> = {
    minDistance: { minDistance: 0.3 * (180 / Math.PI) },
    minDistanceInput: { minDistanceInput: 0.8 * (180 / Math.PI) },
    maxRegions: { maxRegions: 5 },
  };
  it.each(Object.keys(FINDERS))("knows the options of reflected regions: %s", async (name) => {
    const runs = await observations("hess-dl3-dr1", HESS);
    runs.forEach(
      (run, k) =>
        void check(run, { region: SHAPES.circle!, containment: true, off: FINDERS[name]! }, oracle.finders[name][k]),
    );
  });
});

describe.skipIf(gammapyData === null)("spectra by phase", () => {
  it("counts ON and OFF phases of an ephemeris", async () => {
    const runs = (await observations("hess-dl3-dr1", HESS)).slice(0, 2);
    const options = {
      region: { shape: "circle", center, radius: 0.2 },
      energy: axisFromEnergyBounds(0.5, 20, 4),
      energyTrue: axisFromEnergyBounds(0.5, 20, 6, { name: "energy_true" }),
    } as const;
    const phases = [
      { on: [[0.2, 0.4]], off: [[0.6, 0.9]] },
      {
        on: [[0.9, 0.1]],
        off: [
          [0.3, 0.5],
          [0.6, 0.7],
        ],
      },
    ] as const;
    runs.forEach((run, k) => {
      const folded = withPhases(run, { epoch: 53340.25, f0: 0.01, f1: 1e-12 });
      phases.forEach((intervals, j) => {
        const found = reduceSpectrum(folded, { ...options, off: { method: "phase", ...intervals } }) as OnOffDataset;
        const expected = oracle.phase[2 * k + j];
        expect(Array.from(found.counts!.data)).toEqual(expected.on);
        expect(Array.from(found.countsOff!.data)).toEqual(expected.off);
        close(
          [found.acceptance.data[0]!, found.acceptanceOff!.data[0]!],
          [expected.acceptance, expected.acceptanceOff],
        );
        close([sum(found.exposure!.data)], [expected.exposureSum]);
      });
    });
    const off = { method: "phase", ...phases[0] } as const;
    expect(() => reduceSpectrum(runs[0]!, { ...options, off })).toThrow(/without phases/);
    const inPhase = reduceSpectrum(withPhases(runs[0]!, { epoch: 53340.25, f0: 0.01, f1: 1e-12 }), {
      ...options,
      off: { ...off, fluxInPhase: true },
    });
    close([sum(inPhase.exposure!.data)], [0.2 * oracle.phase[0].exposureSum]);
  });
});

describe.skipIf(gammapyData === null)("sensitivity", () => {
  it("is the smallest flux that meets all conditions", async () => {
    const [run] = await observations("hess-dl3-dr1", HESS);
    const dataset = reduceSpectrum(run!, {
      region: { shape: "circle", center, radius: 0.11 },
      energy: axisFromEnergyBounds(0.5, 10, 5),
      energyTrue: axisFromEnergyBounds(0.1, 50, 12, { perDecade: true, name: "energy_true" }),
      off: {},
    }) as OnOffDataset;
    const found = estimateSensitivity(dataset, { minExcess: 20, backgroundFraction: 0.1 });
    const expected = oracle.sensitivity;
    const words: Record<string, string> = { gamma: "events", bkg: "background", significance: "significance" };
    expect(found.criterion).toEqual(expected.criterion.map((c: string) => words[c]));
    close(Array.from(found.background), expected.background);
    // the secant method of the reference ends within 1e-6 of its root, its counts are float32
    close(Array.from(found.excess), expected.excess, 1e-5);
    close(Array.from(found.e2dnde), expected.e2dnde, 1e-5);
  });
});

describe.skipIf(gammapyData === null)("maps with rings, excess, theta2", () => {
  const options = {
    geom: wcsGeom({ center, binsz: 0.03, npix: 150 }),
    energy: axisFromEdges([1, 3, 10], { name: "energy", unit: "TeV", interp: "log" }),
    energyTrue: axisFromEnergyBounds(0.5, 20, 6, { name: "energy_true" }),
    safeMask: [{ method: "offset-max", offset: 2.2 }],
    oversampling: 1,
  } as const;
  const exclusion: Region[] = [{ shape: "circle", center, radius: 0.3 }];
  const places = { lon: [83.645, 84.2, 82.1], lat: [22.025, 22.3, 20.9], frame: "icrs", axes: [[3, 3, 3]] } as const;
  const near = (found: readonly number[], expected: readonly (number | null)[]) =>
    found.forEach(
      (x, k) =>
        void (expected[k] === null ? expect(x).toBeNaN() : expect(Math.abs(x - expected[k]!)).toBeLessThan(1e-4)),
    );
  const at = (map: SkyMap) => Array.from(getByCoord(map, places));

  it("takes OFF counts from rings", async () => {
    const runs = await observations("hess-dl3-dr1", HESS);
    runs.forEach((run, k) => {
      const data = reduceMap(run, options)!;
      const ring = ringBackground(data, { inner: 0.5, width: 0.3, exclusion });
      const expected = oracle.rings[k];
      const perEnergy = (map: SkyMap) =>
        [0, 1].map((e) => sum(map.data.subarray(e * nPix(map.geom), (e + 1) * nPix(map.geom))));
      // the reference adds by transforms in float32
      close(perEnergy(ring.countsOff!), expected.countsOff, 1e-6);
      expect(perEnergy(ring.countsOff!).every(Number.isInteger)).toBe(true);
      close(perEnergy(ring.acceptanceOff!), expected.acceptanceOff, 1e-6);
      close(perEnergy(ring.acceptance), expected.acceptance, 1e-6);
      expect(sum(ring.maskSafe!.data)).toBe(expected.safe);
      const excess = excessMaps(ring);
      close(at(excess.counts).slice(0, 2), expected.on.counts.slice(0, 2));
      // differences of sums that the reference takes in float32
      near(at(excess.excess), expected.on.excess);
      near(at(excess.sqrtTs), expected.on.sqrtTs);
      const plain = excessMaps(data, { radius: 0.15 });
      near(at(plain.excess), expected.plain.excess);
      near(at(plain.sqrtTs), expected.plain.sqrtTs);
    });
  });

  it("grows rings until they have acceptance enough", async () => {
    const [run] = await observations("hess-dl3-dr1", HESS);
    const data = reduceMap(run!, {
      ...options,
      energy: axisFromEdges([1, 10], { name: "energy", unit: "TeV", interp: "log" }),
    })!;
    const ring = adaptiveRingBackground(data, { inner: 0.5, width: 0.3, outerMax: 1.2, step: 0.06, exclusion });
    const { countsOff, acceptanceOff, without } = oracle.adaptive;
    close([sum(ring.countsOff!.data), sum(ring.acceptanceOff!.data)], [countsOff, acceptanceOff], 1e-5);
    expect(ring.acceptanceOff!.data.filter((a) => a === 0).length).toBe(without);
  });

  it("follows a field of view along azimuth and altitude as it turns", async () => {
    const runs = (await observations("hess-dl3-dr1", HESS)).slice(0, 2);
    runs.forEach((run, k) => {
      const background = { ...run.irfs.background!, alignment: "altaz" } as const;
      const { data } = backgroundCounts(
        { ...run, irfs: { background } },
        placesOf(options.geom, run),
        options.energy,
        1,
      );
      const cells = new Float64Array(50);
      // sums over 30 x 30 pixels
      data.forEach((b, i) => {
        const [e, y, x] = [Math.floor(i / 22500), Math.floor(i / 150) % 150, i % 150];
        cells[e * 25 + Math.floor(y / 30) * 5 + Math.floor(x / 30)]! += b;
      });
      // directions over the horizon are good to 0.002 deg, over which rates change by up to 2e-4 at the border of the field
      close(Array.from(cells), oracle.altaz[k], 3e-4);
    });
  });

  it("counts by squared distance", async () => {
    const runs = await observations("hess-dl3-dr1", HESS);
    const axis = axisFromBounds(0, 0.1, 10, { name: "theta2", unit: "deg2" });
    [{ nOff: 1 }, { nOff: 3, energies: [1, 20] as const }].forEach((more, k) => {
      const found = theta2(runs, { position: center, axis, ...more });
      const expected = oracle.theta2[k];
      expect(Array.from(found.counts)).toEqual(expected.counts);
      expect(Array.from(found.countsOff)).toEqual(expected.counts_off);
      close(Array.from(found.alpha), expected.alpha);
      close(Array.from(found.sqrtTs), expected.sqrt_ts, 1e-8);
    });
    expect(() => theta2(runs, { position: center, axis, nOff: 5 })).toThrow(/overlap/);
  });
});
