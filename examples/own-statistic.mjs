/** Poisson counts whose prediction is itself known to 5 % in each bin: a statistic of one's own, which datasets name. */

/** Relative error of the prediction of a bin (acceptance, background), independent from bin to bin. */
const SYSTEMATIC = 0.05;
const k = 1 / SYSTEMATIC ** 2;
/** Models may add up to less than nothing: no counts are expected then. */
const TINY = 1e-25;

/**
 * The mean scatters about mu by a gamma distribution of that relative width, so n has a negative binomial distribution, of variance mu + (SYSTEMATIC mu)^2.
 * -2 ln L without the terms of n alone, as in cash, which it is in the limit of no systematic error.
 */
function value(n, mu) {
  const m = Math.max(mu, TINY);
  return 2 * ((n + k) * Math.log1p(m / k) - n * Math.log(m));
}

const scatteredCash = {
  name: "cash-5-percent",
  about: "Poisson counts with a prediction that is known to 5 % in each bin",
  data: "counts",
  value,
  derivatives(n, mu, out) {
    out[0] = value(n, mu);
    out[1] = mu > TINY ? 2 * ((n + k) / (mu + k) - n / mu) : 0;
    out[2] = mu > TINY ? 2 * (n / mu ** 2 - (n + k) / (mu + k) ** 2) : 0;
    // no counts and none expected: what a source adds costs 2 a count, as in cash
    if (n === 0 && mu >= 0 && mu <= TINY) out[1] = 2;
  },
  // for simulations and toys; a gamma distribution as narrow as this is close to a normal one
  draw: (random, mu) => random.poisson(mu * Math.max(0, 1 + SYSTEMATIC * random.normal())),
};

export default { statistics: [scatteredCash] };
