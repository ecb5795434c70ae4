"""
Writes the files of one release of Gammapy, with that release:
    ~/.cache/gammats/museum/venv-1.0/bin/python test/museum/make.py write test/museum/gammapy-1.0
and what it predicts for them, which `predict` says again with any release that reads them:
    $GAMMATS_PYTHON test/museum/make.py predict test/museum/gammapy-1.0

RELEASES says which Python and packages each one was run with. Of 0.18.2 and 0.19 there is no wheel: they build (pip install --no-build-isolation) with
setuptools<60, cython<3, setuptools_scm<7 and extension-helpers==0.1.
"""
import gzip
import json
import sys
from pathlib import Path

RELEASES = {
    "0.18.2": "Python 3.8: numpy==1.20.3 astropy==4.2.1 regions==0.4 scipy==1.6.3 pydantic<2 matplotlib<3.5 pillow<9, see below",
    "0.19": "Python 3.8: numpy==1.21.6 astropy==4.3.1 regions==0.5 scipy==1.7.3 pydantic<2 matplotlib<3.6, see below",
    "0.20.1": "Python 3.9: numpy==1.22.4 astropy==5.0.8 regions==0.6 scipy==1.8.1 pydantic<2 matplotlib<3.6",
    "1.0": "Python 3.9: numpy==1.23.5 astropy==5.2.2 regions==0.7 scipy==1.9.3 pydantic<2 iminuit==2.18.0 matplotlib<3.8",
    "1.1": "Python 3.9: numpy==1.24.4 astropy==5.3.4 regions==0.7 scipy==1.10.1 pydantic<2 matplotlib<3.8",
    "1.2": "Python 3.10: numpy==1.26.4 astropy==6.0.1 regions==0.8 scipy==1.12.0 matplotlib<3.9",
    "1.3": "Python 3.11: numpy==1.26.4 astropy==6.1.7 regions==0.10 scipy==1.14.1",
    "2.0": "Python 3.11: numpy==2.1.3 astropy==7.0.2 regions==0.10 scipy==1.15.3",
    "2.1": "as .ci/requirements.txt",
}


def geoms():
    import astropy.units as u
    import numpy as np
    from gammapy.maps import MapAxis, WcsGeom
    from regions import CircleSkyRegion
    from astropy.coordinates import Angle, SkyCoord
    from gammapy.maps import RegionGeom

    axis = MapAxis.from_energy_bounds("1 TeV", "10 TeV", nbin=3)
    true = MapAxis.from_energy_bounds("0.5 TeV", "20 TeV", nbin=6, name="energy_true")
    sky = WcsGeom.create(skydir=(83.63, 22.01), npix=(15, 15), binsz=0.1, axes=[axis])
    centre = SkyCoord(83.63, 22.01, unit="deg")
    region = RegionGeom.create(CircleSkyRegion(centre, Angle(0.2, "deg")), axes=[axis])
    return u, np, axis, true, sky, region


def times():
    import astropy.units as u
    from astropy.time import Time
    from gammapy.data import GTI

    return GTI.create([0, 30] * u.min, [25, 55] * u.min, Time("2020-01-02T03:04:05", scale="tt"))


def energy_dispersion(axis, true, geom):
    from gammapy.irf import EDispKernelMap

    return EDispKernelMap.from_diagonal_response(axis, true, geom=geom)


def cube():
    """A map in three energies: 15 x 15 pixels, a psf of 0.08 to 0.05 deg, two runs."""
    u, np, axis, true, sky, _ = geoms()
    from gammapy.datasets import MapDataset
    from gammapy.irf import PSFMap
    from gammapy.maps import Map, MapAxis, WcsGeom, WcsNDMap

    pixels = np.arange(sky.data_shape[0] * 15 * 15).reshape(sky.data_shape)
    exposure = Map.from_geom(sky.to_image().to_cube([true]), unit="m2 s")
    exposure.data = 1e9 * (1 + 0.1 * np.arange(6))[:, None, None] * np.ones((15, 15))
    rad = MapAxis.from_edges(np.linspace(0, 0.3, 16), unit="deg", name="rad")
    wide = WcsGeom.create(skydir=(83.63, 22.01), npix=(1, 1), binsz=2, axes=[rad, true])
    sigma = np.linspace(0.08, 0.05, 6)[:, None]
    shape = np.exp(-((rad.center.value / sigma) ** 2) / 2) / (2 * np.pi * (sigma * np.pi / 180) ** 2)
    psf = WcsNDMap(wide, data=shape[:, :, None, None], unit="sr-1")
    seen = Map.from_geom(wide.squash(axis_name="rad"), unit="m2 s")
    seen.data += 1e9
    mask_fit = np.ones(sky.data_shape, dtype=bool)
    mask_fit[0, :, 0] = False
    mask_safe = np.ones(sky.data_shape, dtype=bool)
    mask_safe[2, 0, :] = False
    return MapDataset(
        counts=WcsNDMap(sky, data=(pixels % 7).astype("float32")),
        exposure=exposure,
        background=WcsNDMap(sky, data=2.0 + 0.001 * pixels),
        psf=PSFMap(psf, seen),
        edisp=energy_dispersion(axis, true, WcsGeom.create(skydir=(83.63, 22.01), npix=(1, 1), binsz=2)),
        mask_fit=WcsNDMap(sky, data=mask_fit),
        mask_safe=WcsNDMap(sky, data=mask_safe),
        gti=times(),
        name="cube",
    )


