/** An extended source with a psf on HEALPix pixels: blurred on a fine image around it, and integrated over the pixels from there. */
import type { SmoothProfile } from "../../irf/smooth-profile.js";
import { convertFrame, separation } from "../../sky/frames.js";
import { wcsGeom } from "../../sky/geom.js";
import { CUT, pixelSide, visitPixel } from "../../sky/healpix/cells.js";
import type { HealpixGeom, WcsGeom } from "../../sky/types.js";
import { makeProjector } from "../../sky/wcs.js";
import type { BlurKernel } from "../blur.js";
import { convolvedImages } from "../energy-shape.js";
import type { ExtendedSource } from "../extended/free-shape.js";
import { type Placed, placeShape } from "../placed.js";
import type { Response } from "../response.js";
import { positionOf, radiusOf } from "../shape.js";
import { samplingsByEnergy } from "../shape-sampling.js";
import { emptyImages, imagesOf, type MakeImages } from "./images.js";
import { makePixelsNear, numberOf } from "./near.js";

const DEG = 180 / Math.PI;
/** Pixels of the image across the core of the psf, and across the image at most. */
const FINE = 4;
const MAX_WIDTH = 800;
/** Parts of a HEALPix pixel are at most so wide, in cores of the psf. */
const PART = 0.7;
/** Half of the plane's width, deg: TAN has no other half of the sky. */
const HALF_PLANE = 60;

/** Whether the plane holds a source of this radius and its psf. */
export const fitsPlane = (radius: number, profiles: readonly SmoothProfile[]): boolean =>
  radius + DEG * Math.max(...profiles.map(({ reach }) => reach)) < HALF_PLANE / 2;

/** An image around the source; `isFine`: its pixels are as small as the psf asks for. */
export function planeOf(source: ExtendedSource, geom: HealpixGeom, profiles: readonly SmoothProfile[]) {
  const { lon, lat } = positionOf(source.shape, source.p)!;
  const at = new Float64Array(2);
  convertFrame(lon, lat, source.shape.frame, geom.frame, at);
  const core = DEG * Math.min(...profiles.filter((profile) => profile.core > 0).map((profile) => profile.core));
  const reach = DEG * Math.max(...profiles.map((profile) => profile.reach));
  const width = 2 * (radiusOf(source.shape, source.p) + reach);
  const binsz = Math.max(core / FINE, width / MAX_WIDTH);
  const half = Math.ceil(HALF_PLANE / binsz);
  const center = { lon: at[0]!, lat: at[1]!, frame: geom.frame };
  const image = wcsGeom({ center, proj: "TAN", binsz, npix: [2 * half + 1, 2 * half + 1] });
  return { image, core: Math.max(core, binsz), reach, isFine: binsz <= core / 2 };
}

/** Nodes of the integrals over pixels: where they lie in the image, and what they count for. */
interface Nodes {
  /** [nodes]: index into `pixels`; column and row to the left and below; how far on. */
  readonly pixel: Int32Array;
  readonly x: Int32Array;
  readonly y: Int32Array;
  /** Weights of the four columns and rows around a node, [nodes, 4]. */
  readonly wx: Float64Array;
  readonly wy: Float64Array;
}

