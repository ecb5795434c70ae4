"""Backgrounds with a spatial part, as Gammapy 2.1 (regions 0.11) predicts them.

python shaped_background.py > shaped_background.json. The map is that of test/fold/shaped-background.test.ts.
"""
import json
import sys

import numpy as np
from gammapy.datasets import MapDataset
from gammapy.maps import Map, MapAxis, WcsGeom
from gammapy.modeling.models import (
    ConstantSpatialModel,
    FoVBackgroundModel,
    GaussianSpatialModel,
    PowerLawNormSpectralModel,
    TemplateSpatialModel,
)

energy = MapAxis.from_energy_bounds("1 TeV", "10 TeV", nbin=2)
geom = WcsGeom.create(skydir=(83.63, 22.01), npix=(6, 5), binsz=0.2, proj="TAN", frame="icrs", axes=[energy])
y, x = np.mgrid[0:5, 0:6]
background = Map.from_geom(geom, data=np.array([(1 + r) * (1.0 + x + 2 * y) for r in range(2)]))
image = WcsGeom.create(skydir=(83.63, 22.01), npix=(12, 12), binsz=0.2, proj="TAN", frame="icrs")
factors = Map.from_geom(image, data=1 + 0.1 * np.arange(144.0).reshape(12, 12))
SHAPES = {
    "const": ConstantSpatialModel(value="1.7 sr-1"),
    "gauss": GaussianSpatialModel(lon_0="83.5 deg", lat_0="22.1 deg", sigma="0.8 deg", e=0.4, phi="30 deg", frame="icrs"),
    "template": TemplateSpatialModel(factors, normalize=False, filename="factors.fits"),
}


def npred(spatial):
    spectral = PowerLawNormSpectralModel(norm=1.2, tilt=0.3)
    model = FoVBackgroundModel(dataset_name="map", spectral_model=spectral, spatial_model=spatial)
    dataset = MapDataset(background=background, counts=background, name="map", models=[model])
    return [float(f"{v:.15g}") for v in dataset.npred_background().data.ravel()]


json.dump({name: npred(shape) for name, shape in SHAPES.items()}, sys.stdout, indent=1)
