"""Real Gammapy on the simulated Crab's maps: a point source fitted at single pixels, and its own TS map.

Pinned: gammapy 2.1, iminuit 2.33, numpy 2.4, astropy 8.0. Writes ts_map.json next to this file.

    python ts_map.py [FOLDER]      default FOLDER: examples/crab

`fits`: for each pixel everything is read anew, a source of index 2 is put on the pixel's centre, and FluxPointsEstimator fits its norm in one bin over all
energies. `map`: TSMapEstimator, whose kernel is that of the map's centre. `peaks`: find_peaks on its map.
"""

import json
import sys
import warnings
from pathlib import Path

import astropy.units as u
import numpy as np
from gammapy.datasets import Datasets
from gammapy.estimators import FluxPointsEstimator, TSMapEstimator
from gammapy.estimators.utils import find_peaks
from gammapy.modeling.models import Models, PointSpatialModel, PowerLawSpectralModel, SkyModel

warnings.simplefilter("ignore")
HERE = Path(__file__).parent
FOLDER = Path(sys.argv[1] if len(sys.argv) > 1 else HERE / "../../examples/crab")
PIXELS = [[25, 19], [24, 20], [27, 17], [12, 9], [35, 30], [18, 25], [33, 12]]
EDGES = [10 * u.GeV, 2 * u.TeV]


def read():
    """The maps, and a source whose only models are the backgrounds."""
    dataset = Datasets.read(
        filename=FOLDER / "fermi-3fhl-crab/Fermi-LAT-3FHL_datasets.yaml",
        filename_models=FOLDER / "fermi-3fhl-crab/Fermi-LAT-3FHL_models.yaml",
    )[0]
    dataset.models = Models([m for m in dataset.models if m.name != "Crab Nebula"])
    return dataset


def number(x):
    return float(np.squeeze(x))


def fit(pixel):
    dataset = read()
    position = dataset.counts.geom.to_image().pix_to_coord(pixel)
    spatial = PointSpatialModel(lon_0=position[0], lat_0=position[1], frame=dataset.counts.geom.frame)
    spatial.parameters.freeze_all()
    source = SkyModel(name="source", spatial_model=spatial, spectral_model=PowerLawSpectralModel(index=2))
    dataset.models = [*dataset.models, source]
    estimator = FluxPointsEstimator(
        energy_edges=EDGES, source="source", selection_optional=["errn-errp", "ul"], reoptimize=False
    )
    # the norm of a bright source is far from 1; the scan and the brackets follow the start
    estimator.norm.value = 10
    points = estimator.run(Datasets([dataset]))
    names = ["norm", "norm_err", "norm_errn", "norm_errp", "norm_ul", "ts", "stat", "stat_null", "npred_excess"]
    return {"pixel": pixel, **{name: number(getattr(points, name).data) for name in names}}


def ts_map():
    dataset = read()
    estimator = TSMapEstimator(
        energy_edges=EDGES,
        sum_over_energy_groups=False,
        rtol=1e-5,
        kernel_width="1 deg",
        selection_optional=["errn-errp", "ul"],
    )
    maps = estimator.run(dataset)
    peaks = find_peaks(maps.sqrt_ts.sum_over_axes(keepdims=False), threshold=3, min_distance="0.3 deg")
    probe = lambda name: [number(getattr(maps, name).data[0, y, x]) for x, y in PIXELS]  # noqa: E731
    return {
        "probes": {name: probe(name) for name in ["norm", "norm_err", "norm_ul", "sqrt_ts"]},
        "flux": [number(maps.flux.quantity[0, y, x].to_value("cm-2 s-1")) for x, y in PIXELS],
        "peaks": [{k: number(row[k]) for k in ["value", "x", "y", "ra", "dec"]} for row in peaks],
        # of the pixels that are tested: a checksum of the significances
        "sqrt_ts_sum": number(np.nansum(maps.sqrt_ts.data)),
        "tested": int(np.isfinite(maps.sqrt_ts.data).sum()),
    }


result = {"pixels": PIXELS, "fits": [fit(pixel) for pixel in PIXELS], "map": ts_map()}
(HERE / "ts_map.json").write_text(json.dumps(result, indent=1) + "\n")
