"""Gammapy's side of the bench rows. Needs gammapy 2.1 with regions < 0.12, and GAMMAPY_DATA."""

import logging
import platform
import warnings
from pathlib import Path

import astropy.units as u
import gammapy
import iminuit
import numpy as np
from gammapy.datasets import Datasets, SpectrumDatasetOnOff
from gammapy.estimators import LightCurveEstimator, TSMapEstimator
from gammapy.modeling import Fit
from gammapy.modeling.models import (
    ExpCutoffPowerLawSpectralModel,
    Models,
    SkyModel,
)

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
}

if __name__ == "__main__":
    versions = {
        "gammapy": gammapy.__version__,
        "iminuit": iminuit.__version__,
        "numpy": np.__version__,
        "Python": platform.python_version(),
    }
    serve(rows, versions)
