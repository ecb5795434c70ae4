/** Integrals of a shape over pixels, for shapes that are made of profiles: exact along the pixels' edges. */
import type { Box } from "../../math/convolution.js";
import type { ProfilePart } from "../../models/spatial/profile.js";
import { imageSolidAngles } from "../../sky/solid-angle.js";
import type { WcsGeom } from "../../sky/types.js";
import { packedLength } from "../flux/types.js";
import { MAX_KEPT, type ShapeSampling } from "../shape-sampling.js";
import { alongColumn, alongRow, type EdgeGrid, edgeGrid, edgePositions } from "./grid.js";
import { segmentAdder } from "./segment.js";
import { newVertex, vertexFiller } from "./vertex.js";

/**
 * Adds to images the mean brightness of each pixel times its solid angle, and its derivatives: as `fillSampled`, without samples. The mean is the integral of the profile over the polygon that the pixel is
 * in the azimuthal equidistant projection around the centre, over the area of this. By Stokes' theorem it is a sum over the edges, of what lies between each of them and the centre; neighbours share them.
 * Within a pixel the projection changes areas by theta dtheta / 3.
 */
export function fillIntegrated(
  sampling: ShapeSampling,
  parts: readonly ProfilePart[],
  p: Float64Array,
  geom: WcsGeom,
  box: Box,
  order: 0 | 1 | 2,
  images: readonly Float64Array[],
): Box {
  const { shape } = sampling;
  const [nx, ny] = geom.npix;
  const grid = edgeGrid(geom, box);
  const makeSky = () => edgePositions(geom, box, grid, shape.frame);
  const key = [...geom.wcs.crpix, nx, ny, box.x0, box.x1, box.y0, box.y1, "edges"];
  const sky = grid.points > MAX_KEPT ? makeSky() : sampling.sky.get(key, makeSky);
  const areas = sampling.areas.get([...geom.wcs.crpix, nx, ny], () => imageSolidAngles(geom));
  for (const part of parts)
    addPart(sampling, part, p, sky, grid, order, (x, y, mean) => {
      const pixel = (y + box.y0) * nx + x + box.x0;
      const area = areas[pixel]!;
      if (Number.isFinite(area)) addPixel(part, sampling.free, mean, area, order, images, pixel);
    });
  return box;
}

/** Takes the mean of the profile in pixel (x, y) of a box: value and derivatives; or null where it is 1 in all of it. */
type TakeMean = (x: number, y: number, mean: Float64Array | null) => void;

function addPart(
  { shape, free: all }: ShapeSampling,
  part: ProfilePart,
  p: Float64Array,
  sky: Float64Array,
  grid: EdgeGrid,
  order: 0 | 1 | 2,
  take: TakeMean,
): void {
  const { nx, ny } = grid;
  const free = order === 0 ? [] : all;
  const at = vertexFiller(shape, part, p, free);
  const { inner, outer } = part.profile;
  const where = pointsOf(grid, sky, at);
  const n = free.length;
  const numbers = 2 * (1 + n + packedLength(n));
  const add = segmentAdder(part.profile, n, free.indexOf(part.profile.parameter));
  const [from, to] = [newVertex(n), newVertex(n)];
  /** Sums along the lower edges of a row, the upper ones, the left and the right one; NaN: not yet known. */
  let [lower, upper] = [new Float64Array(nx * numbers), new Float64Array(nx * numbers)];
  let [left, right] = [new Float64Array(numbers), new Float64Array(numbers)];
  const fillEdge = (out: Float64Array, begin: number, point: (s: number) => number) => {
    if (!Number.isNaN(out[begin]!)) return;
    out.fill(0, begin, begin + numbers);
    for (let s = 0; s < grid.parts; s++) {
      at(sky[2 * point(s)]!, sky[2 * point(s) + 1]!, order, from);
      at(sky[2 * point(s + 1)]!, sky[2 * point(s + 1) + 1]!, order, to);
      add(from, to, order, out, begin);
    }
  };
  const mean = new Float64Array(numbers);
  lower.fill(Number.NaN);
  for (let y = 0; y < ny; y++) {
    upper.fill(Number.NaN);
    left.fill(Number.NaN);
    for (let x = 0; x < nx; x++) {
      right.fill(Number.NaN);
      const { least, most, size } = where(x, y);
      if (most < inner) take(x, y, null);
      // nearer than its own size: the centre may be in it
      else if (least < outer + size) {
        const begin = x * numbers;
        fillEdge(lower, begin, (s) => alongRow(grid, x, y, s));
        fillEdge(upper, begin, (s) => alongRow(grid, x, y + 1, s));
        fillEdge(left, 0, (s) => alongColumn(grid, x, y, s));
        fillEdge(right, 0, (s) => alongColumn(grid, x + 1, y, s));
        for (let q = 0; q < numbers; q++) mean[q] = lower[begin + q]! + right[q]! - upper[begin + q]! - left[q]!;
        divide(mean, n, order);
        take(x, y, mean);
      }
      [left, right] = [right, left];
    }
    [lower, upper] = [upper, lower];
  }
}

