"""Shares of disks and shells in pixels, by sums over fine cells: `python pixel_shares.py > pixel_shares.json` (numpy 2, astropy 7).

The formulas of the brightness are written here once more, with separations and position angles of unit vectors. A pixel is divided into 96 x 96 cells, of these each that holds a piece of a rim into
24 x 24 more; every cell counts with the brightness at its middle times its solid angle, the cross product of its sides. `error`: the largest difference to half as many cells, over the largest share.
"""
import json
import sys

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS
from scipy.special import erfc

COARSE, FINE = 96, 24


def wcs(projection, crval, crpix, step, n):
    header = fits.Header()
    frame = ("GLON", "GLAT") if projection.endswith("g") else ("RA", "DEC")
    projection = projection[:3]
    for i, (name, value, ref) in enumerate(zip(frame, crval, crpix), 1):
        header[f"CTYPE{i}"] = f"{name}{'-' * (8 - len(name) - 3)}{projection}"
        header[f"CRVAL{i}"], header[f"CRPIX{i}"] = value, ref
        header[f"CDELT{i}"], header[f"CUNIT{i}"] = (-step if i == 1 else step), "deg"
    return WCS(header)


def vectors(w, x, y):
    lon, lat = np.radians(w.all_pix2world(x, y, 0))
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1)


def offset(lon, lat, v):
    """Separation and position angle, from north through east."""
    lon, lat = np.radians([lon, lat])
    center = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    east = np.array([-np.sin(lon), np.cos(lon), 0])
    north = np.array([-np.sin(lat) * np.cos(lon), -np.sin(lat) * np.sin(lon), np.cos(lat)])
    cross = np.linalg.norm(np.cross(v, center), axis=-1)
    return np.arctan2(cross, v @ center), np.arctan2(v @ east, v @ north)


def disk(p):
    """Brightness, and in how many pieces a place lies: rims run where this changes."""
    a = np.radians(p["r_0"])
    b = a * np.sqrt(1 - p["e"] ** 2)
    t = (np.arange(200000) + 0.5) * np.pi / 200000
    q = 1 / (np.cos(t) ** 2 / np.sin(a) ** 2 + np.sin(t) ** 2 / np.sin(b) ** 2)
    omega = 2 * np.pi * np.mean(q / (1 + np.sqrt(1 - q)))

    def edge(v):
        theta, angle = offset(p["lon_0"], p["lat_0"], v)
        psi = angle - np.radians(p["phi"])
        return theta / (b / np.sqrt(1 - (p["e"] * np.cos(psi)) ** 2)) - 1

    def brightness(v):
        d = edge(v)
        w = p["edge_width"]
        return np.where(d < 0, 1.0, 0.0) / omega if w == 0 else 0.5 * erfc(2.326174307353347 * d / w) / omega

    w = max(p["edge_width"], 1e-9)
    return brightness, lambda v: np.digitize(edge(v), [-3 * w, -w, 0, w, 3 * w])


def shell(p):
    r, R = (np.radians(x) for x in (p["radius"], p["radius"] + p["width"]))

    def brightness(v):
        theta, _ = offset(p["lon_0"], p["lat_0"], v)
        root = lambda x: np.sqrt(np.maximum(x**2 - theta**2, 0))
        return 3 * (root(R) - root(r)) / (2 * np.pi * (R**3 - r**3))

    return brightness, lambda v: np.digitize(offset(p["lon_0"], p["lat_0"], v)[0], [r, R])


def cells(w, x, y, size, n, brightness):
    """Brightness times solid angle over n x n cells of each square of `size` around (x, y)."""
    edges = (np.arange(n + 1) / n - 0.5) * size
    gx, gy = x[:, None, None] + edges[None, None, :], y[:, None, None] + edges[None, :, None]
    gx, gy = np.broadcast_arrays(gx, gy)
    v = vectors(w, gx.ravel(), gy.ravel()).reshape(*gx.shape, 3)
    diagonal, other = v[:, 1:, 1:] - v[:, :-1, :-1], v[:, 1:, :-1] - v[:, :-1, 1:]
    area = np.linalg.norm(np.cross(diagonal, other), axis=-1) / 2
    middle = (edges[1:] + edges[:-1]) / 2
    mx, my = x[:, None, None] + middle[None, None, :], y[:, None, None] + middle[None, :, None]
    mx, my = np.broadcast_arrays(mx, my)
    return v, mx, my, brightness(vectors(w, mx.ravel(), my.ravel()).reshape(*mx.shape, 3)) * area


