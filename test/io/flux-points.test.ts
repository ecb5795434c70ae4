import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compileDataset } from "../../src/api/datasets.js";
import { recognise } from "../../src/api/files.js";
import { createSubmodel } from "../../src/api/models.js";
import { energyBins, inSedType, isUpperLimit, referenceEnergies } from "../../src/datasets/flux-points.js";
import { makeColumn, tableHdu, writeFits } from "../../src/fits/index.js";
import { readFluxPoints, readFluxPointsDataset } from "../../src/io/flux-points/read.js";
import { writeFluxPoints, writeFluxPointsDataset } from "../../src/io/flux-points/write.js";
import { skyModel } from "../../src/models/create.js";

const oracle = JSON.parse(readFileSync(new URL("../oracle/field_files.json", import.meta.url), "utf8"));

const encode = (text: string) => new TextEncoder().encode(text);
const where = "sed.fits";
type Columns = Record<string, readonly [number[], string?]>;

function table(columns: Columns, cards: Record<string, string | number> = {}): Uint8Array {
  const list = Object.entries(columns).map(([name, [values, unit]]) =>
    makeColumn(name, Float64Array.from(values), {
      ...(unit && { unit }),
      shape: values.length > 2 ? [values.length / 2] : [],
    }),
  );
  return writeFits([
    tableHdu(
      "",
      list,
      Object.entries(cards).map(([key, value]) => ({ key, value })),
    ),
  ]);
}
const dnde = "cm-2 s-1 TeV-1";
const basic: Columns = {
  e_min: [[1, 2], "TeV"],
  e_max: [[2000, 8000], "GeV"],
  dnde: [[3e-12, 1e-12], dnde],
  dnde_err: [[1e-13, 1e-13], dnde],
};

