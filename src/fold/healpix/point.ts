/** A point source on HEALPix pixels: its psf integrated over each of them. */
import { densityAt, type SmoothProfile } from "../../irf/smooth-profile.js";
import { convertFrame } from "../../sky/frames.js";
import { CUT, LEAVE, pixelSide, visitPixel } from "../../sky/healpix/cells.js";
import type { HealpixGeom } from "../../sky/types.js";
import type { ExtendedSource } from "../extended/free-shape.js";
import { packedIndex } from "../flux/types.js";
import { makeDirection } from "./direction.js";
import { emptyImages, imagesOf, type MakeImages } from "./images.js";
import { makePixelsNear, numberOf } from "./near.js";

const DEG = 180 / Math.PI;
/** No point of a part of a pixel is farther from its middle, in sides. */
const RADIUS = 1.1;
/** Sides of parts by the scale on which the psf changes there, and the nodes along a side that leave less than 1e-5 of the source with the wrong pixel (test/fold/healpix.test.ts). */
const RULES = [
  { ratio: 0.05, nodes: 1 },
  { ratio: 0.3, nodes: 2 },
  { ratio: 0.6, nodes: 3 },
  { ratio: 1.1, nodes: 4 },
] as const;
/** Far from the source a psf changes on this share of the distance, or more slowly. */
const SLOPE = 4;

/** Nodes along a part of a pixel of this side at this distance from the source (chord). */
function nodesFor({ core, reach }: SmoothProfile, distance: number, side: number): number {
  const nearest = Math.max(0, distance - RADIUS * side);
  if (nearest > reach) return LEAVE;
  const ratio = side / Math.max(core, nearest / SLOPE);
  return RULES.find((rule) => ratio <= rule.ratio)?.nodes ?? CUT;
}

/** `profiles`: the psf by true-energy bin. */
export function pointImages(source: ExtendedSource, geom: HealpixGeom, profiles: readonly SmoothProfile[]): MakeImages {
  const { shape, free } = source;
  const near = makePixelsNear(geom);
  const direct = makeDirection(shape.frame, geom.frame);
  const s = new Float64Array(18);
  const at = new Float64Array(2);
  const f = new Float64Array(3);
  const area = pixelSide(geom.nside) ** 2;
  const reach = Math.max(...profiles.map((profile) => profile.reach));
  // the place of each free parameter in a jet of longitude and latitude
  const which = free.map((parameter) => (parameter === shape.lon ? 1 : 2));
  return (p, order, kept) => {
    const [lon, lat] = [p[shape.lon]!, p[shape.lat]!];
    convertFrame(lon, lat, shape.frame, geom.frame, at);
    direct(lon, lat, s);
    const pixels = near(at[0]!, at[1]!, reach * DEG);
    const out = emptyImages(pixels, profiles.length, imagesOf(free.length), kept);
    const { images } = out;
    let to = 0;
    let profile = profiles[0]!;
    const chord2 = (theta: number, phi: number) => {
      const sin = Math.sin(theta);
      x = sin * Math.cos(phi);
      y = sin * Math.sin(phi);
      z = Math.cos(theta);
      return (x - s[0]!) ** 2 + (y - s[1]!) ** 2 + (z - s[2]!) ** 2;
    };
    let [x, y, z] = [0, 0, 0];
    const choose = (theta: number, phi: number, side: number) => nodesFor(profile, Math.sqrt(chord2(theta, phi)), side);
    // derivative of the squared chord
    const slope = (k: number) => -2 * (x * s[3 * k]! + y * s[3 * k + 1]! + z * s[3 * k + 2]!);
    const visit = (theta: number, phi: number, share: number) => {
      densityAt(profile, chord2(theta, phi), f);
      const weight = area * share;
      images[0]![to]! += weight * f[0]!;
      for (let a = 0; order > 0 && a < which.length; a++) {
        const qa = slope(which[a]!);
        images[1 + a]![to]! += weight * f[1]! * qa;
        for (let b = 0; order > 1 && b <= a; b++) {
          const both = f[2]! * qa * slope(which[b]!) + f[1]! * slope(which[a]! + which[b]! + 1);
          images[1 + which.length + packedIndex(a, b)]![to]! += weight * both;
        }
      }
    };
    for (let t = 0; t < profiles.length; t++) {
      profile = profiles[t]!;
      if (profile.core === 0) continue;
      to = t * pixels.length;
      for (let i = 0; i < pixels.length; i++, to++) visitPixel(geom, numberOf(geom, pixels[i]!), choose, visit);
    }
    return out;
  };
}
