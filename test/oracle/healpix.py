"""Oracle of HEALPix: healpy 1.19.0, numpy 2.x. Prints test/oracle/healpix.json.

For each nside: pixels, their middles and neighbours in both numberings, the pixel of random directions, and the four pixels and weights of the interpolation.
"""

import json

import healpy as hp
import numpy as np

rng = np.random.default_rng(20261130)


def random_directions(n):
    theta = np.arccos(rng.uniform(-1, 1, n))
    lon = rng.uniform(-7, 7, n)
    # beside the poles, around the borders of the caps, on meridians of the faces
    theta[:4] = [1e-7, np.pi - 1e-7, 1e-3, np.pi - 1e-3]
    theta[4:8] = np.arccos([2 / 3 + 1e-9, 2 / 3 - 1e-9, -2 / 3 + 1e-9, -2 / 3 - 1e-9])
    lon[8:12] = np.array([0, 1, 2, 3]) * np.pi / 2 + 1e-9
    return theta, lon


out = []
for nside, nested in [(1, 0), (1, 1), (2, 0), (2, 1), (3, 0), (8, 0), (8, 1), (100, 0), (1024, 0), (1024, 1), (8192, 1)]:
    nested = bool(nested)
    npix = hp.nside2npix(nside)
    pixels = np.arange(npix) if npix <= 48 else np.unique(np.r_[0:6, npix - 6 : npix, rng.integers(0, npix, 60)])
    theta, lon = hp.pix2ang(nside, pixels, nest=nested)
    near = hp.get_all_neighbours(nside, pixels, nest=nested) if nside & (nside - 1) == 0 else hp.get_all_neighbours(nside, pixels)
    t, l = random_directions(60)
    index = hp.ang2pix(nside, t, l, nest=nested)
    four, weights = hp.get_interp_weights(nside, t, l, nest=nested)
    out.append(
        dict(
            nside=nside,
            nested=nested,
            pixels=pixels.tolist(),
            theta=theta.tolist(),
            lon=lon.tolist(),
            neighbours=[sorted(set(n[n >= 0].tolist())) for n in near.T],
            directions=[t.tolist(), l.tolist()],
            index=index.tolist(),
            four=four.T.tolist(),
            weights=weights.T.tolist(),
        )
    )
print(json.dumps(out))
