"""Statistics of counts with a background: minimised, or written out, in arithmetic of 40 digits.

    python counts_statistics.py [> counts_statistics.json]

mpmath 1.3. Bins are [n, m, alpha, error of m, mu].
"""

import json
import sys

import mpmath as mp

mp.mp.dps = 40

BINS = [
    [12, 40, 0.2, 5, 3.5],
    [12, 40, 0.2, 5, 30],
    [0, 40, 0.2, 5, 3],
    [0, 3, 0.5, 4, 0.5],
    [250, 9000, 0.02, 150, 60],
    [7, 40, 0.2, 0.001, 3.5],
    [5, 40, 0.2, 8, -4],
    [3, 0, 1, 2, 0.5],
]


def deviance(n, t):
    return 2 * (t - n + (n * mp.log(n / t) if n > 0 else 0))


def pgstat(n, m, alpha, error, mu):
    """The smallest value over the expected counts t >= 0, found by a search that knows no formula for it."""
    n, b, s, mu = mp.mpf(n), mp.mpf(m) * mp.mpf(alpha), mp.mpf(error) * mp.mpf(alpha), mp.mpf(mu)

    def stat(t):
        return deviance(n, t) + ((t - mu - b) / s) ** 2

    slope = lambda t: (2 * (1 - n / t) if n > 0 else 2) + 2 * (t - mu - b) / s**2
    low, high = mp.mpf(0) if n == 0 else mp.mpf(10) ** -30, n + abs(mu + b) + 10 * s * s + 10
    if n == 0 and slope(low) >= 0:
        return stat(mp.mpf(0))
    for _ in range(400):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) < 0 else (low, middle)
    return stat(low)


def gehrels(n):
    return (1 + mp.sqrt(mp.mpf(n) + mp.mpf(3) / 4)) ** 2


def all_of(n, m, alpha, error, mu):
    n_, m_, a, mu_ = mp.mpf(n), mp.mpf(m), mp.mpf(alpha), mp.mpf(mu)
    r = n_ - a * m_ - mu_
    rest = a * a * mp.mpf(error) ** 2
    return {
        "pgstat": float(pgstat(n, m, alpha, error, mu)),
        "cstat": float(deviance(n_, mu_ + a * m_)) if mu_ + a * m_ > 0 else None,
        "chi2datavar": float(r * r / (n_ + a * a * m_)),
        "chi2gehrels": float(r * r / (gehrels(n) + a * a * gehrels(m))),
        "chi2modvar": float(r * r / (max(mu_, 1) + rest)),
    }


json.dump({"bins": [{"bin": b, **all_of(*b)} for b in BINS]}, sys.stdout, indent=1)