def share(w, x, y, model, coarse, fine):
    brightness, pieces = model
    v, mx, my, sums = cells(w, np.array([float(x)]), np.array([float(y)]), 1.0, coarse, brightness)
    part = pieces(v)
    corners = np.stack([part[:, 1:, 1:], part[:, :-1, :-1], part[:, 1:, :-1], part[:, :-1, 1:]])
    # rims that only touch a side of a cell
    held = corners.max(axis=0) != corners.min(axis=0)
    wide = held.copy()
    for axis in (1, 2):
        wide |= np.roll(held, 1, axis) | np.roll(held, -1, axis)
    total = sums[~wide].sum()
    fx, fy = mx[wide], my[wide]
    for i in range(0, len(fx), 64):
        total += cells(w, fx[i : i + 64], fy[i : i + 64], 1 / coarse, fine, brightness)[3].sum()
    return total


def main():
    crab = dict(lon_0=83.75, lat_0=21.94)
    D = lambda **p: ("DiskSpatialModel", dict(e=0.0, phi=0.0, edge_width=0.01) | p)
    S = lambda **p: ("ShellSpatialModel", p)
    tan = ("TAN", (83.63, 22.01), (6.0, 5.5), 0.1, (11, 10))
    north = ("CARg", (40.0, 0.0), (6.0, -594.0), 0.1, (13, 11))
    far = dict(lon_0=39.93, lat_0=60.013)
    coarse = ("CARg", (184.56, -5.78), (6.0, 5.5), 0.5, (11, 10))
    wide = dict(lon_0=184.6, lat_0=-5.9)
    pole = ("ZEA", (40.0, 88.7), (6.0, 5.5), 0.1, (11, 10))
    cases = [
        ("sharp disk", tan, D(r_0=0.31, edge_width=0.0, **crab)),
        ("disk", tan, D(r_0=0.313, **crab)),
        ("disk with an edge of 1e-3", tan, D(r_0=0.25, edge_width=1e-3, **crab)),
        ("disk with a wide edge", tan, D(r_0=0.2, edge_width=0.6, **crab)),
        ("small disk", tan, D(r_0=0.11, edge_width=0.0, **crab)),
        ("sharp ellipse", tan, D(r_0=0.38, e=0.9, phi=100.0, edge_width=0.0, **crab)),
        ("ellipse", tan, D(r_0=0.38, e=0.6, phi=30.0, edge_width=0.1, **crab)),
        ("thin shell", tan, S(radius=0.28, width=0.02, **crab)),
        ("shell", tan, S(radius=0.21, width=0.093, **crab)),
        ("sharp disk far from the equator", north, D(r_0=0.31, edge_width=0.0, **far)),
        ("shell far from the equator", north, S(radius=0.28, width=0.02, **far)),
        ("wide disk on wide pixels", coarse, D(r_0=1.6, **wide)),
        ("wide shell on wide pixels", coarse, S(radius=1.5, width=0.1, **wide)),
        ("sharp disk near a pole", pole, D(r_0=0.33, edge_width=0.0, lon_0=36.0, lat_0=88.72)),
    ]
    out = []
    for name, (projection, crval, crpix, step, (nx, ny)), (kind, p) in cases:
        w = wcs(projection, crval, crpix, step, (nx, ny))
        model = disk(p) if kind.startswith("Disk") else shell(p)
        image = lambda c, f: np.array([[share(w, x, y, model, c, f) for x in range(nx)] for y in range(ny)])
        best, less = image(COARSE, FINE), image(COARSE // 2, FINE)
        geom = dict(projection=projection[:3], frame="galactic" if projection.endswith("g") else "icrs", crval=crval, crpix=crpix, step=step, npix=[nx, ny])
        error = float(np.abs(best - less).max() / best.max())
        print(name, error, best.sum(), file=sys.stderr)
        out.append(dict(name=name, geom=geom, type=kind, parameters=p, error=float(f"{error:.2g}"), shares=[float(f"{x:.7g}") for x in best.ravel()]))
    json.dump(out, sys.stdout, separators=(",", ":"))


if __name__ == "__main__":
    main()
