import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readMap } from "../../src/io/map-fits.js";
import { templateSpatial } from "../../src/models/spatial/template.js";
import { toFrame } from "../../src/sky/frames.js";
import { pixelsOf } from "../../src/sky/pixels.js";
import type { SkyMap } from "../../src/sky/types.js";

interface Case {
  gzip: string;
  places: [number[], number[]];
  energy: number[];
  template: { true: number[]; false: number[] };
}

/** Made by test/oracle/healpix_maps.py (Gammapy, healpy). */
const oracle: Record<string, Case> = JSON.parse(
  readFileSync(new URL("../oracle/healpix_maps.json", import.meta.url), "utf8"),
);

const bound = (map: SkyMap, normalize: boolean) =>
  templateSpatial.bind!({
    type: "TemplateSpatialModel",
    parameters: [],
    extra: { normalize },
    resources: { map },
  } as never);

describe.each(["template", "template cube"])("a %s of HEALPix pixels", (name) => {
  const { gzip, places, energy, template } = oracle[name]!;
  const map = readMap(new Uint8Array(gunzipSync(Buffer.from(gzip, "base64"))), { where: name });
  const [ra, dec] = places;
  const at = ra.map((lon, i) => toFrame({ lon, lat: dec[i]!, frame: "icrs" }, "galactic"));

  it.each([true, false])("has the values that it has in Gammapy, normalize: %s", (normalize) => {
    const model = bound(map, normalize);
    expect(model.energyDependent).toBe(name === "template cube");
    expect(model.evaluationRadius!(Float64Array.of(0, 0))).toBe(180);
    for (const [i, { lon, lat }] of at.entries()) {
      const expected = template[`${normalize}`][i]!;
      // positions are converted to 1e-13 deg, which is that over 7 deg of a weight
      const found = model.evaluate!(lon, lat, Float64Array.of(0, 0), energy[i]!);
      expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-11 * Math.max(1, expected));
    }
  });

  it("has derivatives by its place that its values confirm", () => {
    const model = bound(map, false);
    const g = new Float64Array(2);
    const p = Float64Array.of(0, 0);
    const { lon, lat } = at[3]!;
    const found = model.derivatives!(lon, lat, p, g, new Float64Array(4), energy[3]!);
    expect(found).toBe(model.evaluate!(lon, lat, p, energy[3]!));
    const h = 1e-3;
    const by = (dlon: number, dlat: number) =>
      model.evaluate!(lon, lat, Float64Array.of(h * dlon, h * dlat), energy[3]!);
    expect(g[0]).toBeCloseTo((by(1, 0) - by(-1, 0)) / (2 * h), 5);
    expect(g[1]).toBeCloseTo((by(0, 1) - by(0, -1)) / (2 * h), 5);
  });
});

it("a template of a part of the sky is refused by name", () => {
  const { gzip } = oracle.disk!;
  const map = readMap(new Uint8Array(gunzipSync(Buffer.from(gzip, "base64"))), { where: "disk" });
  const image = { ...map, geom: { ...map.geom, axes: [] }, data: map.data.slice(0, pixelsOf(map.geom).nPix) };
  expect(() => bound(image, true)).toThrow(/HEALPix pixels of a part of the sky, expected all of them/);
});
