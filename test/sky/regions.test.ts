import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  formatRegions,
  parseRegions,
  regionBox,
  regionContains,
  regionGeom,
  regionImage,
  regionMask,
  regionSolidAngle,
  regionToWcsGeom,
  regionWeights,
  wcsGeom,
} from "../../src/sky/index.js";

const oracle = JSON.parse(readFileSync(new URL("../oracle/sky.json", import.meta.url), "utf8")).regions;

const texts = JSON.parse(readFileSync(new URL("../oracle/region_texts.json", import.meta.url), "utf8"));
const RAD = Math.PI / 180;

describe("regions", () => {
  for (const row of oracle) {
    it(`${row.text} on ${row.frame} ${row.proj} covers the pixels of astropy-regions`, () => {
      const regions = parseRegions(row.text.replace("2.2, 0.8, 30", "1.1, 0.4, 30"));
      const [lon, lat] = row.center;
      const geom = wcsGeom({ center: { lon, lat, frame: row.frame }, binsz: 0.25, npix: [14, 13], proj: row.proj });
      expect([...regionMask(geom, regions).data].join("")).toBe(row.mask);
      expect([...regionMask(geom, regions, false).data].some((v, k) => v === Number(row.mask[k]))).toBe(false);
      if (row.weights === undefined) return;
      const weights = regionWeights(geom, regions);
      // Sums of hundredths.
      row.weights.forEach((sum: number, j: number) => {
        expect(weights.slice(14 * j, 14 * (j + 1)).reduce((a, b) => a + b)).toBeCloseTo(sum, 8);
      });
      if (row.width === undefined) return;
      const bin = regionGeom(regions);
      // The reference takes pixel sizes from one arcsec steps: 1e-9.
      expect(regionSolidAngle(bin) / row.solid_angle).toBeCloseTo(1, 8);
      expect(regionBox(bin).width[0]).toBeCloseTo(row.width[0], 8);
      expect(regionBox(bin).width[1]).toBeCloseTo(row.width[1], 8);
      expect(bin.wcs!.crpix).toEqual(row.region_wcs.crpix);
      expect(bin.wcs!.frame).toBe(row.region_wcs.frame);
      expect(regionToWcsGeom(bin).npix).toEqual(row.npix);
    });
  }

  it("reads DS9 notation and writes it back", () => {
    // regions 0.11: box at (155.125, -5.5), 2.4 arcmin x 1 deg, 60 deg.
    const [box] = parseRegions(
      "# Region file format: DS9\nglobal include=1\nicrs\nbox(10:20:30, -5:30:00, 2.4', 1.0, 60) # text={a}",
    );
    expect(box).toEqual({
      shape: "rectangle",
      center: { lon: 155.125, lat: -5.5, frame: "icrs" },
      width: 0.04,
      height: 1,
      angle: 60,
    });
    const text =
      "galactic;circle(184.5,-5.5,0.1);icrs;polygon(1,2,3,4,5,0);ellipse(1,2,0.5,0.25,10);annulus(1,2,0.5,1);point(3,4)";
    expect(formatRegions(parseRegions(text))).toBe(text);
    expect(() => parseRegions("circle(1,2,3)")).toThrow(/no frame/);
    expect(() => parseRegions("icrs;circle(1,2)")).toThrow(/circle\(lon, lat, radius\)/);
    expect(() => parseRegions("icrs;panda(1,2)")).toThrow(/panda/);
    expect(() => parseRegions("icrs;-circle(1,2,3)")).toThrow(/excluded/);
    expect(() => parseRegions("image;circle(1,2,3)")).toThrow(/pixels of an image; save the regions in DS9/);
    expect(() => parseRegions("icrs;circle(1,2,-3)")).toThrow(/is not circle/);
  });

  for (const { text, mask } of texts.masks) {
    it(`covers the pixels of astropy-regions: ${text.replaceAll("\n", " ")}`, () => {
      const geom = wcsGeom({
        center: { lon: 83.63, lat: 22.01, frame: "icrs" },
        binsz: 0.1,
        npix: [32, 30],
        proj: "TAN",
        frame: "icrs",
      });
      const regions = parseRegions(text);
      expect([...regionImage(geom, regions)].join("")).toBe(mask);
      const again = parseRegions(formatRegions(regions, "ds9"));
      expect([...regionImage(geom, again)].join("")).toBe(mask);
      if (text.includes("CRTF")) expect(parseRegions(formatRegions(regions, "crtf"))).toEqual(regions);
    });
  }

  it("knows the area of rings and of what is left of a shape", () => {
    const area = (text: string) =>
      regionSolidAngle(regionGeom(parseRegions(`icrs;${text}`), { binsz: 0.02 })) / RAD ** 2;
    // pi a b of half axes, and products of sides
    expect(area("ellipse(83, 22, 0.2, 0.1, 0.5, 0.4, 30)")).toBeCloseTo(Math.PI * (0.5 * 0.4 - 0.2 * 0.1), 6);
    expect(area("box(83, 22, 0.2, 0.1, 0.5, 0.4, 30)")).toBeCloseTo(0.5 * 0.4 - 0.2 * 0.1, 6);
    // found on 500 x 500 points
    expect(area("circle(83, 22, 0.5);-circle(83, 22, 0.2)")).toBeCloseTo(Math.PI * (0.25 - 0.04), 3);
  });

  it("tests positions of either frame", () => {
    const [circle] = parseRegions("icrs;circle(83.63, 22.01, 0.11)");
    expect(regionContains(circle!, { lon: 184.55745, lat: -5.78434, frame: "galactic" })).toBe(true);
    expect(regionContains(circle!, { lon: 83.63, lat: 22.13, frame: "icrs" })).toBe(false);
  });

  it("has no place without a region", () => {
    expect(regionGeom([]).wcs).toBeNull();
    expect(() => regionSolidAngle(regionGeom([]))).toThrow(/no place/);
  });
});
