import { describe, expect, it } from "vitest";
import { regionOutlines } from "../../src/plot/region-outlines.js";
import { parseRegions, regionCenter, regionContains, toFrame } from "../../src/sky.js";

describe("regionOutlines", () => {
  for (const text of [
    "icrs;ellipse(83.6, 22.1, 1.1, 0.6, 25)",
    "galactic;box(184.6, -5.8, 2.0, 1.3, 40)",
    "fk5;polygon(83, 21, 84, 21.3, 83.5, 21.9)",
  ]) {
    it(`separates what lies in ${text} from what does not, in another frame`, () => {
      const [region] = parseRegions(text);
      const [outline] = regionOutlines([region!], "galactic");
      if (outline === undefined || "radius" in outline) throw new Error("expected a line");
      const { lon: l0, lat: b0 } = toFrame(regionCenter(region!), "galactic");
      // a hundredth of the way in and out
      const at = (i: number, way: number) => ({
        lon: l0 + way * (outline.lon[i]! - l0),
        lat: b0 + way * (outline.lat[i]! - b0),
        frame: "galactic" as const,
      });
      expect(outline.lon.length).toBeGreaterThan(2);
      for (let i = 0; i < outline.lon.length; i++) {
        expect(regionContains(region!, at(i, 0.99))).toBe(true);
        expect(regionContains(region!, at(i, 1.01))).toBe(false);
      }
    });
  }

  it("draws both rims of rings, and what is taken out with dashes", () => {
    expect(
      regionOutlines(parseRegions("icrs;annulus(1,2,0.1,0.3);ellipse(1,2,0.1,0.2,0.3,0.4,0)"), "icrs"),
    ).toHaveLength(4);
    const [whole, hole] = regionOutlines(parseRegions("icrs;circle(1,2,0.5);-circle(1,2,0.1)"), "icrs");
    expect(whole).toMatchObject({ lon: 1, lat: 2, radius: 0.5 });
    expect(hole).toMatchObject({ radius: 0.1, dash: "3 3" });
  });
});
