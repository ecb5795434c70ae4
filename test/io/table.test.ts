import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { findColumn, readFits } from "../../src/fits/index.js";
import { readEcsv } from "../../src/io/flux-points/ecsv.js";
import { checkUnits, inUnits, logicals, numbers, texts, whole } from "../../src/io/table/columns.js";
import type { Table, TableFormat } from "../../src/io/table/types.js";
import { fitsNames, writeTable } from "../../src/io/table/write.js";
import { python } from "../environment.js";
import { checkTex } from "./tex.js";

const NaN_ = Number.NaN;

/** The joint Crab of the README, and what is hard to write: quotes, blanks, TeX's own characters, missing values. */
const table: Table = {
  name: "parameters",
  about: "50 % of a_b & {c}",
  columns: [
    texts("model", ["Crab Nebula", 'a "b"', "", "50 % of #1_x ~ 2^3"], { about: "name of the model" }),
    numbers("value", [1.263354, 3.97367e-3, 0.061321, NaN_], {
      units: ["", "cm-2 s-1 TeV-1", "deg", ""],
      err: [0.03682, 6.283e-4, NaN_, NaN_],
      reason: ["", "", "frozen", "not fitted"],
    }),
    numbers("flux", [1.2346e-11, 4.4e-12, 9.999e-13, 1e-13], {
      unit: "cm-2 s-1",
      errn: [1.1e-12, 3.1e-13, 9.96e-14, NaN_],
      errp: [1.4e-12, 3.6e-13, 9.96e-14, NaN_],
      reason: "it is not closed",
    }),
    whole("counts", [2932, 3004, 0, 17]),
    logicals("frozen", [false, false, true, true], { about: 'a "flag"' }),
  ],
  meta: { time_scale: "tt", SEED: 7 },
};
const written = (format: TableFormat, of: Table = table) => new TextDecoder().decode(writeTable(of, format));
const lines = (format: TableFormat, of?: Table) => written(format, of).trimEnd().split(/\r?\n/);

