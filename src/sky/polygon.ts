/** Corners of a polygon in order around it, of which `count` are there. */
export interface Polygon {
  readonly x: Float64Array;
  readonly y: Float64Array;
  count: number;
}

export const emptyPolygon = (corners: number): Polygon => ({
  x: new Float64Array(corners),
  y: new Float64Array(corners),
  count: 0,
});

/** By the formula of trapezoids. */
export function polygonArea({ x, y, count }: Polygon): number {
  let twice = 0;
  for (let i = 0, j = count - 1; i < count; j = i++) twice += x[j]! * y[i]! - x[i]! * y[j]!;
  return Math.abs(twice) / 2;
}

/** A function that gives the area of a convex polygon of up to four corners within a rectangle. */
export function createClip(): (polygon: Polygon, x0: number, x1: number, y0: number, y1: number) => number {
  // each of the four cuts may bring a corner more
  const first = emptyPolygon(8);
  const second = emptyPolygon(8);
  return (polygon, x0, x1, y0, y1) => {
    cut(polygon, "x", 1, x1, first);
    cut(first, "x", -1, x0, second);
    cut(second, "y", 1, y1, first);
    cut(first, "y", -1, y0, second);
    return polygonArea(second);
  };
}

/** The part of a polygon whose coordinate is at most `limit` (sign 1) or at least (sign -1), into `out` (Sutherland & Hodgman 1974). */
function cut(polygon: Polygon, axis: "x" | "y", sign: 1 | -1, limit: number, out: Polygon): void {
  const along = polygon[axis];
  const across = polygon[axis === "x" ? "y" : "x"];
  const outAlong = out[axis];
  const outAcross = out[axis === "x" ? "y" : "x"];
  out.count = 0;
  for (let i = 0, j = polygon.count - 1; i < polygon.count; j = i++) {
    const isIn = sign * (along[i]! - limit) <= 0;
    const wasIn = sign * (along[j]! - limit) <= 0;
    if (isIn !== wasIn) {
      const f = (limit - along[j]!) / (along[i]! - along[j]!);
      outAlong[out.count] = limit;
      outAcross[out.count++] = across[j]! + f * (across[i]! - across[j]!);
    }
    if (isIn) {
      outAlong[out.count] = along[i]!;
      outAcross[out.count++] = across[i]!;
    }
  }
}
