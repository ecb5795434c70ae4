import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { columnKey } from "../../src/fits/column.js";
import type { FitsArray, Hdu } from "../../src/fits/index.js";
import { imageHdu, makeColumn, readFits, tableHdu, writeFits } from "../../src/fits/index.js";
import { withFitsTexts } from "../../src/fits/text.js";
import { fitsFiles, type HduSummary, readPlain, summarise } from "./summary.js";

const oracle: Record<string, { gzip: string; hdus: HduSummary[] }> = JSON.parse(
  readFileSync(new URL("../oracle/fits.json", import.meta.url), "utf8"),
);
const script = new URL("../oracle/fits.py", import.meta.url).pathname;
const python = process.env.GAMMATS_PYTHON;
const data = process.env.GAMMAPY_DATA;
const fitsverify = onPath("fitsverify");

function onPath(command: string): boolean {
  try {
    execFileSync("sh", ["-c", `command -v ${command}`]);
    return true;
  } catch {
    return false;
  }
}

function astropy(files: readonly string[]): Record<string, HduSummary[]> {
  return JSON.parse(execFileSync(python!, [script, "dump", ...files], { encoding: "utf8", maxBuffer: 2 ** 28 }));
}

/** Keywords of columns (TLMIN4) move up to their column when a table is written. */
function sorted(hdus: readonly HduSummary[]): HduSummary[] {
  return hdus.map((hdu) => ({ ...hdu, cards: hdu.cards.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)) }));
}

/** Without keywords for columns that the table does not have. */
function ownColumns(hdu: Hdu): Hdu {
  if (hdu.kind === "image") return hdu;
  const isOwn = (key: string) => (columnKey(key)?.number ?? 0) <= hdu.columns.length;
  return { ...hdu, header: hdu.header.filter(({ key }) => isOwn(key)) };
}

const folder = mkdtempSync(join(tmpdir(), "fits-"));
afterAll(() => rmSync(folder, { recursive: true }));

const features = Object.entries(oracle).map(([name, { gzip, hdus }]) => ({
  name,
  hdus,
  bytes: new Uint8Array(gunzipSync(Buffer.from(gzip, "base64"))),
}));

describe("files with every feature, written by Astropy", () => {
  it.each(features)("reads $name as Astropy does", ({ bytes, hdus, name }) => {
    expect(summarise(readFits(bytes, { where: name, verify: name !== "images" }))).toEqual(hdus);
  });

  it.each(features)("reads $name again after writing it", ({ bytes, hdus }) => {
    expect(summarise(readFits(writeFits(readFits(bytes)), { verify: true }))).toEqual(hdus);
  });

  it.runIf(fitsverify).each(features)("writes $name without errors or warnings of fitsverify", ({ bytes, name }) => {
    const path = join(folder, `${name}.fits`);
    // It warns of every keyword without value.
    const hdus = readFits(bytes).map((hdu) => ({ ...hdu, header: hdu.header.filter(({ value }) => value !== null) }));
    writeFileSync(path, writeFits(hdus));
    const report = execFileSync("sh", ["-c", `fitsverify ${path} || true`], { encoding: "utf8" });
    expect(report).toContain("Verification found 0 warning(s) and 0 error(s)");
  });

  it.runIf(python)("writes what Astropy reads as the same", () => {
    const files = features.map(({ name, bytes }) => {
      const path = join(folder, `again-${name}.fits`);
      writeFileSync(path, writeFits(readFits(bytes)));
      return path;
    });
    const found = astropy(files);
    features.forEach(({ hdus }, i) => {
      expect(found[files[i]!]).toEqual(hdus);
    });
  });
});

describe("files made here", () => {
  const variable = (name: string, format: string, data: FitsArray[]) => ({ name, format, shape: [], data });
  const hdus = [
    imageHdu("COUNTS MAP", [1, 2, 3], Uint16Array.of(0, 1, 2, 3, 4, 65535), [
      { key: "BUNIT", value: "ct" },
      { key: "COMMENT", comment: "made by hand, ".repeat(9) },
      { key: "lower case key", value: "HIERARCH with a text that goes on ".repeat(4).trimEnd(), comment: "long" },
      { key: "RA_OBJ", value: 83.63333333333334, comment: "deg" },
    ]),
    tableHdu(
      "T",
      [
        makeColumn("FLUX", Float64Array.of(1e-12, Number.NaN, 3), {
          unit: "cm-2 s-1",
          keywords: [{ key: "TDISP", value: "E12.4" }],
        }),
        makeColumn("BITS", Uint8Array.of(1, 0, 1, 0, 0, 1, 1, 1, 0), { format: "X", shape: [3] }),
        makeColumn("IS_UL", Uint8Array.of(1, 0, 1), { format: "L" }),
        makeColumn("BYTES", Int8Array.of(-128, 0, 127)),
        makeColumn("NAMES", ["a", "bcd", "", "x", "y", "z"], { shape: [2] }),
        makeColumn("ONE", Float32Array.of(1, 2, 3), { shape: [1] }),
        variable("UNSIGNED", "PI", [Uint16Array.of(65535), new Uint16Array(0), Uint16Array.of(1, 2)]),
        variable("LONG", "QK", [BigInt64Array.of(-(2n ** 63n)), new BigInt64Array(0), BigInt64Array.of(1n)]),
        { name: "WORDS", format: "PA", shape: [], data: ["one", "", "three"] },
      ],
      [{ key: "TLMIN8", value: 0 }],
    ),
    imageHdu("", [], null),
  ];

  it.runIf(fitsverify)("have no errors or warnings of fitsverify", () => {
    const path = join(folder, "ours.fits");
    writeFileSync(path, writeFits(hdus));
    const report = execFileSync("sh", ["-c", `fitsverify ${path} || true`], { encoding: "utf8" });
    expect(report).toContain("Verification found 0 warning(s) and 0 error(s)");
  });

  it.runIf(python)("are read by Astropy", () => {
    const path = join(folder, "ours.fits");
    // Astropy 8.0.2 does not apply TZERO in the heap.
    const known = hdus.map((hdu) =>
      hdu.kind === "table" ? { ...hdu, columns: hdu.columns.filter(({ name }) => name !== "UNSIGNED") } : hdu,
    );
    const bytes = writeFits(known);
    writeFileSync(path, bytes);
    expect(astropy([path])[path]).toEqual(summarise(readFits(bytes)));
  });
});

describe.runIf(data && python)("real files", () => {
  const files = data ? fitsFiles(data) : [];

  it("reads every value of every file as Astropy does", () => {
    const expected = astropy(files);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      expect(summarise(readFits(readPlain(file), { where: file })), file).toEqual(expected[file]);
    }
  });

  it("writes them so that Astropy reads the same", () => {
    const again = files.map((file, i) => {
      const path = join(folder, `${i}-${basename(file).replace(/\.gz$/, "")}`);
      writeFileSync(path, writeFits(readFits(readPlain(file), { where: file })));
      return path;
    });
    const found = astropy(again);
    files.forEach((file, i) => {
      const expected = readFits(readPlain(file), { where: file }).map((hdu) => ownColumns(withFitsTexts(hdu, file)));
      expect(sorted(found[again[i]!]!), file).toEqual(sorted(summarise(expected)));
    });
  });
});