/** How far the points on the edges of a pixel are from the centre, in units of a profile, and about how large the pixel is. */
function pointsOf(grid: EdgeGrid, sky: Float64Array, at: ReturnType<typeof vertexFiller>) {
  const vertex = newVertex(0);
  const px = new Float64Array(grid.points);
  const py = new Float64Array(grid.points);
  const distance = new Float64Array(grid.points);
  for (let k = 0; k < grid.points; k++) {
    at(sky[2 * k]!, sky[2 * k + 1]!, 0, vertex);
    px[k] = vertex.x[0]!;
    py[k] = vertex.y[0]!;
    distance[k] = Math.sqrt(px[k]! ** 2 + py[k]! ** 2);
  }
  const found = { least: 0, most: 0, size: 0 };
  const see = (k: number) => {
    const u = distance[k]!;
    if (!(u >= found.least)) found.least = u;
    if (!(u <= found.most)) found.most = u;
  };
  return (x: number, y: number) => {
    found.least = Number.POSITIVE_INFINITY;
    found.most = 0;
    for (let s = 0; s < grid.parts; s++) {
      see(alongRow(grid, x, y, s));
      see(alongRow(grid, x, y + 1, s + 1));
      see(alongColumn(grid, x, y, s + 1));
      see(alongColumn(grid, x + 1, y, s));
    }
    const a = alongRow(grid, x, y, 0);
    const b = alongRow(grid, x + 1, y + 1, 0);
    const c = alongRow(grid, x + 1, y, 0);
    const d = alongRow(grid, x, y + 1, 0);
    const distance2 = (i: number, j: number) => (px[i]! - px[j]!) ** 2 + (py[i]! - py[j]!) ** 2;
    found.size = Math.sqrt(Math.max(distance2(a, b), distance2(c, d)));
    return found;
  };
}

/** Integral and area, each with derivatives, become the mean with its derivatives, in the place of the integral. */
function divide(sums: Float64Array, n: number, order: 0 | 1 | 2): void {
  const area = sums.length / 2;
  const whole = sums[area]!;
  // what is far outside leaves rounding
  const mean = Math.max(sums[0]! / whole, 0);
  sums[0] = mean;
  for (let a = 0; a < n; a++) sums[1 + a] = (sums[1 + a]! - mean * sums[area + 1 + a]!) / whole;
  for (let a = 0, q = 1 + n; a < n && order === 2; a++) {
    for (let b = 0; b <= a; b++, q++) {
      const mixed = sums[1 + a]! * sums[area + 1 + b]! + sums[1 + b]! * sums[area + 1 + a]!;
      sums[q] = (sums[q]! - mixed - mean * sums[area + q]!) / whole;
    }
  }
}

/** Adds area times weight times mean to a pixel, with derivatives. */
function addPixel(
  { weight }: ProfilePart,
  free: readonly number[],
  mean: Float64Array | null,
  area: number,
  order: 0 | 1 | 2,
  images: readonly Float64Array[],
  pixel: number,
): void {
  const { v, g, h } = weight;
  const n = free.length;
  const m = mean === null ? 1 : mean[0]!;
  images[0]![pixel]! += area * v * m;
  if (order === 0) return;
  const slope = (a: number) => (mean === null ? 0 : mean[1 + a]!);
  for (let a = 0, q = 1 + n; a < n; a++) {
    const i = free[a]!;
    images[1 + a]![pixel]! += area * (g[i]! * m + v * slope(a));
    for (let b = 0; b <= a && order === 2; b++, q++) {
      const j = free[b]!;
      const curvature = mean === null ? 0 : mean[q]!;
      images[q]![pixel]! += area * (h[i * g.length + j]! * m + g[i]! * slope(b) + g[j]! * slope(a) + v * curvature);
    }
  }
}
