/** Shapes in pixel coordinates: what they contain, their extent and area. */

export interface PixelRegion {
  readonly x: number;
  readonly y: number;
  readonly contains: (x: number, y: number) => boolean;
  /** xmin, xmax, ymin, ymax */
  readonly extent: readonly [number, number, number, number];
  /** In pixels. */
  readonly area: number;
}

export type Point = readonly [number, number];
const RAD = Math.PI / 180;

/** Full axes `width` and `height`, `angle` [deg] counter-clockwise from x. The rim belongs to it. */
export function pixelEllipse([x0, y0]: Point, width: number, height: number, angle: number): PixelRegion {
  const c = Math.cos(angle * RAD);
  const s = Math.sin(angle * RAD);
  const dx = Math.hypot((width / 2) * c, (height / 2) * s);
  const dy = Math.hypot((width / 2) * s, (height / 2) * c);
  return {
    x: x0,
    y: y0,
    contains: (x, y) => {
      const u = (2 * (c * (x - x0) + s * (y - y0))) / width;
      const v = (2 * (s * (x - x0) - c * (y - y0))) / height;
      return u * u + v * v <= 1;
    },
    extent: [x0 - dx, x0 + dx, y0 - dy, y0 + dy],
    area: (Math.PI / 4) * width * height,
  };
}

export function pixelRectangle([x0, y0]: Point, width: number, height: number, angle: number): PixelRegion {
  const c = Math.cos(angle * RAD);
  const s = Math.sin(angle * RAD);
  const dx = (Math.abs(width * c) + Math.abs(height * s)) / 2;
  const dy = (Math.abs(width * s) + Math.abs(height * c)) / 2;
  return {
    x: x0,
    y: y0,
    contains: (x, y) =>
      Math.abs(c * (x - x0) + s * (y - y0)) < width / 2 && Math.abs(s * (x - x0) - c * (y - y0)) < height / 2,
    extent: [x0 - dx, x0 + dx, y0 - dy, y0 + dy],
    area: width * height,
  };
}

/** Inside by the even-odd rule. */
export function pixelPolygon(points: readonly Point[]): PixelRegion {
  const xs = points.map((p) => p[0]);
  const ys = points.map((p) => p[1]);
  const n = points.length;
  let twiceArea = 0;
  for (let i = 0, j = n - 1; i < n; j = i++) twiceArea += xs[j]! * ys[i]! - xs[i]! * ys[j]!;
  const extent = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)] as const;
  return {
    x: (extent[0] + extent[1]) / 2,
    y: (extent[2] + extent[3]) / 2,
    contains: (x, y) => {
      let inside = false;
      for (let i = 0, j = n - 1; i < n; j = i++) {
        const above = ys[i]! > y;
        if (above === ys[j]! > y) continue;
        if (x < ((xs[j]! - xs[i]!) * (y - ys[i]!)) / (ys[j]! - ys[i]!) + xs[i]!) inside = !inside;
      }
      return inside;
    },
    extent,
    area: Math.abs(twiceArea) / 2,
  };
}

/** What lies in the outer of two shapes of equal centre, angle and kind, and not in the inner one. */
export function pixelRing(inner: PixelRegion, outer: PixelRegion): PixelRegion {
  const contains = (x: number, y: number) => outer.contains(x, y) && !inner.contains(x, y);
  return { ...outer, area: outer.area - inner.area, contains };
}

/** Points across the extent of a difference, to find its area to some 1e-4. */
const ACROSS = 500;

/** What lies in a shape and in none of others. */
export function pixelDifference(shape: PixelRegion, without: readonly PixelRegion[]): PixelRegion {
  const contains = (x: number, y: number) => shape.contains(x, y) && !without.some((other) => other.contains(x, y));
  return {
    ...shape,
    contains,
    // it is seldom asked for
    get area() {
      const [x0, x1, y0, y1] = shape.extent;
      const [dx, dy] = [(x1 - x0) / ACROSS, (y1 - y0) / ACROSS];
      let [inside, left] = [0, 0];
      for (let k = 0; k < ACROSS * ACROSS; k++) {
        const x = x0 + ((k % ACROSS) + 0.5) * dx;
        const y = y0 + (Math.floor(k / ACROSS) + 0.5) * dy;
        if (!shape.contains(x, y)) continue;
        inside++;
        if (contains(x, y)) left++;
      }
      return inside > 0 ? (shape.area * left) / inside : 0;
    },
  };
}

/** A shape around (0, 0) seen in other coordinates: with its middle at a point, `to` [xx, xy, yx, yy] being the matrix from these coordinates to its own. */
export function oblique(
  shape: PixelRegion,
  [x0, y0]: Point,
  to: readonly [number, number, number, number],
): PixelRegion {
  const [a, b, c, d] = to;
  const det = a * d - b * c;
  const [left, right, low, high] = shape.extent;
  // the box around the corners of its extent
  const corners = [left, right].flatMap((u) => [low, high].map((v) => [(d * u - b * v) / det, (a * v - c * u) / det]));
  const xs = corners.map((p) => p[0]!);
  const ys = corners.map((p) => p[1]!);
  return {
    x: x0,
    y: y0,
    contains: (x, y) => shape.contains(a * (x - x0) + b * (y - y0), c * (x - x0) + d * (y - y0)),
    extent: [x0 + Math.min(...xs), x0 + Math.max(...xs), y0 + Math.min(...ys), y0 + Math.max(...ys)],
    area: shape.area / Math.abs(det),
  };
}
