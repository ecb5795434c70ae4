import { chi2Sf, poissonDeviance } from "../math/gamma.js";
import { bracketRoot, brentRoot } from "../math/roots.js";
import { log1pExcessInverse } from "../math/special.js";
import { truncation } from "./cash.js";
import { wstat } from "./wstat.js";

/** Significance of counts in one bin: all NaN-free unless the input is. */
export interface CountsStatistics {
  /** Counts above the background. */
  readonly excess: number;
  /** Background in the ON region. */
  readonly background: number;
  /** Approximate error of the excess. */
  readonly error: number;
  /** stat(no excess) - stat(best). */
  readonly ts: number;
  /** Its root with the sign of the excess. */
  readonly sqrtTs: number;
  /** One-sided p-value of the excess. */
  readonly pValue: number;
  /** Distances below and above the excess at which the statistic has risen by nSigma^2. errn ends at no counts predicted. */
  errn(nSigma?: number): number;
  errp(nSigma?: number): number;
  /** Excess above which the statistic exceeds its best by nSigma^2. */
  upperLimit(nSigma?: number): number;
}

/** Counts n for a known background mu. */
export function cashCountsStatistics(nOn: number, background: number): CountsStatistics {
  const excess = nOn - background;
  const ts = 2 * poissonDeviance(nOn, Math.max(background, truncation));
  // The deviance d(n, n (1 + u)) = n (u - ln(1 + u)) = nSigma^2 / 2, solved for u. Without counts it is mu itself.
  const errp = (nSigma: number) => (nOn > 0 ? nOn * log1pExcessInverse(nSigma ** 2 / (2 * nOn), 1) : nSigma ** 2 / 2);
  return {
    ...significance(excess, background, Math.sqrt(nOn), ts),
    errn: (nSigma = 1) => (nOn > 0 ? -nOn * log1pExcessInverse(nSigma ** 2 / (2 * nOn), -1) : 0),
    errp: (nSigma = 1) => errp(nSigma),
    // As Gammapy: without counts the limit is on the total, not lowered by the background.
    upperLimit: (nSigma = 3) => (nOn > 0 ? errp(nSigma) + excess : nSigma ** 2 / 2),
  };
}

/** Counts n on and m off the source, with exposure ratio alpha > 0; `muSig` is a known signal that is not part of the excess. */
export function wstatCountsStatistics(nOn: number, nOff: number, alpha: number, muSig = 0): CountsStatistics {
  const background = alpha * nOff;
  const excess = nOn - background - muSig;
  const error = Math.sqrt(nOn + alpha * alpha * nOff);
  const stat = (mu: number) => wstat(nOn, nOff, alpha, mu + muSig);
  const best = stat(excess);
  const ts = Math.max(0, stat(0) - best);
  const cross = (nSigma: number, direction: 1 | -1, reference: number): number | undefined => {
    const f = (mu: number) => stat(mu) - reference - nSigma ** 2;
    const width = nSigma * (error + 1);
    const bracket =
      direction > 0
        ? bracketRoot(f, excess, 2 * width)
        : bracketRoot(f, excess, -2 * width, { limit: excess - 2 * width, maxCalls: 2 });
    if (!bracket.success) return undefined;
    const root = brentRoot(f, bracket.a, bracket.b);
    return root.success ? root.x : undefined;
  };
  const upper = (nSigma: number): number => cross(nSigma, 1, best) ?? Number.NaN;
  return {
    ...significance(excess, background, error, ts),
    errn(nSigma = 1) {
      const root = cross(nSigma, -1, best);
      // As Gammapy: no crossing within twice the error means that all ON counts may be background.
      return root === undefined ? nOn : excess - root;
    },
    errp: (nSigma = 1) => upper(nSigma) - excess,
    upperLimit: (nSigma = 3) => upper(nSigma),
  };
}

function significance(excess: number, background: number, error: number, ts: number) {
  return { excess, background, error, ts, sqrtTs: Math.sign(excess) * Math.sqrt(ts), pValue: 0.5 * chi2Sf(ts, 1) };
}
