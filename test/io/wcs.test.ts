import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Card } from "../../src/fits/index.js";
import { readWcs, wcsCards } from "../../src/io/wcs-fits.js";
import { convertFrame, makeProjector, separation } from "../../src/sky/index.js";
import type { Frame } from "../../src/sky/types.js";

type Header = Readonly<Record<string, number | string>>;
type Numbers = readonly (number | null)[];

const oracle = (name: string) => JSON.parse(readFileSync(new URL(`../oracle/${name}.json`, import.meta.url), "utf8"));
const { cases, frames } = oracle("wcs") as {
  cases: { header: Header; points: number[][]; sky: Numbers[] }[];
  frames: {
    headers: [Header, Frame][];
    positions: [number, number][];
    converted: Record<string, [number, number][]>;
  };
};
const cards = (header: Header): Card[] => Object.entries(header).map(([key, value]) => ({ key, value }));
const out = new Float64Array(2);

describe("WCS of random headers", () => {
  for (const projection of new Set(cases.map(({ header }) => String(header.CTYPE1).slice(5)))) {
    it(`${projection} agrees with wcslib, turned, skewed and anywhere on the sky`, () => {
      for (const { header, points, sky } of cases.filter((c) => String(c.header.CTYPE1).endsWith(projection))) {
        const wcs = readWcs(cards(header), "test");
        const { skyToPix, pixToSky } = makeProjector(wcs);
        const [a, b, c, d] = wcs.cd;
        for (const [lon, lat, x, y] of points as [number, number, number, number][]) {
          skyToPix(lon, lat, out);
          const [dx, dy] = [out[0]! - x, out[1]! - y];
          // deg in the plane; wcslib loses two digits of a double where the reference point is within some degrees of a pole
          expect(Math.hypot(a * dx + b * dy, c * dx + d * dy)).toBeLessThan(1e-10);
          pixToSky(x, y, out);
          expect(separation(lon, lat, out[0]!, out[1]!)).toBeLessThan(1e-10);
        }
        for (const [x, y, lon, lat] of sky as [number, number, number | null, number][]) {
          pixToSky(x, y, out);
          if (lon === null) expect(out[0]).toBeNaN();
          else expect(separation(lon, lat, out[0]!, out[1]!)).toBeLessThan(1e-10);
        }
      }
    });
  }

  it("is exact where the reference point is near a pole or the equator, and takes the northern of two equal poles", () => {
    for (const { header, points } of oracle("wcs_poles") as { header: Header; points: number[][] }[]) {
      const { skyToPix } = makeProjector(readWcs(cards(header), "test"));
      for (const [lon, lat, phi, theta] of points as [number, number, number, number][]) {
        skyToPix(lon, lat, out);
        expect(separation(phi, theta, out[0]!, out[1]!)).toBeLessThan(1e-12);
      }
    }
  });

  it("comes back from what is written, and CDELT alone to the bit", () => {
    for (const { header, points } of cases) {
      const wcs = readWcs(cards(header), "test");
      const written = wcsCards(wcs);
      const value = (key: string) => written.find((card) => card.key === key)?.value;
      const again = readWcs(written, "test");
      const isPlain = !Object.keys(header).some((key) => /^(CD\d|PC\d|CROTA)/.test(key));
      if (isPlain) {
        expect([value("CDELT1"), value("CDELT2")]).toEqual([header.CDELT1, header.CDELT2]);
        expect(again).toEqual(wcs);
      }
      expect(written.some((card) => card.key.startsWith("PC"))).toBe(!isPlain);
      // rows of length 1, so that programs that take CDELT alone for the size of a pixel are right
      if (!isPlain) expect(Math.hypot(Number(value("PC1_1")), Number(value("PC1_2")))).toBeCloseTo(1, 14);
      for (const [k, step] of again.cd.entries()) expect(step).toBeCloseTo(wcs.cd[k]!, 15);
      const [lon, lat, x, y] = points[0] as [number, number, number, number];
      makeProjector(again).skyToPix(lon, lat, out);
      // pixels of down to 0.003 deg, by the thousand from the reference pixel
      expect(Math.hypot(out[0]! - x, out[1]! - y)).toBeLessThan(1e-7);
    }
  });
});

