"""Flux points of the simulated Crab of examples/crab by Gammapy's FluxPointsEstimator: Fermi-LAT, Fermi-LAT with the background fitted again in each
bin, the same with the events around the source alone, H.E.S.S. up to a bin of two counts.

Pinned: gammapy 2.1, iminuit 2.33, numpy 2.4, astropy 8.0. Writes flux_points.json next to this file.
"""

import json

import astropy.units as u
import numpy as np
from gammapy.datasets import Datasets
from gammapy.estimators import FluxPointsEstimator
from gammapy.modeling import Fit
from twin import HERE, POINTS, assign, read

COLUMNS = ["norm", "norm_err", "norm_errn", "norm_errp", "norm_ul", "ts", "stat", "stat_null", "npred", "npred_excess", "counts"]
REFERENCE = {"dnde": "cm-2 s-1 TeV-1", "flux": "cm-2 s-1", "eflux": "TeV cm-2 s-1"}
CASES = {
    "Fermi-LAT": {"index": 0, "edges": np.geomspace(0.01, 2, 6), "reoptimize": False},
    "Fermi-LAT, background free": {"index": 0, "edges": np.geomspace(0.01, 2, 4), "reoptimize": True},
    # no counts ask for a background: it has to be told of its limit
    "Fermi-LAT, few events": {"index": 0, "edges": np.geomspace(0.01, 2, 6)[3:], "reoptimize": True, "few": True},
    "HESS": {"index": 1, "edges": np.array([0.8, 1.2, 2, 4, 9, 30, 90]), "reoptimize": False},
}


def around_source(dataset, models):
    counts = dataset.counts
    _, ny, nx = counts.data.shape
    y, x = np.indices((ny, nx))
    counts.data[:, np.hypot(x - nx / 2, y - ny / 2) >= 4] = 0
    models["Fermi-LAT-bkg"].spectral_model.norm.min = 0


def estimate(index, edges, reoptimize, few=False):
    datasets, models = read()
    assign(datasets, models, POINTS["truth"])
    if few:
        around_source(datasets[index], models)
    for parameter in models.parameters:
        # the first steps of Migrad, as there are no errors yet
        parameter.error = 0.05 * abs(parameter.value)
    # a goal of 2e-7 for the distance to the minimum: norm good to 5e-4 of its error
    fit = Fit(optimize_opts={"strategy": 2, "tol": 1e-4}, confidence_opts={"backend": "scipy"})
    estimator = FluxPointsEstimator(
        source="Crab Nebula", energy_edges=edges * u.TeV, selection_optional=["errn-errp", "ul", "scan"], reoptimize=reoptimize, fit=fit
    )
    points = estimator.run(Datasets([datasets[index]]))
    column = lambda quantity: [None if not np.isfinite(x) else float(x) for x in np.ravel(quantity)]
    out = {name: column(getattr(points, name).data) for name in COLUMNS}
    axis = points.geom.axes["energy"]
    out["energy_min"] = column(axis.edges_min.to_value("TeV"))
    out["energy_max"] = column(axis.edges_max.to_value("TeV"))
    out["reference"] = {name: column(getattr(points, f"{name}_ref").to_value(unit)) for name, unit in REFERENCE.items()}
    out["norm_scan"] = column(points.stat_scan.geom.axes["norm"].center)
    # [points, norms]
    out["stat_scan"] = np.squeeze(points.stat_scan.data).tolist()
    return {"edges": edges.tolist(), "reoptimize": reoptimize, **out}


if __name__ == "__main__":
    result = {name: estimate(**case) for name, case in CASES.items()}
    (HERE / "flux_points.json").write_text(json.dumps(result, indent=1) + "\n")
