"""Intervals of a Gaussian with sigma 1 and a mean that cannot be negative, by the likelihood-ratio order of Feldman & Cousins (1998), section IV B,
its upper limits by the one-sided order of Cowan et al. (2011), and p-values of counts over a known background. scipy 1.17, numpy 2. Writes estimators.json."""

import json
from pathlib import Path

import numpy as np
from scipy.optimize import brentq
from scipy.stats import chi2, norm, poisson


def ln_ratio(x, mu):
    """ln R(x), eq. 4.3 of the paper: -(x - mu)^2 / 2 for x >= 0, x mu - mu^2 / 2 for x < 0."""
    return -((x - mu) ** 2) / 2 if x >= 0 else x * mu - mu**2 / 2


def acceptance(mu, level):
    """[x1, x2] with R(x1) = R(x2) that holds the level."""

    def x2_of(x1):
        return mu + (-2 * ln_ratio(x1, mu)) ** 0.5

    def miss(x1):
        return norm.cdf(x2_of(x1) - mu) - norm.cdf(x1 - mu) - level

    start = -40.0
    while miss(start) < 0:
        start *= 2
    x1 = brentq(miss, start, mu, xtol=1e-12)
    return x1, x2_of(x1)


def interval(x, level):
    def lower_edge(mu):  # x = x2(mu): the lower end of the interval
        return acceptance(mu, level)[1] - x

    def upper_edge(mu):  # x = x1(mu): the upper end
        return acceptance(mu, level)[0] - x

    tiny = 1e-6
    lower = 0.0 if lower_edge(tiny) >= 0 else brentq(lower_edge, tiny, x + 10, xtol=1e-10)
    upper = brentq(upper_edge, tiny, max(x, 0) + 10, xtol=1e-10)
    return [lower, upper]


out = [
    {"x": x, "level": level, "interval": interval(x, level)}
    for level in (0.6827, 0.9)
    for x in (-1.0, 0.0, 0.5, 1.0, 2.0, 3.0)
]


def limit(x, cl):
    """The mean that gives an estimate of at most x with probability 1 - cl: q falls with x below the mean, so the bound at 0 changes nothing."""
    return {"x": x, "cl": cl, "limit": x + norm.ppf(cl)}


def counts(n, b):
    """Probability of n or more counts from a background b; its TS, and what Chernoff says of it."""
    ts = float(2 * (n * np.log(n / b) - (n - b)))
    return {"n": n, "b": b, "p": float(poisson.sf(n - 1, b)), "ts": ts, "asymptotic": float(0.5 * chi2.sf(ts, 1))}


# limits expected of a true mean of 2, at -2 ... 2 standard deviations
expected = [{"cl": cl, "quantiles": [2 + s + norm.ppf(cl) for s in (-2, -1, 0, 1, 2)]} for cl in (0.9, 0.95)]
document = {
    "gaussian": out,
    "limits": [limit(x, cl) for cl in (0.9, 0.95) for x in (-1.0, 1.0, 3.0)],
    "expected": expected,
    "counts": [counts(n, b) for n, b in ((8, 3.0), (2, 0.5), (40, 30.0))],
}
Path(__file__).with_suffix(".json").write_text(json.dumps(document, indent=1) + "\n")
