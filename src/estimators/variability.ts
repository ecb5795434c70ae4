/** How much a light curve varies, from its norms and their symmetric errors: numbers without unit, the same for every flux quantity. */
import { normError } from "../datasets/flux-points.js";
import type { LightCurve } from "../datasets/types.js";
import { chi2Sf } from "../math/gamma.js";
import { intervalsInMjd } from "../time/intervals.js";

/** A fraction of the mean flux with its error. */
interface Fraction {
  /** Variance beyond the errors over the squared mean; below 0 where the points scatter less than their errors. */
  readonly excess: number;
  readonly excessErr: number;
  /** Its root; NaN where `excess` is not above 0. */
  readonly value: number;
  readonly err: number;
}

/** The shortest time of a rise to the double, or a fall to the half, between neighbouring points; NaN where there is none. */
interface FluxDoubling {
  /** d */
  readonly time: number;
  readonly err: number;
  /** Centre of the first of both intervals, MJD in the light curve's time scale. */
  readonly mjd: number;
}

/** Of one energy bin. */
export interface Variability {
  /** Intervals with a measured norm. */
  readonly intervals: number;
  /** chi2 of the norms around their weighted mean. */
  readonly chi2: number;
  readonly dof: number;
  readonly pValue: number;
  /** Fractional excess variance F_var (Vaughan et al. 2003, eq. 8 to 11 and B2). */
  readonly fvar: Fraction;
  /** Point-to-point fractional variance F_pp (Edelson et al. 2002, eq. 3); equal to F_var for white noise. */
  readonly fpp: Fraction;
  readonly doubling: FluxDoubling;
  readonly halving: FluxDoubling;
}

/**
 * How much a light curve varies, by energy bin: chi2 around the weighted mean, fractional excess variance [Vaughan et al. 2003, MNRAS 345, 1271], point-to-point
 * variance [Edelson et al. 2002, ApJ 568, 610], and times of doubling and halving [Brown 2013, MNRAS 431, 824], d. All of it takes errors as Gaussian; for few
 * counts use `testConstancy`.
 */
export function variability(curve: LightCurve): Variability[] {
  const mjd = intervalsInMjd(curve.time).map(([start, stop]) => (start + stop) / 2);
  return Array.from(curve.points[0]!.norm, (_, k) => {
    const x = curve.points.map((points) => points.norm[k]!);
    const err = curve.points.map((points) => normError(points, k));
    return { ...chi2OfConstant(x, err), ...fractions(x, err), ...doublings(mjd, x, err) };
  });
}

function chi2OfConstant(x: readonly number[], err: readonly number[]) {
  let [n, weights, sum, squares] = [0, 0, 0, 0];
  const each = (f: (x: number, w: number) => void) => {
    for (const [i, value] of x.entries()) if (value - value === 0 && err[i]! > 0) f(value, err[i]! ** -2);
  };
  each((value, w) => {
    n++;
    weights += w;
    sum += w * value;
  });
  const mean = sum / weights;
  each((value, w) => {
    squares += w * (value - mean) ** 2;
  });
  const dof = Math.max(0, n - 1);
  const chi2 = n === 0 ? Number.NaN : squares;
  return { intervals: n, chi2, dof, pValue: dof === 0 ? Number.NaN : chi2Sf(chi2, dof) };
}

function fractions(x: readonly number[], err: readonly number[]) {
  const good = x.flatMap((value, i) => (Number.isFinite(value) && Number.isFinite(err[i]!) ? [i] : []));
  const n = good.length;
  const total = (f: (i: number, k: number) => number) => good.reduce((sum, i, k) => sum + f(i, k), 0);
  const mean = total((i) => x[i]!) / n;
  const noise = total((i) => err[i]! ** 2) / n;
  const scatter = total((i) => (x[i]! - mean) ** 2) / (n - 1);
  // a gap breaks the chain: what stands beside it are no neighbours
  let [steps, squares] = [0, 0];
  for (let i = 1; i < x.length; i++) {
    const step = x[i]! - x[i - 1]!;
    if (!Number.isFinite(step)) continue;
    steps++;
    squares += step * step;
  }
  const fraction = (variance: number): Fraction => {
    const excess = (variance - noise) / mean ** 2;
    const value = excess > 0 ? Math.sqrt(excess) : Number.NaN;
    const plain = Math.sqrt(2 / n) * (noise / mean ** 2);
    const excessErr = Math.hypot(plain, Math.sqrt(noise / n) * ((2 * Math.sqrt(Math.max(0, excess))) / mean));
    return { excess, excessErr, value, err: excessErr / (2 * value) };
  };
  return { fvar: fraction(scatter), fpp: fraction(squares / (2 * steps)) };
}

/** Brown 2013 (MNRAS 431, 824): time between two points over log2 of the ratio of their fluxes. */
function doublings(mjd: readonly number[], x: readonly number[], err: readonly number[]) {
  const none = { time: Number.NaN, err: Number.NaN, mjd: Number.NaN };
  const best = { doubling: none, halving: none };
  for (let i = 0; i + 1 < x.length; i++) {
    const [a, b] = [x[i]!, x[i + 1]!];
    if (!(a > 0 && b > 0) || a === b) continue;
    const log = Math.log(b / a);
    const time = ((mjd[i + 1]! - mjd[i]!) * Math.LN2) / Math.abs(log);
    const key = log > 0 ? "doubling" : "halving";
    if (!(time >= best[key].time)) {
      const relative = Math.hypot(err[i]! / a, err[i + 1]! / b);
      best[key] = { time, err: (time / Math.abs(log)) * relative, mjd: mjd[i]! };
    }
  }
  return best;
}
