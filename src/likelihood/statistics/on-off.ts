/** Statistics of X-ray spectra beside wstat: what is subtracted or known in place of a background that is fitted in each bin. */
import { clippedCstatDerivatives, cstat as cstatOf } from "../../stats/cash.js";
import {
  chi2Counts,
  chi2CountsDerivatives,
  chi2Model,
  chi2ModelDerivatives,
  gehrelsVariance,
} from "../../stats/chi2-counts.js";
import { pgstatDerivatives, pgstat as pgstatOf, pgstatTotal } from "../../stats/pgstat.js";
import type { CountsStatistic, OnOffErrors, OnOffStatistic } from "./types.js";

/** Below this a normal distribution is not a good stand-in for that of Poisson. */
const FEW = 10;

/** As known as it is: what is measured off the source, times alpha. */
const known = {
  background: (_nOn: number, nOff: number) => nOff,
  total: (_nOn: number, nOff: number, alpha: number, mu: number) => mu + alpha * nOff,
};

/** Poisson counts whose background is exactly alpha times the counts off the source (XSPEC's pstat); none without such counts. */
export const cstatOnOff: OnOffStatistic = {
  name: "cstat",
  about: "Poisson counts with a background taken as exactly alpha times the OFF counts, or without one",
  data: "on-off",
  mayLackOff: true,
  fewest: { off: 100 },
  value: (n, m, alpha, mu) => cstatOf(n, Math.max(mu + alpha * m, 0)),
  derivatives: (n, m, alpha, mu, out) => clippedCstatDerivatives(n, mu + alpha * m, out),
  alphaDerivatives(n, m, alpha, mu, out) {
    clippedCstatDerivatives(n, mu + alpha * m, out);
    out[3] = m * out[1]!;
    out[4] = m * m * out[2]!;
    out[5] = m * out[2]!;
  },
  ...known,
};

/** Cash with the terms that make it 0 where all is as predicted. */
export const cstat: CountsStatistic = {
  name: "cstat",
  about: "cash with the terms of the counts alone, so that it is 0 for a perfect fit",
  data: "counts",
  value: (n, mu) => cstatOf(n, Math.max(mu, 0)),
  derivatives: clippedCstatDerivatives,
};

/** Error of the OFF counts: of the file, else Poisson's. */
const offVariance = (m: number, { off }: OnOffErrors) => (Number.isNaN(off) ? m : off * off);

/** Poisson counts with a background of normal error, profiled in each bin (XSPEC's appendix on statistics). */
export const pgstat: OnOffStatistic = {
  name: "pgstat",
  about: "Poisson counts with a background of normal errors",
  data: "on-off",
  uses: ["off", "systematic"],
  fewest: { off: FEW },
  constant: (_n, m, _alpha, errors) => Math.sqrt(offVariance(m, errors) + errors.offSystematic ** 2),
  value: (n, m, alpha, mu, error) => pgstatOf(n, alpha * m, alpha * error, mu),
  derivatives: (n, m, alpha, mu, out, error) => pgstatDerivatives(n, alpha * m, alpha * error, mu, out),
  total: (n, m, alpha, mu, error) => pgstatTotal(n, alpha * m, alpha * error, mu),
  background: (n, m, alpha, mu, error) => (pgstatTotal(n, alpha * m, alpha * error, mu) - mu) / alpha,
};

/** The variance of counts: of the file where it has errors, else by a rule, with systematic errors in quadrature. */
function variance(rule: (n: number) => number, isOnGiven = false): NonNullable<OnOffStatistic["constant"]> {
  return (n, m, alpha, { on, off, onSystematic, offSystematic }) => {
    const ofOn = Number.isNaN(on) && !isOnGiven ? rule(n) : on * on;
    const ofOff = Number.isNaN(off) ? (m === 0 && isOnGiven ? 0 : rule(m)) : off * off;
    return ofOn + onSystematic ** 2 + alpha * alpha * (ofOff + offSystematic ** 2);
  };
}

const subtracted: Omit<OnOffStatistic, "name" | "about"> = {
  data: "on-off",
  uses: ["on", "off", "systematic"],
  mayLackOff: true,
  value: (n, m, alpha, mu, v) => chi2Counts(n, mu + alpha * m, v),
  derivatives: (n, m, alpha, mu, out, v) => chi2CountsDerivatives(n, mu + alpha * m, v, out),
  ...known,
};

export const chi2OnOff: OnOffStatistic = {
  name: "chi2",
  about: "counts with the background subtracted, with the errors of the file (STAT_ERR, SYS_ERR)",
  ...subtracted,
  needsErrors: true,
  constant: variance((n) => n, true),
};

export const chi2DataVariance: OnOffStatistic = {
  name: "chi2datavar",
  about: "counts with the background subtracted, with the counts as their variance",
  ...subtracted,
  fewest: { on: FEW },
  constant: variance((n) => n),
};

export const chi2Gehrels: OnOffStatistic = {
  name: "chi2gehrels",
  about: "counts with the background subtracted, with the errors of Gehrels (1986)",
  ...subtracted,
  fewest: { on: FEW },
  constant: variance(gehrelsVariance),
};

/** The variance of the source is that of its model, that of the background its counts. */
export const chi2ModelVariance: OnOffStatistic = {
  name: "chi2modvar",
  about: "counts with the background subtracted, with the predicted counts as their variance",
  ...subtracted,
  uses: ["off", "systematic"],
  fewest: { on: FEW },
  constant: (_n, m, alpha, errors) =>
    errors.onSystematic ** 2 + alpha * alpha * (offVariance(m, errors) + errors.offSystematic ** 2),
  value: (n, m, alpha, mu, rest) => chi2Model(n, mu, alpha * m, rest),
  derivatives: (n, m, alpha, mu, out, rest) => chi2ModelDerivatives(n, mu, alpha * m, rest, out),
};
