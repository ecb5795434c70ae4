"""Oracle of a norm at the kink of W: scipy 1.17.1, numpy 2.x. Prints the ends of the 1 sigma interval of test/fit/kink-of-data.test.ts.

Two bins of ON/OFF counts, 3 over 10 and 0 over 0 with alpha = 0.2; the signals are s / 2 and s / 4. -2 ln L of each bin is that of two Poisson counts, least over the
expected background b >= 0, with s + b >= 0.
"""

import numpy as np
from scipy.optimize import brentq, minimize_scalar

ALPHA = 0.2


def poisson(n, mu):
    return mu - (n * np.log(mu) if n > 0 else 0)


def w(n_on, n_off, s):
    low = max(0.0, -s)
    least = minimize_scalar(
        lambda b: 2 * (poisson(n_on, s + b) + poisson(n_off, b / ALPHA)),
        bounds=(low + 1e-13, low + 50),
        method="bounded",
        options=dict(xatol=1e-12),
    )
    return least.fun


def total(s):
    return w(3, 10, s / 2) + w(0, 0, s / 4)


for a, b in ((-1e-6, 0), (0, 1e-6)):
    print("slope", (total(b) - total(a)) / 1e-6)
best = total(0.0)
print("errp", brentq(lambda s: total(s) - best - 1, 1e-3, 30))
print("errn", brentq(lambda s: total(s) - best - 1, -3, -1e-3))
