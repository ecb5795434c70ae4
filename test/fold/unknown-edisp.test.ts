/** Energy dispersions of which some pixels know nothing: left out by masks when stacked, or beyond the field of view. */
import { describe, expect, it } from "vitest";
import { npredSignal } from "../../src/api/datasets.js";
import { createSubmodel } from "../../src/api/models.js";
import { sliceByEnergy } from "../../src/datasets/slice.js";
import { stackReduce } from "../../src/datasets/stack.js";
import type { MapDataset } from "../../src/datasets/types.js";
import { createResponses } from "../../src/fold/response.js";
import { skyModel } from "../../src/models/create.js";
import { axisEdges, axisFromBounds, axisFromEnergyBounds, nBins } from "../../src/sky/axis.js";
import { squashAxis } from "../../src/sky/axis-groups.js";
import { wcsGeom } from "../../src/sky/geom.js";
import type { MapAxis, SkyMap } from "../../src/sky/types.js";

const center = { lon: 83.63, lat: 22.01, frame: "icrs" } as const;
const energy = axisFromEnergyBounds(1, 10, 3);
const energyTrue = axisFromEnergyBounds(0.5, 20, 6, { name: "energy_true" });
const migra = axisFromBounds(0.2, 3, 56, { name: "migra" });
const [N, P] = [40, 4];
const on = (npix: number, axes: readonly MapAxis[]) =>
  wcsGeom({ center, proj: "TAN", binsz: 4 / npix, npix: [npix, npix], axes });
function filled(npix: number, axes: readonly MapAxis[], unit: string, value: (bin: number, pixel: number) => number) {
  const n = npix * npix;
  const size = axes.reduce((product, axis) => product * nBins(axis), n);
  const data = Float64Array.from({ length: size }, (_, k) => value(Math.floor(k / n), k % n));
  return { geom: on(npix, axes), unit, data } satisfies SkyMap;
}

const shares = [0.15, 0.45, 0.3, 0.1];
/** The same dispersion in all pixels: whatever some of them do not know, counts are those of this one. */
const kernelMap = filled(P, [energy, energyTrue], "", (bin) => shares[(bin % 3) + 2 - (Math.floor(bin / 3) >> 1)] ?? 0);
const migraMap = filled(P, [migra, energyTrue], "", (bin) => {
  const m = 0.225 + 0.05 * (bin % 56);
  return Math.exp(-0.5 * ((m - 1) / 0.2) ** 2) / (0.2 * Math.sqrt(2 * Math.PI));
});
/** Low energies are safe from column 22 on only. */
const isSafe = (bin: number, pixel: number) => bin > 0 || pixel % N >= 22;
const run = (map: SkyMap): MapDataset => ({
  type: "MapDataset",
  name: "run",
  counts: filled(N, [energy], "", () => 0),
  exposure: filled(N, [energyTrue], "cm2 s", () => 1e13),
  edisp: { map },
  maskSafe: {
    geom: on(N, [energy]),
    data: Uint8Array.from({ length: 3 * N * N }, (_, k) => Number(isSafe(Math.floor(k / (N * N)), k % (N * N)))),
  },
});

/** At a column of the map. */
function point(column: number) {
  const lon_0 = center.lon - ((column - (N - 1) / 2) * 0.1) / Math.cos((center.lat * Math.PI) / 180);
  return skyModel({
    name: "point",
    spectral: createSubmodel("pl", { index: 2.2, amplitude: 4e-12 }),
    spatial: createSubmodel("point", { lon_0, lat_0: center.lat }, { kind: "spatial" }),
  });
}

/** Counts of a point, in the safe bins of each energy. */
function counts(dataset: MapDataset, column: number): number[] {
  const { data } = npredSignal(dataset, { components: [point(column)] });
  const sum = (bin: number) => {
    const part = data.subarray(bin * N * N, (bin + 1) * N * N);
    return part.reduce((total, x, pixel) => total + (isSafe(bin, pixel) ? x : 0), 0);
  };
  return [0, 1, 2].map(sum);
}

