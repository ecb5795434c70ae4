"""Minima, errors, MINOS errors and contours by iminuit 2.33.0 with numpy 2.4.6 and scipy 1.17.1, of the functions of test/minimize/problems.ts.

Run: python test/oracle/minimize.py > test/oracle/minimize.json
"refined": the minimum and 2 H^-1 there by Newton steps with scipy.differentiate, good to about 1e-8, since HESSE of strategy 2 is off by
0.12 % for the log parabola.
Contours: mncontour(experimental=True), which looks for each point with a scalar root search.
"""

import json

import numpy as np
from iminuit import Minuit
from scipy.differentiate import hessian, jacobian

ENERGIES = np.array([1, 1.5, 2.2, 3.3, 5, 7.5, 11])
COUNTS = np.array([60, 38, 30, 16, 12, 5, 3])
EXPOSURE = 5e13
BACKGROUND = 0.5


def power_law(a, index):
    mu = a * EXPOSURE * ENERGIES**(1 - index) + BACKGROUND
    return 2 * np.sum(mu - COUNTS * np.log(mu)) if np.all(mu > 0) else np.inf


def log_parabola(a, alpha, beta):
    l = np.log(ENERGIES)
    mu = a * EXPOSURE * ENERGIES * np.exp(-l * (alpha + beta * l)) + BACKGROUND
    return 2 * np.sum(mu - COUNTS * np.log(mu)) if np.all(mu > 0) else np.inf


def banana(x, y):
    return (1 - x) ** 2 + 5 * (y - x * x) ** 2


def correlated(a, b, c, d):
    """Four parameters, correlation 0.9999 between two, a quartic term that makes the errors asymmetric."""
    q = (a - b) ** 2 * 1e4 + (a + b - 3) ** 2 + (c - 0.5 * a) ** 2 + (d - c * b) ** 2
    return q + 0.05 * (a - 1) ** 4 + 0.1 * (c - 0.2) ** 3 * np.exp(-c * c)


def refine(f, x, scale):
    """Newton in units of `scale`."""
    g = np.vectorize(lambda *u: f(*(np.array(u) * scale)))
    fun = lambda u: g(*u)
    u = np.array(x) / scale
    for _ in range(4):
        h = hessian(fun, u, initial_step=0.2).ddf
        u = u - np.linalg.solve(h, jacobian(fun, u, initial_step=0.2).df)
    return (u * scale).tolist(), (2 * np.linalg.inv(h) * np.outer(scale, scale)).tolist()


CASES = {
    "power law": (power_law, [1e-12, 2.0], [1e-13, 0.1]),
    "log parabola": (log_parabola, [1e-12, 2.0, 0.1], [1e-13, 0.1, 0.1]),
    "banana": (banana, [-1.2, 1.0], [0.1, 0.1]),
    "correlated": (correlated, [0.0, 0.0, 0.0, 0.0], [0.1, 0.1, 0.1, 0.1]),
}

out = {}
for name, (f, start, steps) in CASES.items():
    m = Minuit(f, *start)
    m.errordef = 1
    m.errors = steps
    m.strategy = 2
    m.tol = 1e-4
    m.migrad(ncall=100000)
    m.migrad(ncall=100000)
    m.hesse()
    errors = list(m.errors)
    x, fval = list(m.values), m.fval
    m.minos()
    minos = [[m.merrors[k].lower, m.merrors[k].upper] for k in m.parameters]
    contour = np.array(m.mncontour(0, 1, cl=0.3934693402873666, size=16, experimental=True))
    refined = refine(f, x, np.array(errors))
    out[name] = {
        "refined": {"x": refined[0], "covariance": refined[1]},
        "x": x, "value": float(fval), "errors": errors, "minos": minos,
        "contour": contour.tolist(),
    }
print(json.dumps(out))
