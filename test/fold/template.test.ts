/** Templates of sources, on few pixels. */
import { describe, expect, it } from "vitest";
import { mapWithin } from "../../src/fold/placed.js";
import { corners, cornersOn, multiplyByExposure, pointTemplate } from "../../src/fold/template.js";
import { wcsGeom } from "../../src/sky/geom.js";
import { expectNear, HEIGHT, numbers, pixel, psf, sum, WIDTH } from "./made-images.js";

describe("a template", () => {
  it("shares a point among four pixels", () => {
    expectNear(
      corners(3.25, -1.5).flatMap(({ x, y, weight }) => [x, y, weight]),
      [3, -2, 0.375, 4, -2, 0.125, 3, -1, 0.375, 4, -1, 0.125],
      1e-15,
    );
    expect(cornersOn(3.25, 1.5, undefined)).toEqual(corners(3.25, 1.5));
    expect(cornersOn(Number.NaN, 1, 8)).toEqual([]);
    // once around the sky, on either side
    expect(cornersOn(3.25, 1.5, 8)).toEqual(
      [-5, 3, 11].flatMap((x) => corners(3.25, 1.5).map((c) => ({ ...c, x: c.x - 3 + x }))),
    );
  });

  it.each([
    ["in the middle", 4.3, 2.6],
    ["at an edge", 8, 0.2],
    ["beside the map", -1.4, 7.3],
    ["far away", 30, 3],
  ])("of a point %s is the psf around its pixels times the exposure", (_, px, py) => {
    const exposure = Float64Array.of(...numbers(1), ...numbers(4));
    for (const kernel of [psf([2, 1]), null]) {
      const { x0, y0, nx, ny, data } = pointTemplate(corners(px, py), kernel, exposure, WIDTH, HEIGHT);
      const onMap = new Float64Array(2 * WIDTH * HEIGHT);
      data.forEach((value, k) => {
        const [x, y, t] = [x0 + (k % nx), y0 + (Math.floor(k / nx) % ny), Math.floor(k / (nx * ny))];
        expect(x >= 0 && y >= 0 && x < WIDTH && y < HEIGHT).toBe(true);
        onMap[(t * HEIGHT + y) * WIDTH + x] = value;
      });
      const share = (x: number, y: number, t: number) =>
        sum(
          corners(px, py).map(
            (c) => c.weight * (kernel ? pixel(kernel, t, x - c.x, y - c.y) : Number(x === c.x && y === c.y)),
          ),
        );
      const expected = exposure.map(
        (e, k) => e * share(k % WIDTH, Math.floor(k / WIDTH) % HEIGHT, Math.floor(k / (WIDTH * HEIGHT))),
      );
      expectNear(onMap, expected, 1e-13);
      if (px === 30) expect([nx, ny, data.length]).toEqual([0, 0, 0]);
    }
  });

  it("takes the exposure of its pixels, and what is off the map as it was", () => {
    const exposure = Float64Array.from({ length: 24 }, (_, k) => 10 + k);
    const data = new Float64Array(2 * 6 * 5).fill(1);
    multiplyByExposure(data, 1, { x0: -1, y0: -1, nx: 6, ny: 5 }, exposure, 4, 3);
    const expected = Array.from(data, (_, k) => {
      const [x, y] = [(k % 6) - 1, (Math.floor(k / 6) % 5) - 1];
      return k < 30 || x < 0 || y < 0 || x >= 4 || y >= 3 ? 1 : 10 + 12 + y * 4 + x;
    });
    expect([...data]).toEqual(expected);
  });

  it("knows the part of a window that is on the map", () => {
    const map = wcsGeom({ npix: [6, 5], binsz: 0.1 });
    expect(mapWithin({ x0: -2, y0: 1, nx: 9, ny: 9 }, map)).toEqual({ x0: 2, x1: 8, y0: 0, y1: 4 });
    expect(mapWithin({ x0: 1, y0: -3, nx: 2, ny: 4 }, map)).toEqual({ x0: 0, x1: 2, y0: 3, y1: 4 });
  });
});
