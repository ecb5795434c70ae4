"""
Datasets whose counts are HEALPix pixels, as Gammapy writes them. What Gammapy predicts of point sources without a psf (of other shapes it predicts nothing on HEALPix: HpxGeom.get_coord has no
frame), and shapes and psf integrated over pixels by sub-pixels of nside * 64 to 256, times Gammapy's fluxes, exposure and energy dispersion.
    pip install gammapy==2.1 healpy==1.19.0 numpy==2.4.6
    python healpix_datasets.py > healpix_datasets.json
Its files are in the JSON: part of the sky NESTED, all of it RING.
    python healpix_datasets.py check FILE...
prints what Gammapy finds in dataset files that we wrote.
"""

import base64
import gzip
import json
import pathlib
import sys
import tempfile

import astropy.units as u
import healpy as hp
import numpy as np
from astropy.coordinates import SkyCoord
from gammapy.datasets import Datasets, MapDataset
from gammapy.datasets.evaluator import MapEvaluator
from gammapy.irf import EDispKernelMap, PSFMap
from gammapy.maps import HpxGeom, Map, MapAxis
from gammapy.modeling.models import (
    ConstantSpatialModel,
    FoVBackgroundModel,
    GaussianSpatialModel,
    Models,
    PointSpatialModel,
    PowerLawSpectralModel,
    SkyModel,
    TemplateSpatialModel,
)

HERE = pathlib.Path(tempfile.mkdtemp())
ENERGY = MapAxis.from_energy_bounds("1 TeV", "10 TeV", nbin=3)
TRUE = MapAxis.from_energy_bounds("0.8 TeV", "12 TeV", nbin=5, name="energy_true")
CENTER = SkyCoord(83.63, 22.01, unit="deg", frame="icrs")
SPECTRUM = dict(index=2.2, amplitude="3e-12 cm-2 s-1 TeV-1", reference="2 TeV")


def dataset(name, nside, nest, frame, region, sigma):
    geom = HpxGeom.create(nside=nside, nest=nest, frame=frame, region=region, axes=[ENERGY])
    exposure = Map.from_geom(geom.to_image().to_cube([TRUE]), unit="cm2 s")
    coord = exposure.geom.get_coord()
    sky = SkyCoord(coord.lon, coord.lat, frame=frame)
    fall = np.cos(0.3 * sky.separation(CENTER).rad)
    exposure.data = 1e13 * fall * (coord["energy_true"].to_value("TeV")) ** 0.3
    background = Map.from_geom(geom, data=1.0) * (0.4 if region else 0.02)
    edisp = EDispKernelMap.from_gauss(energy_axis=ENERGY, energy_axis_true=TRUE, sigma=0.15, bias=0.02)
    psf = None
    if sigma:
        psf = PSFMap.from_gauss(energy_axis_true=TRUE, rad_axis=MapAxis.from_bounds(0, 6 * sigma, nbin=120, unit="deg", name="rad"), sigma=sigma * u.deg)
    mask = Map.from_geom(geom, data=np.ones(geom.data_shape, dtype=bool))
    mask.data[0, :7] = False
    counts = Map.from_geom(geom)
    return MapDataset(name=name, counts=counts, exposure=exposure, background=background, edisp=edisp, psf=psf, mask_safe=mask)


def source(name, spatial):
    return SkyModel(name=name, spatial_model=spatial, spectral_model=PowerLawSpectralModel(**SPECTRUM))


def template():
    geom = HpxGeom.create(nside=16, nest=False, frame="galactic")
    m = Map.from_geom(geom, unit="sr-1")
    coord = geom.get_coord()
    # as the file has it
    m.data = (1 + 4 * np.exp(-((coord.lat.to_value("deg") / 15) ** 2))).astype("f4").astype("f8")
    return m


def sub_pixels(geom, function, sub):
    """Integral of a function of unit vectors over each pixel, from sub x sub parts of it (NESTED)."""
    nside = int(geom.nside[0])
    pixels = np.ravel(geom.to_image().get_idx(flat=True)[0])
    nested = pixels if geom.nest else hp.ring2nest(nside, pixels)
    parts = np.arange(sub**2)
    means = [function(np.array(hp.pix2vec(nside * sub, number * sub**2 + parts, nest=True))).mean() for number in nested]
    return np.array(means) * hp.nside2pixarea(nside)


def chord2(geom, center):
    sky = center.transform_to(geom.frame).cartesian
    v = np.array([sky.x, sky.y, sky.z])[:, None]
    return lambda n: ((n - v) ** 2).sum(axis=0)


def gammapy_gaussian(geom, center, sigma):
    """Gammapy's GaussianSpatialModel: exp(-(1 - cos theta) / (2 (1 - cos sigma))), normalised on the sphere."""
    chord, width = chord2(geom, center), 1 - np.cos(sigma)
    norm = 1 / (4 * np.pi * width * (1 - np.exp(-1 / width)))
    model = GaussianSpatialModel(sigma=sigma * u.rad)
    assert np.isclose(model(0 * u.deg, 1 * u.deg).to_value("sr-1"), norm * np.exp(-0.5 * (1 - np.cos(np.pi / 180)) / width))
    return lambda n: norm * np.exp(-0.25 * chord(n) / width)


def evaluated(d, model):
    """What Gammapy predicts; its evaluation on cut-outs ("local") gives 0 on HEALPix."""
    evaluator = MapEvaluator(model, evaluation_mode="global")
    evaluator.update(d.exposure, None, d.edisp, d.counts.geom, d.mask)
    return evaluator.compute_npred().data


