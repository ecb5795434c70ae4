"""A map whose psf is given by reconstructed energy (RecoPSFMap), and what Gammapy 2.1 (regions 0.11) predicts of sources on it.

python reco_psf.py FILE.fits > reco_psf.json. The made dataset goes to FILE.fits: an exposure that changes by a fifth across the map, energy dispersion, and a psf that narrows with
energy and is the same everywhere.
"""
import json
import sys

import astropy.units as u
import numpy as np
from gammapy.datasets import MapDataset
from gammapy.irf import EDispKernelMap, RecoPSFMap
from gammapy.maps import Map, MapAxis, WcsGeom
from gammapy.modeling.models import (
    DiskSpatialModel,
    GaussianSpatialModel,
    PointSpatialModel,
    PowerLawSpectralModel,
    SkyModel,
)

energy = MapAxis.from_energy_bounds("1 TeV", "30 TeV", nbin=3)
true = MapAxis.from_energy_bounds("0.7 TeV", "50 TeV", nbin=5, name="energy_true")
rad = MapAxis.from_bounds(0, 0.9, nbin=45, unit="deg", name="rad")
geom = WcsGeom.create(skydir=(83.63, 22.01), npix=(20, 16), binsz=0.1, proj="TAN", frame="icrs", axes=[energy])
dataset = MapDataset.create(
    geom, energy_axis_true=true, rad_axis=rad, reco_psf=True, name="reco-psf", binsz_irf=8 * u.deg
)
y, x = np.mgrid[0:16, 0:20]
exposure = np.array([1e12 * (1 + t) * (1 + 0.02 * x - 0.01 * y) for t in range(5)])
dataset.exposure = Map.from_geom(dataset.exposure.geom, data=exposure, unit="cm2 s")
dataset.edisp = EDispKernelMap.from_gauss(energy, true, sigma=0.25, bias=0.05)
dataset.psf = RecoPSFMap.from_gauss(energy, rad_axis=rad, sigma=[0.25, 0.18, 0.11] * u.deg)
dataset.background = Map.from_geom(geom, data=0.2)
dataset.counts = Map.from_geom(geom, data=(3 * x + 2 * y + np.arange(3)[:, None, None]) % 4)
dataset.mask_safe = Map.from_geom(geom, data=(x + y) % 7 != 2, dtype=bool)
dataset.write(sys.argv[1], overwrite=True)
dataset = MapDataset.read(sys.argv[1], name="reco-psf")
assert isinstance(dataset.psf, RecoPSFMap)

spectral = PowerLawSpectralModel(index=2.2, amplitude="4e-12 cm-2 s-1 TeV-1")
PLACES = {
    "point": PointSpatialModel(lon_0="83.8 deg", lat_0="22.13 deg", frame="icrs"),
    "gauss": GaussianSpatialModel(lon_0="83.6 deg", lat_0="22.0 deg", sigma="0.12 deg", frame="icrs"),
    "disk": DiskSpatialModel(lon_0="83.7 deg", lat_0="22.05 deg", r_0="0.25 deg", frame="icrs"),
}


def row(shape):
    models = [SkyModel(spectral.copy(), PLACES[shape], name=shape)]
    dataset.models = models
    npred = dataset.npred_signal(shape).data
    stat = float(dataset.stat_sum())
    return {"shape": shape, "stat": stat, "npred": [float(f"{v:.10g}") for v in npred.ravel()]}


json.dump([row(shape) for shape in PLACES], sys.stdout, indent=1)
