import { expect, it } from "vitest";
import type { Column, Hdu } from "../../src/fits/index.js";
import { readFits } from "../../src/fits/index.js";
import { observationOf } from "../../src/io/dl3/observations.js";
import { madeRun } from "./made-run.js";

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
