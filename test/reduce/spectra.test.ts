/** Spectra of real runs against Gammapy 2.1 (gammapy 2.1, astropy 8.0.2, regions 0.11, numpy 2.4.6). */
import { describe, expect, it } from "vitest";
import type { OnOffDataset } from "../../src/datasets/types.js";
import type { Observation } from "../../src/events/types.js";
import { reduceSpectrum, type SpectrumOptions } from "../../src/reduce/spectrum.js";
import { axisFromEnergyBounds } from "../../src/sky/axis.js";
import { wcsGeom } from "../../src/sky/geom.js";
import { regionMask } from "../../src/sky/region-geom.js";
import type { Region } from "../../src/sky/types.js";
import { gammapyData } from "../environment.js";
import { close, HESS, observations, sum } from "./observations.js";

const crab = { lon: 83.63, lat: 22.01, frame: "icrs" } as const;
const on: Region = { shape: "circle", center: crab, radius: 0.11 };
const energy = axisFromEnergyBounds(0.1, 40, 27);
const energyTrue = axisFromEnergyBounds(0.05, 100, 67, { name: "energy_true" });
const exclusion = regionMask(
  wcsGeom({ center: { lon: 83.633083, lat: 22.0145, frame: "icrs" }, binsz: 0.05, npix: 150, proj: "TAN" }),
  [{ shape: "circle", center: { lon: 183.604, lat: -8.708, frame: "galactic" }, radius: 0.5 }],
  false,
);

/** ON, OFF, number of OFF regions, safe bins, their first edge, ON and OFF in them, sum of the exposure (m2 s), of the energy dispersion, livetime. */
function row(observation: Observation, options: Partial<SpectrumOptions>): number[] {
  const all = {
    region: on,
    energy,
    energyTrue,
    containment: true,
    safeMask: [{ method: "aeff-max", percent: 10 }],
    ...options,
  } as const;
  const d = reduceSpectrum(observation, all) as OnOffDataset;
  const safe = d.maskSafe!.data;
  const { counts, countsOff, acceptanceOff, exposure, edisp, livetime } = d;
  const first = all.energy.nodes[safe.indexOf(1)]!;
  const [a, b] = [counts!.data, countsOff!.data];
  return [
    sum(a),
    sum(b),
    acceptanceOff!.data[0]!,
    sum(safe),
    first,
    sum(a, safe),
    sum(b, safe),
    sum(exposure!.data) / 1e4,
    sum(edisp!.map.data),
    livetime!,
  ];
}

describe.skipIf(gammapyData === null)("spectra of real runs", () => {
  it("takes OFF counts from reflected regions", async () => {
    const runs = await observations("hess-dl3-dr1", HESS);
    const expected = [
      [192, 224, 12, 18, 0.7368063, 149, 117, 26415241962.9, 51.96852331, 1581.7367647],
      [201, 228, 12, 19, 0.5901749, 154, 150, 24798064413.8, 52.02270716, 1572.68674909],
      [166, 520, 41, 19, 0.5901749, 136, 327, 16640134455.8, 51.2267908, 1578.12347983],
      [141, 502, 36, 18, 0.7368063, 111, 275, 17670132101.6, 52.25407722, 1581.26466581],
    ];
    // the last printed digit of the first edge
    runs.forEach((run, k) => void close(row(run, { off: { exclusion } }), expected[k]!, 2e-8));
  });

  it("takes them from wobble regions", async () => {
    const runs = await observations("hess-dl3-dr1", HESS);
    const expected = [
      [192, 58, 3, 18, 149, 24],
      [201, 47, 3, 19, 154, 31],
      [166, 36, 3, 19, 136, 19],
      [141, 45, 3, 18, 111, 24],
    ];
    const found = runs.map((run) =>
      row(run, { off: { method: "wobble", n: 3, exclusion } }).filter((_, k) => k < 7 && k !== 4),
    );
    expect(found).toEqual(expected);
  });

  it("has the safe energies of each rule", async () => {
    const runs = await observations("hess-dl3-dr1", HESS);
    const bins = (safeMask: SpectrumOptions["safeMask"]) =>
      runs.map((run) => row(run, { off: { exclusion }, safeMask: safeMask! })[3]);
    expect(bins([{ method: "aeff-default" }])).toEqual([17, 18, 18, 17]);
    expect(bins([{ method: "aeff-max", of: { fileOffset: 0 } }])).toEqual([19, 19, 20, 19]);
    expect(bins([{ method: "edisp-bias" }])).toEqual([16, 17, 18, 17]);
    expect(bins([{ method: "edisp-bias", of: { fileOffset: 0 } }])).toEqual([17, 17, 18, 17]);
    expect(bins([{ method: "aeff-max", percent: 1 }])).toEqual([20, 21, 21, 20]);
    expect(bins([{ method: "offset-max", offset: 0.4 }])).toEqual([0, 0, 0, 0]);
  });
});
