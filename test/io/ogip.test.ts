import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compileDataset, npred } from "../../src/api/datasets.js";
import { createSubmodel } from "../../src/api/models.js";
import {
  type Card,
  type Column,
  type Hdu,
  makeColumn,
  readFits,
  type TableHdu,
  writeFits,
} from "../../src/fits/index.js";
import { memoryFiles } from "../../src/io/files.js";
import { readOgip } from "../../src/io/ogip/read.js";
import { writeOgip } from "../../src/io/ogip/write.js";
import { skyModel } from "../../src/models/create.js";
import { axisFromEdges } from "../../src/sky/index.js";
import type { RegionGeom } from "../../src/sky/types.js";
import { spectrum } from "./samples.js";

interface Change {
  readonly hdu: string;
  readonly cards?: readonly Card[];
  readonly drop?: readonly string[];
  readonly columns?: readonly Column[];
}

/** Bytes with keywords and columns of one HDU replaced or dropped. */
function change(bytes: Uint8Array, { hdu: name, cards = [], drop = [], columns = [] }: Change): Uint8Array {
  const gone = new Set([...drop, ...cards.map((c) => c.key), ...columns.map((c) => c.name)]);
  const edit = (hdu: Hdu): Hdu => {
    if (hdu.name !== name || hdu.kind !== "table") return hdu;
    const header = [...hdu.header.filter((c) => !gone.has(c.key)), ...cards];
    return { ...hdu, header, columns: [...hdu.columns.filter((c) => !gone.has(c.name)), ...columns] } as TableHdu;
  };
  return writeFits(readFits(bytes).map(edit));
}

/** The spectrum of test/oracle/field_files.py: an area of 1e10 cm2 for 1000 s, six channels in three bins, the second bad. */
function sixChannels(): Record<string, Uint8Array> {
  const { counts, exposure, edisp: _, maskFit: _1, ...rest } = spectrum();
  const edges = [1, 2, 3, 4, 6, 8, 10];
  const axis = axisFromEdges(edges, { name: "energy", unit: "TeV", interp: "log" });
  const geom = { ...(counts!.geom as RegionGeom), axes: [axis] };
  const nowhere = { ...(exposure!.geom as RegionGeom), axes: [{ ...axis, name: "energy_true" }] };
  const map = (data: number[]) => ({ geom, unit: "", data: Float64Array.from(data) });
  const files = writeOgip(
    {
      ...rest,
      counts: map([12, 9, 7, 5, 3, 2]),
      countsOff: map([20, 15, 11, 8, 6, 1]),
      acceptance: map([1, 1, 1, 1, 1, 1]),
      acceptanceOff: map([10, 10, 10, 10, 10, 10]),
      exposure: { geom: nowhere, unit: "cm2 s", data: new Float64Array(6).fill(1e13) },
      maskSafe: { geom, data: Uint8Array.of(1, 0, 1, 1, 1, 1) },
      livetime: 1000,
    },
    { name: "s" },
  );
  const columns = [makeColumn("GROUPING", Int16Array.of(1, -1, -1, 1, -1, 1))];
  return { ...files, "s.fits": change(files["s.fits"]!, { hdu: "SPECTRUM", columns }) };
}

const oracle = JSON.parse(readFileSync(new URL("../oracle/field_files.json", import.meta.url), "utf8"));
const entries = () => writeOgip(spectrum(), { name: "s" });
const prefixed = (files: Record<string, Uint8Array>) =>
  memoryFiles(Object.fromEntries(Object.entries(files).map(([k, v]) => [`d/${k}`, v])));
const read = (files: Record<string, Uint8Array>) => readOgip("d/s.fits", prefixed(files));
const changed = (file: string, what: Change) => ({ ...entries(), [file]: change(entries()[file]!, what) });

