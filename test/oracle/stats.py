"""Numbers for test/stats. Made with gammapy 2.1, scipy 1.17.1, numpy 2.4.6: python stats.py > stats.json"""
import itertools
import json

import numpy as np
from gammapy.stats import CashCountsStatistic, WStatCountsStatistic, cash, cstat, wstat
from gammapy.stats.fit_statistics import get_wstat_mu_bkg
from mpmath import log, mp, mpf, sqrt
from scipy.special import erfc, log_ndtr

g = lambda v: None if v is None else float(v)
n = [0, 1, 2, 7, 100, 12345, 0.5]
mu = [-3, 0, 1e-30, 1e-10, 0.01, 0.3, 1, 2, 6.9999, 50, 99.9, 1e4]
out = {"cash": [[a, b, g(cash(a, b)), g(cstat(a, b))] for a, b in itertools.product(n, mu)]}
w = []
for a, b, al, m in itertools.product([0, 1, 2, 9, 250], [0, 1, 3, 60, 2000], [1e-3, 0.1, 0.5, 1, 3], [0, 1e-8, 0.05, 1, 7.5, 50, 3000]):
    w.append([a, b, al, m, g(wstat(a, b, al, m)), g(get_wstat_mu_bkg(a, b, al, m))])
out["wstat"] = w
cs = []
for a, b in itertools.product([0, 1, 3, 20, 1000], [0.01, 0.5, 2, 15, 900]):
    s = CashCountsStatistic(np.array([a]), np.array([b]))
    cs.append([a, b, *(g(v[0]) for v in (s.n_sig, s.error, s.ts, s.sqrt_ts, s.p_value, s.compute_errn(1), s.compute_errp(1), s.compute_errn(2), s.compute_upper_limit(3), s.compute_upper_limit(2)))])
out["cashCounts"] = cs
cs = []
for a, b, al, k in itertools.product([0, 1, 3, 20, 1000], [0, 1, 10, 300], [0.05, 0.3, 1], [0, 1.5]):
    s = WStatCountsStatistic(np.array([a]), np.array([b]), np.array([al]), np.array([k]))
    cs.append([a, b, al, k, *(g(v[0]) for v in (s.n_sig, s.error, s.ts, s.sqrt_ts, s.p_value, s.compute_errn(1.0), s.compute_errp(1.0), s.compute_upper_limit(2)))])
out["wstatCounts"] = cs
# negative signals: the least of 2 [d(n, mu + alpha b) + d(m, b)] over b, and its slope by mu, without the formulas for b
mp.dps = 40
deviance = lambda k, x: x - k + (k * log(k / x) if k > 0 else 0)


def profiled(k, m, alpha, signal):
    """The least value over b, by golden section: the sum is convex."""
    low, high = max(mpf(0), -signal / alpha), 10 * (k + m + abs(signal) + 1) / alpha
    f = lambda b: 2 * (deviance(k, signal + alpha * b) + deviance(m, b)) if (b > 0 or m == 0) and (signal + alpha * b > 0 or k == 0) else mpf("inf")
    golden = (sqrt(5) - 1) / 2
    while high - low > mpf(10) ** -25 * (1 + high):
        left, right = high - golden * (high - low), low + golden * (high - low)
        low, high = (low, right) if f(left) <= f(right) else (left, high)
    return min(f(low), f((low + high) / 2), f(high))


out["wstatNegative"] = []
for a, b, al, m in itertools.product([0, 1, 7], [0, 3, 20], ["0.125", "0.5", "2"], ["-0.25", "-1.25", "-5", "-30"]):
    al, m, h = mpf(al), mpf(m), mpf("1e-7")
    f = lambda x: profiled(a, b, al, x)
    out["wstatNegative"].append([a, b, g(al), g(m), g(f(m)), g((f(m + h) - f(m - h)) / (2 * h))])
# log_ndtr does not underflow where erfc does
out["upperLimitFar"] = [[1, m, g(2 * (np.log(2) + log_ndtr(-np.sqrt(2) * (1 - m)) - np.log(erfc(1))))] for m in [-40, -27, -4.5, -3.5, 6, 30]]
out["upperLimit"] = [[ul, m, g(2 * np.log(erfc((ul - m) / ul) / erfc(1)))] for ul, m in itertools.product([1e-13, 0.3, 2], [0, 1e-14, 0.1, 0.29, 1, 5, -0.4]) if abs(m / ul) < 20]
text = json.dumps(out, separators=(",", ":"))
print(text.replace("NaN", "null"))
