import type { RandomStream } from "../math/random.js";

/** ln L at a point of the unit cube; -Infinity where it is not finite. */
export type LogLikelihood = (u: Float64Array) => number;

/**
 * Slice sampling of the prior, uniform in the unit cube, within ln L > threshold: along random directions of the shape L (Neal 2003, Annals of
 * Statistics 31, 705; Handley, Hobson & Lasenby 2015, MNRAS 453, 4384). The returned function moves `u` [n] in place and returns its ln L.
 */
export function constrainedSlices(
  n: number,
  logLikelihood: LogLikelihood,
): (
  u: Float64Array,
  own: number,
  threshold: number,
  shape: Float64Array,
  repeats: number,
  stream: RandomStream,
) => number {
  const direction = new Float64Array(n);
  const normal = new Float64Array(n);
  const v = new Float64Array(n);

  function at(u: Float64Array, t: number): number {
    for (let i = 0; i < n; i++) {
      v[i] = u[i]! + t * direction[i]!;
      if (!(v[i]! > 0 && v[i]! < 1)) return Number.NEGATIVE_INFINITY;
    }
    return logLikelihood(v);
  }

  return (u, own, threshold, shape, repeats, stream) => {
    let current = own;
    for (let r = 0; r < repeats; r++) {
      let norm = 0;
      for (let i = 0; i < n; i++) {
        normal[i] = stream.normal();
        norm += normal[i]! ** 2;
      }
      // unit vectors of the shape: a step of 1 is one standard deviation of the live points
      for (let i = 0; i < n; i++) {
        let s = 0;
        for (let j = 0; j <= i; j++) s += shape[i * n + j]! * normal[j]!;
        direction[i] = s / Math.sqrt(norm);
      }
      let left = -WIDTH * stream.uniform();
      let right = left + WIDTH;
      for (let k = 0; k < MAX_OUT && at(u, left) > threshold; k++) left -= WIDTH;
      for (let k = 0; k < MAX_OUT && at(u, right) > threshold; k++) right += WIDTH;
      for (let k = 0; k < MAX_IN; k++) {
        const t = left + (right - left) * stream.uniform();
        const value = at(u, t);
        if (value > threshold) {
          u.set(v);
          current = value;
          break;
        }
        if (t < 0) left = t;
        else right = t;
      }
    }
    return current;
  };
}

/** First interval: about the chord through a ball whose points have unit standard deviation. */
const WIDTH = 2.5;
const MAX_OUT = 1000;
/** The interval shrinks by about 1.3 each time: to rounding. */
const MAX_IN = 200;
