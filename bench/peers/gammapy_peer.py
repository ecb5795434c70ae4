"""Gammapy's side of the bench rows. Needs gammapy 2.1 with regions < 0.12, and GAMMAPY_DATA."""

import logging
import os
import platform
import warnings
from pathlib import Path

import astropy.units as u
import gammapy
import iminuit
import numpy as np
from astropy.coordinates import SkyCoord
from gammapy.data import DataStore
from gammapy.datasets import Datasets, MapDataset, SpectrumDataset, SpectrumDatasetOnOff
from gammapy.estimators import LightCurveEstimator, TSMapEstimator
from gammapy.makers import (
    FoVBackgroundMaker,
    MapDatasetMaker,
    ReflectedRegionsBackgroundMaker,
    SafeMaskMaker,
    SpectrumDatasetMaker,
)
from gammapy.maps import MapAxis, RegionGeom, WcsGeom
from gammapy.modeling import Fit
from gammapy.modeling.models import (
    ExpCutoffPowerLawSpectralModel,
    Models,
    SkyModel,
)
from regions import CircleSkyRegion

from crab import SOURCE, flux_points, read_crab
from protocol import serve

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)


class Start:
    """Parameter values and errors to begin again from; Gammapy's first step is the error."""

    def __init__(self, datasets):
        self.parameters = list(datasets.models.parameters)
        self.values = [(p.value, p.error) for p in self.parameters]

    def __call__(self):
        for p, (value, error) in zip(self.parameters, self.values):
            p.value, p.error = value, error


_crab = None


def crab():
    """Datasets at their start values."""
    global _crab
    if _crab is None:
        datasets = read_crab()
        _crab = datasets, Start(datasets)
    datasets, start = _crab
    start()
    return datasets, start


def fitted_crab():
    datasets, _ = crab()
    Fit().run(datasets)
    best = Start(datasets)
    return datasets, best


def evaluation(request):
    datasets, _ = crab()
    alpha = datasets.models[SOURCE].spectral_model.alpha
    value = alpha.value
    sign, above = -1, 0

    def run():
        nonlocal sign, above
        # another point each time, as a fit has it
        sign = -sign
        alpha.value = value + sign * 1e-4
        stat = datasets.stat_sum()
        if sign > 0:
            above = stat
        return above

    return run


def fit_from(datasets, start):
    def run():
        start()
        return Fit().run(datasets).total_stat

    return run


def joint_fit(request):
    return fit_from(*crab())


def toy(request):
    datasets, start = crab()
    random = np.random.default_rng(1)
    models = datasets.models
    truth = Start(datasets)

    def run():
        truth()
        toys = datasets.copy()
        toys.models = models
        for dataset in toys[:2]:
            if isinstance(dataset, SpectrumDatasetOnOff):
                dataset.fake(random_state=int(random.integers(1 << 30)), npred_background=dataset.npred_background())
            else:
                dataset.fake(random_state=int(random.integers(1 << 30)))
        return Fit().run(toys).total_stat

    return run


def minos(request):
    datasets, best = fitted_crab()
    alpha = datasets.models[SOURCE].spectral_model.alpha

    def run():
        best()
        return Fit().confidence(datasets, alpha, sigma=1)["errp"]

    return run


def profile(request):
    datasets, best = fitted_crab()
    alpha = datasets.models[SOURCE].spectral_model.alpha

    def run():
        best()
        alpha.scan_n_values = request["points"]
        alpha.scan_values = None
        return Fit().stat_profile(datasets, alpha, reoptimize=True)["stat_scan"][0]

    return run


def contour(request):
    datasets, best = fitted_crab()
    spectral = datasets.models[SOURCE].spectral_model

    def run():
        best()
        curve = Fit().stat_contour(datasets, spectral.alpha, spectral.beta, numpoints=request["points"])
        return next(values for name, values in curve.items() if name.endswith("alpha")).max()

    return run


def flux_points_row(request):
    datasets, best = fitted_crab()

    def run():
        best()
        return flux_points(datasets)["HESS"].to_table(sed_type="likelihood")["norm"][0]

    return run


def read_ten(request):
    datasets = Datasets([SpectrumDatasetOnOff.read(path) for path in request["files"]])
    spectral = ExpCutoffPowerLawSpectralModel(
        amplitude="3.8e-11 cm-2 s-1 TeV-1", index=2.3, lambda_="0.08 TeV-1", reference="1 TeV"
    )
    datasets.models = [SkyModel(spectral_model=spectral, name="source")]
    return datasets


def ten_datasets(request):
    datasets = read_ten(request)
    return fit_from(datasets, Start(datasets))


def light_curve(request):
    datasets = read_ten(request)
    estimator = LightCurveEstimator(
        energy_edges=[1, 3, 10] * u.TeV, source="source", selection_optional=["errn-errp", "ul", "scan"]
    )
    return lambda: float(estimator.run(datasets).norm.data.ravel()[0])


