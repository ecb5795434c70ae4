"""Light curves by Gammapy's LightCurveEstimator: the four H.E.S.S. runs on the Crab (with the good time intervals of their event lists), and a simulated
flare of few counts on the response of examples/crab. Beside what the estimator writes, the numbers that its statistic gives when it is minimised and searched to the last
digits (`exact`): Migrad and the estimator's root finder stop earlier.

Pinned: gammapy 2.1, iminuit 2.33, numpy 2.4, scipy 1.17, astropy 8.0. Writes light_curve.json next to this file. Needs GAMMAPY_DATA.
"""

import json
import os
import warnings
from pathlib import Path

import astropy.units as u
import numpy as np
from astropy.time import Time
from gammapy.data import GTI
from gammapy.datasets import Datasets, SpectrumDatasetOnOff
from gammapy.estimators import LightCurveEstimator
from gammapy.estimators.utils import compute_lightcurve_doublingtime, compute_lightcurve_fpp, compute_lightcurve_fvar
from gammapy.maps import RegionNDMap
from gammapy.modeling import Fit
from gammapy.modeling.models import (
    ExpDecayTemporalModel,
    LogParabolaSpectralModel,
    Models,
    ScaleSpectralModel,
    SkyModel,
)
from gammapy.stats import wstat
from scipy.optimize import brentq, minimize_scalar
from scipy.stats import chi2 as chi2_distribution

warnings.simplefilter("ignore")
HERE = Path(__file__).parent
DATA = Path(os.environ["GAMMAPY_DATA"])
RUNS = [23523, 23526, 23559, 23592]
COLUMNS = ["norm", "norm_err", "norm_errn", "norm_errp", "norm_ul", "ts", "stat", "stat_null"]
REFERENCE = {"dnde": "cm-2 s-1 TeV-1", "flux": "cm-2 s-1", "eflux": "TeV cm-2 s-1"}
SPECTRUM = {"amplitude": 3.5e-11, "reference": 1.0, "alpha": 2.3, "beta": 0.12}
# the response of one run, in eight intervals of 600 s with gaps; the flux rises to a flare and decays
FLARE = {
    "reference": 53343.0,
    "start": [1000.0 * i for i in range(8)],
    "stop": [1000.0 * i + 600 for i in range(8)],
    "flux": [0.1, 0.2, 0.15, 1.2, 0.8, 0.4, 0.2, 0.1],
}


def model(temporal=None):
    s = SPECTRUM
    spectral = LogParabolaSpectralModel(
        amplitude=s["amplitude"] * u.Unit("cm-2 s-1 TeV-1"), reference=s["reference"] * u.TeV, alpha=s["alpha"], beta=s["beta"]
    )
    return SkyModel(spectral_model=spectral, temporal_model=temporal, name="Crab Nebula")


def hess():
    datasets = Datasets()
    for run in RUNS:
        dataset = SpectrumDatasetOnOff.read(DATA / f"joint-crab/spectra/hess/pha_obs{run}.fits", name=str(run))
        dataset.gti = GTI.read(DATA / f"hess-dl3-dr1/data/hess_dl3_dr1_obs_id_0{run}.fits.gz")
        datasets.append(dataset)
    return datasets


def flare():
    base = SpectrumDatasetOnOff.read(HERE / "../../examples/crab/joint-crab/spectra/hess/pha_obs23523.fits", name="base")
    random = np.random.default_rng(7)
    scale = 600 / base.exposure.meta["livetime"].to_value("s") if "livetime" in base.exposure.meta else 600 / 1581.7
    base.models = [model()]
    signal = base.npred_signal().data
    off = base.counts_off.data
    datasets = Datasets()
    reference = Time(FLARE["reference"], format="mjd", scale="tt")
    for i, flux in enumerate(FLARE["flux"]):
        dataset = base.copy(name=f"flare-{i}")
        dataset.models = None
        dataset.exposure = base.exposure * scale
        dataset.counts = RegionNDMap.from_geom(base.counts.geom, data=random.poisson(flux * scale * signal + scale * off * base.alpha.data).astype(float))
        dataset.counts_off = RegionNDMap.from_geom(base.counts.geom, data=random.poisson(scale * off).astype(float))
        dataset.gti = GTI.create([FLARE["start"][i]] * u.s, [FLARE["stop"][i]] * u.s, reference)
        datasets.append(dataset)
    return datasets, scale


def plain(x):
    return [None if not np.isfinite(v) else float(v) for v in np.ravel(x)]


