import { describe, expect, it } from "vitest";
import { infoTable, npredSignal, formatDataset as summary } from "../../src/api/datasets.js";
import { createSubmodel } from "../../src/api/models.js";
import { sliceByEnergy } from "../../src/datasets/slice.js";
import { stackReduce, toMasked } from "../../src/datasets/stack.js";
import type { MapDataset, OnOffDataset } from "../../src/datasets/types.js";
import { skyModel } from "../../src/models/create.js";
import { axisCenters, axisFromEdges, nBins } from "../../src/sky/axis.js";
import { findAxis } from "../../src/sky/geom.js";
import { nPix } from "../../src/sky/pixels.js";
import type { WcsGeom } from "../../src/sky/types.js";
import { stackGti } from "../../src/time/gti.js";
import { storedDataset } from "./stored.js";

const one = storedDataset<OnOffDataset>("stack-onoff-one", "one");
const two = storedDataset<OnOffDataset>("stack-onoff-two", "two");
const cube = storedDataset<MapDataset>("cube");

describe("stackReduce", () => {
  it("leaves nothing outside mask_safe", () => {
    const masked = toMasked(cube);
    cube.maskSafe!.data.forEach((inside, i) => {
      expect(masked.counts!.data[i]).toBe(inside ? cube.counts!.data[i] : 0);
    });
    expect(masked.name).toBe("cube");
    expect(masked.livetime).toBe(3600);
  });

  it("takes a dataset without any safe bin as absent", () => {
    const empty = { ...two, maskSafe: { ...two.maskSafe!, data: two.maskSafe!.data.map(() => 0) } };
    const stacked = stackReduce([one, empty]);
    expect(stacked.counts!.data).toEqual(toMasked(one).counts!.data);
    expect(stacked.exposure!.data).toEqual(toMasked(one).exposure!.data);
    expect(stacked.edisp!.map.data).toEqual(toMasked(one).edisp!.map.data);
  });

  it("keeps alpha where no OFF count was seen anywhere", () => {
    const silent = (d: OnOffDataset) => ({
      ...d,
      countsOff: { ...d.countsOff!, data: d.countsOff!.data.map(() => 0) },
    });
    const stacked = stackReduce([silent(one), silent(two)]);
    const inside = stacked.maskSafe!.data;
    stacked.acceptanceOff!.data.forEach((x, i) => {
      if (inside[i]) expect(x).toBeGreaterThan(0);
    });
  });

  it("weights irfs with the exposure of the dataset where they have none of their own", () => {
    const weightless = (d: OnOffDataset): OnOffDataset => {
      const { map, exposure } = d.edisp!;
      return { ...d, edisp: { map, exposure: { ...exposure!, data: exposure!.data.map(() => 0) } } };
    };
    const weighted = (d: OnOffDataset): OnOffDataset => {
      const { map, exposure } = d.edisp!;
      return { ...d, edisp: { map, exposure: { ...exposure!, data: d.exposure!.data } } };
    };
    const expected = stackReduce([weighted(one), weighted(two)]).edisp!;
    const bare: OnOffDataset = { ...two, edisp: { map: two.edisp!.map } };
    for (const found of [stackReduce([weightless(one), weightless(two)]), stackReduce([weightless(one), bare])]) {
      found.edisp!.map.data.forEach((p, i) => {
        expect(p).toBe(expected.map.data[i]);
      });
      expect(found.edisp!.exposure!.data).toEqual(expected.exposure!.data);
    }
    const { exposure: _, ...blind } = cube;
    const alone = { ...blind, edisp: { map: cube.edisp!.map } };
    expect(() => stackReduce([alone, alone])).toThrow(/without an exposure, of its own or of the dataset/);
    // on the pixels of the map
    const { data } = stackReduce([{ ...cube, edisp: { map: cube.edisp!.map } } as MapDataset]).edisp!.map;
    expect(data.reduce((a, b) => a + b, 0)).toBeGreaterThan(0);
  });

  it("weights a psf on energies of its own with the exposure of the dataset at these", () => {
    const energyTrue = findAxis(cube.exposure!.geom, "energy_true");
    // as many bins as the exposure has, at other energies
    const edges = [1, 1.2, 1.5, 2.2, 4.5, 9, 11];
    const own = axisFromEdges(edges, { name: "energy_true", unit: "TeV", interp: "log" });
    const parts = [0.5, 2].map((slope, i): MapDataset => {
      const { map } = cube.psf!;
      const n = nPix(cube.exposure!.geom);
      const energies = axisCenters(energyTrue);
      return {
        ...cube,
        name: `${i}`,
        maskSafe: undefined,
        exposure: { ...cube.exposure!, data: cube.exposure!.data.map((_, k) => energies[Math.floor(k / n)]! ** slope) },
        psf: {
          map: {
            ...map,
            geom: { ...map.geom, axes: [map.geom.axes[0]!, own] },
            data: map.data.map((x) => (1 + i) * x),
          },
        },
      };
    });
    const { map } = stackReduce(parts).psf!;
    axisCenters(own).forEach((e, t) => {
      // psfs of p and 2 p, exposures of e^0.5 and e^2: a power law between the centres of bins
      const expected = (e ** 0.5 + 2 * e ** 2) / (e ** 0.5 + e ** 2);
      const of = (map.data.length / 6) * t + 1;
      expect(map.data[of]! / cube.psf!.map.data[of]!).toBeCloseTo(expected, 12);
    });
  });

  it("adds up what spectra predict behind their psfs", () => {
    const spectrum = storedDataset<MapDataset>("spectrum");
    const n = nBins(spectrum.counts!.geom.axes[0]!);
    const parts = [1, 3].map((factor, i): MapDataset => {
      const { map } = spectrum.psf!;
      const energies = axisCenters(findAxis(spectrum.exposure!.geom, "energy_true"));
      // narrower, and in the second dataset with more area at high energies
      const data = map.data.map((x, k) => x * (1 - 0.4 * i * ((k / map.data.length) % 1)));
      return {
        ...spectrum,
        name: `${i}`,
        exposure: {
          ...spectrum.exposure!,
          data: spectrum.exposure!.data.map((x, t) => factor * x * energies[t]! ** i),
        },
        psf: { map: { ...map, data } },
        maskSafe: { geom: spectrum.counts!.geom, data: new Uint8Array(n).fill(1) },
        edisp: undefined,
      };
    });
    const all = {
      components: [
        skyModel({
          name: "src",
          spectral: createSubmodel("pl"),
          spatial: createSubmodel("point", { lon_0: 83.7, lat_0: 22.05 }),
        }),
      ],
    };
    const stacked = stackReduce(parts);
    // both pixels of the map of psfs
    expect(stacked.psf!.map.data.every((x, k) => x > 0 === parts[0]!.psf!.map.data[k]! > 0)).toBe(true);
    const [a, b] = parts.map((part) => npredSignal(part, all).data);
    npredSignal(stacked, all).data.forEach((x, k) => {
      expect(x / (a![k]! + b![k]!)).toBeCloseTo(1, 10);
    });
  });

  it("names what does not fit", () => {
    expect(() => stackReduce([])).toThrow(/no datasets/);
    expect(() => stackReduce([one, cube] as OnOffDataset[])).toThrow(
      /"one" and "cube".*SpectrumDatasetOnOff and MapDataset/,
    );
    expect(() => stackReduce([cube, sliceByEnergy(cube, 1.7, 6)!])).toThrow(/counts on different axes/);
    const { background: _, ...without } = cube;
    expect(() => stackReduce([cube, { ...without, name: "bare" }])).toThrow(/only "cube" has background/);
    const wcs = { ...((cube.counts!.geom as WcsGeom).wcs as object), crpix: [1, 1] } as never;
    const moved = { ...cube, counts: { ...cube.counts!, geom: { ...cube.counts!.geom, wcs } as never } };
    expect(() => stackReduce([cube, moved])).toThrow(/counts on different pixels/);
  });
});

