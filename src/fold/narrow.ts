/** The image of a shape narrower than a pixel: that of a point source, with the variance of the shape. */
import type { Box } from "../math/convolution.js";
import { normalCdf } from "../math/special.js";
import { affine, chain2, combine, type Jet, multiply } from "../models/jet.js";
import { pixelScales } from "../sky/geom.js";
import type { WcsGeom } from "../sky/types.js";
import { makePixelDerivatives } from "../sky/wcs-derivatives.js";
import { jetOf, smoothStep } from "./blend.js";
import type { Shape } from "./shape.js";

/**
 * Mean variance along rows and columns, pixels^2, up to which a shape is a point with that variance, and from which it is integrated over pixels: widths of a tenth and of half a
 * pixel. Integrals over pixels of a Gaussian of width w put its centre up to exp(-2 (pi w)^2) / pi pixels off: 0.26 for a tenth, 0.002 for half a pixel.
 */
const POINT = 0.01;
const INTEGRATED = 0.25;
/** The part of the variance over which kinks of bilinear shares, at the centres of pixels, are rounded. */
const ROUNDING = 0.25;
/** Variances, pixels^2, below which nothing is rounded. */
const SHARP = 1e-20;
/** Pixels that the image reaches on either side of the centre. */
const REACH = 3;

/** Mean squares of the offset from the centre in pixels, along rows and along columns. */
type Variances = readonly [xx: number, yy: number];

function variancesOf({ declaration, frame, lon, lat }: Shape, geom: WcsGeom): (q: Float64Array) => Variances {
  const locate = makePixelDerivatives(geom.wcs, frame);
  const [x, y] = [new Float64Array(6), new Float64Array(6)];
  return (q) => {
    locate(q[lon]!, q[lat]!, 1, x, y);
    const cos = Math.cos((q[lat]! * Math.PI) / 180);
    const [xe, xn, ye, yn] = [x[1]! / cos, x[2]!, y[1]! / cos, y[2]!];
    const [ee, en, nn] = declaration.covariance!(q);
    return [xe * xe * ee + 2 * xe * xn * en + xn * xn * nn, ye * ye * ee + 2 * ye * yn * en + yn * yn * nn];
  };
}

const hasVariance = ({ declaration, lon }: Shape): boolean =>
  declaration.covariance !== undefined && declaration.sampling !== "gammapy" && lon >= 0;

/** The share of the integral over pixels in the image of a shape. */
export function integratedShare(shape: Shape, p: Float64Array, geom: WcsGeom, free: readonly number[]): Jet | 0 | 1 {
  if (!hasVariance(shape)) return 1;
  const variances = variancesOf(shape, geom);
  const mean = (q: Float64Array) => {
    const [xx, yy] = variances(q);
    return (xx + yy) / 2;
  };
  const size = mean(p);
  if (size <= POINT) return 0;
  if (!(size < INTEGRATED)) return 1;
  return smoothStep(jetOf(mean, p, free), POINT, INTEGRATED);
}

/** Radius in deg that the window of a shape has to hold at least. */
export const narrowRadius = (shape: Shape, p: Float64Array, geom: WcsGeom): number =>
  integratedShare(shape, p, geom, []) === 1 ? 0 : (REACH + 1) * Math.max(...pixelScales(geom));

/**
 * Fills images (zero before) as `shapeImages` does, and returns the box outside of which they stay zero. Where R(x, y) is what a psf makes of a point, the source is R + 1/2 (V_x R_xx + V_y R_yy) at its
 * centre with the variances V, up to fourth order in its width. As for a point source R is linear between pixels; its second derivatives are second differences. A part of V comes in as a Gaussian that
 * rounds the kinks of R. R_xy is left out: it would make shares negative, of an ellipse that is too narrow to show its direction.
 */