describe("flux points", () => {
  it("are read by frequency, with ends of error bars and no unit as Python writes it", () => {
    const { spectrum, energy, e2dnde, errn, errp } = oracle.archives;
    const notes: string[] = [];
    const bytes = encode(spectrum);
    expect(recognise(bytes, "sed.ecsv").kind).toBe("flux-points");
    const points = readFluxPoints(bytes, { where: "sed.ecsv", onNote: (note) => notes.push(note) });
    const values = points.reference.e2dnde;
    const found = {
      energy: referenceEnergies(points),
      e2dnde: points.norm,
      errn: points.normErrn!,
      errp: points.normErrp!,
    };
    for (const [key, expected] of Object.entries({ energy, e2dnde, errn, errp })) {
      const own = found[key as "errn"].map((x, i) => (key === "energy" ? x : x * values[i]!));
      // errn is a difference: some digits of float64 are gone
      for (const [i, x] of own.entries()) expect(Math.abs(x / (expected as number[])[i]! - 1), key).toBeLessThan(1e-12);
    }
    expect(Array.from(points.sqrtTs!)).toEqual([5, 7]);
    expect(notes).toHaveLength(2);
    expect(notes[0]).toBe("sed.ecsv, column nuFnu_min: taken for an end of the error bar of e2dnde");
  });

  it("convert units and keep the ratio to E^-2", () => {
    const points = readFluxPoints(table(basic), { where });
    expect(points.sedType).toBe("dnde");
    expect(points.energy.nodes).toEqual(Float64Array.of(1, 2, 8));
    expect(points.reference.dnde[1]! / (1e-12 / 16)).toBeCloseTo(1, 14);
    expect(points.norm[1]! * points.reference.dnde[1]!).toBeCloseTo(1e-12, 24);
    // Integrals of 1e-12 E^-2 over [2, 8].
    expect(points.reference.flux[1]).toBeCloseTo(1e-12 * (1 / 2 - 1 / 8), 26);
    expect(points.reference.eflux[1]).toBeCloseTo(1e-12 * Math.log(4), 26);
  });

  it("take 2 loglike as stat, and differences of loglike from the best fit", () => {
    const columns: Columns = {
      ...basic,
      ref_dnde: [[1e-12, 1e-12], dnde],
      norm: [[1, 2]],
      loglike: [[5, 7]],
      dloglike_scan: [[-2, 0, -1, -3, 0, -4]],
      norm_scan: [[0.5, 1, 2, 0.5, 1, 2]],
    };
    const points = readFluxPoints(table(columns, { SED_TYPE: "likelihood", UL_CONF: 0.95 }), { where });
    expect(points.stat).toEqual(Float64Array.of(10, 14));
    expect(points.statScan).toEqual(Float64Array.of(14, 10, 12, 20, 14, 22));
    // scipy.stats.norm.isf(0.025)
    expect(points.nSigmaUl).toBeCloseTo(1.959963984540054, 12);
    const short = table({ ...columns, norm_scan: [[0.5, 1, 0.5, 1]] }, { SED_TYPE: "likelihood" });
    expect(() => readFluxPoints(short, { where })).toThrow(/4 norms and 6 values of the statistic/);
  });

  it("keep bins with gaps, and columns that are not read", () => {
    const gaps: Columns = { ...basic, e_min: [[1, 3], "TeV"], weird: [[4, 5], "deg"] };
    for (const format of ["fits", "ecsv"] as const) {
      const points = readFluxPoints(writeFluxPoints(readFluxPoints(table(gaps), { where }), { format }), { where });
      expect(points.energy.nodeType).toBe("center");
      expect(points.meta).toMatchObject({ eMin: Float64Array.of(1, 3), eMax: Float64Array.of(2, 8) });
      expect(points.meta?.columns).toMatchObject([{ name: "weird", unit: "deg", values: Float64Array.of(4, 5) }]);
    }
  });

  it("belong to e_ref, wherever it lies in its bin", () => {
    const columns: Columns = {
      e_ref: [[5.05, 14], "TeV"],
      e_min: [[4.22, 6.19], "TeV"],
      e_max: [[6.19, 61.9], "TeV"],
      dnde: [[5.69e-14, 2.51e-15], dnde],
      dnde_err: [[2.3e-14, 1.3e-15], dnde],
    };
    for (const low of [6.19, 6.5]) {
      const given = table({ ...columns, e_min: [[4.22, low], "TeV"] });
      for (const format of ["fits", "ecsv"] as const) {
        const dataset = readFluxPointsDataset(given, { where, name: "p" });
        const again = readFluxPointsDataset(writeFluxPointsDataset(dataset, { format }), { where, name: "p" });
        expect({ ...again, maskSafe: 0, maskFit: 0 }).toEqual({ ...dataset, maskSafe: 0, maskFit: 0 });
        const { points } = again;
        expect(referenceEnergies(points)).toEqual(Float64Array.of(5.05, 14));
        expect(energyBins(points)).toEqual([Float64Array.of(4.22, low), Float64Array.of(6.19, 61.9)]);
        inSedType(points, points.norm, "e2dnde")!.forEach((x, i) => {
          expect(x / oracle.flux_points.e2dnde[i]!).toBeCloseTo(1, 12);
        });
        // the integral of E^-2 through dnde at e_ref
        const flux = inSedType(points, points.norm, "flux")![1]!;
        expect(flux / (2.51e-15 * 14 ** 2 * (1 / low - 1 / 61.9))).toBeCloseTo(1, 12);
        const spectral = createSubmodel("pl", { index: 2.7, amplitude: 5e-12, reference: 1 });
        const { term } = compileDataset(again, { components: [skyModel({ name: "s", spectral })] });
        expect(term.value(Float64Array.of(2.7, 5e-12)) / oracle.flux_points.stat).toBeCloseTo(1, 12);
      }
    }
  });

  it("have no limit where a table marks that with a negative one", () => {
    const columns: Columns = {
      ...basic,
      dnde: [[-3e-12, 1e-12], dnde],
      dnde_ul: [[-1e-12, -1], dnde],
    };
    const notes: string[] = [];
    const found = readFluxPoints(table(columns), { where, onNote: (note) => notes.push(note) });
    // a limit above a value below 0 is one
    expect(isUpperLimit(found, 0)).toBe(true);
    expect(isUpperLimit(found, 1)).toBe(false);
    expect(found.normUl?.[1]).toBeNaN();
    expect(notes).toEqual([
      "sed.fits, column dnde_ul: limits of 0 or less in 1 rows (the first is -1) are taken for none",
    ]);
    const zero = readFluxPoints(table({ ...columns, dnde_ul: [[0, 0], dnde] }), { where });
    expect([isUpperLimit(zero, 0), isUpperLimit(zero, 1)]).toEqual([true, false]);
  });

  it("have a bin each where bins overlap", () => {
    const found = readFluxPoints(table({ ...basic, e_min: [[1, 1.99], "TeV"] }), { where });
    expect(energyBins(found)).toEqual([Float64Array.of(1, 1.99), Float64Array.of(2, 8)]);
    expect(Array.from(referenceEnergies(found))).toEqual([Math.sqrt(2), Math.sqrt(1.99 * 8)]);
  });

  it("keep the reference of their table without a scan, whatever they are written as", () => {
    const reference: Columns = { ref_dnde: [[5e-12, 7e-13], dnde], ref_flux: [[6e-12, 2e-12], "cm-2 s-1"] };
    const read = readFluxPoints(table({ ...basic, ...reference }), { where });
    for (const format of ["fits", "ecsv"] as const) {
      for (const sedType of ["dnde", "flux", "likelihood"] as const) {
        const again = readFluxPoints(writeFluxPoints(read, { format, sedType }), { where });
        for (const key of ["dnde", "flux", "eflux", "e2dnde"] as const) {
          // norms times references and back
          again.reference[key].forEach((x, i) => {
            expect(Math.abs(x / read.reference[key][i]! - 1)).toBeLessThan(1e-12);
          });
        }
        expect(inSedType(again, again.norm, "flux")![1]).toBeCloseTo(inSedType(read, read.norm, "flux")![1]!, 24);
      }
    }
    expect(read.norm[0]).toBeCloseTo(3 / 5, 14);
    const plain = readFluxPoints(writeFluxPoints(readFluxPoints(table(basic), { where }), { format: "ecsv" }), {
      where,
    });
    expect(plain.meta).toBeUndefined();
    expect(new TextDecoder().decode(writeFluxPoints(plain, { format: "ecsv" }))).not.toContain("ref_");
  });

  it("of fluxes at energies without bins are kept as they are, and it is said which bins they are taken for", () => {
    const notes: string[] = [];
    const bytes = table({ e_ref: [[1, 4], "TeV"], flux: [[3e-12, 1e-12], "cm-2 s-1"] }, { SED_TYPE: "flux" });
    const read = readFluxPoints(bytes, { where, onNote: (note) => notes.push(note) });
    // halfway in ln E, and as far on the other side
    expect(notes).toEqual([
      expect.stringMatching(/no columns e_min and e_max: each flux .* from 0\.5000 to 2\.000 TeV/),
    ]);
    expect(energyBins(read)).toBeUndefined();
    const text = new TextDecoder().decode(writeFluxPoints(read, { format: "ecsv" }));
    expect(text).not.toMatch(/e_min|e_max/);
    const rows = text
      .trim()
      .split("\n")
      .slice(-2)
      .map((row) => row.split(" ").map(Number));
    rows.forEach(([e, flux], i) => {
      expect(e).toBe([1, 4][i]);
      expect(Math.abs(flux! / [3e-12, 1e-12][i]! - 1)).toBeLessThan(1e-14);
    });
  });

  it("lie in the middle of edges that neighbours share but for rounding, also once they are written", () => {
    // e_ref is the middle of the first bin to 1e-6 up to where the second begins, and not up to where it ends itself
    const shift = 5e-6;
    const edges: Columns = {
      e_min: [[1, 2 * (1 + shift)], "TeV"],
      e_max: [[2, 8], "TeV"],
      e_ref: [[Math.SQRT2 * (1 + 0.4 * shift), 4 * (1 + shift / 2)], "TeV"],
    };
    const read = readFluxPoints(table({ ...basic, ...edges }), { where });
    const again = readFluxPoints(writeFluxPoints(read), { where });
    expect([read.eRef, again.eRef]).toEqual([undefined, undefined]);
    expect(again.reference.dnde).toEqual(read.reference.dnde);
  });

  it("have other values by no keyword of their metadata, and it is said what stays out", () => {
    const keys = [
      "TSCAL1: 2.0",
      "TZERO1: 1.0",
      "TUNIT2: m",
      "tucd2: x",
      "XTENSION: IMAGE",
      "END: 5",
      "HISTORY: old",
      "abc: 1",
      "ABC: 2",
    ];
    const text = [
      "# %ECSV 1.0",
      "# ---",
      "# datatype:",
      ...["e_min", "e_max"].map((name) => `# - {name: ${name}, unit: TeV, datatype: float64}`),
    ];
    for (const name of ["dnde", "dnde_err"]) text.push(`# - {name: ${name}, unit: ${dnde}, datatype: float64}`);
    text.push("# meta: !!omap", "# - OBSERVER: me", ...keys.map((key) => `# - ${key}`));
    text.push("e_min e_max dnde dnde_err", "1 2 3e-12 1e-13", "2 8 1e-12 1e-13");
    const points = readFluxPoints(encode(text.join("\n")), { where: "p.ecsv" });
    const notes: string[] = [];
    const bytes = writeFluxPoints(points, { onNote: (note) => notes.push(note) });
    expect(notes).toEqual([
      "left out of the FITS header, where these keywords describe the data or stand already: TSCAL1, TZERO1, TUNIT2, tucd2, XTENSION, END, HISTORY, ABC",
    ]);
    const again = readFluxPoints(bytes, { where });
    expect([again.energy, again.norm, again.reference]).toEqual([points.energy, points.norm, points.reference]);
    expect(again.meta).toEqual({ OBSERVER: "me", ABC: 1 });
  });

  it("of a dataset keep masks and the statistic", () => {
    const dataset = readFluxPointsDataset(table(basic), { where, name: "HAWC", statistic: "distrib" });
    const masked = { ...dataset, maskFit: Uint8Array.of(1, 0) };
    const found = readFluxPointsDataset(writeFluxPointsDataset(masked), { where, name: "HAWC" });
    expect(found).toEqual({ ...masked, maskSafe: Uint8Array.of(1, 1) });
  });

  it("read ECSV with commas, quotes, empty cells and lists", () => {
    const text = `# %ECSV 1.0
# ---
# delimiter: ','
# datatype:
# - {name: e_ref, unit: GeV, datatype: float64}
# - {name: dnde, unit: 1 / (TeV s cm2), datatype: float64}
# - {name: is_ul, datatype: bool}
# - {name: stat_scan, datatype: string, subtype: 'float64[2]'}
# - {name: note, datatype: string}
# meta: !!omap
# - {SED_TYPE: dnde}
# schema: astropy-2.0
e_ref,dnde,is_ul,stat_scan,note
1000,1e-12,False,"[1,NaN]","a ""b"", c"
2000,,True,"[null,4.5]",""
`;
    const points = readFluxPoints(encode(text), { where: "a.ecsv" });
    expect(points.energy.nodes).toEqual(Float64Array.of(1, 2));
    expect(points.norm[0]).toBeCloseTo(1, 12);
    expect(points.norm[1]).toBeNaN();
    expect(points.isUlStored).toEqual(Uint8Array.of(0, 1));
    const columns = points.meta?.columns as { name: string; values: Float64Array }[] | undefined;
    const scan = columns?.find((c) => c.name === "stat_scan");
    expect(scan?.values).toEqual(Float64Array.of(1, Number.NaN, Number.NaN, 4.5));
  });

  it("read ECSV with comments between the rows", () => {
    const text = `# %ECSV 0.9
# ---
# datatype:
# - {name: e_ref, unit: TeV, datatype: float64}
# - {name: dnde, unit: cm-2 s-1 TeV-1, datatype: float64}
# meta: !!omap
# - telescope: xrt
e_ref dnde
1 1e-12
# 2 5e-13
3 1e-13
`;
    const points = readFluxPoints(encode(text), { where: "a.ecsv" });
    expect(points.energy.nodes).toEqual(Float64Array.of(1, 3));
    expect(points.meta).toMatchObject({ telescope: "xrt" });
  });

  it("say what is wrong", () => {
    const fail = (columns: Columns, message: RegExp, cards = {}) =>
      expect(() => readFluxPoints(table(columns, cards), { where })).toThrow(message);
    fail(
      { ...basic, dnde: [[1, 2], "cm-2 s-1"] },
      /sed\.fits, column dnde: found the unit "cm-2 s-1".*"cm-2 s-1 TeV-1"/,
    );
    fail({ ...basic, dnde: [[1, 2]] }, /column dnde: found the unit ""/);
    fail({ ...basic, e_min: [[3, 4], "TeV"] }, /row 1 goes from 3 to 2 TeV, expected bins from above 0 that increase/);
    fail({ ...basic, e_ref: [[1.4, 9], "TeV"] }, /row 2 lies at 9 TeV, expected an e_ref between e_min 2 and e_max 8/);
    fail({ e_ref: [[3, 1], "TeV"], dnde: basic.dnde! }, /row 2 lies at 1 TeV after 3 TeV.*sort the rows/);
    fail({ ...basic, dnde_err: [[1, -1], dnde] }, /normErr: row 2 is negative/);
    fail({ e_ref: basic.e_min! }, /no column dnde, e2dnde, flux, eflux or norm; found e_ref/);
    fail({ dnde: basic.dnde! }, /no columns e_ref or e_min and e_max/);
    fail(basic, /SED_TYPE is "sed", expected one of dnde/, { SED_TYPE: "sed" });
    fail(basic, /no column ref_dnde/, { SED_TYPE: "likelihood" });
    expect(() => readFluxPoints(encode("e_ref dnde\n1 2\n"), { where })).toThrow(/expected FITS .* or ECSV/);
    const broken = "# %ECSV 1.0\n# ---\n# datatype:\n# - {name: e_ref, unit: TeV, datatype: float64}\ne_ref\nx\n";
    expect(() => readFluxPoints(encode(broken), { where: "a.ecsv" })).toThrow('a.ecsv:6, column e_ref: found "x"');
  });

  it.each([
    ["{}", 'the ECSV header has no list "datatype"'],
    ["datatype: 3", 'the ECSV header has no list "datatype"'],
    ["datatype:\n# - ", "datatype[0] of the ECSV header: found null, expected a column such as {name: e_ref"],
    ["datatype: [[1]]", "datatype[0] of the ECSV header: found [1], expected a column"],
    ["datatype: [{name: [1]}]", 'datatype[0] of the ECSV header: "name" is [1], expected a text'],
    ["datatype: [*x]", "a.ecsv:3: the alias *x repeats nothing"],
    [
      "datatype: [{name: e_ref, unit: TeV, datatype: string, subtype: 'float64[1000000,1000000]'}]",
      "the cells of column e_ref have up to 1 values, the header says float64[1000000,1000000]",
    ],
  ])("say what is wrong with the header %s of a table in ECSV", (header, message) => {
    const text = `# %ECSV 1.0\n# ---\n# ${header}\ne_ref\n[1.0]\n`;
    expect(() => readFluxPoints(encode(text), { where: "a.ecsv" })).toThrow(message);
  });
});