describe("stackGti", () => {
  const gti = (start: number[], stop: number[], reference = 50000) => ({
    start: Float64Array.from(start),
    stop: Float64Array.from(stop),
    reference,
    timeScale: "tt",
  });
  it("joins what overlaps or touches, after one reference", () => {
    const joined = stackGti([gti([0, 100], [50, 200]), gti([50 - 86400], [80 - 86400], 50001), gti([150], [300])])!;
    expect(Array.from(joined.start)).toEqual([0, 100]);
    expect(Array.from(joined.stop)).toEqual([80, 300]);
  });
  it("refuses different time scales", () => {
    expect(() => stackGti([gti([0], [1]), { ...gti([0], [1]), timeScale: "utc" }])).toThrow(/tt and utc/);
  });
});

describe("sliceByEnergy", () => {
  it("cuts whole bins of all maps", () => {
    const part = sliceByEnergy(cube, 1.7, 6)!;
    const size = 21 * 17;
    expect(part.counts!.data).toEqual(cube.counts!.data.slice(size, 3 * size));
    expect(part.background!.data).toEqual(cube.background!.data.slice(size, 3 * size));
    expect(part.maskSafe!.data).toEqual(cube.maskSafe!.data.slice(size, 3 * size));
    expect(part.maskFit!.data).toEqual(cube.maskFit!.data.slice(size, 3 * size));
    expect(part.edisp!.map.data).toHaveLength((cube.edisp!.map.data.length * 2) / 4);
    expect(part.exposure).toBe(cube.exposure);
    expect(part.psf).toBe(cube.psf);
    expect(part.name).toBe("cube");
  });
  it("is null where no whole bin is meant", () => {
    expect(sliceByEnergy(cube, 20, 40)).toBeNull();
    expect(sliceByEnergy(cube, 0.1, 0.2)).toBeNull();
    expect(sliceByEnergy(cube, 1.9, 2)).toBeNull();
  });
});

describe("summary", () => {
  const models = { components: [skyModel({ name: "src", spectral: createSubmodel("pl") })] };
  it("says what a dataset holds", () => {
    const text = summary(one, models);
    expect(text).toMatch(/^SpectrumDatasetOnOff\n-{20}\n/);
    expect(text).toMatch(/Total counts\s+: \d+\n/);
    expect(text).toMatch(/Fit statistic type\s+: wstat\n/);
    expect(text).toMatch(/Number of free parameters\s+: 2\n/);
    expect(text).toMatch(/amplitude\s+: 1e-12 cm-2 s-1 TeV-1\n/);
    expect(text).toMatch(/reference \(frozen\)\s+: 1 TeV\n/);
  });
  it("has a row for each dataset, counts or not", () => {
    const { counts: _, ...without } = cube;
    const rows = infoTable([cube, without, one]);
    expect(rows.map((r) => r.name)).toEqual(["cube", "cube", "one"]);
    expect(rows[1]!.statSum).toBeNaN();
    expect(rows[1]!.excess).toBeNaN();
    expect(rows[0]!.npredSignal).toBeNaN();
    expect(rows[0]!.npred).toBeCloseTo(rows[0]!.background, 9);
  });
});
