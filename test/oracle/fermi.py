"""Files of the Fermi tools as Gammapy 2.1 reads them: datasets, predicted counts, statistic. Run `GAMMAPY_DATA=... python fermi.py > fermi.json`.

A component of fermipy is read by FermipyDatasetsReader; the galactic centre region as in Gammapy's Fermi-LAT tutorial, with exposure and psf in the bins of the counts.
"""
import json
import os
import sys

import astropy.units as u
import numpy as np
from astropy.coordinates import SkyCoord
from gammapy.datasets import MapDataset
from gammapy.datasets.io import FermipyDatasetsReader
from gammapy.irf import EDispKernelMap, PSFMap
from gammapy.maps import Map, MapAxis
from gammapy.modeling.models import PointSpatialModel, PowerLawSpectralModel, SkyModel

DATA = os.environ["GAMMAPY_DATA"]
FERMI = f"{DATA}/tests/fermi"
GC = f"{DATA}/fermi-3fhl-gc/fermi-3fhl-gc"


def point(name, lon, lat, amplitude, datasets=None):
    spectral = PowerLawSpectralModel(index=2.2, amplitude=amplitude, reference="1 TeV")
    spatial = PointSpatialModel(lon_0=lon * u.deg, lat_0=lat * u.deg, frame="galactic")
    return SkyModel(spectral_model=spectral, spatial_model=spatial, name=name, datasets_names=datasets)


def numbers(values):
    return [float(x) for x in np.asarray(values).ravel()]


def by_energy(values):
    return numbers(np.asarray(values).sum(axis=(1, 2)))


def summary(dataset, models):
    dataset.models = models
    axes = dataset.exposure.geom.axes
    psf = dataset.psf.psf_map
    return {
        "name": dataset.name,
        "energy": numbers(dataset.counts.geom.axes["energy"].edges.to_value("TeV")),
        "energy_true": numbers(axes["energy_true"].edges.to_value("TeV")),
        "counts": by_energy(dataset.counts.data),
        "exposure": by_energy(dataset.exposure.quantity.to_value("cm2 s")),
        "exposure_corner": numbers(dataset.exposure.quantity.to_value("cm2 s")[:, 0, 0]),
        "edisp": numbers(dataset.edisp.edisp_map.data[:, :, 0, 0]),
        "psf_middle": numbers(psf.quantity.to_value("sr-1")[:, 0]),
        "psf_sum": numbers(psf.quantity.to_value("sr-1").sum(axis=(1, 2, 3))),
        "psf_exposure": numbers(dataset.psf.exposure_map.quantity.to_value("cm2 s")),
        "npred": {
            model.name: by_energy(dataset.npred_signal(model_names=[model.name]).data)
            for model in dataset.models
            if dataset.name in (model.datasets_names or [dataset.name])
        },
        "stat_sum": float(dataset.stat_sum()),
    }


def fermipy(edisp_bins):
    datasets = FermipyDatasetsReader(f"{FERMI}/config_fermipy_std_5deg_qr.yaml", edisp_bins=edisp_bins).read()
    crab = point("crab", 184.5575, -5.7844, "3e-11 cm-2 s-1 TeV-1")
    isotropic = {d.name: [m for m in datasets.models if d.name in m.datasets_names] for d in datasets}
    return [summary(d, [crab, *isotropic[d.name]]) for d in datasets]


def radii(path):
    psf = PSFMap.read(path, format="gtpsf")
    energies = psf.psf_map.geom.axes["energy_true"].center
    return {str(f): numbers(psf.containment_radius(f, energies).to_value("deg")) for f in (0.68, 0.95)}


def galactic_centre():
    counts = Map.read(f"{GC}-counts-cube.fits.gz")
    energy = counts.geom.axes[0]
    energy_true = MapAxis.from_edges(energy.edges.to("TeV"), name="energy_true", interp="log")
    counts = Map.from_geom(counts.geom.to_image().to_cube([energy]), data=counts.data)
    exposure = Map.read(f"{GC}-exposure-cube.fits.gz")
    exposure = Map.from_geom(exposure.geom, data=exposure.data, unit="cm2 s")
    exposure = exposure.interp_to_geom(counts.geom.to_image().to_cube([energy_true]))
    psf = PSFMap.read(f"{GC}-psf-cube.fits.gz", format="gtpsf")
    rad = psf.psf_map.geom.axes["rad"]
    image = psf.psf_map.geom.to_image()
    psf = PSFMap(
        psf.psf_map.interp_to_geom(image.to_cube([rad, energy_true])),
        psf.exposure_map.interp_to_geom(image.to_cube([rad.squash(), energy_true])),
    )
    edisp = EDispKernelMap.from_diagonal_response(energy_axis=energy, energy_axis_true=energy_true)
    background = Map.read(f"{GC}-background-cube.fits.gz")
    background = Map.from_geom(counts.geom, data=background.data)
    dataset = MapDataset(counts=counts, exposure=exposure, psf=psf, edisp=edisp, background=background, name="gc")
    models = [
        point("centre", 0.0, 0.0, "1e-12 cm-2 s-1 TeV-1"),
        point("corner", 8.1, -4.7, "4e-13 cm-2 s-1 TeV-1"),
    ]
    return summary(dataset, models)


json.dump(
    {
        "fermipy": {str(k): fermipy(k) for k in (0, 1)},
        "radii": {"psf_00": radii(f"{FERMI}/psf_00.fits"), "gc": radii(f"{GC}-psf-cube.fits.gz")},
        "gc": galactic_centre(),
    },
    sys.stdout,
    indent=1,
)