def fermi_only():
    datasets, _ = crab()
    copy = Datasets([datasets["Fermi-LAT"].copy(name="Fermi-LAT")])
    copy.models = Models([m.copy(name=m.name) for m in datasets.models])
    return copy


def free_position(request):
    datasets = fermi_only()
    datasets.models[SOURCE].spatial_model.unfreeze()
    return fit_from(datasets, Start(datasets))


def ts_map(request):
    datasets = fermi_only()
    dataset = datasets["Fermi-LAT"]
    dataset.models = Models([m for m in datasets.models if m.name != SOURCE])
    axis = dataset.counts.geom.axes["energy"]
    estimator = TSMapEstimator(
        kernel_width="1 deg",
        sum_over_energy_groups=False,
        energy_edges=[axis.edges[0], axis.edges[-1]],
        selection_optional=["errn-errp", "ul"],
    )
    return lambda: np.nanmax(estimator.run(dataset).sqrt_ts.data)


def fit_of_files(prefix):
    def row(request):
        folder = Path(request["folder"])
        datasets = Datasets.read(
            folder / f"{prefix}_datasets.yaml", filename_models=folder / f"{prefix}_models.yaml"
        )
        return fit_from(datasets, Start(datasets))

    return row


CRAB = SkyCoord(83.633, 22.014, unit="deg")


def hess_runs():
    observations = DataStore.from_dir(f"{os.environ['GAMMAPY_DATA']}/hess-dl3-dr1").get_observations([23523, 23526, 23559, 23592])
    for o in observations:
        # read now: the rows are about what comes after
        o.events.table, o.gti, o.aeff, o.edisp, o.psf, o.bkg
    return observations


def reduce_spectra(request):
    observations = hess_runs()
    axis = MapAxis.from_energy_bounds("0.1 TeV", "40 TeV", 27)
    true = MapAxis.from_energy_bounds("0.05 TeV", "100 TeV", 67, name="energy_true")
    region = CircleSkyRegion(CRAB, 0.11 * u.deg)
    excluded = CircleSkyRegion(SkyCoord(183.604, -8.708, unit="deg", frame="galactic"), 0.5 * u.deg)
    mask = WcsGeom.create(skydir=CRAB, npix=(150, 150), binsz=0.05, proj="TAN").region_mask([excluded], inside=False)
    empty = SpectrumDataset.create(RegionGeom.create(region, axes=[axis]), energy_axis_true=true)
    maker = SpectrumDatasetMaker(selection=["counts", "exposure", "edisp"], containment_correction=True)
    background = ReflectedRegionsBackgroundMaker(exclusion_mask=mask)
    safe = SafeMaskMaker(methods=["aeff-max"], aeff_percent=10)

    def run():
        made = [safe.run(background.run(maker.run(empty.copy(name=str(o.obs_id)), o), o), o) for o in observations]
        return sum(d.counts_off.data.sum() for d in made)

    return run


def reduce_maps(request):
    observations = hess_runs()
    geom = WcsGeom.create(skydir=CRAB, npix=(100, 100), binsz=0.02, axes=[MapAxis.from_energy_bounds("1 TeV", "10 TeV", 4)])
    true = MapAxis.from_energy_bounds("0.5 TeV", "20 TeV", 10, name="energy_true")
    empty = MapDataset.create(geom, energy_axis_true=true)
    excluded = CircleSkyRegion(SkyCoord(83.63, 22.14, unit="deg"), 0.2 * u.deg)
    mask = geom.to_image().region_mask([excluded], inside=False)
    safe = SafeMaskMaker(methods=["aeff-max", "offset-max"], offset_max=2.5 * u.deg)
    background = FoVBackgroundMaker(method="scale", exclusion_mask=mask)

    def run():
        for o in observations:
            cut = empty.cutout(o.get_pointing_icrs(o.tmid), width=5 * u.deg)
            last = background.run(safe.run(MapDatasetMaker().run(cut, o), o))
        return last.npred_background().data.sum()

    return run


rows = {
    "evaluation": evaluation,
    "joint-fit": joint_fit,
    "toys": toy,
    "minos": minos,
    "profile": profile,
    "contour": contour,
    "flux-points": flux_points_row,
    "ten-datasets": ten_datasets,
    "light-curve": light_curve,
    "free-position": free_position,
    "free-gaussian": fit_of_files("extended"),
    "five-maps": fit_of_files("maps"),
    "ts-map": ts_map,
    "reduce-spectra": reduce_spectra,
    "reduce-maps": reduce_maps,
}

if __name__ == "__main__":
    versions = {
        "gammapy": gammapy.__version__,
        "iminuit": iminuit.__version__,
        "numpy": np.__version__,
        "Python": platform.python_version(),
    }
    serve(rows, versions)
