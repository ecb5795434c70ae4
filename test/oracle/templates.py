"""Template models of Gammapy 2.1 (astropy 7, numpy 2): values, predicted counts, YAML and files. Run `python templates.py > templates.json`.

Maps and light curves go as FITS (gzip, base64); the dataset is `cube` of datasets.py with seed 1, which datasets.json holds.
"""
import base64
import gzip
import json
import os
import sys
import tempfile
from pathlib import Path

import astropy.units as u
import numpy as np
from astropy.coordinates import SkyCoord
from astropy.table import Table
from astropy.time import Time
from gammapy.maps import MapAxis, WcsGeom
from gammapy.modeling.models import (
    LightCurveTemplateTemporalModel, Models, PointSpatialModel, PowerLawNormSpectralModel, SkyModel, TemplateSpatialModel,
)

import solid_angle
from datasets import CRAB, at, axis, cube, digits, fill, pl, predicted

GALACTIC = CRAB.galactic


def bumps(geom, slope=0.0):
    """A bright spot that wanders with energy over a gradient."""
    coords = geom.get_coord(sparse=False)
    position = coords.skycoord
    energy = coords["energy_true"].value if "energy_true" in geom.axes.names else 1.0
    lon, lat = (geom.center_skydir.spherical_offsets_to(position)[i].to_value("deg") for i in (0, 1))
    spot = np.exp(-0.5 * ((lon - 0.1 * np.log(energy)) ** 2 + (lat - 0.05) ** 2) / 0.2**2)
    return (spot + 0.1 + 0.05 * lon) * energy**slope


def maps():
    """name: map, normalize"""
    image = WcsGeom.create(skydir=CRAB, binsz=0.13, npix=(12, 10), proj="TAN")
    yield "image.fits", fill(image, bumps(image), "sr-1"), True
    coarse = WcsGeom.create(skydir=CRAB.spherical_offsets_by(0.3 * u.deg, -0.2 * u.deg), binsz=(0.4, 0.25), npix=(4, 5), proj="CAR")
    yield "brightness.fits", fill(coarse, bumps(coarse), "deg-2"), False
    unitless = fill(image, 800 * bumps(image))
    unitless.data[:, :3] = 0
    unitless.data[4, 7] = np.nan
    unitless.data[6, 2] = -3
    yield "unitless.fits", unitless, False
    galactic = WcsGeom.create(skydir=GALACTIC, frame="galactic", binsz=0.1, npix=(25, 21), proj="CAR")
    yield "galactic.fits", fill(galactic, bumps(galactic), ""), True
    steps = WcsGeom.create(skydir=CRAB, binsz=0.13, npix=(12, 10), proj="TAN", axes=[axis(0.9, 9, 3, "energy_true")])
    yield "steps.fits", fill(steps, bumps(steps), "sr-1"), True
    nodes = MapAxis.from_nodes([0.5, 1.5, 5, 20] * u.TeV, name="energy_true", interp="log")
    diffuse = WcsGeom.create(skydir=CRAB, binsz=0.2, npix=(15, 15), proj="CAR", axes=[nodes])
    yield "diffuse.fits", fill(diffuse, 3e-16 * bumps(diffuse, -2.3), "cm-2 s-1 MeV-1 sr-1"), False


def light_curves():
    """name: table"""
    meta = dict(MJDREFI=55554, MJDREFF=0.75, TIMESYS="utc")
    days = [0.0, 0.2, 0.26, 0.3, 1.0]
    yield "curve.fits", Table({"TIME": days * u.d, "NORM": [0.3, 1.0, 0.2, 0.9, 0.5]}, meta=meta)
    seconds = np.array(days) * 86400
    yield "seconds.fits", Table({"TIME": seconds * u.s, "NORM": [0.3, 1.0, 0.2, 0.9, 0.5]}, meta={**meta, "TIMESYS": "tt"})
    yield "falling.fits", Table({"TIME": [0.1, 0.2, 0.25] * u.d, "NORM": [2.0, 1.0, 0.4]}, meta=meta)


