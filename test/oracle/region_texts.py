"""Masks of astropy-regions for texts of regions in DS9's and CASA's format: regions 0.11, gammapy 2.1, astropy 7.

python region_texts.py > region_texts.json. `mask`: which pixels of a TAN image of 32 x 30 pixels of 0.1 deg hold their middle in the regions. A shape behind "-" is taken
out of all others by hand, as DS9's manual says: the package keeps a sign there that means "everything else". `fits`: SHAPE, X, Y, R, ROTANG of its FITS tables.
"""
import json
import sys

import numpy as np
from astropy.coordinates import SkyCoord
from gammapy.maps import WcsGeom
from regions import Regions

DS9 = [
    "icrs;ellipse(83.6, 22.1, 0.3, 0.1, 1.1, 0.6, 25)",
    "galactic;box(184.6, -5.8, 0.6, 0.4, 2.0, 1.3, 40)",
    "fk5;annulus(83.6, 22.0, 0.2, 0.5, 0.9)",
    "icrs;circle(5:34:31.9, +22:00:52.2, 40')",
    "icrs;circle(83.6, 22.0, 1.1);-circle(84.0, 22.2, 0.45);-box(83.3, 21.7, 0.6, 0.3, 30)",
]
CRTF = [
    "#CRTFv0\nglobal coord=J2000\nellipse[[83.6deg, 22.0deg], [1.0deg, 0.4deg], 30deg]\n",
    "#CRTFv0\nrotbox[[05h34m30s, 22d06m00s], [1.2deg, 30arcmin], 20deg], coord=ICRS\npoly[[83deg,21deg],[84deg,21.3deg],[83.5deg,21.9deg]], coord=ICRS\n",
    "#CRTFv0\nglobal coord=GALACTIC\nannulus[[184.5deg, -5.8deg], [0.3deg, 1.0deg]]\n",
]
geom = WcsGeom.create(skydir=SkyCoord(83.63, 22.01, unit="deg"), npix=(32, 30), binsz=0.1, proj="TAN", frame="icrs")
coords = geom.get_coord().skycoord


def mask(text, form):
    inside = np.zeros(coords.shape, bool)
    outside = np.zeros(coords.shape, bool)
    for region in Regions.parse(text, format=form):
        include = region.meta.pop("include", True)
        held = region.contains(coords, geom.wcs)
        if include:
            inside |= held
        else:
            outside |= held
    return "".join("01"[int(v)] for v in (inside & ~outside).ravel())


rows = [{"text": text, "mask": mask(text, form)} for form, texts in (("ds9", DS9), ("crtf", CRTF)) for text in texts]
ring = Regions([Regions.parse(DS9[0], format="ds9")[0].to_pixel(geom.wcs)]).serialize(format="fits")
fits = {name: np.asarray(ring[name][0]).tolist() for name in ("SHAPE", "X", "Y", "R", "ROTANG")}
json.dump({"masks": rows, "fits": fits}, sys.stdout, indent=1)