def spectrum():
    """ON and OFF counts in a circle."""
    u, np, axis, true, _, region = geoms()
    from gammapy.datasets import SpectrumDatasetOnOff
    from gammapy.maps import RegionNDMap

    def counts(*values):
        return RegionNDMap(region, data=np.array(values, dtype=float).reshape(-1, 1, 1))

    exposure = RegionNDMap.create(region.region, axes=[true], unit="m2 s")
    exposure.meta = {"livetime": 3000 * u.s}
    exposure.data = 1e9 * (1 + 0.1 * np.arange(6)).reshape(-1, 1, 1)
    return SpectrumDatasetOnOff(
        counts=counts(35, 12, 3),
        counts_off=counts(60, 21, 4),
        acceptance=counts(1, 1, 1),
        acceptance_off=counts(5, 5, 4),
        exposure=exposure,
        edisp=energy_dispersion(axis, true, region.to_image()),
        mask_safe=RegionNDMap(region, data=np.array([1, 1, 1], dtype=bool).reshape(-1, 1, 1)),
        gti=times(),
        name="spectrum",
    )


def points():
    """Flux points with a limit."""
    from astropy import units as u
    from astropy.table import Table
    from gammapy.datasets import FluxPointsDataset
    from gammapy.estimators import FluxPoints

    table = Table()
    table["e_ref"] = [1.3, 2.5, 5.0, 9.0] * u.TeV
    table["e_min"] = [1.0, 1.7, 3.6, 7.0] * u.TeV
    table["e_max"] = [1.7, 3.6, 7.0, 11.5] * u.TeV
    table["dnde"] = [2.1e-11, 5.2e-12, 1.1e-12, 2.0e-13] * u.Unit("cm-2 s-1 TeV-1")
    table["dnde_err"] = [3e-12, 8e-13, 2e-13, 9e-14] * u.Unit("cm-2 s-1 TeV-1")
    table["dnde_ul"] = [2.7e-11, 7e-12, 1.6e-12, 4e-13] * u.Unit("cm-2 s-1 TeV-1")
    table["is_ul"] = [False, False, False, True]
    table.meta["SED_TYPE"] = "dnde"
    data = FluxPoints.from_table(table, sed_type="dnde") if hasattr(FluxPoints, "from_table") else FluxPoints(table)
    return FluxPointsDataset(data=data, name="points")


def models():
    from gammapy.modeling.models import (
        FoVBackgroundModel,
        GaussianSpatialModel,
        LogParabolaSpectralModel,
        Models,
        PointSpatialModel,
        PowerLawSpectralModel,
        SkyModel,
    )

    crab = SkyModel(
        spectral_model=LogParabolaSpectralModel(
            amplitude="3.8e-11 cm-2 s-1 TeV-1", reference="1 TeV", alpha=2.4, beta=0.15
        ),
        spatial_model=PointSpatialModel(lon_0="83.63 deg", lat_0="22.01 deg", frame="icrs"),
        name="crab",
    )
    crab.spectral_model.alpha.min = 1
    crab.spectral_model.beta.frozen = True
    crab.spatial_model.lon_0.frozen = True
    crab.spatial_model.lat_0.frozen = True
    halo = SkyModel(
        spectral_model=PowerLawSpectralModel(index=2.2, amplitude="4e-12 cm-2 s-1 TeV-1", reference="1 TeV"),
        spatial_model=GaussianSpatialModel(lon_0="83.7 deg", lat_0="22.0 deg", sigma="0.1 deg", frame="icrs"),
        datasets_names=["cube"],
        name="halo",
    )
    halo.spectral_model.index.error = 0.1
    background = FoVBackgroundModel(dataset_name="cube")
    background.spectral_model.norm.value = 1.05
    return Models([crab, halo, background])


def write(folder):
    import warnings

    warnings.simplefilter("ignore")
    from gammapy.datasets import Datasets

    folder.mkdir(parents=True, exist_ok=True)
    datasets = Datasets([cube(), spectrum(), points()])
    datasets.models = models()
    datasets.write(folder / "datasets.yaml", filename_models=folder / "models.yaml", overwrite=True)
    for path in folder.glob("*.fits*"):
        bytes_ = path.read_bytes()
        if bytes_[:2] != b"\x1f\x8b":
            # under the same name: readers look at the first bytes
            path.write_bytes(gzip.compress(bytes_, 9, mtime=0))


def predict(folder):
    """By dataset: the statistic, the counts that are predicted in all bins, and where there are any in the fit."""
    import warnings

    warnings.simplefilter("ignore")
    import gammapy
    from gammapy.datasets import Datasets, FluxPointsDataset

    datasets = Datasets.read(folder / "datasets.yaml", filename_models=folder / "models.yaml")
    found = {}
    for dataset in datasets:
        found[dataset.name] = {"stat": float(dataset.stat_sum())}
        if not isinstance(dataset, FluxPointsDataset):
            found[dataset.name]["npred_signal"] = float(dataset.npred_signal().data.sum())
    return {gammapy.__version__: found}


if __name__ == "__main__":
    command, folder = sys.argv[1], Path(sys.argv[2])
    if command == "write":
        write(folder)
    path = folder / "expected.json"
    known = json.loads(path.read_text()) if path.exists() and command == "predict" else {}
    path.write_text(json.dumps({**known, **predict(folder)}, indent=1) + "\n")