/** `psf`: that of the place where the source starts, on the pixels of the plane. */
export function blurredImages(
  source: ExtendedSource,
  geom: HealpixGeom,
  response: Response,
  { image, core, reach }: ReturnType<typeof planeOf>,
  psf: BlurKernel,
): MakeImages {
  const { shape, free, spectrum } = source;
  const samplings = samplingsByEnergy(shape, free, response);
  const near = makePixelsNear(geom);
  const at = new Float64Array(2);
  let placed: (Placed | null)[] = samplings.map(() => null);
  let nodes: { readonly of: Int32Array; readonly found: Nodes } | undefined;
  return (p, order, kept) => {
    const position = positionOf(shape, p)!;
    convertFrame(position.lon, position.lat, shape.frame, geom.frame, at);
    const [lon, lat] = at as unknown as [number, number];
    const isOnPlane = separation(lon, lat, ...image.wcs.crval) < HALF_PLANE / 2;
    const pixels = isOnPlane ? near(lon, lat, radiusOf(shape, p) + reach) : new Int32Array(0);
    const out = emptyImages(pixels, spectrum.size, imagesOf(free.length), kept);
    if (!isOnPlane) return out;
    if (nodes?.of !== pixels) nodes = { of: pixels, found: nodesIn(geom, pixels, image, core) };
    const { found } = nodes;
    placed = samplings.map((sampling, t) => placeShape(sampling, p, image, psf, order, placed[t] ?? undefined));
    const first = placed[0] ?? null;
    if (first === null) return out;
    const n = first.window.nx * first.window.ny;
    first.images.forEach((_, b) => {
      const own = (t: number) => placed[Math.min(t, placed.length - 1)]!.images[b]!;
      const blurred = convolvedImages(first, own, psf, spectrum.size);
      for (let t = 0; t < spectrum.size; t++) {
        const sums = out.images[b]!.subarray(t * pixels.length, (t + 1) * pixels.length);
        addNodes(found, blurred.subarray(t * n, (t + 1) * n), first.window, sums);
        // transforms and cubics leave noise where the source is hardly; predicted counts must not be negative for it
        if (b === 0) for (let i = 0; i < sums.length; i++) if (sums[i]! < 0) sums[i] = 0;
      }
    });
    return out;
  };
}

function nodesIn(geom: HealpixGeom, pixels: Int32Array, image: WcsGeom, core: number): Nodes {
  const { skyToPix } = makeProjector(image.wcs);
  const side = pixelSide(geom.nside);
  const step = Math.abs(image.wcs.cd[0]) / DEG;
  const at = new Float64Array(2);
  const lists = { pixel: [] as number[], x: [] as number[], y: [] as number[], wx: [] as number[], wy: [] as number[] };
  const choose = (_: number, _lon: number, size: number) => (size * DEG <= PART * core ? 2 : CUT);
  pixels.forEach((pixel, i) => {
    visitPixel(geom, numberOf(geom, pixel), choose, (theta, lon, share) => {
      skyToPix(lon * DEG, 90 - theta * DEG, at);
      if (!Number.isFinite(at[0]! + at[1]!)) return;
      const [x, y] = [Math.floor(at[0]!), Math.floor(at[1]!)];
      lists.pixel.push(i);
      lists.x.push(x - 1);
      lists.y.push(y - 1);
      // shares of pixels to a density on the sky: a square of the plane has step^2 cos^3 of its distance from the reference point
      const away = [at[0]! + 1 - image.wcs.crpix[0], at[1]! + 1 - image.wcs.crpix[1]].map((d) => d * step) as [
        number,
        number,
      ];
      const onSky = step ** 2 / (1 + away[0] ** 2 + away[1] ** 2) ** 1.5;
      lists.wx.push(...cubicWeights(at[0]! - x).map((w) => (w * side ** 2 * share) / onSky));
      lists.wy.push(...cubicWeights(at[1]! - y));
    });
  });
  const ints = (list: number[]) => Int32Array.from(list);
  const { pixel, x, y, wx, wy } = lists;
  return { pixel: ints(pixel), x: ints(x), y: ints(y), wx: Float64Array.from(wx), wy: Float64Array.from(wy) };
}

/** Of the cubic through the values at -1, 0, 1, 2. */
function cubicWeights(u: number): number[] {
  return [
    (-u * (u - 1) * (u - 2)) / 6,
    ((u + 1) * (u - 1) * (u - 2)) / 2,
    (-(u + 1) * u * (u - 2)) / 2,
    ((u + 1) * u * (u - 1)) / 6,
  ];
}

/** out[pixel] += the image at the nodes; 0 beyond its window. */
function addNodes(
  { pixel, x, y, wx, wy }: Nodes,
  data: Float64Array,
  { x0, y0, nx, ny }: Placed["window"],
  out: Float64Array,
): void {
  for (let k = 0; k < pixel.length; k++) {
    const column = x[k]! - x0;
    const row = y[k]! - y0;
    if (column < 0 || row < 0 || column + 3 >= nx || row + 3 >= ny) continue;
    let sum = 0;
    for (let j = 0; j < 4; j++) {
      const from = (row + j) * nx + column;
      let along = 0;
      for (let i = 0; i < 4; i++) along += wx[4 * k + i]! * data[from + i]!;
      sum += wy[4 * k + j]! * along;
    }
    out[pixel[k]!]! += sum;
  }
}
