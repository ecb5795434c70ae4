"""Oracle of HEALPix maps in FITS: gammapy 2.1, healpy 1.19.0, astropy 8.0.2, numpy 2.x. Prints test/oracle/healpix_maps.json.

Small files as Gammapy (GADF, of the whole sky and of a disk, sparse, as the Fermi tools have them) and healpy write them (gzip, base64), and what is read from them by
position: values at random places by pixel, and Gammapy's interpolation to an image.

python healpix_maps.py check FILE...   prints the values at the same places of files that others wrote
"""

import base64
import gzip
import json
import os
import sys
import tempfile

import healpy as hp
import numpy as np
from astropy.coordinates import SkyCoord
from gammapy.maps import Map, MapAxis
from gammapy.modeling.models import TemplateSpatialModel

rng = np.random.default_rng(20261130)
axis = MapAxis.from_energy_bounds(0.1, 10, 3, unit="TeV")
places = SkyCoord(rng.uniform(0, 360, 40), np.degrees(np.arcsin(rng.uniform(-1, 1, 40))), unit="deg", frame="icrs")
inside = SkyCoord(rng.uniform(75, 92, 40), rng.uniform(14, 30, 40), unit="deg", frame="icrs")


def values(m, where):
    axes = [a for a in m.geom.axes]
    if not axes:
        return [m.get_by_coord({"skycoord": where}).tolist()]
    return [m.get_by_coord({"skycoord": where, axes[0].name: c * axes[0].unit}).tolist() for c in axes[0].center.value]


def encoded(path):
    with open(path, "rb") as file:
        return base64.b64encode(gzip.compress(file.read(), 9, mtime=0)).decode()


def main(folder):
    out = {}

    def add(name, m, path, where=places):
        out[name] = dict(gzip=encoded(path), unit=m.unit.to_string("fits"), places=[where.ra.deg.tolist(), where.dec.deg.tolist()], values=values(m, where))

    for nest in (False, True):
        m = Map.create(nside=8, map_type="hpx", nest=nest, frame="galactic", axes=[axis], unit="cm-2 s-1")
        # written as float32
        m.data = rng.normal(size=m.data.shape).astype("f4").astype(float)
        path = f"{folder}/gadf.fits"
        m.write(path, overwrite=True)
        add(f"gadf {'nested' if nest else 'ring'}", m, path)
        linear = [m.interp_by_coord({"skycoord": places, "energy": c * axis.unit}).tolist() for c in axis.center.value]
        out[f"gadf {'nested' if nest else 'ring'}"]["linear"] = linear
    m = Map.create(nside=16, map_type="hpx", frame="icrs", region="DISK(83.6,22,20)", axes=[axis])
    m.data = rng.poisson(3, m.data.shape).astype(float)
    m.write(f"{folder}/disk.fits", overwrite=True)
    add("disk", m, f"{folder}/disk.fits", inside)
    m = Map.create(nside=4, map_type="hpx", frame="icrs", axes=[axis])
    m.data = rng.poisson(0.5, m.data.shape).astype(float)
    m.write(f"{folder}/sparse.fits", overwrite=True, sparse=True)
    add("sparse", m, f"{folder}/sparse.fits")
    m.write(f"{folder}/fgst.fits", overwrite=True, format="fgst-ccube")
    add("fermi counts cube", m, f"{folder}/fgst.fits")
    for name, options in {"healpy": dict(nest=True, coord="G"), "healpy part": dict(coord="C", partial=True)}.items():
        data = rng.normal(size=hp.nside2npix(16))
        data[5:9] = hp.UNSEEN
        path = f"{folder}/healpy.fits"
        hp.write_map(path, data, overwrite=True, dtype=np.float64, column_units="mK", **options)
        frame = places.galactic if "nest" in options else places.icrs
        lon, lat = frame.spherical.lon.deg, frame.spherical.lat.deg
        found = data[hp.ang2pix(16, lon, lat, lonlat=True, nest="nest" in options)]
        found = [None if v == hp.UNSEEN else float(v) for v in found]
        out[name] = dict(gzip=encoded(path), unit="mK", places=[places.ra.deg.tolist(), places.dec.deg.tolist()], values=[found])
    for name, nest, axes in (("template", False, []), ("template cube", True, [axis.copy(name="energy_true")])):
        m = Map.create(nside=8, map_type="hpx", nest=nest, frame="galactic", unit="sr-1", axes=axes)
        m.data = rng.uniform(0.1, 2, m.data.shape).astype("f4").astype(float)
        path = f"{folder}/template.fits"
        m.write(path, overwrite=True)
        add(name, m, path)
        lon, lat = places.galactic.l, places.galactic.b
        # between them Gammapy continues a line beyond its bin: docs/differences.md
        energy = np.resize(axis.center.value, 40) * axis.unit
        out[name]["energy"] = energy.value.tolist()
        out[name]["template"] = {}
        for normalize in (True, False):
            model = TemplateSpatialModel(m, normalize=normalize)
            found = model.evaluate(lon, lat, energy if axes else None, 0 * lon.unit, 0 * lon.unit)
            out[name]["template"][str(normalize).lower()] = found.to_value("sr-1").ravel().tolist()
    return out


if __name__ == "__main__":
    if sys.argv[1:2] == ["check"]:
        print(json.dumps({p: values(Map.read(p), places) for p in sys.argv[2:]}))
    else:
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(main(folder)))
