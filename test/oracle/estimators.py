"""Intervals of a Gaussian with sigma 1 and a mean that cannot be negative, by the likelihood-ratio order of Feldman & Cousins (1998), section IV B.
scipy 1.15, numpy 2. Writes estimators.json: for each measured x and level, the interval of the mean."""

import json
from pathlib import Path

from scipy.optimize import brentq
from scipy.stats import norm


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
Path(__file__).with_suffix(".json").write_text(json.dumps({"gaussian": out}, indent=1) + "\n")
