"""Counts of a point source between the pixels of its psf and energy dispersion maps, mixed from Gammapy's own responses: `python between.py > between.json`.

Pinned: gammapy 2.1, numpy 2.4, astropy 8.0. On "cube" of datasets.py (seed 1). Gammapy takes the psf at the source, cut where that one holds 99.9 %, and the energy
dispersion of the nearest pixel, which steps. Here each psf is Gammapy's in the middle of a pixel, before it normalises it, and the mix is bilinear in the pixel coordinates of
the source; the energy dispersion is what Gammapy's maps interpolate with method="linear".
"""
import json
import sys

import astropy.units as u
import numpy as np

import datasets as simulated
import gammapy.irf.psf.map as psf_module
from gammapy.datasets.evaluator import MapEvaluator
from gammapy.irf import EDispKernel, PSFKernel
from gammapy.modeling.models import PointSpatialModel

OFFSETS = [(0.02, 0.03), (0.13, -0.08), (0.55, -0.31), (-0.7, 0.4), (0.249, 0.1), (0.251, 0.1)]


def unnormalised(psf, position, geom):
    """Kernel in the middle of a pixel, samples averaged over each pixel."""
    kept, psf_module.PSFKernel = psf_module.PSFKernel, lambda kernel_map, normalize: kernel_map
    try:
        kernel = psf.get_psf_kernel(position=position, geom=geom, containment=0.999)
    finally:
        psf_module.PSFKernel = kept
    factors = psf_module._psf_upsampling_factor(psf, geom, position, energy=None, precision_factor=12)
    kernel.data /= np.asarray(factors, dtype=float).reshape(-1, 1, 1) ** 2
    return kernel


def corners(geom, position):
    """Pixels around a position with bilinear weights, kept within the outermost middles."""
    pixels = geom.to_image().coord_to_pix(position)
    sides = []
    for p, n in zip(pixels, geom.data_shape[:-3:-1]):
        p = min(max(float(np.squeeze(p)), 0), n - 1)
        i = min(int(p), n - 2)
        sides.append([(i, 1 - p + i), (i + 1, p - i)])
    return [((x, y), wx * wy) for y, wy in sides[1] for x, wx in sides[0]]


def mixed_psf(dataset, position):
    psf_map = dataset.psf.psf_map
    image = psf_map.geom.to_image()
    kernels = [(unnormalised(dataset.psf, image.wcs.pixel_to_world(*pixel), dataset.exposure.geom), w) for pixel, w in corners(psf_map.geom, position)]
    size = max(k.data.shape[-1] for k, _ in kernels)
    widest = next(k for k, _ in kernels if k.data.shape[-1] == size)
    total = widest.copy(data=np.zeros_like(widest.data))
    for kernel, weight in kernels:
        margin = (size - kernel.data.shape[-1]) // 2
        total.data += weight * np.pad(kernel.data, ((0, 0), (margin, margin), (margin, margin)))
    return PSFKernel(total, normalize=True)


def mixed_edisp(dataset, position):
    edisp_map = dataset.edisp.edisp_map
    kernel = sum(w * edisp_map.data[:, :, y, x] for (x, y), w in corners(edisp_map.geom, position))
    return EDispKernel(axes=edisp_map.geom.axes[["energy_true", "energy"]], data=kernel)


rng = np.random.default_rng(1)
dataset = simulated.cube(rng)
result = []
for dx, dy in OFFSETS:
    position = simulated.CRAB.spherical_offsets_by(dx * u.deg, dy * u.deg)
    model = simulated.source(PointSpatialModel(lon_0=position.ra, lat_0=position.dec, frame="icrs"))
    evaluator = MapEvaluator(model=model, exposure=dataset.exposure, psf=mixed_psf(dataset, position), edisp=mixed_edisp(dataset, position), gti=dataset.gti, use_cache=False)
    evaluator._geom_reco_axis = dataset.counts.geom.axes["energy"]
    npred = evaluator.compute_npred().data
    order = np.argsort(npred.ravel())[::-1][:400:20]
    result.append({
        "lon": float(position.ra.deg), "lat": float(position.dec.deg), "models": None,
        "sums": simulated.digits(npred.sum(axis=(1, 2)), 9), "peak": float(npred.max()),
        "probes": [[int(k), float(npred.ravel()[k])] for k in order],
    })
    spectral = model.spectral_model
    result[-1]["spectrum"] = {p.name: float(p.value) for p in spectral.parameters}
    del result[-1]["models"]
json.dump(result, sys.stdout)
