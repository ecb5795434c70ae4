"""Convergence diagnostics of ArviZ and emcee on fixed draws. arviz 0.23.4, emcee 3.1.6, numpy 2.4.6, scipy 1.17.1; Python 3.11

    python test/oracle/sampling.py > test/oracle/sampling.json

The draws come from a generator that any language repeats exactly: uniform numbers of a 32-bit linear congruential generator
(Numerical Recipes), twelve of them summed for a bell shape, then an AR(1) process.
"""
import json

import arviz
import emcee
import numpy as np
import scipy


class Lcg:
    def __init__(self, seed):
        self.state = seed

    def bell(self):
        total = 0.0
        for _ in range(12):
            self.state = (1664525 * self.state + 1013904223) % 4294967296
            total += self.state / 4294967296
        return total - 6.0


def ar1(seed, chains, draws, rho, shift=0.0, drift=0.0, power=1):
    """Chain k: x_t = rho x_(t-1) + e_t from its own generator, plus shift k and drift t / draws; then sign(x) |x|^power."""
    out = np.empty((chains, draws))
    for k in range(chains):
        generator = Lcg(seed + 1000 * k)
        x = 0.0
        for t in range(draws):
            x = rho * x + generator.bell()
            y = x + shift * k + drift * t / draws
            out[k, t] = np.sign(y) * abs(y) ** power
    return out


CASES = {
    "independent": dict(seed=1, chains=4, draws=1000, rho=0.0),
    "slow": dict(seed=2, chains=4, draws=1500, rho=0.9),
    "antithetic": dict(seed=3, chains=4, draws=1001, rho=-0.4),
    "apart": dict(seed=4, chains=4, draws=800, rho=0.3, shift=1.5),
    "drifting": dict(seed=5, chains=2, draws=999, rho=0.5, drift=6.0),
    "heavy": dict(seed=6, chains=3, draws=1200, rho=0.6, power=3),
    "one": dict(seed=7, chains=1, draws=2000, rho=0.7),
}

out = {
    "versions": {m.__name__: m.__version__ for m in (arviz, emcee, np, scipy)},
    "cases": {},
}
for name, case in CASES.items():
    x = ar1(**case)
    out["cases"][name] = {
        **case,
        "first": x[0, :3].tolist(),
        "last": float(x[-1, -1]),
        # ArviZ wants two chains
        "rHat": float(arviz.rhat(x, method="rank")) if len(x) > 1 else None,
        "essBulk": float(arviz.ess(x, method="bulk")),
        "essTail": float(arviz.ess(x, method="tail")),
        "essMean": float(arviz.ess(x, method="mean")),
        "tau": float(emcee.autocorr.integrated_time(x.T[:, :, None], c=5, quiet=True)[0]),
    }
print(json.dumps(out, indent=1))
