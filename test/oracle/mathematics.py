"""Numbers for test/math. Made with Python 3, numpy 2.4.6, scipy 1.17.1, gammapy 2.1: python mathematics.py > mathematics.json (a math.py here would hide Python's own)"""
import json

import numpy as np
from gammapy.utils.integrate import trapz_loglog
from scipy import interpolate, ndimage, signal, special, stats

out = {}
x = np.concatenate([np.linspace(-6.5, 6.5, 53), [1e-300, 1e-9, 1.4999, 1.5001, 2.9999, 3.0001, -3.0001, 10, 20.3, 26.5]])
out["erf"] = [x, special.erf(x)]
out["erfc"] = [x, special.erfc(x)]
out["erfcx"] = [x, special.erfcx(x)]
x = np.concatenate([np.geomspace(1e-12, 1e8, 41), np.linspace(0.1, 25, 80), [1 + 1e-7, 2 - 1e-7, 1.49, 1.51, 9.99, 10.01]])
out["lnGamma"] = [x, special.gammaln(x)]
x = np.concatenate([np.geomspace(1e-6, 1e6, 41), np.linspace(0.02, 2, 34), [9.99, 10.01]])
out["digamma"] = [x, special.digamma(x)]
out["trigamma"] = [x, special.polygamma(1, x)]
x = np.concatenate([np.linspace(-37, 37, 75), [0.1, -0.01]])
out["normalCdf"] = [x, stats.norm.cdf(x)]
out["normalSf"] = [x, stats.norm.sf(x)]
q = np.concatenate([np.geomspace(1e-300, 0.4, 40), np.linspace(0.05, 0.95, 19), [0.5, 0.499999, 0.500001]])
out["normalIsf"] = [q, stats.norm.isf(q)]
dof = np.array([0.5, 1, 2, 3, 5, 10, 41, 200, 5000])
rows = [(d, d * f) for d in dof for f in [1e-6, 0.01, 0.3, 0.9, 1.0, 1.1, 1.5, 3, 10, 40]]
out["chi2"] = [[r[0] for r in rows], [r[1] for r in rows], [stats.chi2.cdf(r[1], r[0]) for r in rows], [stats.chi2.sf(r[1], r[0]) for r in rows]]
rows = [(d, p) for d in dof for p in [1e-100, 1e-12, 1e-3, 0.1, 0.3935, 0.5, 0.6827, 0.9, 0.9999]]
out["chi2Ppf"] = [[r[0] for r in rows], [r[1] for r in rows], [stats.chi2.ppf(r[1], r[0]) for r in rows], [stats.chi2.isf(r[1], r[0]) for r in rows]]
x = np.concatenate([[-0.36, -0.3, -0.2, -0.1, -1e-3, -1e-9, -1e-100], np.geomspace(1e-9, 1e300, 60), np.linspace(0.05, 5, 40)])
out["lambertW0"] = [x, special.lambertw(x, 0).real]
x = np.concatenate([[-0.36, -0.3, -0.26, -0.24, -0.2], -np.geomspace(1e-300, 0.15, 40)])
out["lambertWm1"] = [x, special.lambertw(x, -1).real]

rng = np.random.default_rng(1)
conv = []
for ny, nx, n in [(7, 9, 3), (8, 8, 5), (6, 5, 1), (5, 6, 13), (1, 9, 3), (10, 10, 7)]:
    a, k = rng.normal(size=(ny, nx)).round(6), rng.normal(size=(n, n)).round(6)
    # its own mirror image, as a psf is
    k = (k + k[::-1] + k[:, ::-1] + k[::-1, ::-1]).round(6)
    conv.append({"shape": [ny, nx, n], "image": a.ravel(), "kernel": k.ravel(), "out": signal.convolve(a, k, mode="same", method="direct").ravel()})
# scipy's convolve swaps nothing in mode same: the size is the first argument's
out["convolve"] = conv
fft = []
for n in [1, 2, 3, 4, 6, 9, 12, 64, 72, 288]:
    z = rng.normal(size=(n, 3)).round(6) + 1j * rng.normal(size=(n, 3)).round(6)
    f = np.fft.fft(z, axis=0)
    fft.append({"n": n, "re": z.real.ravel(), "im": z.imag.ravel(), "outRe": f.real.ravel(), "outIm": f.imag.ravel()})
out["fft"] = fft

splines = []
for n in [3, 4, 5, 11, 25]:
    xs = np.sort(rng.uniform(0.2, 5, n)).round(6)
    ys = rng.normal(size=n).round(6) + (xs - 1) ** 2
    at = np.linspace(-0.5, 6, 40)
    splines.append({"x": xs, "y": ys, "at": at, "out": interpolate.interp1d(xs, ys, kind="quadratic", bounds_error=False, fill_value="extrapolate")(at)})
out["spline"] = splines

shape = (3, 4, 2)
v = rng.uniform(0.5, 2, shape).round(6)
pix = rng.uniform(-1.5, 4.5, (60, 3)).round(6)
points = [np.arange(n) for n in shape]
kw = dict(bounds_error=False, fill_value=None)
out["grid"] = {
    "shape": shape, "values": v.ravel(), "pix": pix,
    "lin": interpolate.RegularGridInterpolator(points, v, **kw)(pix),
    "log": np.exp(interpolate.RegularGridInterpolator(points, np.log(v), **kw)(pix)),
}
xe = np.geomspace(0.3, 70, 12)
ye = np.stack([xe ** -2.3, xe ** -1.0, xe ** -1.0000000001, np.exp(-xe), np.where(xe < 3, xe, 0), 0 * xe, -xe ** 1.7])
out["trapz"] = {"x": xe, "y": ye, "out": [np.nan_to_num(trapz_loglog(y, xe)).sum() for y in ye]}

m = rng.normal(size=(5, 5))
a = m @ m.T
s = np.diag(10.0 ** np.array([0, -12, -3, 5, 1]))
a = s @ a @ s
out["matrix"] = {"a": a.ravel(), "inverse": (np.linalg.inv(s) @ np.linalg.inv(m @ m.T) @ np.linalg.inv(s)).ravel(), "plain": (m @ m.T).ravel(), "eigenvalues": np.linalg.eigvalsh(m @ m.T)}


def plain(o):
    if isinstance(o, dict):
        return {k: plain(w) for k, w in o.items()}
    if isinstance(o, (list, tuple, np.ndarray)):
        return [plain(w) for w in o]
    o = float(o)
    return o if np.isfinite(o) else str(o)


print(json.dumps(plain(out), separators=(",", ":")))