def predicted(d, shares):
    """Counts of a source whose shares of the pixels are known."""
    edges = TRUE.edges
    flux = PowerLawSpectralModel(**SPECTRUM).integral(edges[:-1], edges[1:])
    counts = (flux[:, None] * shares * d.exposure.quantity).to_value("")
    kernel = d.edisp.get_edisp_kernel(energy_axis=ENERGY).pdf_matrix
    return np.einsum("tr,tk->rk", kernel, counts)


def main():
    result = {}
    part = dataset("part", 64, True, "icrs", "DISK(83.63,22.01,6)", None)
    whole = dataset("whole", 16, False, "galactic", None, None)
    narrow = dataset("narrow", 64, True, "icrs", "DISK(83.63,22.01,6)", 0.2)
    broad = dataset("broad", 32, False, "galactic", "DISK(184.557,-5.784,14)", 2.5)
    place = SkyCoord(83.9, 22.3, unit="deg", frame="icrs")
    wide = SkyCoord(84.5, 21.5, unit="deg", frame="icrs")
    point = source("point", PointSpatialModel.from_position(place))
    flat = source("flat", ConstantSpatialModel())
    image = template()
    diffuse = source("diffuse", TemplateSpatialModel(image, filename=HERE / "template.fits", normalize=False))
    image.write(HERE / "template.fits", overwrite=True)
    gauss = source("gauss", GaussianSpatialModel(lon_0=wide.ra, lat_0=wide.dec, sigma="1.7 deg", frame="icrs"))
    backgrounds = [FoVBackgroundModel(dataset_name=name) for name in ("part", "whole")]
    for seed, d in enumerate((part, whole)):
        geom = d.counts.geom.to_image()
        sky = SkyCoord(geom.get_coord().lon, geom.get_coord().lat, frame=geom.frame).galactic
        area = hp.nside2pixarea(int(geom.nside[0]))
        models = {
            "point": evaluated(d, point),
            "flat": predicted(d, np.full(sky.shape, area)),
            "diffuse": predicted(d, image.interp_by_coord({"skycoord": sky}) * area),
            "gauss": predicted(d, sub_pixels(geom, gammapy_gaussian(geom, wide, np.deg2rad(1.7)), 128)),
        }
        npred = sum(models.values()) + d.background.data
        d.counts = Map.from_geom(d.counts.geom, data=np.random.default_rng(seed).poisson(npred).astype(float))
        mask = d.mask_safe.data
        n, mu = d.counts.data[mask], npred[mask]
        sums = lambda v: v.sum(axis=1).tolist()
        result[d.name] = {
            "stat": 2 * float((mu - n * np.log(mu)).sum()),
            "sums": {k: sums(v) for k, v in models.items()},
            "models": {k: v.ravel().tolist() for k, v in models.items() if d is part and k != "flat"},
        }
    for d, sigma in ((narrow, np.deg2rad(0.2)), (broad, np.deg2rad(2.5))):
        d.counts.data[:] = 1
        chord = chord2(d.counts.geom, CENTER)
        density = lambda theta: np.exp(-0.5 * (theta / sigma) ** 2)
        shares = sub_pixels(d.counts.geom, lambda n: density(2 * np.arcsin(np.sqrt(chord(n)) / 2)), 256 if d is narrow else 64)
        # out to the end of the rad axis, 6 sigma
        theta = np.linspace(0, 6 * sigma, 20001)
        total = np.trapezoid(2 * np.pi * np.sin(theta) * density(theta), theta)
        result[d.name] = {"shares": (shares / total).tolist()}
    # a Gaussian of 0.5 deg seen with the psf of 0.2 deg; a sphere of this size is flat to 1e-5
    blurred = gammapy_gaussian(narrow.counts.geom, place, np.deg2rad(np.hypot(0.5, 0.2)))
    result["narrow"]["gauss"] = sub_pixels(narrow.counts.geom, blurred, 128).tolist()
    datasets = Datasets([part, whole, narrow, broad])
    datasets.write(HERE / "datasets.yaml", overwrite=True)
    models = Models([point, flat, diffuse, gauss, *backgrounds])
    models.write(HERE / "models.yaml", overwrite=True, write_covariance=False)
    for file in sorted(HERE.glob("*.fits")):
        result.setdefault(file.stem, {})["file"] = base64.b64encode(gzip.compress(file.read_bytes(), mtime=0)).decode()
    result["models"] = (HERE / "models.yaml").read_text().replace(f"{HERE}/", "")
    result["datasets"] = (HERE / "datasets.yaml").read_text()
    json.dump(result, sys.stdout)


def check(paths):
    found = {}
    for path in paths:
        d = MapDataset.read(path, name="x")
        place = PointSpatialModel(lon_0="83.9 deg", lat_0="22.3 deg", frame="icrs")
        found[path] = {
            "geom": [int(d.counts.geom.nside[0]), bool(d.counts.geom.nest), d.counts.geom.frame],
            "counts": d.counts.data.ravel().tolist(),
            "background": d.background.data.ravel().tolist(),
            "mask": d.mask_safe.data.ravel().astype(int).tolist(),
            "point": evaluated(d, source("point", place)).ravel().tolist(),
        }
    json.dump(found, sys.stdout)


if sys.argv[1:2] == ["check"]:
    check(sys.argv[2:])
else:
    main()
