"""Predicted counts on turned and skewed maps: `python rotated.py > rotated.json` (Gammapy 2.1, beside datasets.py).

cases: Gammapy's own, on square pixels that are turned (PCi_j in the files).
skewed: pixels that are no squares, for which Gammapy takes a psf of square pixels; here what the formulas say: source and psf are Gaussians, so the
counts in a pixel are flux x exposure x solid angle x the mean of a Gaussian of the combined width over the pixel (5 x 5 points), here of every fourth pixel.
"""
import base64
import gzip
import json
import sys
import tempfile
from pathlib import Path

import astropy.units as u
import numpy as np
from astropy.coordinates import SkyCoord
from astropy.wcs import WCS
from gammapy.datasets import MapDataset
from gammapy.maps import MapAxis, WcsGeom
from gammapy.modeling.models import (
    DiskSpatialModel, GaussianSpatialModel, GeneralizedGaussianSpatialModel, Models, PointSpatialModel, ShellSpatialModel,
)
from gammapy.irf import PSFMap

import datasets as simulated
import solid_angle
from datasets import CRAB, at, axis, fill, pl, source


def turned(center, step, npix, turn, proj, frame, skew=0.0):
    """Turned by `turn` [deg], which is CROTA2 with the other sign; `skew`: how far a row is shifted against the one below, in rows."""
    names = ["RA---", "DEC--"] if frame == "icrs" else ["GLON-", "GLAT-"]
    w = WCS(naxis=2)
    w.wcs.ctype = [name + proj for name in names]
    if frame == "icrs":
        w.wcs.radesys = "ICRS"
    w.wcs.crval = [center.spherical.lon.deg, center.spherical.lat.deg]
    w.wcs.crpix = [(n + 1) / 2 for n in npix]
    w.wcs.cdelt = np.array([-1, 1]) * step
    c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    w.wcs.pc = np.array([[c, -s], [s, c]]) @ np.array([[1, skew], [0, 1]])
    w.array_shape = npix[::-1]
    w.wcs.set()
    return WcsGeom(w, npix)


def cube(rng, name, center, proj, frame, turn):
    """Counts, exposure, background, psf and energy dispersion, which are on pixels of their own, turned differently."""
    energy, true = axis(1, 10, 4), axis(0.7, 14, 6, "energy_true")
    image = turned(center, 0.1, (21, 17), turn, proj, frame)
    geom = image.to_cube([energy])
    safe, fit = simulated.masks(geom, rng)
    ds = MapDataset(
        exposure=simulated.exposure(image.to_cube([true])), background=simulated.background(geom, 0.4),
        psf=simulated.psf_map(turned(center, 1.0, (3, 2), -turn, proj, frame), true, 0.12),
        edisp=simulated.edisp_kernel(turned(center, 0.73, (3, 3), turn + 20, proj, frame), energy, true),
        mask_safe=safe, mask_fit=fit, gti=simulated.gti(), name=name,
    )
    return simulated.poisson(ds, rng)


def cases(name, center):
    """Sizes of which neither pixel sizes nor their fractions are whole parts, where rounding decides on the sampling."""
    def place(x, y):
        return at(x, y, center)

    yield "point", source(PointSpatialModel(**place(0.13, -0.08)))
    yield "point near a corner", source(PointSpatialModel(**place(0.85, -0.55)))
    yield "narrow gaussian", source(GaussianSpatialModel(sigma=0.023 * u.deg, **place(0.11, -0.07)))
    yield "elliptical gaussian", source(GaussianSpatialModel(sigma=0.313 * u.deg, e=0.7, phi=40 * u.deg, **place(0.11, -0.07)))
    yield "disk", source(DiskSpatialModel(r_0=0.313 * u.deg, **place(-0.1, 0.2)))
    yield "elliptical disk over the edge", source(DiskSpatialModel(r_0=0.523 * u.deg, e=0.6, phi=100 * u.deg, edge_width=0.2, **place(-0.7, 0.4)))
    yield "generalized gaussian", source(GeneralizedGaussianSpatialModel(r_0=0.153 * u.deg, eta=0.7, **place(0.1, -0.1)))
    yield "shell", source(simulated.frozen(ShellSpatialModel(radius=0.21 * u.deg, width=0.093 * u.deg, **place(-0.1, 0.05))))