describe("frames of headers", () => {
  it("are those of Astropy", () => {
    const base = { CTYPE1: "RA---TAN", CTYPE2: "DEC--TAN", CRVAL1: 83, CRVAL2: 22, CDELT1: -1, CDELT2: 1 };
    for (const [keys, frame] of frames.headers) {
      const wcs = readWcs(cards({ ...base, ...keys }), "test");
      expect([keys, wcs.frame]).toEqual([keys, frame]);
      expect(readWcs(wcsCards(wcs), "test")).toEqual(wcs);
    }
  });

  it("may have numbers in quotes", () => {
    const base = { CTYPE1: "RA---TAN", CTYPE2: "DEC--TAN", CRVAL1: 83, CRVAL2: 22, CDELT1: -0.05, CDELT2: 0.05 };
    expect(readWcs(cards({ ...base, CDELT1: "-0.05", CDELT2: " 5.E-2 " }), "test")).toEqual(
      readWcs(cards(base), "test"),
    );
    expect(() => readWcs(cards({ ...base, CDELT1: "small" }), "test")).toThrow(/CDELT1 is "small", expected a number/);
  });

  it("convert as Astropy's", () => {
    for (const [pair, converted] of Object.entries(frames.converted)) {
      const [from, to] = pair.split(" ") as [Frame, Frame];
      frames.positions.forEach(([lon, lat], i) => {
        convertFrame(lon, lat, from, to, out);
        expect(separation(out[0]!, out[1]!, ...converted[i]!)).toBeLessThan(1e-11);
      });
    }
  });
});

describe("headers that would be read wrongly", () => {
  const base = { CTYPE1: "RA---CAR", CTYPE2: "DEC--CAR", CRVAL1: 83, CRVAL2: 22, CDELT1: -1, CDELT2: 1 };
  it.each([
    [{ RADESYS: "GAPPT" }, /RADESYS is GAPPT; ICRS, FK5 and FK4/],
    [{ RADESYS: "FK4-NO-E" }, /RADESYS is FK4-NO-E/],
    [{ RADESYS: "FK5", EQUINOX: 1975 }, /EQUINOX is 1975 .* equinox 2000 alone/],
    [{ EPOCH: 1975 }, /EPOCH is 1975 with RADESYS FK4 \(the default\)/],
    [{ CTYPE1: "ELON-CAR", CTYPE2: "ELAT-CAR" }, /CTYPE1, CTYPE2 are ELON-CAR/],
    [{ CTYPE1: "RA---TSC", CTYPE2: "DEC--TSC" }, /test: WCS projection "TSC" is not handled; expected one of AIT, ARC/],
    [{ CTYPE1: "RA---TAN", CTYPE2: "DEC--TAN", PV2_1: 0.1 }, /PV2_1 is 0.1; TAN is read without parameters/],
    [{ PV1_1: 10 }, /PV1_1 is 10/],
    [{ CTYPE1: "RA---CEA", CTYPE2: "DEC--CEA", PV2_1: 2 }, /test: WCS CEA: PV2_1 \(lambda\) is 2/],
    [{ CD1_1: 1, PC1_1: 1 }, /both CDi_j and PCi_j/],
    [{ PC1_1: 1, PC1_2: 1, PC2_1: 1, PC2_2: 1 }, /give pixels an area/],
    [{ CDELT1: 0 }, /pixel scales are 0, 1 deg/],
    // wcslib: "No valid solution for latp"
    [{ LONPOLE: 180 }, /test: WCS CAR: no native pole fits CRVAL2 22 with LONPOLE 180/],
  ])("%j", (keys: Header, message) => {
    expect(() => readWcs(cards({ ...base, ...keys }), "test")).toThrow(message);
  });
});