describe("a table", () => {
  it("in CSV holds all digits, errors, units of rows and the reasons of empty cells", () => {
    const [head, first, second, third, fourth] = lines("csv");
    expect(head).toBe(
      "model,value,error,unit,flux [cm-2 s-1],flux_errn [cm-2 s-1],flux_errp [cm-2 s-1],counts,frozen,remarks",
    );
    expect(first).toBe("Crab Nebula,1.263354,0.03682,,1.2346e-11,1.1e-12,1.4e-12,2932,false,");
    expect(second).toBe('"a ""b""",0.00397367,0.0006283,cm-2 s-1 TeV-1,4.4e-12,3.1e-13,3.6e-13,3004,false,');
    expect(third).toMatch(/^,0\.061321,,deg,.*,true,value: frozen$/);
    expect(fourth).toMatch(/,,,,1e-13,,,17,true,value: not fitted; flux: it is not closed$/);
  });

  it("in JSON has null where a number is missing", () => {
    const { columns, rows, ...rest } = JSON.parse(written("json"));
    expect(rest).toEqual({ table: "parameters", about: "50 % of a_b & {c}", time_scale: "tt", SEED: 7 });
    expect(columns[0]).toEqual({ name: "model", about: "name of the model" });
    expect(columns[4]).toEqual({ name: "flux", unit: "cm-2 s-1" });
    expect(rows[3]).toMatchObject({ value: null, error: null, flux: 1e-13, flux_errn: null, frozen: true });
  });

  it("as text is rounded to its errors, and says below why there is nothing", () => {
    const text = lines("text");
    expect(text[0]).toMatch(/^model +value +error +unit +flux \[cm-2 s-1\] +flux_errn +flux_errp +counts +frozen$/);
    expect(text[2]).toMatch(/^Crab Nebula +1\.2634 +0\.0368 +1\.235e-11 +1\.10e-12 +1\.40e-12 +2932 +no$/);
    expect(text.slice(6)).toEqual([
      "- no error: frozen (row 3)",
      "- no value: not fitted (row 4)",
      "- no error of flux: it is not closed (row 4)",
    ]);
  });

  it("in TeX has two digits of the errors, powers of ten in the head, and letters for what is missing", () => {
    const text = lines("tex");
    checkTex(written("tex"));
    expect(text[1]).toBe("\\caption{50 \\% of a\\_b \\& \\{c\\}}");
    expect(text[6]).toBe("model & value & unit & flux ($10^{-11}$ cm$^{-2}$ s$^{-1}$) & counts & frozen \\\\");
    expect(text[8]).toBe("Crab Nebula & $1.263 \\pm 0.037$ &  & $1.23^{+0.14}_{-0.11}$ & $2932$ & no \\\\");
    expect(text[9]).toContain("$3.97 \\pm 0.63$ & $10^{-3}$ cm$^{-2}$ s$^{-1}$ TeV$^{-1}$ & $0.440^{+0.036}_{-0.031}$");
    // 9.96e-14 has the two digits 10, not the three of 0.100
    expect(text[10]).toContain("$0.061321$$^{a}$ & deg & $0.100^{+0.010}_{-0.010}$");
    expect(text[11]).toMatch(/^50 \\% of \\#1\\_x .*& \\ldots\$\^\{b\}\$ & {2}& \$0\.01\$\$\^\{c\}\$/);
    expect(text.filter((line) => line.startsWith("\\par"))).toEqual([
      "\\par\\smallskip{\\footnotesize $^{a}$ frozen.\\par}",
      "\\par\\smallskip{\\footnotesize $^{b}$ not fitted.\\par}",
      "\\par\\smallskip{\\footnotesize $^{c}$ it is not closed.\\par}",
    ]);
  });

  it("in TeX has powers of ten as such in columns of many sizes", () => {
    const values = [0.45, 8.22e-7, 1e-12, -3e9];
    const tex = written("tex", { name: "p", columns: [numbers("p", values)] });
    // the column is wide enough for a power of its own only where all are that size
    expect(tex).not.toMatch(/\de[-+]?\d/);
    expect(tex.replaceAll(" ", "")).toMatch(/10\^\{-?\d+\}\$/);
  });

  it("as text has no minus before what is 0 in its digits", () => {
    const text = written("text", { name: "ts", columns: [numbers("ts", [-1e-9, -0.5], { decimals: 3 })] });
    expect(text.match(/-?0\.\d+/g)).toEqual(["0.000", "-0.500"]);
  });

  it("in FITS has descriptions, units and texts", () => {
    const [, hdu] = readFits(writeTable(table, "fits"), { where: "t.fits" });
    if (hdu?.kind !== "table") throw new Error("no table");
    expect([hdu.name, hdu.nrows]).toEqual(["PARAMETERS", 4]);
    expect(hdu.columns.map((c) => c.name).join(" ")).toBe(
      "model value error unit flux flux_errn flux_errp counts frozen remarks",
    );
    expect(findColumn(hdu, "model", "t.fits").data).toEqual(["Crab Nebula", 'a "b"', "", "50 % of #1_x ~ 2^3"]);
    expect(findColumn(hdu, "flux", "t.fits").unit).toBe("cm-2 s-1");
    expect(findColumn(hdu, "model", "t.fits").keywords).toEqual([
      expect.objectContaining({ key: "TCOMM", value: "name of the model" }),
    ]);
  });

  it("in FITS has names that are words, each once", () => {
    const names = ["Crab Nebula.alpha", "Crab_Nebula.alpha", "x", "X", "σ", ""];
    expect(fitsNames(names)).toEqual(["Crab_Nebula_alpha", "Crab_Nebula_alpha_2", "x", "X_2", "_", "__2"]);
  });

  it("in ECSV is read back", () => {
    const { nrows, columns, meta } = readEcsv(written("ecsv"), "t.ecsv");
    expect([nrows, meta.time_scale, meta.SEED]).toEqual([4, "tt", 7]);
    const flux = columns.find((c) => c.name === "flux_errp")!;
    expect([flux.unit, ...flux.values]).toEqual(["cm-2 s-1", 1.4e-12, 3.6e-13, 9.96e-14, NaN_]);
  });

  it("without rows is a table still", () => {
    const empty: Table = { name: "peaks", columns: [texts("a", []), numbers("b", [], { unit: "deg" })] };
    expect(lines("csv", empty)).toEqual(["a,b [deg]"]);
    expect(written("ecsv", empty)).toContain("# - {name: a, datatype: string}");
    checkTex(written("tex", empty));
    expect(readFits(writeTable(empty, "fits"), { where: "t.fits" })[1]).toMatchObject({ nrows: 0 });
  });

  it("is refused with columns of other lengths or of one name", () => {
    const two = (name: string, n: number): Table => ({
      name: "x",
      columns: [numbers("a", [1]), numbers(name, new Float64Array(n))],
    });
    expect(() => writeTable(two("b", 2), "csv")).toThrow(/column "b": found 2 rows, expected 1/);
    expect(() => writeTable(two("a", 1), "csv")).toThrow(/column "a": there are two of that name/);
  });
});

describe("units", () => {
  it("are converted where they can be, values and errors", () => {
    const { columns } = inUnits(table, ["m-2 s-1", "arcmin"]);
    const [, value, flux] = columns;
    if (value?.kind !== "numbers" || flux?.kind !== "numbers") throw new Error("no numbers");
    expect(flux.unit).toBe("m-2 s-1");
    // 1 cm-2 is 1e4 m-2
    expect(flux.values[0]! / 1.2346e-7).toBeCloseTo(1, 12);
    expect(flux.errp![0]! / 1.4e-8).toBeCloseTo(1, 12);
    expect([value.units![1], value.units![2]]).toEqual(["cm-2 s-1 TeV-1", "arcmin"]);
    expect(value.values[2]).toBeCloseTo(0.061321 * 60, 12);
  });

  it("that fit nothing are refused", () => {
    expect(() => checkUnits(table, ["deg", "kg"], "--unit")).toThrow(
      /--unit: nothing in the table parameters converts to "kg"; its units are cm-2 s-1 TeV-1, deg, cm-2 s-1/,
    );
  });
});

describe.runIf(python)("Astropy", () => {
  const folder = mkdtempSync(join(tmpdir(), "gammats-table-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const CODE = `
import json, sys
import numpy as np
from astropy.table import Table
out = []
for path in sys.argv[1:]:
    t = Table.read(path)
    out.append({
        "names": t.colnames,
        "factor": float(t["flux"].unit.to("m-2 s-1")),
        "none": str(t["value"].unit or ""),
        "about": [t[c].description or "" for c in t.colnames],
        "kinds": [t[c].dtype.kind for c in t.colnames],
        "model": [str(x).strip() for x in np.ma.filled(t["model"], "")],
        "flux": [float(x) for x in np.ma.filled(t["flux"], np.nan)],
        "counts": [int(x) for x in t["counts"]],
        "frozen": [bool(x) for x in t["frozen"]],
    })
print(json.dumps(out))
`;

  it("reads ECSV and FITS: names, units, descriptions, values", () => {
    const paths = (["ecsv", "fits"] as const).map((format) => {
      const path = join(folder, `t.${format}`);
      writeFileSync(path, writeTable(table, format));
      return path;
    });
    const out = execFileSync(python!, ["-W", "ignore", "-c", CODE, ...paths], { encoding: "utf8" });
    const all = JSON.parse(out);
    // Astropy keeps no descriptions of columns in FITS
    expect([all[0].about[0], all[0].about[8]]).toEqual(["name of the model", 'a "flag"']);
    for (const found of all) {
      expect(found.names.join(" ")).toBe("model value error unit flux flux_errn flux_errp counts frozen remarks");
      expect([found.factor, found.none]).toEqual([1e4, ""]);
      expect(found.flux).toEqual([1.2346e-11, 4.4e-12, 9.999e-13, 1e-13]);
      expect(found.counts).toEqual([2932, 3004, 0, 17]);
      expect([found.kinds[7], found.kinds[8]]).toEqual(["i", "b"]);
      expect(found.frozen).toEqual([false, false, true, true]);
      expect(found.model).toEqual(["Crab Nebula", 'a "b"', "", "50 % of #1_x ~ 2^3"]);
    }
  });
});