SIGMA_PSF = 0.15


def skewed():
    """Parallelograms of 0.05 x 0.03 deg, one psf for all energies and places."""
    energy, true = axis(1, 10, 2), axis(1, 10, 2, "energy_true")
    image = turned(CRAB, np.array([0.05, 0.03]), (60, 80), 25, "TAN", "icrs", 0.5)
    rad = MapAxis.from_bounds(0, 0.8, 161, unit="deg", name="rad", node_type="edges")
    psf = WcsGeom.create(skydir=CRAB, binsz=180, npix=(1, 1)).to_cube([rad, true])
    r = rad.center.to_value("deg")[None, :, None, None]
    profile = np.exp(-0.5 * (r / SIGMA_PSF) ** 2) / (2 * np.pi * np.radians(SIGMA_PSF) ** 2)
    geom = image.to_cube([energy])
    ds = MapDataset(
        exposure=fill(image.to_cube([true]), 2e13, "cm2 s"), background=fill(geom, 0.1), counts=fill(geom, 0.0),
        psf=PSFMap(fill(psf, profile, "sr-1"), fill(psf.squash("rad"), 1e9, "m2 s")), name="skewed",
    )
    place = CRAB.spherical_offsets_by(0.07 * u.deg, 0.05 * u.deg)
    flux = pl().integral(energy.edges[:-1], energy.edges[1:]).to_value("cm-2 s-1") * float(simulated.short(2e13))
    x, y = np.meshgrid(np.arange(60), np.arange(80))
    steps = (np.arange(5) + 0.5) / 5 - 0.5
    det = abs(np.linalg.det(image.wcs.pixel_scale_matrix)) * np.radians(1) ** 2
    rows = []
    for name, spatial, sigma in [
        ("point", PointSpatialModel(**at(0.07, 0.05)), SIGMA_PSF),
        ("gaussian", GaussianSpatialModel(sigma=0.2 * u.deg, **at(0.07, 0.05)), np.hypot(0.2, SIGMA_PSF)),
    ]:
        mean = np.zeros(x.shape)
        for i in steps:
            for j in steps:
                world = image.wcs.wcs_pix2world(np.stack([x + i, y + j], -1).reshape(-1, 2), 0)
                offset = SkyCoord(*world.T, unit="deg").separation(place)
                # solid angles of the tangent plane shrink with the cube of the cosine of the distance
                area = det * np.cos(SkyCoord(*world.T, unit="deg").separation(CRAB)) ** 3
                mean += (np.exp(-0.5 * (offset.deg / sigma) ** 2) / (2 * np.pi * np.radians(sigma) ** 2) * area).value.reshape(x.shape) / 25
        rows.append({"name": name, "models": Models([source(spatial)]).to_yaml(), "flux": flux.tolist(), "image": simulated.digits(mean[::4, ::4], 6)})
    return ds, rows


solid_angle.correct()


def main():
    rng = np.random.default_rng(3)
    galactic = SkyCoord(184.56, -5.78, unit="deg", frame="galactic")
    near_pole = SkyCoord(40, 88.7, unit="deg", frame="icrs")
    given = [
        cube(rng, "turned", CRAB, "TAN", "icrs", 37.0),
        cube(rng, "turned-galactic", galactic, "CAR", "galactic", -110.0),
        cube(rng, "near-pole", near_pole, "ZEA", "icrs", 15.0),
    ]
    centers = {"turned": CRAB, "turned-galactic": galactic, "near-pole": near_pole}
    ds, rows = skewed()
    result = {"cases": [], "skewed": rows, "files": {}}
    for d in given:
        for name, model in cases(d.name, centers[d.name]):
            models = Models([model])
            result["cases"].append({"name": f"{name}, {d.name}", "dataset": d.name, "models": models.to_yaml(), **simulated.evaluate(d, models, False)})
    with tempfile.TemporaryDirectory() as folder:
        for d in [*given, ds]:
            path = Path(folder) / f"{d.name}.fits"
            d.write(path)
            result["files"][d.name] = base64.b64encode(gzip.compress(path.read_bytes(), 9, mtime=0)).decode()
    json.dump(result, sys.stdout, separators=(",", ":"))


if __name__ == "__main__":
    main()