def statistic(group, source, energy_min, energy_max):
    """The group's statistic between two energies as a function of the source's norm: its own wstat of its own npred, which goes with the norm."""
    sliced = group.slice_by_energy(energy_min=energy_min, energy_max=energy_max)
    sliced.models = Models([source])
    parts = []
    for d in sliced:
        use = d.mask.data
        parts.append([x.astype(float) for x in (d.counts.data[use], d.counts_off.data[use], d.alpha.data[use], d.npred_signal().data[use])])
    on, off, alpha, signal = (np.concatenate(x) for x in zip(*parts))

    def stat(norm):
        return float(np.sum(wstat(n_on=on, n_off=off, alpha=alpha, mu_sig=norm * signal)))

    # the estimator's own way gives the same
    scaled = ScaleSpectralModel(source.spectral_model)
    sliced.models = Models([SkyModel(spectral_model=scaled, temporal_model=source.temporal_model, name=source.name)])
    scaled.norm.value = 0.7
    assert abs(sliced.stat_sum() / stat(0.7) - 1) < 1e-6, (sliced.stat_sum(), stat(0.7))
    return stat


def exact(stat, near, error):
    """`near`, `error`: what the estimator found. Where less is measured than the background, wstat has its minimum in a corner at a norm of 0: no errors."""
    corner = not near > 1e-3
    if corner:
        norm, best, sigma = 0.0, stat(0.0), None
    else:
        guess = minimize_scalar(stat, bounds=(near - error, near + error), method="bounded", options={"xatol": 1e-11})
        norm, best, sigma = float(guess.x), float(guess.fun), error
        # second derivative, the error of the differences going with the sixth power of the step
        for _ in range(4):
            h = 0.05 * sigma
            f = {k: stat(norm + k * h) for k in (-3, -2, -1, 0, 1, 2, 3)}
            second = (2 * (f[3] + f[-3]) - 27 * (f[2] + f[-2]) + 270 * (f[1] + f[-1]) - 490 * f[0]) / (180 * h * h)
            sigma = (2 / second) ** 0.5

    def rise(delta, sign):
        step = 0.1
        while stat(norm + sign * step) - best < delta:
            step *= 1.2
        return brentq(lambda t: stat(norm + sign * t) - best - delta, 0, step, xtol=1e-12)

    return {
        "norm": norm,
        "norm_err": sigma,
        # below 0 the statistic of a negative signal is not that of any model
        "norm_errn": None if corner or stat(0.0) - best < 1 else rise(1, -1),
        "norm_errp": rise(1, 1),
        "norm_ul": norm + rise(4, 1),
        "stat": best,
        "stat_null": stat(0.0),
    }


def intervals_of(curve):
    axis = curve.geom.axes["time"]
    return [[float(a.tt.mjd), float(b.tt.mjd)] for a, b in axis.iter_by_time_edges]


def estimate(datasets, source, edges, time_intervals=None):
    datasets.models = Models([source])
    for parameter in datasets.models.parameters:
        parameter.error = 0.05 * abs(parameter.value)
    fit = Fit(optimize_opts={"strategy": 2, "tol": 1e-4}, confidence_opts={"backend": "scipy"})
    estimator = LightCurveEstimator(
        source=source.name, energy_edges=edges * u.TeV, time_intervals=time_intervals, selection_optional=["errn-errp", "ul", "scan"], fit=fit
    )
    curve = estimator.run(datasets)
    times = list(curve.geom.axes["time"].iter_by_time_edges)
    groups = [datasets.select_time(a, b, "1e-6 s") for a, b in times]
    axis = curve.geom.axes["energy"]
    bands = list(zip(axis.edges_min, axis.edges_max))
    shape = (len(times), len(bands))
    grid = lambda name: np.reshape(getattr(curve, name).data, shape)
    per_dataset = lambda name: np.nansum(np.reshape(getattr(curve, name).data, (shape[0], shape[1], -1)), axis=2)
    stats = [[statistic(group, source, lo, hi) for lo, hi in bands] for group in groups]
    near = grid("norm"), grid("norm_err")
    found = [[exact(stat, near[0][i, k], near[1][i, k]) for k, stat in enumerate(row)] for i, row in enumerate(stats)]
    constant = []
    for k in range(len(bands)):
        mean = np.nanmean(near[0][:, k])
        joint = exact(lambda norm: sum(row[k](norm) for row in stats), mean, mean)
        ts = joint["stat"] - sum(row[k]["stat"] for row in found)
        constant.append({"norm": joint["norm"], "norm_err": joint["norm_err"], "ts": ts, "p": float(chi2_distribution.sf(ts, len(times) - 1))})
    return curve, {
        "edges": list(map(float, edges)),
        "datasets": [group.names for group in groups],
        "mjd_tt": intervals_of(curve),
        "energy": [[float(a.to_value("TeV")), float(b.to_value("TeV"))] for a, b in bands],
        **{name: [plain(row) for row in grid(name)] for name in COLUMNS},
        **{name: [plain(row) for row in per_dataset(name)] for name in ("npred", "npred_excess", "counts")},
        "reference": {name: plain(getattr(curve, f"{name}_ref").to_value(unit)) for name, unit in REFERENCE.items()},
        "norm_scan": plain(curve.stat_scan.geom.axes["norm"].center),
        "stat_scan": [[[row[k](n) for n in curve.stat_scan.geom.axes["norm"].center] for k in range(len(bands))] for row in stats],
        "exact": found,
        "constancy": constant,
    }


