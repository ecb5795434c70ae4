"""Oracle of feldmanCousins: the belt of Feldman & Cousins 1998 (PRD 57, 3873), section IV, built on a grid of signals with scipy alone.

Writes feldman_cousins.json beside this file. scipy 1.17.1, numpy 2.4.6 (versions in the output).
"""

import json
import pathlib

import numpy as np
import scipy
from scipy.stats import poisson

STEP = 2e-3
COUNTS = np.arange(60)


def accepted(mu, background, level):
    """Counts in the order of P(n | mu + b) / P(n | best mu >= 0 + b), until their probability reaches the level."""
    p = poisson.pmf(COUNTS, mu + background)
    best = poisson.pmf(COUNTS, np.maximum(COUNTS, background))
    order = np.argsort(-p / best, kind="stable")
    before = np.cumsum(p[order]) - p[order]
    return order[before < level]


def belt(background, level, most):
    """As the paper does, upper ends are lengthened so that they never rise with the background."""
    lower, upper = plain_belt(background, level, most)
    for more in np.arange(0.02, 1, 0.02):
        upper = np.maximum(upper, plain_belt(background + more, level, most)[1])
    return np.stack([lower, upper], axis=1)


def plain_belt(background, level, most):
    lower = np.full(most, np.inf)
    upper = np.full(most, -np.inf)
    for mu in np.arange(0, 16, STEP):
        inside = accepted(mu, background, level)
        inside = inside[inside < most]
        lower[inside] = np.minimum(lower[inside], mu)
        upper[inside] = np.maximum(upper[inside], mu)
    return lower, upper


cases = [(0.9, 0.0, 8), (0.9, 3.0, 8), (0.6827, 0.0, 6), (0.95, 1.5, 6)]
result = {
    "versions": {"scipy": scipy.__version__, "numpy": np.__version__},
    "step": STEP,
    "cases": [
        {"level": level, "background": b, "intervals": np.round(belt(b, level, most), 4).tolist()}
        for level, b, most in cases
    ],
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(result, indent=1) + "\n")
