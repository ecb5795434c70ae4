/** Where shapes are sampled, how finely, and at the seam of a map of the whole sky. */
import { describe, expect, it } from "vitest";
import { oversampling } from "../../src/fold/oversampling.js";
import { placeShape } from "../../src/fold/placed.js";
import { createResponses } from "../../src/fold/response.js";
import { seamWarnings } from "../../src/fold/seam.js";
import type { Shape } from "../../src/fold/shape.js";
import { fillSampled, shapeSampling } from "../../src/fold/shape-sampling.js";
import type { SpatialDeclaration } from "../../src/models/declaration.js";
import { wcsGeom } from "../../src/sky/geom.js";
import { shapeOf } from "./made-images.js";
import { center, image, placeOf, tiny } from "./tiny.js";

describe("the pixels that are sampled", () => {
  /** Where a Gaussian of 0.034 deg (five of them: 0.17) is sampled, around pixel (2.3, 1.6). */
  const boxOf = (sampling: "gammapy" | undefined, samples: number) => {
    const { lon, lat } = placeOf(2.3, 1.6);
    const plain = shapeOf("gauss");
    const shape: Shape = { ...plain, declaration: { ...plain.declaration, ...(sampling && { sampling }) } };
    const of = shapeSampling(shape, [], createResponses().of(tiny()));
    const wide = image();
    return fillSampled(of, Float64Array.of(lon, lat, 0.034, 0, 0, 0), wide, 0, samples, [new Float64Array(30)]);
  };

  it("hold its radius and a pixel on either side, by the reference's rule the radius alone", () => {
    // 2 (1.7 + 1) = 5.4 and 2 1.7 = 3.4 pixels, rounded to 5 and 3 around pixel (2, 2)
    expect(boxOf(undefined, 3)).toEqual({ x0: 0, x1: 5, y0: 0, y1: 5 });
    expect(boxOf("gammapy", 3)).toEqual({ x0: 1, x1: 4, y0: 1, y1: 4 });
    // one sample a pixel: all of the map
    expect(boxOf(undefined, 1)).toEqual({ x0: 0, x1: 6, y0: 0, y1: 5 });
  });
});

describe("the window of a source", () => {
  it("holds its radius and the larger of 0.1 deg and a pixel on either side, in odd numbers of pixels", () => {
    // five times 0.11 deg: 2 (0.55 + 0.2) / 0.2 = 7.5, 2 (0.55 + 0.1) / 0.05 = 26
    for (const [binsz, expected] of [
      [0.2, 9],
      [0.05, 27],
    ] as const) {
      const wide = wcsGeom({ center, binsz, npix: 61, proj: "TAN" });
      const of = shapeSampling(shapeOf("gauss"), [], createResponses().of(tiny()));
      const p = Float64Array.of(center.lon, center.lat, 0.11, 0, 0, 0);
      const { window } = placeShape(of, p, wide, null, 0)!;
      const first = 30 - (expected - 1) / 2;
      expect(window).toEqual({ x0: first, y0: first, nx: expected, ny: expected });
    }
  });
});

describe("samples along a pixel", () => {
  const declaration = (size: (p: Float64Array) => number | undefined, given: Partial<SpatialDeclaration> = {}) =>
    ({ ...shapeOf("gauss").declaration, binSizeMin: size, ...given }) as SpatialDeclaration;
  const at = (u: number, given: Partial<SpatialDeclaration> = {}) =>
    oversampling(
      declaration((p) => p[0]!, given),
      Float64Array.of(1 / u),
      1,
      [0],
    );

  it("are as many as the reference's, and a mix where one number passes to the next", () => {
    expect(at(0.5)).toEqual({ factor: 1 });
    expect(at(2.5)).toEqual({ factor: 3 });
    // the last tenth before 3 begins at 3 / 1.1
    expect(at(2.72).more).toBeUndefined();
    const { factor, more } = at(2.8);
    expect(factor).toBe(3);
    const t = (2.8 - 3 / 1.1) / (3 - 3 / 1.1);
    expect(more!.v).toBeCloseTo(t ** 3 * (10 - 15 * t + 6 * t * t), 10);
    // by the size s, u = 1 / s: dt/ds = -u^2 / width
    const slope = (30 * t * t * (1 - t) ** 2 * -(2.8 ** 2)) / (3 - 3 / 1.1);
    expect(more!.g[0]! / slope).toBeCloseTo(1, 7);
    // from 11 on the tenth is longer than from one number to the next
    expect(at(12.01).more!.v).toBeLessThan(1e-3);
    expect(at(12.01).factor).toBe(13);
  });

  it("are 1 of a shape without a size, and limited", () => {
    expect(
      oversampling(
        declaration(() => undefined),
        Float64Array.of(1),
        1,
        [],
      ),
    ).toEqual({ factor: 1 });
    expect(at(199.5, { sampling: "gammapy" })).toEqual({ factor: 200 });
    expect(at(200)).toEqual({ factor: 200 });
    expect(at(-3)).toEqual({ factor: 200 });
    expect(at(Number.NaN)).toEqual({ factor: 200 });
    expect(at(2.9, { sampling: "gammapy" })).toEqual({ factor: 3 });
    const { derivatives: _, ...bare } = shapeOf("gauss").declaration;
    expect(
      oversampling({ ...bare, binSizeMin: (p) => p[0]! } as SpatialDeclaration, Float64Array.of(1 / 2.9), 1, [0]),
    ).toEqual({ factor: 3 });
  });
});

describe("the seam of a map of the whole sky", () => {
  const sky = wcsGeom({ npix: [36, 18], binsz: 10, center: { lon: 0, lat: 0, frame: "galactic" } });
  const at = (lon: number, lat: number, sigma: number, map = sky) => {
    const shape: Shape = { ...shapeOf("gauss"), frame: "galactic" };
    return seamWarnings(shape, Float64Array.of(lon, lat, sigma, 0, 0, 0), map, "src", "all");
  };

  it("cuts a source that reaches over it, and it is said", () => {
    // five sigma: 15 deg
    expect(at(160, 0, 3)).toEqual([]);
    expect(at(-160, 0, 3)).toEqual([]);
    for (const lon of [166, -166]) {
      expect(at(lon, 0, 3)).toEqual([
        'source "src" reaches over the seam of the map of the whole sky of dataset "all", where it is cut: what lies on the other side is not predicted; take a map whose edge is elsewhere, or cut the sky in parts',
      ]);
    }
    // 15 deg are 30 deg of longitude at 60 deg
    expect(at(152, 60, 3)).toHaveLength(1);
    expect(at(148, 60, 3)).toEqual([]);
  });

  it("is none of a smaller map, of a point, and of a source without a place", () => {
    expect(
      at(166, 0, 3, wcsGeom({ npix: [35, 18], binsz: 10, center: { lon: 0, lat: 0, frame: "galactic" } })),
    ).toEqual([]);
    const point: Shape = { ...shapeOf("point"), frame: "galactic" };
    expect(seamWarnings(point, Float64Array.of(179.9, 0), sky, "src", "all")).toEqual([]);
    const constant: Shape = { ...shapeOf("const"), lon: -1, lat: -1 };
    expect(seamWarnings(constant, Float64Array.of(1), sky, "src", "all")).toEqual([]);
  });
});