describe("OGIP spectra", () => {
  it("has the errors of counts with the background subtracted, whatever POISSERR says", async () => {
    const net: Change = {
      hdu: "SPECTRUM",
      cards: [
        { key: "HDUCLAS2", value: "NET" },
        { key: "POISSERR", value: true },
      ],
      drop: ["BACKFILE"],
      columns: [makeColumn("STAT_ERR", Float64Array.of(3, 2, 1.5))],
    };
    const notes: string[] = [];
    const files = prefixed(changed("s.fits", net));
    const found = await readOgip("d/s.fits", files, { onNote: (note) => notes.push(note) });
    expect(found.countsError?.data).toEqual(Float64Array.of(3, 2, 1.5));
    expect(notes.join()).toContain("though POISSERR is T: the errors STAT_ERR are used");
  });

  it("takes all of MASK_FIT that is not 0 as in the fit, as of maps", async () => {
    const files = writeOgip(spectrum(), { name: "s" });
    const columns = [makeColumn("MASK_FIT", Int32Array.of(3, 0, 256), { format: "J" })];
    const changed = { ...files, "s.fits": change(files["s.fits"]!, { hdu: "SPECTRUM", columns }) };
    expect((await read(changed)).maskFit!.data).toEqual(Uint8Array.of(1, 0, 1));
  });

  it("come back as they were, with mask_fit", async () => {
    const dataset = spectrum();
    const found = await read(entries());
    expect(Object.keys(entries())).toEqual(["s.fits", "s_arf.fits", "s_bkg.fits", "s_rmf.fits"]);
    expect(found.name).toBe("spectrum");
    for (const key of ["counts", "countsOff", "acceptance", "acceptanceOff", "maskSafe", "maskFit"] as const) {
      expect(found[key]?.data, key).toEqual(dataset[key]?.data);
    }
    expect(found.edisp?.map.data).toEqual(dataset.edisp?.map.data);
    // exposure / livetime * livetime
    found.exposure!.data.forEach((x, i) => {
      expect(x).toBeCloseTo(dataset.exposure!.data[i]!, 5);
    });
    expect(found.exposure?.geom.axes[0]?.nodes[1]).toBeCloseTo(1, 14);
    expect(found.livetime).toBe(600);
  });

  it("are found next to the PHA, also as .gz", async () => {
    const { "s_arf.fits": arf, ...rest } = entries();
    const found = await read({ ...rest, "s_arf.fits.gz": arf! });
    expect(found.exposure?.data.length).toBe(4);
  });

  it("take BACKSCAL, QUALITY and AREASCAL from keywords", async () => {
    const cards = [
      { key: "BACKSCAL", value: 0.5 },
      { key: "QUALITY", value: 0 },
    ];
    const found = await read(changed("s.fits", { hdu: "SPECTRUM", cards, drop: ["BACKSCAL", "QUALITY"] }));
    expect(found.acceptance.data).toEqual(Float64Array.of(0.5, 0.5, 0.5));
    expect(found.maskSafe?.data).toEqual(Uint8Array.of(1, 1, 1));
  });

  it("put AREASCAL into the response and into alpha", async () => {
    const scalar = await read(changed("s.fits", { hdu: "SPECTRUM", cards: [{ key: "AREASCAL", value: 2 }] }));
    expect(scalar.exposure!.data[0]! / spectrum().exposure!.data[0]!).toBeCloseTo(2, 12);
    expect(scalar.acceptanceOff?.data).toEqual(Float64Array.of(5, 5.5, 6));
    const columns = [makeColumn("AREASCAL", Float64Array.of(1, 2, 4))];
    const column = await read(changed("s.fits", { hdu: "SPECTRUM", columns }));
    expect(Array.from(column.edisp!.map.data.slice(6, 9))).toEqual([0.125, 0, 1]);
    expect(column.acceptanceOff?.data).toEqual(Float64Array.of(10, 5.5, 3));
  });

  it("scale the OFF acceptance with the exposure of the background", async () => {
    const found = await read(changed("s_bkg.fits", { hdu: "SPECTRUM", cards: [{ key: "EXPOSURE", value: 1200 }] }));
    expect(found.acceptanceOff?.data).toEqual(Float64Array.of(20, 22, 24));
  });

  it("count channels from TLMIN, else as they can be counted", async () => {
    const from1 = (hdu: Hdu) => {
      const table = hdu as TableHdu;
      return table.columns.map((c) => {
        if (c.name !== "F_CHAN") return c;
        const data = (c.data as Int16Array[]).map((f, row) => (row === 1 ? f : f.map((x) => x + 1)));
        return { ...c, data, keywords: [{ key: "TLMIN", value: 1 }] };
      });
    };
    const rmf = readFits(entries()["s_rmf.fits"]!);
    const matrix = rmf.find((hdu) => hdu.name === "MATRIX")!;
    const standard = writeFits(
      rmf.map((hdu) => (hdu === matrix ? ({ ...hdu, columns: from1(hdu) } as TableHdu) : hdu)),
    );
    const found = await read({ ...entries(), "s_rmf.fits": standard });
    expect(found.edisp?.map.data).toEqual(spectrum().edisp?.map.data);
    const silent = change(standard, { hdu: "MATRIX", columns: [] });
    const bare = writeFits(
      readFits(silent).map((hdu) =>
        hdu.name === "MATRIX" && hdu.kind === "table"
          ? { ...hdu, columns: hdu.columns.map(({ keywords: _, ...c }) => c) }
          : hdu,
      ),
    );
    // EBOUNDS says 0, which the last channel cannot be counted from
    const notes: string[] = [];
    const again = await readOgip("d/s.fits", prefixed({ ...entries(), "s_rmf.fits": bare }), {
      onNote: (note) => notes.push(note),
    });
    expect(again.edisp?.map.data).toEqual(spectrum().edisp?.map.data);
    expect(notes).toMatchObject([/TLMIN of F_CHAN is missing; channels are counted from 1, as F_CHAN holds 3 of 3/]);
  });

  it("keep keywords that are not used", async () => {
    const found = await read(changed("s.fits", { hdu: "SPECTRUM", cards: [{ key: "TELESCOP", value: "HESS" }] }));
    expect(found.meta).toMatchObject({ TELESCOP: "HESS" });
    expect((await read(writeOgip(found, { name: "s" }))).meta).toMatchObject({ TELESCOP: "HESS" });
  });

  it("have the bins of GROUPING, without the bad channels in them", async () => {
    const notes: string[] = [];
    const found = await readOgip("d/s.fits", prefixed(sixChannels()), { onNote: (note) => notes.push(note) });
    expect(notes).toEqual(["d/s.fits: HDU SPECTRUM: GROUPING puts the 6 channels into 3 bins"]);
    // no RMF: the channels are those of the ARF, the bins are not all of theirs
    expect(Array.from(found.counts!.geom.axes[0]!.nodes, (e) => Number(e.toPrecision(12)))).toEqual([1, 4, 8, 10]);
    expect(found.counts?.data).toEqual(Float64Array.of(19, 8, 2));
    expect(found.countsOff?.data).toEqual(Float64Array.of(31, 14, 1));
    expect(found.maskSafe?.data).toEqual(Uint8Array.of(1, 1, 1));
    const spectral = createSubmodel("pl", { index: 2.2, amplitude: 1e-12, reference: 1 });
    const models = { components: [skyModel({ name: "s", spectral })] };
    npred(found, models, { model: "s" }).data.forEach((n, i) => {
      expect(n / oracle.grouping.npred[i]!).toBeCloseTo(1, 9);
    });
    expect(compileDataset(found, models).term.value(Float64Array.of(2.2, 1e-12)) / oracle.grouping.stat).toBeCloseTo(
      1,
      9,
    );
    const again = await read(writeOgip(found, { name: "s" }));
    expect(again.edisp?.map.data).toEqual(found.edisp?.map.data);
  });

  it("keep bins of bad channels alone bad, and weight alpha by OFF counts", async () => {
    const columns = [
      makeColumn("GROUPING", Int16Array.of(1, -1, 1)),
      makeColumn("QUALITY", Int16Array.of(5, 5, 0)),
      makeColumn("BACKSCAL", Float64Array.of(1, 2, 1)),
    ];
    const found = await read(changed("s.fits", { hdu: "SPECTRUM", columns }));
    expect(found.maskSafe?.data).toEqual(Uint8Array.of(0, 1));
    expect(found.counts?.data).toEqual(Float64Array.of(12, 2));
    expect(Array.from(found.edisp!.map.data)).toEqual([0.75, 0, 0, 0, 0.125, 0.25, 0.5, 0.5]);
    const alpha = found.acceptance.data[0]! / found.acceptanceOff!.data[0]!;
    expect(alpha).toBeCloseTo((9 * (1 / 10) + 4 * (2 / 11)) / 13, 14);
    expect(found.acceptanceOff?.data[1]).toBe(12);
  });

  it("may hold their background themselves", async () => {
    const {
      "s.fits": pha,
      "s_bkg.fits": bkg,
      ...rest
    } = changed("s.fits", {
      hdu: "SPECTRUM",
      cards: [{ key: "BACKFILE", value: "s.fits" }],
    });
    const background = readFits(bkg!).filter((hdu) => hdu.name === "SPECTRUM");
    const [primary, ...others] = readFits(pha!);
    for (const hdus of [
      [primary!, ...others, ...background],
      [primary!, ...background, ...others],
    ]) {
      const found = await read({ ...rest, "s.fits": writeFits(hdus) });
      expect([found.counts?.data[0], found.countsOff?.data[0]]).toEqual([7, 9]);
    }
    await expect(read({ ...rest, "s.fits": pha! })).rejects.toThrow(
      /BACKFILE names the file itself, which holds no other/,
    );
  });

  it("read the HDU that a name of a file asks for", async () => {
    const rmf = readFits(entries()["s_rmf.fits"]!);
    const matrix = rmf.find((hdu) => hdu.name === "MATRIX") as TableHdu;
    const half = (column: Column): Column =>
      column.name === "MATRIX"
        ? { ...column, data: (column.data as Float64Array[]).map((row) => row.map((x) => x / 2)) }
        : column;
    const second = { ...matrix, columns: matrix.columns.map(half) };
    const versioned = (hdu: TableHdu, value: number) => ({ ...hdu, header: [...hdu.header, { key: "EXTVER", value }] });
    const first = async (hdus: readonly Hdu[], name: string) => {
      const files = changed("s.fits", { hdu: "SPECTRUM", cards: [{ key: "RESPFILE", value: name }] });
      return (await read({ ...files, "s_rmf.fits": writeFits(hdus) })).edisp?.map.data[0];
    };
    const plain = [...rmf, second];
    const marked = [
      rmf[0]!,
      versioned(second, 7),
      versioned(matrix, 3),
      ...rmf.filter((hdu) => hdu.name === "EBOUNDS"),
    ];
    expect(await first(plain, "s_rmf.fits[MATRIX,2]")).toBe(0.25);
    expect(await first(plain, "s_rmf.fits[MATRIX]")).toBe(0.5);
    expect(await first(plain, "s_rmf.fits[3]")).toBe(0.25);
    expect(await first(marked, "s_rmf.fits[matrix, 3]")).toBe(0.5);
    expect(await first(marked, "s_rmf.fits[MATRIX,7]")).toBe(0.25);
    await expect(first(plain, "s_rmf.fits[MATRIX,3]")).rejects.toThrow(
      /there is no such table; found the HDUs PRIMARY, MATRIX/,
    );
    await expect(first(plain, "s_rmf.fits[MATRIX][#row<3]")).rejects.toThrow(/is not there|filters of rows/);
    expect(await first(plain, "s_rmf.fits{2}")).toBe(0.25);
    expect(await first(marked, "s_rmf.fits{3}")).toBe(0.5);
    await expect(first(marked, "s_rmf.fits{2}")).rejects.toThrow(
      /the matrix \{2\} asked for, expected one of its 2: EXTVER 7, 3/,
    );
  });

  it("take the area from a matrix that holds it, and need none to show counts", async () => {
    const full = [makeColumn("N_GRP", Int16Array.of(1, 1, 1, 1)), makeColumn("F_CHAN", Int16Array.of(0, 0, 0, 0))];
    const columns = [
      ...full,
      makeColumn("N_CHAN", Int16Array.of(3, 3, 3, 3)),
      makeColumn("MATRIX", Float64Array.of(10, 30, 0, 0, 0, 0, 0, 20, 0, 1, 2, 5), { shape: [3] }),
    ];
    const rsp = (content: string) =>
      change(entries()["s_rmf.fits"]!, { hdu: "MATRIX", columns, cards: [{ key: "HDUCLAS3", value: content }] });
    const files = changed("s.fits", { hdu: "SPECTRUM", cards: [{ key: "ANCRFILE", value: "none" }] });
    const found = await read({ ...files, "s_rmf.fits": rsp("FULL") });
    expect(found.exposure?.data).toEqual(Float64Array.of(40 * 600, 0, 20 * 600, 8 * 600));
    expect(found.edisp?.map.data).toEqual(Float64Array.of(0.25, 0.75, 0, 0, 0, 0, 0, 1, 0, 0.125, 0.25, 0.625));
    await expect(read({ ...entries(), "s_rmf.fits": rsp("FULL") })).rejects.toThrow(
      /area \(HDUCLAS3 FULL\), and ANCRFILE/,
    );
    const notes: string[] = [];
    const counts = await readOgip("d/s.fits", prefixed(files), { onNote: (note) => notes.push(note) });
    expect(counts.counts?.data).toEqual(Float64Array.of(7, 5, 2));
    expect(counts.exposure).toBeUndefined();
    expect(notes).toMatchObject([/counts can be shown, no source can be fitted/]);
  });

  it("say what of their errors is not used", async () => {
    const notes: string[] = [];
    const columns = [
      makeColumn("STAT_ERR", Float64Array.of(1, 1, 1)),
      makeColumn("SYS_ERR", Float64Array.of(0, 0.05, 0)),
    ];
    const cards = [{ key: "POISSERR", value: false }];
    const files = changed("s.fits", { hdu: "SPECTRUM", columns, cards });
    await readOgip("d/s.fits", prefixed(files), { onNote: (note) => notes.push(note) });
    expect(notes).toMatchObject([
      /SYS_ERR, systematic errors of up to 0.05/,
      /errors of the counts are given \(STAT_ERR, POISSERR F\): the statistic is chi2/,
    ]);
  });

  it("may begin at 0 keV", async () => {
    const at0 = (file: string, hdu: string, name: string) => {
      const table = readFits(entries()[file]!).find((h) => h.name === hdu) as TableHdu;
      const low = Float64Array.from(table.columns.find((c) => c.name === name)!.data as Float64Array);
      low[0] = 0;
      return change(entries()[file]!, { hdu, columns: [makeColumn(name, low, { unit: "keV" })] });
    };
    const notes: string[] = [];
    const files = {
      ...entries(),
      "s.fits": at0("s.fits", "EBOUNDS", "E_MIN"),
      "s_arf.fits": at0("s_arf.fits", "SPECRESP", "ENERG_LO"),
      "s_rmf.fits": at0("s_rmf.fits", "MATRIX", "ENERG_LO"),
    };
    const found = await readOgip("d/s.fits", prefixed(files), { onNote: (note) => notes.push(note) });
    expect(found.counts!.geom.axes[0]!.nodes[0]).toBeCloseTo(0.02, 14);
    expect(found.exposure!.geom.axes[0]!.nodes[0]).toBeCloseTo(0.01, 14);
    expect(notes.length).toBe(3);
    expect(notes[0]).toMatch(/EBOUNDS: the first bin begins at 0 TeV and is taken from 0.02 TeV on/);
  });

  it("say what is missing or cannot be read", async () => {
    for (const [suffix, key] of [
      ["arf", "ANCRFILE"],
      ["rmf", "RESPFILE"],
      ["bkg", "BACKFILE"],
    ] as const) {
      const { [`s_${suffix}.fits`]: _, ...rest } = entries();
      await expect(read(rest)).rejects.toThrow(
        `d/s.fits: HDU SPECTRUM: ${key} names "s_${suffix}.fits", which is not there`,
      );
    }
    const net = { hdu: "SPECTRUM", cards: [{ key: "HDUCLAS2", value: "NET" }] };
    await expect(read(changed("s.fits", net))).rejects.toThrow(/found counts with the background subtracted/);
    const none = { hdu: "SPECTRUM", drop: ["COUNTS"], columns: [] };
    await expect(read(changed("s.fits", none))).rejects.toThrow(/no column COUNTS or RATE; found CHANNEL/);
    const correction = {
      hdu: "SPECTRUM",
      cards: [
        { key: "CORRFILE", value: "c.fits" },
        { key: "CORRSCAL", value: 1 },
      ],
    };
    await expect(read(changed("s.fits", correction))).rejects.toThrow(/CORRFILE/);
    const time = { hdu: "SPECTRUM", cards: [{ key: "EXPOSURE", value: 0 }] };
    await expect(read(changed("s.fits", time))).rejects.toThrow(/EXPOSURE is 0 s/);
    const negative = { hdu: "SPECTRUM", columns: [makeColumn("COUNTS", Int32Array.of(1, -2, 3))] };
    await expect(read(changed("s.fits", negative))).rejects.toThrow(/column COUNTS: row 2 is -2/);
    const unit = { hdu: "SPECRESP", columns: [makeColumn("SPECRESP", Float64Array.of(1, 1, 1, 1), { unit: "cm" })] };
    await expect(read(changed("s_arf.fits", unit))).rejects.toThrow(
      /s_arf\.fits: HDU SPECRESP, column SPECRESP: found the unit "cm"/,
    );
    const area = { hdu: "SPECRESP", columns: [makeColumn("SPECRESP", Float64Array.of(1, -1, 1, 1), { unit: "cm2" })] };
    await expect(read(changed("s_arf.fits", area))).rejects.toThrow(/row 2 is -1 cm2/);
    const edges = { hdu: "EBOUNDS", columns: [makeColumn("E_MIN", Float64Array.of(1e9, 5e9, 2e9), { unit: "keV" })] };
    await expect(read(changed("s.fits", edges))).rejects.toThrow(/HDU EBOUNDS: row 2 goes from 5 to 5 TeV after 2 TeV/);
  });

  it("name no file where there is none: Gammapy would look for one", async () => {
    const { countsOff: _, acceptanceOff: _1, edisp: _2, ...rest } = spectrum();
    const files = writeOgip(rest, { name: "s" });
    const table = readFits(files["s.fits"]!).find((hdu) => hdu.name === "SPECTRUM")!;
    const named = table.header.filter(({ key }) => /^(RESP|BACK|ANCR)FILE$/.test(key));
    expect(named.map(({ key, value }) => [key, value])).toEqual([["ANCRFILE", "s_arf.fits"]]);
    expect((await read(files)).counts?.data).toEqual(rest.counts!.data);
  });

  it("are not written without a livetime", () => {
    const { livetime: _, ...rest } = spectrum();
    expect(() => writeOgip(rest, { name: "s" })).toThrow(/need an exposure and a livetime/);
  });
});