const without = (map: SkyMap, isMissing: (bin: number, pixel: number) => boolean): SkyMap => ({
  ...map,
  data: map.data.map((x, k) => (isMissing(Math.floor(k / (P * P)), k % (P * P)) ? 0 : x)),
});
/** With exposures that are 0 where the map holds nothing at a true energy, as stacked datasets have them. */
function seenBy(map: SkyMap): MapDataset {
  const inner = map.data.length / (6 * P * P);
  const exposure = filled(P, [squashAxis(map.geom.axes[0]!), energyTrue], "cm2 s", (t, pixel) => {
    const row = Array.from({ length: inner }, (_, k) => map.data[(t * inner + k) * P * P + pixel]!);
    return row.some((x) => x > 0) ? 1e13 : 0;
  });
  return { ...run(map), edisp: { map, exposure } };
}

/** To rounding. */
const closeTo = (found: readonly number[], expected: readonly number[]) =>
  expect(Math.max(...found.map((x, k) => Math.abs(x / expected[k]! - 1)))).toBeLessThan(1e-12);

describe("sources beside pixels without a response", () => {
  for (const column of [22.5, 24, 27, 35]) {
    it(`keep events that a mask leaves out there in a stacked dataset, column ${column}`, () => {
      closeTo(counts(stackReduce([run(kernelMap)]), column), counts(run(kernelMap), column));
    });
    for (const [name, map, inner] of [
      ["kernels", kernelMap, 3],
      ["migration", migraMap, 56],
    ] as const) {
      it(`keep events of true energies that some pixels do not know: ${name}, column ${column}`, () => {
        const beyond = without(map, (bin, pixel) => Math.floor(bin / inner) === 2 && pixel % P < 2);
        closeTo(counts(seenBy(beyond), column), counts(run(map), column));
      });
    }
  }

  it("are seen alike by slices in energy and by the whole, whatever does not reach a slice", () => {
    // true energies of the left half come out two bins higher, so that some rows do not reach the lowest bin
    const turned = { ...kernelMap, data: kernelMap.data.slice() };
    for (let t = 0; t < 6; t++) {
      for (let pixel = 0; pixel < P * P; pixel++) {
        for (let r = 0; r < 3 && pixel % P < 2; r++) {
          turned.data[(t * 3 + r) * P * P + pixel] = t > 2 ? [0, 0.6, 0.4][r]! : [0.5, 0.2, 0.1][r]!;
        }
      }
    }
    const dataset = seenBy(without(turned, (bin, pixel) => Math.floor(bin / 3) === 2 && pixel % P === 2));
    const whole = counts(dataset, 24);
    for (const bin of [0, 1, 2]) {
      const edges = axisEdges(energy);
      const slice = sliceByEnergy(dataset, edges[bin]!, edges[bin + 1]!)!;
      const { data } = npredSignal(slice, { components: [point(24)] });
      const sum = data.reduce((total, x, pixel) => total + (isSafe(bin, pixel) ? x : 0), 0);
      closeTo([sum], [whole[bin]!]);
    }
  });

  it("have no more events than there are: a bin that is 0 by nature stays so", () => {
    // pixels of the left half put all into the upper two bins
    const other = { ...kernelMap, data: kernelMap.data.slice() };
    for (let t = 0; t < 6; t++) {
      for (let pixel = 0; pixel < P * P; pixel++) {
        if (pixel % P >= 2) continue;
        for (let r = 0; r < 3; r++) other.data[(t * 3 + r) * P * P + pixel] = [0, 0.6, 0.4][r]!;
      }
    }
    const { maskSafe: _, ...unmasked } = run(other);
    const { data } = createResponses()
      .of(unmasked)
      .edisp({ ...center, lon: center.lon + 1.9 }, true);
    for (let t = 0; t < 6; t++) expect(Array.from(data.subarray(3 * t, 3 * t + 3))).toEqual([0, 0.6, 0.4]);
  });

  it("are taken as they are by the reference's rule", () => {
    const beyond = without(kernelMap, (bin, pixel) => Math.floor(bin / 3) === 2 && pixel % P < 2);
    const { data } = createResponses({ irfs: "gammapy" })
      .of(run(beyond))
      .edisp({ ...center, lon: center.lon + 1.9 }, true);
    expect(Array.from(data.subarray(6, 9))).toEqual([0, 0, 0]);
  });
});