def variability(curve):
    """The reference's own, and chi2 of a constant by its definition."""
    out = {}
    for name, table in (("fvar", compute_lightcurve_fvar(curve)), ("fpp", compute_lightcurve_fpp(curve))):
        out[name] = [plain(table[name]), plain(table[f"{name}_err"])]
    doubling = compute_lightcurve_doublingtime(curve)
    for key, error in (("doublingtime", "doubling_err"), ("halvingtime", "halving_err")):
        out[key] = [plain(doubling[key].quantity.to_value("d")), plain(doubling[error].quantity.to_value("d"))]
    out["mjd"] = [plain(doubling[key].tt.mjd) for key in ("doubling_coord", "halving_coord")]
    n = len(curve.geom.axes["time"].center)
    x, err = (np.reshape(getattr(curve, key).data, (n, -1)) for key in ("norm", "norm_err"))
    mean = np.average(x, weights=err**-2, axis=0)
    chi2 = (((x - mean) / err) ** 2).sum(axis=0)
    out["chi2"] = [plain(chi2), plain(chi2_distribution.sf(chi2, n - 1))]
    # what they were made from
    out["norm"], out["norm_err"] = x.tolist(), err.tolist()
    return out


def pairs(datasets, scale):
    """Runs two by two: an interval in a time scale, a minute longer at either end."""
    minute = 60 * u.s
    out = []
    for a, b in ((0, 1), (2, 3)):
        out.append(Time([datasets[a].gti.time_start[0] - minute, datasets[b].gti.time_stop[-1] + minute]))
    return [getattr(t, scale) for t in out]


if __name__ == "__main__":
    datasets = hess()
    gtis = [[float(d.gti.time_start[0].tt.mjd), float(d.gti.time_stop[-1].tt.mjd)] for d in datasets]
    result = {"spectrum": SPECTRUM, "hess": {"runs": RUNS, "mjd_tt": gtis}}
    curve, result["hess"]["gti"] = estimate(datasets, model(), np.array([0.8, 2, 20]))
    result["hess"]["variability"] = variability(curve)
    utc = pairs(datasets, "utc")
    _, result["hess"]["pairs"] = estimate(datasets, model(), np.array([0.8, 10]), utc)
    result["hess"]["pairs"]["mjd_utc"] = [[float(x) for x in t.mjd] for t in utc]
    datasets, scale = flare()
    result["flare"] = {**FLARE, "scale": scale, "counts": [plain(d.counts.data) for d in datasets], "off": [plain(d.counts_off.data) for d in datasets]}
    curve, result["flare"]["gti"] = estimate(datasets, model(), np.array([0.8, 2, 30]))
    result["flare"]["variability"] = variability(curve)
    decay = ExpDecayTemporalModel(t0=0.02 * u.d, t_ref=FLARE["reference"] * u.d)
    decay.scale = "tt"
    _, steady = estimate(datasets, model(decay), np.array([0.8, 30]))
    result["flare"]["decay"] = {"t0": 0.02, "t_ref": FLARE["reference"], "norm": [row[0]["norm"] for row in steady["exact"]]}
    _, alone = estimate(datasets, model(), np.array([0.8, 30]))
    result["flare"]["no decay"] = {"norm": [row[0]["norm"] for row in alone["exact"]]}
    (HERE / "light_curve.json").write_text(json.dumps(result, indent=1) + "\n")
