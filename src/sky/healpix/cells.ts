/** Integrals over HEALPix pixels: all parts of a face that are equal in (x, y) have the same solid angle, so a mean over a square of the face is one over the sky. */
import { gaussLegendre } from "../../math/quadrature.js";
import { faceAngles, pixelCount, placeInFace, type Scheme } from "./scheme.js";

/** What is to be done with a part of a pixel: take n x n nodes in it, cut it into four, or leave it out. */
export const CUT = 0;
export const LEAVE = -1;

/** Nodes along a side at most. */
const MAX_NODES = 4;
/** A pixel is halved at most so often. */
const MAX_DEPTH = 12;

const RULES = Array.from({ length: MAX_NODES + 1 }, (_, n) => {
  if (n === 0) return { at: new Float64Array(0), weight: new Float64Array(0) };
  const { nodes, weights } = gaussLegendre(n);
  return { at: nodes.map((x) => (x + 1) / 2), weight: weights.map((w) => w / 2) };
});

/** Side of a pixel, rad: the square root of its solid angle. */
export const pixelSide = (nside: number): number => Math.sqrt((4 * Math.PI) / pixelCount(nside));

/**
 * Visits the nodes of one pixel, with the share of the pixel that each of them stands for. `choose` is asked with the middle of a part (colatitude, longitude, rad) and its side [rad] what to do
 * with it: `CUT`, `LEAVE`, or the number of nodes of Gauss and Legendre along each side, 1 to 4.
 */
export function visitPixel(
  scheme: Scheme,
  number: number,
  choose: (theta: number, lon: number, side: number) => number,
  visit: (theta: number, lon: number, share: number) => void,
): void {
  const { nside } = scheme;
  const out = new Float64Array(2);
  const [face, x, y] = placeInFace(scheme, number, out);
  const side = pixelSide(nside);
  const part = (x0: number, y0: number, size: number, depth: number) => {
    faceAngles(nside, face, x0 + size / 2, y0 + size / 2, out);
    const wanted = choose(out[0]!, out[1]!, side * size);
    if (wanted === LEAVE) return;
    if (wanted === CUT && depth < MAX_DEPTH) {
      const half = size / 2;
      for (let k = 0; k < 4; k++) part(x0 + (k & 1) * half, y0 + (k >> 1) * half, half, depth + 1);
      return;
    }
    const { at, weight } = RULES[wanted === CUT ? MAX_NODES : wanted]!;
    for (let j = 0; j < at.length; j++) {
      for (let i = 0; i < at.length; i++) {
        faceAngles(nside, face, x0 + at[i]! * size, y0 + at[j]! * size, out);
        visit(out[0]!, out[1]!, weight[i]! * weight[j]! * size * size);
      }
    }
  };
  part(x, y, 1, 0);
}
