import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { readFits, writeFits } from "../../src/fits/index.js";
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
    const expected = astropy(files);
    const again = files.map((file, i) => {
      const path = join(folder, `${i}-${basename(file).replace(/\.gz$/, "")}`);
      writeFileSync(path, writeFits(readFits(readPlain(file), { where: file })));
      return path;
    });
    const found = astropy(again);
    files.forEach((file, i) => {
      expect(found[again[i]!], file).toEqual(expected[file]);
    });
  });
});
