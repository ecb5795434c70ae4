import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { GammatsError } from "../../src/errors.js";
import {
  type FitsArray,
  getCard,
  type ImageHdu,
  imageHdu,
  readFits,
  tableHdu,
  writeFits,
} from "../../src/fits/index.js";
import { summarise } from "./summary.js";

const oracle: Record<string, { gzip: string; images: { shape: number[]; sha: string }[] }> = JSON.parse(
  readFileSync(new URL("../oracle/tiles.json", import.meta.url), "utf8"),
);

const cases = Object.entries(oracle).map(([name, { gzip, images }]) => ({
  name,
  images,
  bytes: new Uint8Array(gunzipSync(Buffer.from(gzip, "base64"))),
}));

describe("tile-compressed images, written by Astropy", () => {
  it.each(cases)("reads $name to the bit", ({ bytes, images, name }) => {
    const [, hdu] = readFits(bytes, { where: name, verify: true });
    expect(hdu!.kind).toBe("image");
    expect(summarise([hdu!])[0]!.image).toMatchObject(images[0]!);
  });
});

const python = process.env.GAMMATS_PYTHON;
const folder = mkdtempSync(join(tmpdir(), "tiles-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Written as tiles: of all types, with every code of a block (no difference, small, of random bits). */
const written: Record<string, { shape: number[]; data: FitsArray }> = {
  bytes: { shape: [4, 40], data: Uint8Array.from({ length: 160 }, (_, i) => (i < 80 ? 7 : (i * 151) % 256)) },
  "signed bytes": { shape: [2, 40], data: Int8Array.from({ length: 80 }, (_, i) => (i % 11) - 5) },
  shorts: { shape: [3, 50], data: Int16Array.from({ length: 150 }, (_, i) => (i < 50 ? i : (i * 7919) % 65_536)) },
  "unsigned shorts": { shape: [2, 33], data: Uint16Array.from({ length: 66 }, (_, i) => 65_535 - i * i) },
  integers: {
    shape: [2, 3, 40],
    data: Int32Array.from({ length: 240 }, (_, i) => (i < 80 ? 0 : i < 160 ? i % 3 : Math.imul(i, 2_654_435_761))),
  },
  "unsigned integers": { shape: [1, 10], data: Uint32Array.from({ length: 10 }, (_, i) => 2 ** 32 - 1 - i) },
  floats: { shape: [3, 20], data: Float32Array.from({ length: 60 }, (_, i) => (i === 7 ? Number.NaN : Math.sin(i))) },
  doubles: { shape: [3, 20], data: Float64Array.from({ length: 60 }, (_, i) => (i === 9 ? -0 : 1 / (i + 1))) },
  "64 bits": { shape: [1, 3], data: BigInt64Array.of(1n, -(2n ** 62n), 3n) },
  one: { shape: [1], data: Int32Array.of(-5) },
};
const bytesOf = (data: FitsArray) => Array.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));

describe("images written as compressed tiles", () => {
  it.each(Object.entries(written))("reads %s again to the bit, with the header", (name, { shape, data }) => {
    const cards = [{ key: "BUNIT", value: "cm2" }];
    const [primary, hdu] = readFits(writeFits([imageHdu("PRIMARY", shape, data, cards)], { compress: true }), {
      verify: true,
      where: name,
    });
    expect(primary).toMatchObject({ shape: [] });
    expect(hdu).toMatchObject({ kind: "image", shape });
    const found = (hdu as ImageHdu).data!;
    expect(found.constructor).toBe(data.constructor);
    expect(bytesOf(found)).toEqual(bytesOf(data));
    expect(getCard(hdu!.header, "BUNIT")?.value).toBe("cm2");
  });

  it("takes less room for counts", () => {
    const counts = Int32Array.from({ length: 10_000 }, (_, i) => (i * 7) % 4);
    const image = imageHdu("COUNTS", [100, 100], counts);
    const [plain, tiled] = [writeFits([image]), writeFits([image], { compress: true })];
    expect(tiled.length).toBeLessThan(0.4 * plain.length);
  });

  it.runIf(python)("are read by Astropy as the same", () => {
    const names = Object.keys(written);
    const paths = names.map((name) => {
      const path = join(folder, `${name.replace(" ", "-")}.fits`);
      const { shape, data } = written[name]!;
      writeFileSync(path, writeFits([imageHdu("SKY", shape, data)], { compress: true }));
      return path;
    });
    const script = new URL("../oracle/tiles.py", import.meta.url).pathname;
    const read = JSON.parse(execFileSync(python!, [script, "dump", ...paths], { encoding: "utf8" }));
    for (const [i, name] of names.entries()) {
      const { shape, data } = written[name]!;
      const { sha } = summarise([imageHdu("SKY", shape, data)])[0]!.image!;
      // 64-bit integers are hashed as floats by the script
      if (name !== "64 bits") expect([name, read[paths[i]!][0]]).toEqual([name, { shape, sha }]);
    }
  });
});

describe("damaged tiles", () => {
  it.each(cases.filter((_, i) => i % 4 === 0))("of $name end in a typed error or are read", ({ bytes, name }) => {
    const random = xorshift(20261130);
    for (let k = 0; k < 40; k++) {
      const damaged = bytes.slice();
      for (let flips = 0; flips < 3; flips++) {
        const at = 2880 + Math.floor(random() * (bytes.length - 2880));
        damaged[at]! ^= 1 << Math.floor(random() * 8);
      }
      try {
        for (const hdu of readFits(damaged, { where: name })) if (hdu.kind === "image") hdu.data?.length;
      } catch (error) {
        expect(error).toBeInstanceOf(GammatsError);
      }
    }
  });

  it("do not make a small file take much memory", () => {
    const cards = { ZNAXIS1: 60_000, ZNAXIS2: 60_000, ZTILE1: 60_000, ZTILE2: 60_000 };
    const [, hdu] = readFits(tilesWith(cards, [1]));
    expect(() => (hdu as ImageHdu).data).toThrow(/cannot hold the 60000 x 60000 pixels/);
    const [, other] = readFits(tilesWith({ ZNAXIS1: 8, ZNAXIS2: 5 }, [1]));
    expect(() => (other as ImageHdu).data).toThrow(/5 tiles, the table 1 rows/);
  });

  it("says which compression is not known", () => {
    expect(() => readFits(tilesWith({ ZNAXIS1: 2, ZNAXIS2: 1, ZCMPTYPE: "ZSTD" }, [1]))).toThrow(
      /compressed by "ZSTD", expected one of RICE_1, .*funpack/,
    );
  });
});

/** A table of tiles of the compressed bytes, a byte for each. */
function tilesWith(cards: Record<string, string | number>, tiles: readonly number[]): Uint8Array {
  const data = tiles.map((byte) => Uint8Array.of(byte));
  const all = { ZIMAGE: true, ZCMPTYPE: "RICE_1", ZBITPIX: 16, ZNAXIS: 2, ...cards };
  const header = Object.entries(all).map(([key, value]) => ({ key, value }));
  return writeFits([tableHdu("SKY", [{ name: "COMPRESSED_DATA", format: "PB", shape: [], data }], header)]);
}

function xorshift(seed: number) {
  let x = seed;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 2 ** 32;
  };
}
