"""Oracle of test/fit: a log parabola fitted to flux points, by iminuit and scipy. Writes fit.json beside this file.

iminuit 2.33.0, scipy 1.17.1, numpy 2.4.6 (versions in the output).
"""

import json
import pathlib

import iminuit
import numpy as np
import scipy
from iminuit import Minuit
from scipy import stats
from scipy.integrate import quad

ENERGY = np.geomspace(0.1, 30, 9)
REFERENCE = 1.0
TRUTH = (3.7e-11, 2.3, 0.12)
rng = np.random.default_rng(5)


def model(e, amplitude, alpha, beta, reference=REFERENCE):
    x = np.log(e / reference)
    return amplitude * np.exp(-(alpha + beta * x) * x)


dnde = model(ENERGY, *TRUTH) * (1 + 0.12 * rng.standard_normal(ENERGY.size))
error = 0.12 * model(ENERGY, *TRUTH)


def run(reference, start):
    def stat(amplitude, alpha, beta):
        return float(np.sum(((dnde - model(ENERGY, amplitude * 1e-11, alpha, beta, reference)) / error) ** 2))

    m = Minuit(stat, *start)
    m.strategy = 2
    m.tol = 1e-6
    m.migrad()
    m.hesse()
    m.minos()
    return m


def minos(m, name):
    me = m.merrors[name]
    return [-me.lower, me.upper]


m = run(REFERENCE, (3.7, 2.3, 0.12))
scale = np.array([1e-11, 1, 1])
cov = np.array(m.covariance) * np.outer(scale, scale)
values = np.array(m.values) * scale
three = run(REFERENCE, tuple(m.values))
three.minos(cl=stats.chi2.cdf(9, 1))
contour = m.mncontour("alpha", "beta", cl=stats.chi2.cdf(1, 2), size=16)

# profile errors of dnde(E): the same model with reference E has it as a parameter
bands = []
for e in (0.03, 0.5, 20.0):
    x = np.log(e / REFERENCE)
    a, alpha, beta = values
    at = model(e, a, alpha, beta)
    other = run(e, (at / 1e-11, alpha + 2 * beta * x, beta))
    gradient = at * np.array([1 / a, -x, -x * x])
    bands.append(
        {
            "energy": e,
            "value": at,
            "linear": float(np.sqrt(gradient @ cov @ gradient)),
            "profile": [1e-11 * v for v in minos(other, "amplitude")],
        }
    )


def integral(p, lo, hi, power):
    return quad(lambda u: np.exp((1 + power) * u) * model(np.exp(u), *p), np.log(lo), np.log(hi), epsabs=0, epsrel=1e-11)[0]


def linear(lo, hi, power):
    p = values
    gradient = []
    for i in range(3):
        h = 1e-4 * abs(p[i])
        up, down = p.copy(), p.copy()
        up[i] += h
        down[i] -= h
        gradient.append((integral(up, lo, hi, power) - integral(down, lo, hi, power)) / (2 * h))
    g = np.array(gradient)
    return float(np.sqrt(g @ cov @ g))


def relative(u):
    x = u - np.log(REFERENCE)
    g = np.array([1 / values[0], -x, -x * x])
    return float(g @ cov @ g)


# two minima: the lower one
grid = np.linspace(np.log(1e-6), np.log(1e4), 4001)
near = grid[np.argmin([relative(u) for u in grid])]
pivot = float(np.exp(scipy.optimize.minimize_scalar(relative, bounds=(near - 0.01, near + 0.01), method="bounded", options={"xatol": 1e-11}).x))

out = {
    "versions": {"iminuit": iminuit.__version__, "scipy": scipy.__version__, "numpy": np.__version__},
    "energy": ENERGY.tolist(),
    "dnde": dnde.tolist(),
    "error": error.tolist(),
    "stat": m.fval,
    "values": values.tolist(),
    "errors": np.sqrt(np.diag(cov)).tolist(),
    "covariance": cov.tolist(),
    "minos": [[v * s for v in minos(m, n)] for n, s in zip(("amplitude", "alpha", "beta"), scale)],
    "minos3": [[v * s for v in minos(three, n)] for n, s in zip(("amplitude", "alpha", "beta"), scale)],
    "contour": np.asarray(contour).tolist(),
    "bands": bands,
    "flux": {"range": [0.5, 5.0], "value": integral(values, 0.5, 5, 0), "linear": linear(0.5, 5, 0)},
    "eflux": {"range": [0.5, 5.0], "value": integral(values, 0.5, 5, 1), "linear": linear(0.5, 5, 1)},
    "pivot": pivot,
    "tails": [
        {"ts": t, "dof": k, "p": float(stats.chi2.sf(t, k)), "half": float(0.5 * (stats.chi2.sf(t, k) + (stats.chi2.sf(t, k - 1) if k > 1 else 0)))}
        for t, k in ((1.5, 1), (9.0, 1), (30.0, 2), (100.0, 3))
    ],
    "significance": [{"p": p, "z": float(stats.norm.isf(p))} for p in (0.3, 1e-3, 1e-20)],
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out) + "\n")
