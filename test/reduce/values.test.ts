import { describe, expect, it } from "vitest";
import type { Observation } from "../../src/events/types.js";
import type { Column, Hdu } from "../../src/fits/index.js";
import { readFits } from "../../src/fits/index.js";
import { observationOf } from "../../src/io/dl3/observations.js";
import type { SafeMaskRule } from "../../src/reduce/safe-mask.js";
import { reduceSpectrum } from "../../src/reduce/spectrum.js";
import { axisFromEnergyBounds } from "../../src/sky/axis.js";
import type { Region } from "../../src/sky/types.js";
import { madeRun, SOURCE } from "./made-run.js";

/** A made run with numbers of one column changed. */
function changed(hdu: string, name: string, change: (data: Float32Array) => void) {
  const { bytes } = madeRun({
    id: 1,
    seed: 1,
    change: (hdus: readonly Hdu[]) =>
      hdus.map((h) => {
        if (h.kind !== "table" || h.name !== hdu) return h;
        const columns = h.columns.map((c): Column => {
          if (c.name !== name) return c;
          const data = Float32Array.from(c.data as Float32Array);
          change(data);
          return { ...c, data };
        });
        return { ...h, columns };
      }),
  });
  const notes: string[] = [];
  const onNote = (note: string) => void notes.push(note);
  return {
    run: () => observationOf([{ path: "run.fits", hdus: readFits(bytes, { where: "run.fits" }) }], { onNote }),
    notes,
  };
}

it.each([
  ["EFFECTIVE AREA", "EFFAREA"],
  ["ENERGY DISPERSION", "MATRIX"],
  ["POINT SPREAD FUNCTION", "RPSF"],
  ["BACKGROUND", "BKG"],
])("says which values of %s mean nothing, and takes 0 for them", (hdu, column) => {
  const { run, notes } = changed(hdu, column, (data) => {
    data[3] = Number.NaN;
    data[4] = -1;
    data[5] = Infinity;
  });
  const { aeff, edisp, psf, background } = run().irfs;
  const tables = {
    "EFFECTIVE AREA": aeff!.table,
    "ENERGY DISPERSION": edisp!.table,
    "POINT SPREAD FUNCTION": psf!.kind === "table" && psf!.table,
    BACKGROUND: background!.table,
  };
  const { data } = tables[hdu as keyof typeof tables] as { data: Float64Array };
  expect(data.every((x) => x >= 0 && x < Infinity)).toBe(true);
  expect(
    notes.filter((note) => note.includes(`HDU ${hdu}, column ${column}: 3 of ${data.length} values`)),
  ).toHaveLength(1);
});

it("refuses edges that do not increase, with file, HDU and columns", () => {
  const { run } = changed("ENERGY DISPERSION", "MIGRA_LO", (data) => void (data[7] = 0));
  expect(run).toThrow(
    /run\.fits: HDU ENERGY DISPERSION|run\.fits, HDU ENERGY DISPERSION, columns MIGRA_LO and MIGRA_HI.*increasing/,
  );
});

describe("what a reduction says", () => {
  const energy = axisFromEnergyBounds(0.3, 30, 6);
  const region: Region = { shape: "circle", center: SOURCE, radius: 0.11 };
  const spectrum = (run: Observation, safeMask: readonly SafeMaskRule[] = []) => {
    const notes: string[] = [];
    reduceSpectrum(run, { region, energy, off: {}, safeMask, onNote: (note) => void notes.push(note) });
    return notes;
  };

  it("is nothing of a sound run", () => {
    expect(spectrum(changed("GTI", "none", () => {}).run())).toEqual([]);
  });

  it("is how many events lie outside of the good time intervals, whatever these count from", () => {
    const run = changed("GTI", "none", () => {}).run();
    const { time } = run.events;
    // beyond a second of the first half; the same moments in another scale
    const [start, stop] = [run.gti.start[0]!, run.gti.stop[0]!];
    const middle = (start + stop) / 2;
    const later = Array.from(time).filter((t) => t > middle + 1).length;
    const half = { ...run, gti: { ...run.gti, stop: Float64Array.of(middle) } };
    const said = [
      `observation 1: ${later} of ${run.events.n} events lie outside of the good time intervals, and are counted`,
    ];
    expect(spectrum(half)).toEqual(said);
    const inUtc = { start: Float64Array.of(start - 64.184), stop: Float64Array.of(middle - 64.184), timeScale: "utc" };
    expect(spectrum({ ...half, gti: { ...half.gti, ...inUtc } })).toEqual(said);
  });

  it("is that there are no energies to keep to", () => {
    const run = changed("GTI", "none", () => {}).run();
    expect(spectrum(run, [{ method: "aeff-default" }])).toEqual([
      "observation 1: the effective area has no limits (LO_THRES, HI_THRES): aeff-default leaves out nothing",
    ]);
  });
});
