"""Values where Gammapy 2.1 loses them, by arithmetic of 30 digits (mpmath 1.3), with what Gammapy gives beside them: docs/differences.md, "Models" and "Maps". Pinned: gammapy 2.1.

Usage: python differences.py > differences.json
"""

import json
import warnings

import astropy.units as u
import mpmath as mp
import numpy as np
from gammapy.datasets import MapDataset
from gammapy.maps import Map, MapAxis, WcsGeom
from gammapy.modeling.models import (
    ConstantSpatialModel, DiskSpatialModel, PowerLawSpectralModel, SkyModel, SmoothBrokenPowerLawSpectralModel, SuperExpCutoffPowerLaw4FGLDR3SpectralModel,
)

import solid_angle

solid_angle.correct()
warnings.simplefilter("ignore")
mp.mp.dps = 30
DNDE = u.Unit("cm-2 s-1 TeV-1")


def plain(x):
    return float(x) if np.isfinite(float(x)) else str(float(x))


def smooth():
    """A break that is almost sharp: the power of the energy overflows."""
    for index1, index2 in ((1.5, 3.0), (3.0, 1.5)):
        beta = mp.mpf("0.001") * mp.sign(index2 - index1)
        model = SmoothBrokenPowerLawSpectralModel(index1=index1, index2=index2, amplitude=1e-12 * DNDE, ebreak=1 * u.TeV, reference=1 * u.TeV, beta=1e-3)
        for e in (0.5, 1.5, 2.0, 100.0):
            x = mp.mpf(e)
            exact = mp.mpf("1e-12") * x**-index1 * (1 + x ** ((index2 - index1) / beta)) ** -beta
            yield {"index1": index1, "index2": index2, "beta": 1e-3, "energy": e, "dnde": float(exact), "reference": plain(model(e * u.TeV).value)}


def cutoff():
    """On either side of |index_2 ln E| = 0.01, where the reference changes to three terms of a series."""
    d = mp.mpf("0.5")
    for index2, ln in ((0.01, 0.999), (0.01, 1.001), (0.001, 9.99), (0.001, 10.01), (-0.002, 4.9)):
        e = float(np.exp(ln))
        model = SuperExpCutoffPowerLaw4FGLDR3SpectralModel(amplitude=1e-12 * DNDE, reference=1 * u.TeV, index_1=1.7, index_2=index2, expfactor=0.5)
        x, b = mp.mpf(e), mp.mpf(str(index2))
        exact = mp.mpf("1e-12") * x ** mp.mpf("-1.7") * x ** (d / b) * mp.exp(d / b**2 * (1 - x**b))
        found = model(np.array([e, 1.0]) * u.TeV).value[0]
        yield {"index_2": index2, "energy": e, "dnde": float(exact), "reference": plain(found)}


def difference():
    """1e-12 E^-2 - 3e-12 E^-3, zero at 3 TeV."""
    model = PowerLawSpectralModel(index=2, amplitude=1e-12 * DNDE) - PowerLawSpectralModel(index=3, amplitude=3e-12 * DNDE)
    f = lambda e: mp.mpf("1e-12") * e**-2 - mp.mpf("3e-12") * e**-3
    for lo, hi in ((1, 10), (2, 5), (2.9, 3.2), (1, 3)):
        a, b = mp.mpf(str(lo)), mp.mpf(str(hi))
        yield {
            "energy": [lo, hi], "flux": float(mp.quad(f, [a, b])), "eflux": float(mp.quad(lambda e: e * f(e), [a, b])),
            # by the first index: -1e-12 E^-2 ln E
            "slope": float(mp.quad(lambda e: -mp.mpf("1e-12") * e**-2 * mp.log(e), [a, b])),
            "reference": plain(model.integral(lo * u.TeV, hi * u.TeV).value),
        }


def disk():
    for radius, e in (("0.5", "0.99"), ("0.05", "0.99"), ("0.01", "0.999"), ("5", "0.999")):
        a = mp.radians(mp.mpf(radius))
        b = a * mp.sqrt(1 - mp.mpf(e) ** 2)
        inside = lambda t: 1 - mp.sqrt(1 - 1 / (mp.cos(t) ** 2 / mp.sin(a) ** 2 + mp.sin(t) ** 2 / mp.sin(b) ** 2))
        area = 4 * mp.quad(inside, [0, 0.001, 0.01, 0.05, 0.2, mp.pi / 4, mp.pi / 2])
        model = DiskSpatialModel(lon_0=0 * u.deg, lat_0=0 * u.deg, r_0=float(radius) * u.deg, e=float(e), edge_width=0.01)
        yield {"r_0": float(radius), "e": float(e), "brightness": float(1 / area), "reference": plain(model(0 * u.deg, 0 * u.deg).to_value("sr-1"))}


def off_sky():
    """An all-sky map: what the reference predicts where there is no sky, and what it makes of that."""
    geom, true = (
        WcsGeom.create(npix=(36, 18), binsz=10, skydir=(0, 0), proj="AIT", frame="galactic", axes=[MapAxis.from_energy_edges([1, 10] * u.TeV, name=name)])
        for name in ("energy", "energy_true")
    )
    dataset = MapDataset(counts=Map.from_geom(geom), exposure=Map.from_geom(true, data=1e10, unit="cm2 s"), background=Map.from_geom(geom, data=1.0))
    dataset.models = [SkyModel(spectral_model=PowerLawSpectralModel(index=2, amplitude=1e-10 * DNDE), spatial_model=ConstantSpatialModel(value="1 sr-1"))]
    signal = dataset.npred_signal().data
    return {"sum": float(np.nansum(signal)), "nan": int(np.isnan(signal).sum()), "stat": float(dataset.stat_sum())}


print(json.dumps({"off_sky": off_sky(), "smooth": list(smooth()), "cutoff": list(cutoff()), "difference": list(difference()), "disk": list(disk())}, indent=1))
