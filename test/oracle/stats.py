"""Numbers for test/stats. Made with gammapy 2.1, scipy 1.17.1, numpy 2.4.6: python stats.py > stats.json"""
import itertools
import json

import numpy as np
from gammapy.stats import CashCountsStatistic, WStatCountsStatistic, cash, cstat, wstat
from gammapy.stats.fit_statistics import get_wstat_mu_bkg
from scipy.special import erfc

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
out["upperLimit"] = [[ul, m, g(2 * np.log(erfc((ul - m) / ul) / erfc(1)))] for ul, m in itertools.product([1e-13, 0.3, 2], [0, 1e-14, 0.1, 0.29, 1, 5, -0.4]) if abs(m / ul) < 20]
text = json.dumps(out, separators=(",", ":"))
print(text.replace("NaN", "null"))
