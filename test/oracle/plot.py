"""Numbers for test/plot. Made with Python 3.11, numpy 2.4.6, scipy 1.17.1, astropy 8.0.2: python test/oracle/plot.py > test/oracle/plot.json"""

import json

import astropy.units as u
import numpy as np
from astropy.coordinates import SkyCoord
from scipy.special import xlogy
from scipy.stats import chi2, norm

# Central interval of a Poisson mean (Garwood 1936), 1 sigma
tail = norm.sf(1)
poisson = [
    [n, float(chi2.ppf(tail, 2 * n) / 2) if n else 0.0, float(chi2.isf(tail, 2 * n + 2) / 2)]
    for n in [0, 1, 2, 3, 5, 10, 30, 100, 1000]
]
circle = []
for lon, lat, radius, angle in [(83.63, 22.01, 0.5, 30), (10, -75, 3, 200), (359.9, 0, 1, 90), (120, 89.5, 2, 5)]:
    p = SkyCoord(lon, lat, unit="deg").directional_offset_by(angle * u.deg, radius * u.deg)
    circle.append([lon, lat, radius, angle, p.ra.deg, p.dec.deg])
sed = ((2 * u.TeV) ** 2 * (3e-12 * u.Unit("cm-2 s-1 TeV-1"))).to_value("erg cm-2 s-1")

# Log parabola of two H.E.S.S. runs of the Crab (public test data of H.E.S.S. DL3-DR1), fitted from 0.66 to 100 TeV: central 68.3 % of draws from the covariance
values = [3.806501199988221e-11, 2.144037182670975, 0.2635934146696367]
covariance = [
    [1.2793051695697845e-23, 4.693291437314402e-13, -1.2028813945205261e-13],
    [4.693291437314402e-13, 0.06495251420769613, -0.030071917002993814],
    [-1.2028813945205261e-13, -0.030071917002993814, 0.01741489160015065],
]
energies = [1, 10, 50, 100]
scale = np.array([1e-11, 1, 1])
draws = np.random.default_rng(1).multivariate_normal(values / scale, covariance / np.outer(scale, scale), 2_000_000)


def log_parabola(amplitude, alpha, beta, energy):
    return amplitude * energy ** -(alpha + beta * np.log(energy))


band = {"values": values, "covariance": covariance, "energy": energies, "dnde": [], "lo": [], "hi": []}
for energy in energies:
    drawn = log_parabola(draws[:, 0] * 1e-11, draws[:, 1], draws[:, 2], energy)
    lo, hi = np.quantile(drawn, [tail, 1 - tail])
    band["dnde"].append(float(log_parabola(*values, energy)))
    band["lo"].append(float(lo))
    band["hi"].append(float(hi))

# sqrt(TS) of counts under a Gaussian of 1.5 pixels, by sums over all pairs of pixels
rng = np.random.default_rng(2)
expected = 0.3 + 2 * np.exp(-((np.arange(12)[None, :] - 6) ** 2 + (np.arange(9)[:, None] - 4) ** 2) / 6)
counts = rng.poisson(expected)
counts[4, 7] += 6
x, y = (a.ravel() for a in np.meshgrid(np.arange(12), np.arange(9)))
w = np.exp(-((x[:, None] - x) ** 2 + (y[:, None] - y) ** 2) / (2 * 1.5**2))
n, m, v = w @ counts.ravel(), w @ expected.ravel(), w**2 @ expected.ravel()
ts = 2 * (m / v) * (m - n + xlogy(n, n / m))
significance = {
    "sigma": 1.5,
    "counts": counts.ravel().tolist(),
    "expected": expected.ravel().tolist(),
    "sqrtTs": (np.sign(n - m) * np.sqrt(ts)).tolist(),
}
print(
    json.dumps(
        {
            "poisson": poisson,
            "circle": circle,
            "sed": {"energy": 2, "dnde": 3e-12, "erg": float(sed)},
            "band": band,
            "significance": significance,
        },
        indent=1,
    )
)
