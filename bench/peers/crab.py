"""The joint Crab in Gammapy 2.1, as its tutorial "Joint modelling, fitting, and serialization" does it."""

import os
from pathlib import Path

from gammapy.datasets import Datasets, FluxPointsDataset, SpectrumDatasetOnOff
from gammapy.estimators import FluxPoints, FluxPointsEstimator
from gammapy.maps import MapAxis
from gammapy.modeling.models import Models, create_crab_spectral_model

SOURCE = "Crab Nebula"


def read_crab():
    data = Path(os.environ["GAMMAPY_DATA"])
    fermi = data / "fermi-3fhl-crab"
    datasets = Datasets.read(
        filename=fermi / "Fermi-LAT-3FHL_datasets.yaml", filename_models=fermi / "Fermi-LAT-3FHL_models.yaml"
    )
    models = datasets.models
    runs = Datasets()
    for run in [23523, 23526]:
        runs.append(SpectrumDatasetOnOff.read(data / f"joint-crab/spectra/hess/pha_obs{run}.fits"))
    hess = runs.stack_reduce(name="HESS")
    # a model of its own: the points are kept as multiples of it, and must not move with the fit
    reference = create_crab_spectral_model("meyer")
    points = FluxPoints.read(data / "hawc_crab/HAWC19_flux_points.fits", reference_model=reference)
    hawc = FluxPointsDataset(data=points, name="HAWC")
    datasets = Datasets([*datasets, hess, hawc])
    datasets.models = Models(models)
    return datasets


def flux_points(datasets):
    """Fermi-LAT and H.E.S.S. points with asymmetric errors, limits and scans."""
    edges = {
        "Fermi-LAT": MapAxis.from_energy_bounds("10 GeV", "2 TeV", nbin=5).edges,
        "HESS": MapAxis.from_bounds(1, 15, nbin=6, interp="log", unit="TeV").edges,
    }
    out = {}
    for name, energy_edges in edges.items():
        estimator = FluxPointsEstimator(
            energy_edges=energy_edges, source=SOURCE, selection_optional=["errn-errp", "ul", "scan"]
        )
        out[name] = estimator.run([datasets[name]])
    return out
