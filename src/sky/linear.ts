/**
 * The linear part of a WCS, CDi_j [deg a pixel] as [CD1_1, CD1_2, CD2_1, CD2_2]: column k is the step of pixel axis k in the plane of the
 * projection (FITS WCS Paper I, section 2.1).
 */
import type { Wcs } from "./types.js";

type Cd = Wcs["cd"];

const RAD = Math.PI / 180;
/** Angles [rad] and relative differences of lengths below this do not count. */
const TOLERANCE = 1e-6;

/** CDELT with a rotation by CROTA2 [deg] (Paper II, equation (189)); none: pixel axes along those of the plane. */
export function rotatedSteps(cdelt1: number, cdelt2: number, rotation = 0): Cd {
  if (rotation === 0) return [cdelt1, 0, 0, cdelt2];
  const c = Math.cos(rotation * RAD);
  const s = Math.sin(rotation * RAD);
  return [cdelt1 * c, -cdelt2 * s, cdelt1 * s, cdelt2 * c];
}

/** Whether the map is not rotated: pixel axes along those of the plane. */
export const isAlongAxes = ([, b, c]: Cd): boolean => b === 0 && c === 0;

/** Area of a pixel in the plane, deg2; negative where longitude increases to the left. */
export const determinant = ([a, b, c, d]: Cd): number => a * d - b * c;

/** Lengths of the steps of both pixel axes, deg. */
export const stepLengths = ([a, b, c, d]: Cd): [number, number] => [Math.sqrt(a * a + c * c), Math.sqrt(b * b + d * d)];

/** Distances of neighbouring columns and rows of pixels, deg: the lengths of the steps, unless the map is skewed. */
export function lineDistances(cd: Cd): [number, number] {
  const [x, y] = stepLengths(cd);
  const sine = Math.abs(determinant(cd)) / (x * y);
  return sine > 1 - TOLERANCE ** 2 ? [x, y] : [x * sine, y * sine];
}

/** Whether pixels are squares, in whatever direction. */
export function isSquare(cd: Cd): boolean {
  const [a, b, c, d] = cd;
  const [x, y] = stepLengths(cd);
  return Math.abs(x - y) <= TOLERANCE * x && Math.abs(a * b + c * d) <= TOLERANCE * x * y;
}

/** The steps of pixels `factor` times smaller. */
export const dividedSteps = ([a, b, c, d]: Cd, factor: number): Cd => [a / factor, b / factor, c / factor, d / factor];
