"""Cross sections of interstellar matter as XSPEC computed them for astromodels, and absorbed fluxes by quadrature.

    python absorption.py VY1995.txt V1996.dat [> absorption.json]

The two files are the tables of Verner & Yakovlev 1995 (VizieR J/A+AS/109/125, columns Z N n l E_th E_0 sigma_0 y_a P y_w) and of Verner et al. 1996
(J/ApJ/465/487, Z N E_th E_max E_0 sigma_0 y_a P y_w y_0 y_1). astromodels of threeML 2.6.1 (xsect_*.fits, 1e-22 cm2 by keV), numpy, scipy.
"""

import json
import sys
from pathlib import Path

import astromodels
import numpy as np
from astropy.io import fits
from scipy.integrate import quad

inner, outer = np.loadtxt(sys.argv[1], skiprows=1), np.loadtxt(sys.argv[2])
xsect = Path(astromodels.__file__).parent / "data" / "xsect"

# keV, away from edges and, of tbabs, from the fine structure of O K and Fe L
ENERGIES = [0.101, 0.15, 0.2, 0.3, 0.35, 0.45, 0.5, 0.6, 0.65, 0.76, 0.8, 0.95, 1.2, 1.5, 2, 3, 4.5, 6.5, 7.3, 9, 12, 19]


def table(name):
    rows = fits.open(xsect / f"xsect_{name}.fits")[1].data
    return [[e, float(np.interp(e, rows["ENERGY"], rows["SIGMA"]))] for e in ENERGIES]


# Anders & Grevesse 1989
ANGR = {
    1: 1, 2: 9.77e-2, 6: 3.63e-4, 7: 1.12e-4, 8: 8.51e-4, 10: 1.23e-4, 11: 2.14e-6, 12: 3.80e-5, 13: 2.95e-6, 14: 3.55e-5, 16: 1.62e-5,
    17: 3.16e-7, 18: 3.63e-6, 20: 2.29e-6, 24: 4.68e-7, 26: 4.68e-5, 27: 8.32e-8, 28: 1.78e-6,
}  # fmt: skip


def atom(z, e):
    own = outer[(outer[:, 0] == z) & (outer[:, 1] == z)]
    if len(own) and e < own[0][3]:
        _, _, eth, _, e0, s0, ya, p, yw, y0, y1 = own[0]
        x = e / e0 - y0
        y = np.hypot(x, y1)
        return s0 * ((x - 1) ** 2 + yw**2) * y ** (0.5 * p - 5.5) / (1 + np.sqrt(y / ya)) ** p if e >= eth else 0
    total = 0
    for _, _, _, l, eth, e0, s0, ya, p, yw in inner[(inner[:, 0] == z) & (inner[:, 1] == z)]:
        if e >= eth:
            y = e / e0
            total += s0 * ((y - 1) ** 2 + yw**2) * y ** (0.5 * p - 5.5 - l) / (1 + np.sqrt(y / ya)) ** p
    return total


def phabs(kev):
    """1e-22 cm2"""
    return 1e4 * sum(a * atom(z, 1000 * kev) for z, a in ANGR.items())


edges = sorted(
    {float(r[4]) / 1000 for r in inner if r[0] == r[1] and r[0] in ANGR}
    | {float(x) / 1000 for r in outer if r[0] == r[1] and r[0] in ANGR for x in (r[2], r[3])}
)


def flux(low, high, nh, index):
    cuts = [low, *[e for e in edges if low < e < high], high]
    law = lambda e: e**-index * np.exp(-nh * phabs(e))
    # within 1e-9 of a cut the integrand is that of one side
    return sum(quad(law, a * (1 + 1e-9), b * (1 - 1e-9), epsrel=1e-10, limit=200)[0] for a, b in zip(cuts, cuts[1:]))


# bins of 1 to 3 %, with and without edges of C, O, Fe L, Si, Fe K
BINS = [[0.285, 0.295], [0.3, 0.305], [0.53, 0.545], [0.7, 0.72], [1.0, 1.02], [1.83, 1.87], [7.05, 7.2], [9, 9.1]]
json.dump(
    {
        "tables": {name: table(name) for name in ["phabs_angr", "phabs_aspl", "tbabs_wilm", "tbabs_angr"]},
        "phabs": [[e, phabs(e)] for e in [0.02, *ENERGIES, 40]],
        "flux": [{"bin": b, "nh": nh, "index": 1.7, "flux": flux(*b, nh, 1.7)} for b in BINS for nh in [0.05, 1]],
    },
    sys.stdout,
    indent=1,
)
