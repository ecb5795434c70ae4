"""Numbers for test/io, of small files that the tests make themselves: python field_files.py > field_files.json

Pinned: gammapy 2.1, scipy 1.17.1, numpy 2.4.6, astropy 8.0.
"""

import json
import tempfile
from pathlib import Path

import astropy.units as u
import numpy as np
from astropy.table import Table
from astropy.time import Time
from gammapy.datasets import FluxPointsDataset
from gammapy.estimators import FluxPoints
from gammapy.modeling.models import PowerLawSpectralModel, SkyModel
from gammapy.stats import wstat
from scipy.integrate import quad
from scipy.signal import fftconvolve


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


def kernels():
    """Predicted counts [energy, lat, lon] of a point through one psf kernel and one energy dispersion for the whole map."""
    y, x = np.mgrid[0:7, 0:7]
    edges = np.array([1.0, 3.0, 10.0])
    matrix = np.array([[0.8, 0.15], [0.1, 0.85]])
    lon, lat, amplitude = 0.03, 0.02, 1e-11
    px, py = 3 - lon / 0.1, 3 + lat / 0.1
    point = np.maximum(0, 1 - abs(x - px)) * np.maximum(0, 1 - abs(y - py))
    flux = amplitude * (1 / edges[:-1] - 1 / edges[1:])
    true = []
    for t, side in enumerate([0.3, 0.1]):
        kernel = np.outer([side, 1, side], [side, 1, side])
        seen = fftconvolve(point * flux[t], kernel / kernel.sum(), mode="same")
        true.append(seen * 1e12 * (1 + t + 0.1 * y + 0.03 * x))
    return np.einsum("tyx,tr->ryx", np.array(true), matrix).ravel().tolist()


ARCHIVE = """# %ECSV 0.9
# ---
# datatype:
# - {name: time, unit: MJD, datatype: float64}
# - {name: e_min, unit: TeV, datatype: float64}
# - {name: flux, unit: m-2 s-1, datatype: float64}
# - {name: flux_err, unit: ph / (m2 s), datatype: float64}
# - {name: flux_ul, unit: cm-2 s-1, datatype: float64}
# meta: !!omap
# - data_type: lc
# - telescope: veritas
# - UL_CONF: 99
# - timesys: UTC
# - comments: |
#     made
time e_min flux flux_err flux_ul
54417 1.0 nan nan 2.3473e-12
55532.25 1.0 10.787e-8 1.5570e-8 nan
55532.25 1.0 5.8327e-8 2.6955e-8 nan
"""

SPECTRUM = """# %ECSV 0.9
# ---
# datatype:
# - {name: nu, unit: Hz, datatype: float64}
# - {name: nuFnu, unit: erg cm-2 s-1, datatype: float64}
# - {name: nuFnu_min, unit: erg cm-2 s-1, datatype: float64}
# - {name: nuFnu_max, unit: Jy Hz, datatype: float64}
# - {name: sqrt_ts, unit: None, datatype: float64}
nu nuFnu nuFnu_min nuFnu_max sqrt_ts
1e26 1e-12 8e-13 1.3e11 5
3e26 2e-12 1e-12 2.5e11 7
"""


def archives():
    """A light curve as archives of Cherenkov telescopes keep it, and a spectrum by frequency: what Astropy makes of the texts, in our units."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.ecsv"
        # MJD is no unit of Astropy
        path.write_text(ARCHIVE.replace("unit: MJD", "unit: d"))
        curve = Table.read(path)
        path.write_text(SPECTRUM.replace("unit: None, ", ""))
        spectrum = Table.read(path)
    times = Time(np.asarray(curve["time"]), format="mjd", scale="utc")
    plain = lambda values: [None if np.isnan(x) else float(x) for x in values]
    value = lambda table, name, unit: plain(table[name].quantity.to_value(unit))
    e2dnde = spectrum["nuFnu"].quantity.to("TeV cm-2 s-1")
    return {
        "curve": ARCHIVE,
        "tt": times.tt.mjd.tolist(),
        "flux": value(curve, "flux", "cm-2 s-1"),
        "flux_err": plain(np.asarray(curve["flux_err"]) * u.Unit("m-2 s-1").to("cm-2 s-1")),
        "flux_ul": value(curve, "flux_ul", "cm-2 s-1"),
        "spectrum": SPECTRUM,
        "energy": spectrum["nu"].quantity.to_value("TeV", equivalencies=u.spectral()).tolist(),
        "e2dnde": e2dnde.value.tolist(),
        "errn": (e2dnde - spectrum["nuFnu_min"].quantity).to_value("TeV cm-2 s-1").tolist(),
        "errp": (spectrum["nuFnu_max"].quantity - e2dnde).to_value("TeV cm-2 s-1").tolist(),
    }


if __name__ == "__main__":
    print(json.dumps({"flux_points": flux_points(), "grouping": grouping(), "kernels": kernels(), "archives": archives()}, indent=1))