def exact_integral(self, t_min, t_max, **kwargs):
    """The mean over the intervals of Gammapy's own values. Its own integral counts one of 100 samples too many, and takes times of any scale for UTC."""
    nodes = self.reference_time + self.map.geom.axes["time"].center
    parts = []
    for a, b in zip(t_min, t_max):
        inner = [t for t in nodes if a < t < b]
        t = Time([x.utc.mjd for x in [a, *inner, b]], format="mjd", scale="utc")
        # the values are linear between the nodes
        y = self(t).to_value("").ravel()
        seconds = (t - t[0]).to_value("s")
        parts.append(np.sum((y[1:] + y[:-1]) / 2 * np.diff(seconds)))
    return np.array(parts) / self.time_sum(t_min, t_max).to_value("s")


def source(spatial, spectral=None, temporal=None):
    return SkyModel(spatial_model=spatial, spectral_model=spectral or pl(2.1, 4e-12), temporal_model=temporal, name="src")


def cases(folder):
    for name, template, normalize in maps():
        template.write(folder / name, overwrite=True)
        model = TemplateSpatialModel.read(folder / name, normalize=normalize)
        model.filename = name
        norm = PowerLawNormSpectralModel(norm=1.2, tilt=0.1) if name == "diffuse.fits" else None
        if name in ("brightness.fits", "unitless.fits"):
            norm = pl(2.1, 2e-14)
        yield name, model, source(model, norm)
        if name in ("image.fits", "steps.fits"):
            # not by copy(), which divides by the pixels' solid angles once more
            moved = TemplateSpatialModel.read(folder / name, normalize=normalize)
            moved.lon_0.value += 0.21
            moved.lat_0.value -= 0.13
            moved.filename = name
            yield f"{name}, moved", moved, source(moved)
    for name, table in light_curves():
        table.write(folder / name, overwrite=True)
        model = LightCurveTemplateTemporalModel.read(folder / name)
        model.filename = name
        yield name, model, source(PointSpatialModel(**at(0.13, -0.08)), temporal=model)


COORDS = [(0.0, 0.0), (0.05, 0.11), (-0.37, 0.21), (0.62, -0.5), (0.79, 0.1), (3.0, 3.0)]
ENERGIES = [0.6, 1.0, 2.7, 8.0, 30.0]
TIMES = [55554.7, 55554.9, 55555.0, 55555.04, 55555.9, 55556.0]


def values(model):
    if isinstance(model, LightCurveTemplateTemporalModel):
        return {"times": TIMES, "norms": digits(model(Time(TIMES, format="mjd", scale="utc")).value, 15)}
    lon = np.array([model.lon_0.value + a for a, _ in COORDS]) * u.deg
    lat = np.array([model.lat_0.value + b for _, b in COORDS]) * u.deg
    unit = "cm-2 s-1 TeV-1 sr-1" if model.map.unit.is_equivalent("cm-2 s-1 TeV-1 sr-1") else "sr-1"
    if not model.is_energy_dependent:
        table = [model(lon, lat).to_value(unit)]
    else:
        table = [model(lon, lat, energy=np.full(len(COORDS), e) * u.TeV).to_value(unit) for e in ENERGIES]
    return {
        "coords": [digits([x, y], 15) for x, y in zip(lon.value, lat.value)], "energies": ENERGIES if model.is_energy_dependent else [],
        "brightness": [digits(row, 15) for row in table], "radius": float(model.evaluation_radius.to_value("deg")),
    }


solid_angle.correct()


def main():
    LightCurveTemplateTemporalModel.integral = exact_integral
    dataset = cube(np.random.default_rng(1))
    out = {"cases": [], "files": {}}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.chdir(folder)
        for label, model, sky_model in cases(folder):
            models = Models([sky_model])
            npred = predicted(dataset, models)[1]
            n = npred.size
            probes = sorted({int(np.argmax(npred)), n // 3, n // 2 + 1, (3 * n) // 4})
            out["cases"].append({
                "name": label, "yaml": models.to_yaml(), "sums": digits(npred.sum(axis=(1, 2))), "peak": float(npred.max()),
                "probes": [[k, float(f"{npred.ravel()[k]:.12g}")] for k in probes], **values(model),
            })
        out["files"] = {p.name: base64.b64encode(gzip.compress(p.read_bytes(), 9, mtime=0)).decode() for p in sorted(folder.glob("*.fits"))}
    json.dump(out, sys.stdout)


if __name__ == "__main__":
    main()
