"""Upper limits on a source that is not there, of ON/OFF counts: python expected_limit.py > expected_limit.json

Pinned: gammapy 2.1, scipy 1.17.1, numpy 2.4.6. The counts are those that are expected without a source, so they are their own Asimov data; -2 ln L is gammapy.stats.wstat, its minimum
over the index by scipy.
"""

import json

import numpy as np
from gammapy.stats import wstat
from scipy.optimize import brentq, minimize_scalar
from scipy.stats import norm

EDGES = np.array([1.0, 3.0, 10.0, 30.0])
ON, OFF, ALPHA, EXPOSURE = np.array([4.0, 2.0, 1.0]), np.array([20.0, 10.0, 5.0]), 0.2, 1e13


def stat(amplitude, index):
    flux = amplitude * (EDGES[:-1] ** (1 - index) - EDGES[1:] ** (1 - index)) / (index - 1)
    return float(np.sum(wstat(ON, OFF, ALPHA, EXPOSURE * flux)))


def limit(cl, profile):
    """Where -2 ln L has risen by the square of the quantile, the index held at 2.5 or fitted (in 1.2 to 4)."""
    best = lambda a: minimize_scalar(lambda i: stat(a, i), bounds=(1.2, 4), method="bounded", options={"xatol": 1e-9}).fun if profile else stat(a, 2.5)
    return brentq(lambda a: best(a * 1e-13) - stat(0, 2.5) - norm.ppf(cl) ** 2, 0.1, 100, xtol=1e-10) * 1e-13


if __name__ == "__main__":
    cases = [{"cl": cl, "profile": profile, "limit": limit(cl, profile)} for cl in (0.9, 0.95) for profile in (False, True)]
    print(json.dumps({"edges": EDGES.tolist(), "on": ON.tolist(), "off": OFF.tolist(), "alpha": ALPHA, "exposure": EXPOSURE, "cases": cases}, indent=1))
