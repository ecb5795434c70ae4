"""Numbers for test/io, of small files that the tests make themselves: python field_files.py > field_files.json

Pinned: gammapy 2.1, scipy 1.17.1, numpy 2.4.6, astropy 8.0.
"""

import json
import tempfile
from pathlib import Path

import astropy.units as u
import numpy as np
from gammapy.datasets import FluxPointsDataset
from gammapy.estimators import FluxPoints
from gammapy.modeling.models import PowerLawSpectralModel, SkyModel
from gammapy.stats import wstat
from scipy.integrate import quad


def flux_points():
    """Gammapy reads e_ref where a table has no e_min and e_max: what dnde at e_ref is worth to a power law."""
    text = """# %ECSV 1.0
# ---
# datatype:
# - {name: e_ref, unit: TeV, datatype: float64}
# - {name: dnde, unit: cm-2 s-1 TeV-1, datatype: float64}
# - {name: dnde_err, unit: cm-2 s-1 TeV-1, datatype: float64}
# schema: astropy-2.0
e_ref dnde dnde_err
5.05 5.69e-14 2.3e-14
14.0 2.51e-15 1.3e-15
"""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "points.ecsv"
        path.write_text(text)
        points = FluxPoints.read(path)
    model = PowerLawSpectralModel(index=2.7, amplitude="5e-12 cm-2 s-1 TeV-1", reference="1 TeV")
    dataset = FluxPointsDataset(models=SkyModel(model), data=points)
    e2dnde = points.e2dnde.quantity.to_value("TeV cm-2 s-1")
    return {"stat": float(dataset.stat_sum()), "e2dnde": np.squeeze(e2dnde).tolist()}


def grouping():
    """wstat of six channels in three bins, the second channel bad: sums over good channels of data and predicted counts."""
    edges = np.array([1, 2, 3, 4, 6, 8, 10])
    on, off = np.array([12, 9, 7, 5, 3, 2]), np.array([20, 15, 11, 8, 6, 1])
    good = np.array([1, 0, 1, 1, 1, 1])
    amplitude, index, exposure = 1e-12, 2.2, 1e13
    signal = [quad(lambda e: amplitude * e**-index * exposure, a, b, epsrel=1e-12)[0] for a, b in zip(edges, edges[1:])]
    total = lambda x: np.add.reduceat(np.asarray(x) * good, [0, 3, 5])
    return {"stat": float(np.sum(wstat(total(on), total(off), 0.1, total(signal)))), "npred": total(signal).tolist()}


if __name__ == "__main__":
    print(json.dumps({"flux_points": flux_points(), "grouping": grouping()}, indent=1))
