"""What Gammapy 2.1 (astropy 7, numpy 2, scipy 1.17) predicts for analyses that stand in folders: test/fuzz/sweep.

Reads names of folders, one a line, each with a_datasets.yaml and a_models.yaml; answers with a line of JSON. Gammapy as it is, but for what docs/differences.md lists:
- images and convolutions in float64 (Gammapy: float32), so that rounding does not hide what differs;
- maps with a psf on a wider map that is cut back, as the psf brings events in from outside;
- points without a psf on a cutout that holds all four pixels around them;
- solid angles of pixels (solid_angle.py);
- solid angles of disks and smoothly broken power laws by formulas that keep their digits;
- without masks while predicting, as a source beside the mask is left out; the statistic is summed inside of them;
- means over time by quadrature over the values of the temporal model, as some of the integrals are not those of the model.
"""
import json
import logging
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace

import astropy.units as u
import numpy as np
from astropy.time import Time

import gammapy.maps.wcs.ndmap as ndmap
import solid_angle
from gammapy.datasets import Datasets, MapDataset, MapDatasetOnOff, SpectrumDatasetOnOff
from gammapy.datasets.evaluator import MapEvaluator
from gammapy.maps import Map, RegionNDMap, WcsNDMap
from gammapy.modeling.models import DiskSpatialModel, Models, PointSpatialModel, SkyModel, SmoothBrokenPowerLawSpectralModel, TemplateSpatialModel
from gammapy.stats import cash, wstat


class Double:
    float32 = np.float64

    def __getattr__(self, name):
        return getattr(np, name)


def in_double_precision():
    ndmap.np = Double()
    Map.from_geom.__defaults__ = tuple("float64" if x == "float32" else x for x in Map.from_geom.__defaults__)
    for cls in (WcsNDMap, RegionNDMap):
        cls.__init__.__defaults__ = tuple("float64" if x == "float32" else x for x in cls.__init__.__defaults__)


standard_update = MapEvaluator.update
GRADED = np.concatenate([[0.0], 2.0 ** np.arange(-60, 1)])
def smooth_break(energy, index1, index2, amplitude, ebreak, reference, beta):
    """The same formula without overflow; where both indices are one, the limit from index2 > index1."""
    d, b = float(index2 - index1), float(beta)
    x = abs(d) / b * np.log((energy / ebreak).to_value(""))
    return amplitude * np.exp(-float(index1) * np.log((energy / reference).to_value("")) - (-b if d < 0 else b) * np.logaddexp(0, x))


def disk_norm(r_0, e):
    """1 / solid angle of the ellipse, the same integral by the trapezoid rule, which is exact here, without differences of nearly equal numbers."""
    a, e = r_0.to_value("rad"), float(e)
    b = a * np.sqrt(1 - e**2)
    t = np.arange(20000) * np.pi / 20000
    q = 1 / (np.cos(t) ** 2 / np.sin(a) ** 2 + np.sin(t) ** 2 / np.sin(b) ** 2)
    return 1 / (2 * np.pi * np.mean(q / (1 + np.sqrt(1 - q)))) * u.Unit("sr-1")


NODES, WEIGHTS = np.polynomial.legendre.leggauss(40)


def temporal_mean(self):
    """Gauss-Legendre rule on parts of each interval."""
    model, total, duration = self.model.temporal_model, 0.0, 0.0
    corner = model.t_ref.quantity.to_value("d") if "t_ref" in model.parameters.names else -np.inf
    for start, stop in zip(Time(self.gti.time_start, scale=model.scale).mjd, Time(self.gti.time_stop, scale=model.scale).mjd):
        duration += stop - start
        middle = min(max(corner, start), stop)
        # finer and finer towards the reference time, where some have a corner
        for edges in (middle - (middle - start) * GRADED[::-1], middle + (stop - middle) * GRADED):
            half = np.diff(edges)[:, None] / 2
            t = edges[:-1, None] + half * (1 + NODES)
            total += np.sum(half * WEIGHTS * u.Quantity(model(Time(t, format="mjd", scale=model.scale))).to_value(""))
    return total / duration * u.one


def update(self, exposure, psf, edisp, geom, mask):
    """As before, and then the cutout of a point anew if it does not hold the pixels around it."""
    standard_update(self, exposure, psf, edisp, geom, mask)
    if isinstance(self.model.spatial_model, PointSpatialModel) and not geom.is_region and self.psf is None and self.contributes:
        self.exposure = exposure._cutout_view(position=self.position, width=5 * geom.pixel_scales.max(), odd_npix=True)
        self.reset_cache_properties()


def template_radius(self):
    """Beyond the corners of the map, which may be turned against the data or lie at a pole, where pixels are narrow."""
    return 90 * u.deg


TemplateSpatialModel.evaluation_radius = property(template_radius)


