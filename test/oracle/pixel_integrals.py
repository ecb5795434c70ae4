"""Extended sources on pixels, by Gammapy 2.1 on finer pixels and in larger boxes: `python pixel_integrals.py > pixel_integrals.json` (beside datasets.py and rotated.py, whose datasets it takes).

Counts of a source, summed over energy:
gammapy: as it predicts them.
whole: the same, where the box of pixels in which it samples the source is a pixel larger on either side, and so holds all of it.
fine: on pixels of an eighth, the psf too, summed over the pixels of the map. What both programs approximate.
converged: whole, with 25 times as many samples along a pixel.
"""
import json
import sys

import astropy.units as u
import numpy as np
from astropy.coordinates import SkyCoord
from gammapy.modeling.models import DiskSpatialModel, GaussianSpatialModel, GeneralizedGaussianSpatialModel, Models, ShellSpatialModel
from scipy.signal import fftconvolve

import datasets as simulated
import rotated
from datasets import CRAB, PAD, at, source

FINE = 8
EXTENDED = [DiskSpatialModel, GaussianSpatialModel, GeneralizedGaussianSpatialModel, ShellSpatialModel]
RADIUS = {c: c.evaluation_radius.fget for c in EXTENDED}
BIN = {c: c.evaluation_bin_size_min.fget for c in EXTENDED}


def sampling(margin=0 * u.deg, finer=1):
    """Gammapy's models with larger boxes and more samples from here on."""
    for c in EXTENDED:
        c.evaluation_radius = property(lambda m, c=c: RADIUS[c](m) + margin)
        c.evaluation_bin_size_min = property(lambda m, c=c: BIN[c](m) / finer)


def pixel(dataset):
    return np.max(dataset._geom.pixel_scales)


def gammapy(dataset, model):
    return simulated.predicted(dataset, Models([model]))[1].sum(axis=0)


def fine(dataset, model):
    """Image (x) psf on fine pixels, summed over pixels; times exposure and flux, through the energy dispersion."""
    wide = dataset.pad(PAD, mode="constant") if dataset.psf is not None else dataset
    geom = wide.exposure.geom
    image = model.spatial_model.integrate_geom(geom.to_image().upsample(FINE)).quantity.to_value("")
    axis = geom.axes["energy_true"]
    flux = model.spectral_model.integral(axis.edges[:-1], axis.edges[1:]).to_value("cm-2 s-1")
    position = model.spatial_model.position
    counts = np.zeros(geom.data_shape)
    if dataset.psf is not None:
        kernel = dataset.psf.get_psf_kernel(position=position, geom=geom.upsample(FINE)).data.astype(float)
    for t in range(axis.nbin):
        seen = image if dataset.psf is None else fftconvolve(image, kernel[t], mode="same")
        ny, nx = geom.data_shape[-2:]
        counts[t] = flux[t] * seen.reshape(ny, FINE, nx, FINE).sum(axis=(1, 3)) * wide.exposure.quantity.to_value("cm2 s")[t]
    energy = dataset._geom.axes["energy"]
    if dataset.edisp is None:
        from gammapy.irf import EDispKernel

        edisp = EDispKernel.from_diagonal_response(axis, energy)
    else:
        edisp = dataset.edisp.get_edisp_kernel(position=position, energy_axis=energy)
    total = np.tensordot(edisp.data.sum(axis=1), counts, axes=1)
    return total[PAD:-PAD, PAD:-PAD] if dataset.psf is not None else total


def narrow(center):
    place = lambda x, y: at(x, y, center)
    for x, y in [(0.11, -0.07), (0.137, 0.051), (-0.024, 0.183)]:
        for sigma in [0.002, 0.01, 0.02, 0.03, 0.04]:
            yield f"gaussian of {sigma} deg at {x}, {y}", GaussianSpatialModel(sigma=sigma * u.deg, **place(x, y))
    yield "elliptical gaussian", GaussianSpatialModel(sigma=0.03 * u.deg, e=0.8, phi=30 * u.deg, **place(0.137, 0.051))
    yield "generalized gaussian", GeneralizedGaussianSpatialModel(r_0=0.015 * u.deg, eta=0.8, **place(0.137, 0.051))
    yield "disk", DiskSpatialModel(r_0=0.05 * u.deg, **place(0.137, 0.051))
    yield "shell", ShellSpatialModel(radius=0.03 * u.deg, width=0.02 * u.deg, **place(0.137, 0.051))


def wide(center, size):
    """`size`: of a pixel in units of 0.1 deg."""
    place = lambda x, y: at(x * size, y * size, center)
    yield "disk of 0.3 deg", DiskSpatialModel(r_0=0.3 * size * u.deg, edge_width=0.1, **place(-0.1, 0.2))
    yield "disk of 0.313 deg", DiskSpatialModel(r_0=0.313 * size * u.deg, **place(-0.1, 0.2))
    yield "disk of 0.5 deg", DiskSpatialModel(r_0=0.5 / 1.5 * size * u.deg, **place(-0.2 / 1.5, 0.1 / 1.5))
    yield "elliptical disk", DiskSpatialModel(r_0=0.38 * size * u.deg, e=0.6, phi=100 * u.deg, edge_width=0.2, **place(-0.07, 0.04))
    yield "shell", ShellSpatialModel(radius=0.21 * size * u.deg, width=0.093 * size * u.deg, **place(-0.1, 0.05))


def main():
    rng = np.random.default_rng(1)
    cube, galactic, bare = (f(rng) for f in (simulated.cube, simulated.galactic, simulated.bare))
    galactic_center = SkyCoord(184.56, -5.78, unit="deg", frame="galactic")
    near_pole = SkyCoord(40, 88.7, unit="deg", frame="icrs")
    pole = rotated.cube(rng, "near-pole", near_pole, "ZEA", "icrs", 15.0)
    out = {"narrow": [], "wide": []}
    for d, center in [(cube, CRAB)]:
        for name, spatial in narrow(center):
            model = source(spatial)
            sampling()
            seen = gammapy(d, model)
            sampling(3 * pixel(d))
            row = {"gammapy": simulated.digits(seen, 5), "fine": simulated.digits(fine(d, model), 5)}
            out["narrow"].append({"name": f"{name}, {d.name}", "dataset": d.name, "models": Models([model]).to_yaml(), **row})
    for d, center, size in [(cube, CRAB, 1), (galactic, galactic_center, 1.5), (bare, CRAB, 1), (pole, near_pole, 1)]:
        for name, spatial in wide(center, size):
            model = source(spatial)
            sampling()
            row = {"gammapy": simulated.digits(gammapy(d, model), 7)}
            sampling(pixel(d))
            row["whole"] = simulated.digits(gammapy(d, model), 7)
            sampling(pixel(d), 25)
            row["converged"] = simulated.digits(gammapy(d, model), 7)
            out["wide"].append({"name": f"{name}, {d.name}", "dataset": d.name, "models": Models([model]).to_yaml(), **row})
    json.dump(out, sys.stdout, separators=(",", ":"))


if __name__ == "__main__":
    main()
