"""Numbers for test/examples: kinds and statistics of one's own. Made with scipy 1.17.1, iminuit 2.33.0, numpy 2.4.6: python extensions.py > extensions.json"""
import json

import numpy as np
from iminuit import Minuit
from scipy.stats import nbinom, poisson


def fit(stat, start):
    m = Minuit(stat, *start, name=["index", "amplitude"])
    m.errordef, m.strategy, m.tol = 1, 2, 1e-6
    m.migrad()
    m.hesse()
    assert m.valid
    # amplitudes below are in units of 1e-11
    scale = np.array([1, 1e-11])
    return {"values": list(np.array(m.values) * scale), "errors": list(np.array(m.errors) * scale), "stat": m.fval}


def flux(index, amplitude, lo, hi):
    return amplitude * (lo ** (1 - index) - hi ** (1 - index)) / (index - 1)


# flux of a band, 1e-11 cm-2 s-1, with two sets of points of dnde, 1e-11 cm-2 s-1 TeV-1
sets = {
    "points": [np.array([0.5, 1, 4]), np.array([10.2, 1.9, 0.07]), np.array([1.1, 0.2, 0.01])],
    "others": [np.array([2, 8]), np.array([0.31, 0.012]), np.array([0.05, 0.003])],
}
band = (0.02, 0.3, 420.0, 15.0)
chi2 = {name: lambda g, a, e=e, y=y, err=err: np.sum(((y - a * e**-g) / err) ** 2) for name, (e, y, err) in sets.items()}
chi2["band"] = lambda g, a: ((band[2] - flux(g, a, *band[:2])) / band[3]) ** 2
fit_of = lambda *names: fit(lambda g, a: sum(chi2[name](g, a) for name in names), (2.5, 2))
out = {
    "fluxes": {
        **{name: {"energy": e.tolist(), "dnde": list(y * 1e-11), "error": list(err * 1e-11)} for name, (e, y, err) in sets.items()},
        "band": [band[0], band[1], band[2] * 1e-11, band[3] * 1e-11],
        "without": {
            "others": fit_of("band", "points"),
            "points": fit_of("band", "others"),
            "band": fit_of("points", "others"),
        },
    }
}

# negative binomial of variance mu + (0.05 mu)^2: n and p of scipy are k and k / (k + mu)
k = 1 / 0.05**2
logpmf = lambda n, mu: nbinom.logpmf(n, k, k / (k + mu))
edges = np.geomspace(0.1, 10, 9)
counts = np.array([8105, 4420, 1800, 855, 385, 190, 70, 41])
exposure = 1e13
npred = lambda g, a: exposure * 1e-11 * flux(g, a, edges[:-1], edges[1:])
fitted = fit(lambda g, a: -2 * np.sum(logpmf(counts, npred(g, a))), (2.5, 2))
out["statistic"] = {
    "edges": list(edges),
    "counts": counts.tolist(),
    "exposure": exposure,
    **fitted,
    # differences of -2 ln L from mu = 10: terms of n alone do not matter
    "differences": [[n, mu, -2 * (logpmf(n, mu) - logpmf(n, 10))] for n in (0, 3, 50, 2000) for mu in (0.01, 2.0, 60.0, 1900.0)],
}

# pulls of counts from a background of free norm, which is fitted to sum(n) / sum(b)
n, b = np.array([120, 65, 0, 14, 3]), np.array([110.0, 60.0, 2.5, 8.0, 3.0])
mu = b * n.sum() / b.sum()
sigma = np.sign(n - mu) * np.sqrt(2 * (poisson.logpmf(n, np.maximum(n, 1e-300)) - poisson.logpmf(n, mu)))
out["picture"] = {"counts": n.tolist(), "background": b.tolist(), "sigma": sigma.tolist()}
print(json.dumps(out, separators=(",", ":")))