export function fillNarrow(
  shape: Shape,
  p: Float64Array,
  geom: WcsGeom,
  free: readonly number[],
  order: 0 | 1 | 2,
  images: readonly Float64Array[],
): Box {
  const [nx, ny] = geom.npix;
  const [x, y] = [new Float64Array(6), new Float64Array(6)];
  makePixelDerivatives(geom.wcs, shape.frame)(p[shape.lon]!, p[shape.lat]!, 2, x, y);
  const box = boxAround(x[0]!, y[0]!, nx, ny);
  const variances = variancesOf(shape, geom);
  const columns = shares(
    positionJet(shape, x, free),
    jetOf((q) => variances(q)[0], p, free),
  );
  const rows = shares(
    positionJet(shape, y, free),
    jetOf((q) => variances(q)[1], p, free),
  );
  const n = free.length;
  for (let v = box.y0; v < box.y1; v++) {
    const row = rows[v - Math.floor(y[0]!) + REACH - 1]!;
    for (let u = box.x0; u < box.x1; u++) {
      const share = multiply(columns[u - Math.floor(x[0]!) + REACH - 1]!, row);
      const pixel = v * nx + u;
      images[0]![pixel] = share.v;
      if (order === 0) continue;
      for (let a = 0, q = 1 + n; a < n; a++) {
        images[1 + a]![pixel] = share.g[a]!;
        if (order === 2) for (let b = 0; b <= a; b++) images[q++]![pixel] = share.h[a * n + b]!;
      }
    }
  }
  return box;
}

/** The pixels of `shares`; none where the place has no pixel. */
function boxAround(x: number, y: number, nx: number, ny: number): Box {
  const edge = (at: number, length: number) => (Number.isFinite(at) ? Math.min(Math.max(at, 0), length) : 0);
  return {
    x0: edge(Math.floor(x) - REACH + 1, nx),
    x1: edge(Math.floor(x) + REACH + 1, nx),
    y0: edge(Math.floor(y) - REACH + 1, ny),
    y1: edge(Math.floor(y) + REACH + 1, ny),
  };
}

/** Where the centre is between two pixels, from `PixelDerivatives`. */
function positionJet({ lon, lat }: Shape, x: Float64Array, free: readonly number[]): Jet {
  const n = free.length;
  const of = (i: number) => (i === lon ? 0 : i === lat ? 1 : -1);
  const g = Float64Array.from(free, (i) => (of(i) < 0 ? 0 : x[1 + of(i)]!));
  const h = Float64Array.from({ length: n * n }, (_, k) => {
    const [a, b] = [of(free[Math.floor(k / n)]!), of(free[k % n]!)];
    return a < 0 || b < 0 ? 0 : x[3 + a + b]!;
  });
  return { v: x[0]! - Math.floor(x[0]!), g, h };
}

/** Weights of the 2 REACH pixels of a row, the centre between the middle ones, `f` from the first of these: linear between pixels, with second differences for the variance. */
function shares(f: Jet, variance: Jet): readonly Jet[] {
  const rounding = affine(ROUNDING, variance);
  const nodes = Array.from({ length: 2 * REACH + 4 }, (_, k) =>
    twiceIntegrated(affine(-1, f, k - REACH - 1), rounding),
  );
  const bend = (all: readonly Jet[], k: number) => combine(1, combine(1, all[k - 1]!, 1, all[k + 1]!), -2, all[k]!);
  // linear between pixels, and rounded
  const linear = Array.from({ length: 2 * REACH + 2 }, (_, k) => bend(nodes, k + 1));
  const half = affine((1 - ROUNDING) / 2, variance);
  return Array.from({ length: 2 * REACH }, (_, k) =>
    combine(1, linear[k + 1]!, 1, multiply(half, bend(linear, k + 1))),
  );
}

/** The second integral of a Gaussian of variance v from -infinity to x. By its variance it changes as by x twice, times 1/2. */
function twiceIntegrated(x: Jet, v: Jet): Jet {
  if (v.v < SHARP) return chain2(x, v, Math.max(x.v, 0), x.v > 0 ? 1 : x.v < 0 ? 0 : 0.5, 0, 0, 0, 0);
  const sigma = Math.sqrt(v.v);
  const density = Math.exp((-x.v * x.v) / (2 * v.v)) / (sigma * Math.sqrt(2 * Math.PI));
  const below = normalCdf(x.v / sigma);
  const third = (-x.v / v.v) * density;
  const fourth = ((x.v * x.v) / v.v - 1) * (density / v.v);
  return chain2(x, v, x.v * below + v.v * density, below, density / 2, density, third / 2, fourth / 4);
}
