import { describe, expect, it } from "vitest";
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

const entries = () => writeOgip(spectrum(), { name: "s" });
const prefixed = (files: Record<string, Uint8Array>) =>
  memoryFiles(Object.fromEntries(Object.entries(files).map(([k, v]) => [`d/${k}`, v])));
const read = (files: Record<string, Uint8Array>) => readOgip("d/s.fits", prefixed(files));
const changed = (file: string, what: Change) => ({ ...entries(), [file]: change(entries()[file]!, what) });

describe("OGIP spectra", () => {
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

  it("count channels from TLMIN, else as EBOUNDS does", async () => {
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
    // EBOUNDS starts at 0: the last channel of the standard file lies beyond.
    await expect(read({ ...entries(), "s_rmf.fits": bare })).rejects.toThrow(
      /does not fit 3 channels that start at 0; check TLMIN/,
    );
    const ebounds = [makeColumn("CHANNEL", Int32Array.of(1, 2, 3))];
    const pha = change(entries()["s.fits"]!, { hdu: "EBOUNDS", columns: ebounds });
    const again = await read({ ...entries(), "s.fits": pha, "s_rmf.fits": bare });
    expect(again.edisp?.map.data).toEqual(spectrum().edisp?.map.data);
  });

  it("keep GROUPING and keywords that are not used", async () => {
    const files = changed("s.fits", {
      hdu: "SPECTRUM",
      columns: [makeColumn("GROUPING", Int16Array.of(1, -1, 1))],
      cards: [{ key: "TELESCOP", value: "HESS" }],
    });
    const found = await read(files);
    expect(found.meta).toMatchObject({ TELESCOP: "HESS", grouping: Float64Array.of(1, -1, 1) });
    const again = await read(writeOgip(found, { name: "s" }));
    expect(again.meta).toMatchObject({ TELESCOP: "HESS", grouping: Float64Array.of(1, -1, 1) });
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
    const none = { hdu: "SPECTRUM", cards: [{ key: "ANCRFILE", value: "none" }] };
    await expect(read(changed("s.fits", none))).rejects.toThrow(/the effective area \(ARF\) is needed/);
    const rate = { hdu: "SPECTRUM", drop: ["COUNTS"], columns: [makeColumn("RATE", Float64Array.of(1, 2, 3))] };
    await expect(read(changed("s.fits", rate))).rejects.toThrow(/found a column RATE, expected COUNTS/);
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

  it("are not written without a livetime", () => {
    const { livetime: _, ...rest } = spectrum();
    expect(() => writeOgip(rest, { name: "s" })).toThrow(/need an exposure and a livetime/);
  });
});
