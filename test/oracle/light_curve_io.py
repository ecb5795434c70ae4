"""Light curves on disk, for test/io/light-curve.test.ts: Gammapy 2.1, astropy 8.0. Nothing of its output is kept: the test runs it.

    python light_curve_io.py write DIR   the flare of light_curve.py as FITS and ECSV, and DIR/dump.json with what it holds
    python light_curve_io.py read DIR    read DIR/ours.*, and write DIR/dump.json with what Gammapy found
"""

import json
import sys
from pathlib import Path

import astropy.units as u
import numpy as np
from gammapy.datasets import Datasets
from gammapy.estimators import FluxPoints, LightCurveEstimator
from gammapy.modeling.models import Models

from light_curve import flare, model, plain

SED = ["dnde", "e2dnde", "flux", "eflux", "likelihood"]
UNITS = {"dnde": "cm-2 s-1 TeV-1", "e2dnde": "TeV cm-2 s-1", "flux": "cm-2 s-1", "eflux": "TeV cm-2 s-1"}


def dump(curve):
    axis = curve.geom.axes["time"]
    energy = curve.geom.axes["energy"]
    out = {
        "scale": axis.reference_time.scale,
        "mjd": [[float(a.mjd), float(b.mjd)] for a, b in axis.iter_by_time_edges],
        "energy": energy.edges.to_value("TeV").tolist(),
        # lost on the way through its own files
        "n_sigma_ul": None if curve.n_sigma_ul is None else float(curve.n_sigma_ul),
    }
    for name in (*curve.available_quantities, "sqrt_ts"):
        # [time, energy, ...]
        data = getattr(curve, name).data
        out[name] = plain(data)
    for name, unit in UNITS.items():
        out[name] = plain(getattr(curve, name).to_unit(unit).data)
        if "norm_ul" in curve.available_quantities:
            out[f"{name}_ul"] = plain(getattr(curve, f"{name}_ul").to_unit(unit).data)
    return out


def write(folder):
    datasets, _ = flare()
    datasets = Datasets(datasets[2:6])
    for edges, name in ((np.array([0.8, 2, 30]), "two"), (np.array([0.8, 30]), "one")):
        datasets.models = Models([model()])
        estimator = LightCurveEstimator(source="Crab Nebula", energy_edges=edges * u.TeV, selection_optional="all")
        curve = estimator.run(datasets)
        for sed_type in SED:
            for ending in ("fits", "ecsv"):
                curve.write(folder / f"{name}-{sed_type}.{ending}", sed_type=sed_type, format="lightcurve")
        yield name, dump(curve)


if __name__ == "__main__":
    folder = Path(sys.argv[2])
    if sys.argv[1] == "write":
        result = dict(write(folder))
    else:
        result = {p.name: dump(FluxPoints.read(p, format="lightcurve", reference_model=model().spectral_model)) for p in folder.glob("ours-*")}
    (folder / "dump.json").write_text(json.dumps(result))
