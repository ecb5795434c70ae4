import { setDerivatives } from "./coordinates.js";
import { type Search, sigmaOf, valueAt } from "./state.js";

const EPSILON = 2 ** -52;
/** Longest first trial, in standard deviations of a parameter with the others held; only what falls further is followed beyond. */
const LONG = 30;
/** Decrease, as a part of what the slope predicts, that is enough [Armijo 1966; Nocedal & Wright 2006, equation 3.4]. */
const ENOUGH = 1e-4;
const MAX_SHORTER = 40;
const MAX_LONGER = 20;

/** A step length along d that lowers the function enough, by parabolas through value, slope and the last trial; 0 if there is none. */
export function lineSearch(s: Search, slope: number): number {
  const { value } = s;
  const rounding = 4 * EPSILON * Math.abs(value);
  const long = lengthInSigmas(s);
  const first = long > LONG ? LONG / long : 1;
  let alpha = first;
  let trial = trialAt(s, alpha);
  for (let k = 0; k < MAX_SHORTER; k++) {
    if (trial <= value + ENOUGH * alpha * slope + rounding) break;
    if (k === MAX_SHORTER - 1) return 0;
    const parabola = Number.isFinite(trial) ? (-slope * alpha) / (2 * ((trial - value) / alpha - slope)) / alpha : 0.1;
    alpha *= Math.min(0.5, Math.max(0.1, parabola));
    trial = trialAt(s, alpha);
  }
  return alpha === first ? lengthen(s, alpha, trial, slope) : alpha;
}

/** Goes on while the function falls faster than the parabola of the metric does. */
function lengthen(s: Search, first: number, value: number, slope: number): number {
  let alpha = first;
  let trial = value;
  for (let k = 0; k < MAX_LONGER && trial - s.value < 0.9 * alpha * slope; k++) {
    const longer = trialAt(s, 3 * alpha);
    if (!(longer < trial)) break;
    alpha *= 3;
    trial = longer;
  }
  return alpha;
}

/** The value at u + alpha d. */
function trialAt(s: Search, alpha: number): number {
  const { n, u, d, trial } = s;
  for (let i = 0; i < n; i++) trial[i] = u[i]! + alpha * d[i]!;
  return valueAt(s, trial);
}

/** Length of d in x: the largest of its components, each in standard deviations with the others held. */
function lengthInSigmas(s: Search): number {
  const { n, coordinates, u, d, first, second } = s;
  let long = 0;
  setDerivatives(coordinates, u, first, second);
  for (let i = 0; i < n; i++) long = Math.max(long, Math.abs(d[i]! * first[i]!) / sigmaOf(s, i));
  return long;
}
