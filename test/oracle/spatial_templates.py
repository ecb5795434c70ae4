"""TemplateNDSpatialModel and ConstantFluxSpatialModel of Gammapy 2.1 (astropy 7, numpy 2): values, predicted counts, YAML and files.

    python spatial_templates.py > spatial_templates.json

Maps go as FITS (gzip, base64); the dataset is `cube` of datasets.py with seed 1, which datasets.json holds.
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
from gammapy.maps import MapAxis, WcsGeom
from gammapy.modeling.models import ConstantFluxSpatialModel, Models, SkyModel, TemplateNDSpatialModel

import solid_angle
from datasets import CRAB, axis, cube, digits, fill, pl, predicted

solid_angle.correct()


def spot(geom, energy=1.0):
    """Its width is the axis `width`, its place the axis `shift`."""
    coords = geom.get_coord(sparse=False)
    lon, lat = (geom.center_skydir.spherical_offsets_to(coords.skycoord)[i].to_value("deg") for i in (0, 1))
    width = coords["width"].to_value("deg")
    shift = coords["shift"].value if "shift" in geom.axes.names else 0
    energy = coords["energy_true"].value if "energy_true" in geom.axes.names else 1
    return 800 * (np.exp(-0.5 * ((lon - 0.1 * shift) ** 2 + lat**2) / width**2) + 0.05 * (1 + 0.3 * lon)) * energy**-0.2


def maps():
    width = MapAxis.from_nodes([0.1, 0.2, 0.4], name="width", unit="deg", interp="log")
    shift = MapAxis.from_edges([-1, 0, 1, 3], name="shift")
    image = WcsGeom.create(skydir=CRAB, binsz=0.13, npix=(14, 12), proj="TAN", axes=[width])
    yield "width.fits", fill(image, spot(image), "sr-1"), {"width": 0.27}
    both = WcsGeom.create(skydir=CRAB, binsz=0.2, npix=(10, 9), proj="CAR", axes=[axis(0.3, 30, 3, "energy_true"), width, shift])
    yield "both.fits", fill(both, spot(both), "sr-1"), {"width": 0.15, "shift": 0.6}


COORDS = [(0.0, 0.0), (0.05, 0.11), (-0.37, 0.21), (0.62, -0.5), (0.8, 0.1), (3.0, 3.0)]
ENERGIES = [0.5, 1.0, 2.7, 8.0, 25.0]


def brightness(model, values):
    lon, lat = CRAB.ra + [a for a, _ in COORDS] * u.deg, CRAB.dec + [b for _, b in COORDS] * u.deg
    given = {p.name: values[p.name] * p.unit for p in model.parameters}
    if model.is_energy_dependent:
        return [digits(model.evaluate(lon, lat, energy=np.full(len(COORDS), e) * u.TeV, **given).to_value("sr-1"), 15) for e in ENERGIES]
    return [digits(model.evaluate(lon, lat, **given).to_value("sr-1"), 15)]


def main():
    rng = np.random.default_rng(5)
    dataset = cube(np.random.default_rng(1))
    out = {"cases": [], "files": {}, "coords": [[CRAB.ra.deg + a, CRAB.dec.deg + b] for a, b in COORDS], "energies": ENERGIES}
    with tempfile.TemporaryDirectory() as name:
        os.chdir(name)
        models = []
        for filename, template, values in maps():
            template.write(filename, overwrite=True)
            model = TemplateNDSpatialModel.read(filename) if hasattr(TemplateNDSpatialModel, "read") else None
            if model is None:
                model = TemplateNDSpatialModel(type(template).read(filename), filename=filename)
            model.filename = filename
            points = []
            for k in range(6):
                at = values if k == 0 else {p.name: rng.uniform(p.min, p.max) for p in model.parameters}
                points.append({"values": at, "brightness": brightness(model, at)})
            for key, value in values.items():
                getattr(model, key).value = value
            limits = [[p.name, str(p.unit), p.min, p.max] for p in model.parameters]
            models.append((filename, model, {"points": points, "limits": limits}))
        models.append(("constant flux", ConstantFluxSpatialModel(), {}))
        for label, spatial, more in models:
            sky = Models([SkyModel(spatial_model=spatial, spectral_model=pl(2.1, 4e-12), name="src")])
            npred = predicted(dataset, sky)[1]
            n = npred.size
            probes = sorted({int(np.argmax(npred)), n // 3, n // 2 + 1, (3 * n) // 4})
            out["cases"].append({
                "name": label, "yaml": sky.to_yaml(), "sums": digits(npred.sum(axis=(1, 2))), "peak": float(npred.max()),
                "probes": [[k, float(f"{npred.ravel()[k]:.12g}")] for k in probes], **more,
            })
        out["files"] = {p.name: base64.b64encode(gzip.compress(p.read_bytes(), 9, mtime=0)).decode() for p in sorted(Path(name).glob("*.fits"))}
    json.dump(out, sys.stdout)


if __name__ == "__main__":
    main()