def seen_by(dataset):
    """The dataset without masks, on a wider map where that matters, and the cut back to its own."""
    geom = dataset._geom
    psf = getattr(dataset, "psf", None)
    if geom.is_region:
        pad = 0
    elif not psf:
        # a point beside the map shares pixels on its edge
        pad = 2 if any(isinstance(m.spatial_model, PointSpatialModel) for m in dataset.models if m.tag[0] == "SkyModel") else 0
    else:
        rad = psf.psf_map.geom.axes["rad"].edges.to_value("deg")[-1]
        pad = int(np.ceil(rad / geom.pixel_scales.deg.min())) + 2
    if pad == 0:
        wide = dataset.copy(name=dataset.name)
        wide.mask_safe = wide.mask_fit = None
        wide.models = dataset.models
        return wide, ...
    counts = Map.from_geom(geom.pad(pad, axis_name=None), dtype=float)
    # the exposure outside is not used where it is applied after the psf; before a psf in reconstructed energy it is that of the nearest pixel
    # (Map.pad has zeros whatever its mode)
    mode = "edge" if psf and psf.energy_name == "energy" else "constant"
    data = np.pad(dataset.exposure.data, [(0, 0), (pad, pad), (pad, pad)], mode=mode)
    exposure = Map.from_geom(dataset.exposure.geom.pad(pad, axis_name=None), data=data, unit=dataset.exposure.unit)
    wide = MapDataset(counts=counts, exposure=exposure, psf=psf, edisp=dataset.edisp, gti=dataset.gti, name=dataset.name)
    wide.models = [m for m in dataset.models if m.tag[0] == "SkyModel"]
    return wide, (slice(None), slice(pad, -pad), slice(pad, -pad))


def prediction(dataset):
    mask = np.ones(dataset._geom.data_shape, dtype=bool) if dataset.mask is None else dataset.mask.data
    wide, cut = seen_by(dataset)
    images = {m.name: wide.npred_signal(model_names=[m.name]).data[cut] for m in wide.models if m.tag[0] == "SkyModel"}
    signal = sum(images.values(), np.zeros(dataset._geom.data_shape))
    if isinstance(dataset, (MapDatasetOnOff, SpectrumDatasetOnOff)):
        alpha = dataset.alpha.data
        counts, off = dataset.counts.data, dataset.counts_off.data
        terms = wstat(counts, off, alpha, signal)
        from gammapy.stats.fit_statistics import get_wstat_mu_bkg
        total = signal + alpha * np.nan_to_num(get_wstat_mu_bkg(counts, off, alpha, signal))
        absolute = np.abs(terms) + counts + signal
    else:
        total = np.clip(signal + dataset.npred_background().data, 0, None) if dataset.background else np.clip(signal, 0, None)
        terms = cash(dataset.counts.data, total)
        absolute = np.abs(terms) + total + dataset.counts.data
    weights = 1 + np.arange(signal[0].size).reshape(signal[0].shape) % 7
    sums = lambda x: x.sum(axis=(1, 2)).tolist()
    return {
        "npred": sums(total), "weighted": sums(total * weights), "sources": {name: sums(x) for name, x in images.items()},
        "size": sums(sum(np.abs(x) for x in images.values()) + total),
        "stat": float(terms[mask].sum()), "scale": float(absolute[mask].sum()),
    }


def numbers(folder):
    datasets = Datasets.read(folder / "a_datasets.yaml", folder / "a_models.yaml", lazy=False)
    found, total = {}, 0.0
    for dataset in datasets:
        if dataset.tag == "FluxPointsDataset":
            terms = np.ravel(dataset.stat_array())[np.ravel(dataset.mask)]
            found[dataset.name] = {"stat": float(np.nansum(terms)), "scale": float(np.nansum(np.abs(terms)))}
        else:
            found[dataset.name] = prediction(dataset)
        total += found[dataset.name]["stat"]
    models = Models.read(folder / "a_models.yaml")
    priors = float(models.parameters.prior_stat_sum())
    return {"datasets": found, "stat": total + priors}


def prepare():
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    in_double_precision()
    solid_angle.correct()
    MapEvaluator.compute_temporal_norm = temporal_mean
    # the way with a psf in reconstructed energy
    SkyModel._compute_time_integral = lambda self, value, geom, gti: value * temporal_mean(SimpleNamespace(model=self, gti=gti))
    MapEvaluator.update = update
    SmoothBrokenPowerLawSpectralModel.evaluate = staticmethod(smooth_break)
    DiskSpatialModel._evaluate_norm_factor = staticmethod(disk_norm)


def main():
    prepare()
    for line in sys.stdin:
        try:
            found = numbers(Path(line.strip()))
        except Exception as error:
            found = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(found).replace("NaN", "null").replace("-Infinity", "null").replace("Infinity", "null"), flush=True)


if __name__ == "__main__":
    main()
