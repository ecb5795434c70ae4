/** The linear part of a WCS in a header: CDi_j, or PCi_j with CDELT, or CDELT with CROTA2 (FITS WCS Papers I and II). */
import { FormatError } from "../errors.js";
import { type Card, getCard, headerNumber } from "../fits/index.js";
import { determinant, isAlongAxes, rotatedSteps } from "../sky/index.js";
import type { Wcs } from "../sky/types.js";
import { card } from "./cards.js";

const ELEMENTS = ["1_1", "1_2", "2_1", "2_2"];

export function readLinear(header: readonly Card[], where: string): Wcs["cd"] {
  const cd = linearOf(header, where);
  const det = determinant(cd);
  if (!Number.isFinite(det) || det === 0) {
    const found = isAlongAxes(cd) ? `the pixel scales are ${cd[0]}, ${cd[3]} deg` : `CDi_j are ${cd.join(", ")} deg`;
    throw new FormatError(`${where}: ${found}, expected numbers other than 0 that give pixels an area`);
  }
  return cd;
}

function linearOf(header: readonly Card[], where: string): Wcs["cd"] {
  const has = (prefix: string) => ELEMENTS.some((ij) => getCard(header, prefix + ij) !== undefined);
  const m = (key: string, fallback: number) => headerNumber(header, key, where, fallback);
  if (has("CD")) {
    if (has("PC")) {
      throw new FormatError(`${where}: found both CDi_j and PCi_j, expected one of them; take the other out`);
    }
    return [m("CD1_1", 0), m("CD1_2", 0), m("CD2_1", 0), m("CD2_2", 0)];
  }
  const [x, y] = [m("CDELT1", 1), m("CDELT2", 1)];
  // CROTA2 is not to stand beside PCi_j; where it does these count, as in wcslib
  if (!has("PC")) return rotatedSteps(x, y, m("CROTA2", 0));
  return [x * m("PC1_1", 1), x * m("PC1_2", 0), y * m("PC2_1", 0), y * m("PC2_2", 1)];
}

/** CDELT, and for rotated maps PCi_j, whose rows are of length 1. */
export function linearCards(cd: Wcs["cd"]): Card[] {
  const [a, b, c, d] = cd;
  if (isAlongAxes(cd)) return [card("CDELT1", a), card("CDELT2", d)];
  const x = Math.hypot(a, b) * (determinant(cd) < 0 ? -1 : 1);
  const y = Math.hypot(c, d);
  const pc = [a / x, b / x, c / y, d / y];
  return [...pc.map((value, k) => card(`PC${ELEMENTS[k]}`, value)), card("CDELT1", x), card("CDELT2", y)];
}
