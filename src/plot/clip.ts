import type { Point, Rect } from "./svg.js";

/**
 * Pieces of a polyline inside a rectangle (Liang & Barsky 1984, ACM TOG 3, 1), so that no coordinate leaves the frame. A point
 * that is not finite ends a piece.
 */
export function clipPolyline(points: readonly Point[], rect: Rect): Point[][] {
  const pieces: Point[][] = [];
  let piece: Point[] = [];
  const flush = () => {
    if (piece.length > 1) pieces.push(piece);
    piece = [];
  };
  for (let i = 1; i < points.length; i++) {
    const [x0, y0] = points[i - 1]!;
    const [x1, y1] = points[i]!;
    const seen = clipSegment(x0, y0, x1, y1, rect);
    if (seen === undefined) {
      flush();
      continue;
    }
    const [t0, t1] = seen;
    if (t0 > 0) flush();
    if (piece.length === 0) piece.push([x0 + t0 * (x1 - x0), y0 + t0 * (y1 - y0)]);
    piece.push([x0 + t1 * (x1 - x0), y0 + t1 * (y1 - y0)]);
    if (t1 < 1) flush();
  }
  flush();
  return pieces;
}

/** The part [t0, t1] of a segment, as fractions of its length, that lies inside the rectangle. */
function clipSegment(x0: number, y0: number, x1: number, y1: number, rect: Rect): [number, number] | undefined {
  if (!Number.isFinite(x0 + y0 + x1 + y1)) return undefined;
  let t0 = 0;
  let t1 = 1;
  const dx = x1 - x0;
  const dy = y1 - y0;
  const sides = [
    [-dx, x0 - rect.x],
    [dx, rect.x + rect.width - x0],
    [-dy, y0 - rect.y],
    [dy, rect.y + rect.height - y0],
  ] as const;
  for (const [p, q] of sides) {
    if (p === 0) {
      if (q < 0) return undefined;
    } else if (p < 0) t0 = Math.max(t0, q / p);
    else t1 = Math.min(t1, q / p);
  }
  return t0 > t1 ? undefined : [t0, t1];
}

/** The part of a closed polygon inside a rectangle (Sutherland & Hodgman 1974, CACM 17, 32). Points must be finite. */
export function clipPolygon(points: readonly Point[], rect: Rect): Point[] {
  const sides: [axis: 0 | 1, limit: number, sign: 1 | -1][] = [
    [0, rect.x, 1],
    [0, rect.x + rect.width, -1],
    [1, rect.y, 1],
    [1, rect.y + rect.height, -1],
  ];
  let polygon: Point[] = [...points];
  for (const [axis, limit, sign] of sides) {
    const next: Point[] = [];
    polygon.forEach((b, i) => {
      const a = polygon[(i + polygon.length - 1) % polygon.length]!;
      const aIn = sign * (a[axis] - limit) >= 0;
      const bIn = sign * (b[axis] - limit) >= 0;
      if (aIn !== bIn) {
        const t = (limit - a[axis]) / (b[axis] - a[axis]);
        next.push([a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])]);
      }
      if (bIn) next.push(b);
    });
    polygon = next;
  }
  return polygon;
}

export function insideRect([x, y]: Point, rect: Rect, margin = 0): boolean {
  return (
    x >= rect.x - margin &&
    x <= rect.x + rect.width + margin &&
    y >= rect.y - margin &&
    y <= rect.y + rect.height + margin
  );
}
