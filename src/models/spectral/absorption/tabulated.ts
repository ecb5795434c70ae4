/** A function of energy with jumps as cubics between them, some hundred times faster than the sums that it is made of. */
import { findCell } from "../../../math/interpolate.js";
import type { CrossSection } from "./cross-section.js";

/** Width of a cubic in ln E: cross sections are then those of the sums to 1e-6. */
const STEP = 0.1;
/** eV: where the fits end. Above, the last power law goes on. */
const END = 5e4;

/** ln of the cross section at e [eV]; -Infinity below the first edge. */
export function tabulated(sigma: CrossSection, edges: readonly number[]): (e: number) => number {
  const marks = [...edges, END].map(Math.log);
  const starts: number[] = [];
  const widths: number[] = [];
  const cubics: number[] = [];
  for (let k = 0; k + 1 < marks.length; k++) {
    const n = Math.max(1, Math.ceil((marks[k + 1]! - marks[k]!) / STEP));
    const width = (marks[k + 1]! - marks[k]!) / n;
    for (let j = 0; j < n; j++) {
      const start = marks[k]! + j * width;
      // inside of the interval: an edge belongs to what is above it
      const inset = 1e-9 * width;
      const at = (t: number) => Math.log(sigma(Math.exp(start + inset + t * (width - 2 * inset))));
      const [a, b, c, d] = [at(0), at(1 / 3), at(2 / 3), at(1)];
      starts.push(start);
      widths.push(width);
      // Newton's form of the cubic through four points
      const [b1, c1, d1] = [3 * (b - a), 3 * (c - b), 3 * (d - c)];
      const [c2, d2] = [1.5 * (c1 - b1), 1.5 * (d1 - c1)];
      cubics.push(a, b1, c2, d2 - c2);
    }
  }
  const x = Float64Array.from([...starts, marks.at(-1)!]);
  const coefficients = Float64Array.from(cubics);
  const last = starts.length - 1;
  const value = (i: number, t: number) => {
    const [a, b, c, d] = [0, 1, 2, 3].map((k) => coefficients[4 * i + k]!) as [number, number, number, number];
    return a + t * (b + (t - 1 / 3) * (c + (t - 2 / 3) * d));
  };
  const slope = (value(last, 1) - value(last, 2 / 3)) / (widths[last]! / 3);
  const first = Math.exp(x[0]!);
  return (e) => {
    if (e < first) return Number.NEGATIVE_INFINITY;
    const l = Math.log(e);
    if (l >= x[x.length - 1]!) return value(last, 1) + slope * (l - x[x.length - 1]!);
    const i = findCell(x, l);
    return value(i, (l - x[i]!) / widths[i]!);
  };
}
