"""Real Gammapy on the simulated Crab analysis of examples/crab: npred, statistics and one fit.

Pinned: gammapy 2.1, iminuit 2.33, numpy 2.4, astropy 8.0. Writes twin.json next to this file.

    python twin.py [FOLDER]        default FOLDER: examples/crab

At each point of POINTS everything is read anew, because the reference keeps psf and energy dispersion of a source's old position.
"""

import json
import os
import sys
import warnings
from pathlib import Path

import numpy as np
from gammapy.datasets import Datasets, FluxPointsDataset, SpectrumDatasetOnOff
from gammapy.estimators import FluxPoints
from gammapy.irf import EffectiveAreaTable2D
from gammapy.maps import MapAxis
from gammapy.modeling import Fit
from gammapy.modeling.models import Models

warnings.simplefilter("ignore")
HERE = Path(__file__).parent
FOLDER = Path(sys.argv[1] if len(sys.argv) > 1 else HERE / "../../examples/crab")
FREE = ["amplitude", "alpha", "beta", "norm"]
POINTS = {
    "start": {},
    "truth": {"amplitude": 3.973667689e-3, "alpha": 1.263354075, "beta": 0.06132066742, "norm": 1.0},
    # another pixel of the energy dispersion, another mix of the two psf pixels
    "moved": {"amplitude": 5e-3, "alpha": 1.35, "beta": 0.0562, "norm": 1.3, "lon_0": 84.2, "lat_0": 22.5},
}


def read():
    fermi = Datasets.read(
        filename=FOLDER / "fermi-3fhl-crab/Fermi-LAT-3FHL_datasets.yaml",
        filename_models=FOLDER / "fermi-3fhl-crab/Fermi-LAT-3FHL_models.yaml",
    )[0]
    models = Models(fermi.models)
    runs = [
        SpectrumDatasetOnOff.read(FOLDER / f"joint-crab/spectra/hess/pha_obs{run}.fits", name=str(run))
        for run in (23523, 23526)
    ]
    hess = Datasets(runs).stack_reduce(name="HESS")
    points = FluxPoints.read(FOLDER / "hawc_crab/HAWC19_flux_points.fits")
    hawc = FluxPointsDataset(data=points, name="HAWC")
    datasets = Datasets([fermi, hess, hawc])
    return datasets, models


def assign(datasets, models, values):
    for parameter in models.parameters:
        if parameter.name in values:
            parameter.value = values[parameter.name]
    datasets.models = models


def evaluate(values):
    datasets, models = read()
    assign(datasets, models, values)
    fermi, hess, hawc = datasets
    npred = fermi.npred().data
    return {
        "values": values,
        "stat": {d.name: float(d.stat_sum()) for d in datasets},
        "fermi": {
            "sum": npred.sum(axis=(1, 2)).tolist(),
            "signal": fermi.npred_signal().data.sum(axis=(1, 2)).tolist(),
            # every 97th pixel of the flat cube
            "pixels": npred.ravel()[::97].tolist(),
            "peak": npred.max(axis=(1, 2)).tolist(),
        },
        "hess": {"signal": hess.npred_signal().data.ravel().tolist()},
        "hawc": {"dnde": hawc.flux_pred().to_value("cm-2 s-1 TeV-1").ravel().tolist()},
    }


def areas():
    axis = MapAxis.from_energy_bounds("0.05 TeV", "100 TeV", nbin=6, name="energy_true")
    table = EffectiveAreaTable2D.from_parametrization(axis, "HESS")
    return list(zip(axis.center.to_value("TeV").tolist(), table.quantity.to_value("cm2")[:, 0].tolist()))


def facts():
    datasets, _ = read()
    fermi, hess, hawc = datasets
    position = fermi.counts.geom.center_skydir
    energies = fermi.psf.psf_map.geom.axes["energy_true"].center
    return {
        "counts": [float(fermi.counts.data.sum()), float(hess.counts.data.sum()), float(hess.counts_off.data.sum())],
        "bins": [int(fermi.mask.data.sum()), int(hess.mask.data.sum()), int(hawc.mask_valid.sum())],
        "background": float(fermi.background.data.sum()),
        "psf_r68": fermi.psf.containment_radius(0.68, energies, position).to_value("deg").ravel().tolist(),
        # H.E.S.S. at the zenith, cm2
        "area": areas(),
    }


def fit():
    datasets, models = read()
    assign(datasets, models, {})
    result = Fit(optimize_opts={"strategy": 2, "tol": 1e-3}).run(datasets)
    parameters = [p for p in models.parameters if p.name in FREE and not p.frozen]
    out = {
        "total_stat": float(datasets.stat_sum()),
        "stat": {d.name: float(d.stat_sum()) for d in datasets},
        "success": bool(result.success),
        "nfev": int(result.optimize_result.nfev),
        "values": {p.name: float(p.value) for p in parameters},
    }
    covariance = Fit(covariance_opts={"strategy": 2}).covariance(datasets)
    out["errors"] = {p.name: float(p.error) for p in parameters}
    out["errors_success"] = bool(covariance.success)
    # errn, errp
    out["minos"] = {}
    for parameter in parameters:
        interval = Fit().confidence(datasets, parameter, sigma=1, reoptimize=True)
        out["minos"][parameter.name] = [float(interval["errn"]), float(interval["errp"])]
    return out


if __name__ == "__main__":
    result = {"facts": facts(), "points": {name: evaluate(v) for name, v in POINTS.items()}, "fit": fit()}
    (HERE / "twin.json").write_text(json.dumps(result) + "\n")
    print(json.dumps(result["fit"], indent=1), result["points"]["start"]["stat"], result["points"]["truth"]["stat"], result["facts"])
