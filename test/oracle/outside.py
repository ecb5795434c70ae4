"""What a region and a map see of sources beside them: `python outside.py > outside.json` (scipy 1.17, Gammapy 2.1).

Source and psf are Gaussians, so of a circle it is the non-central chi-square distribution, of a rectangle a product of error functions.
regions: shares by the distance of the source from the centre of the region [deg].
map: Gammapy's own counts of a source beside a map, once on the map and once on a wider one that is cut back.
"""
import json
import sys

import astropy.units as u
import numpy as np
from astropy.coordinates import SkyCoord
from scipy.special import erf
from scipy.stats import ncx2

from gammapy.datasets import MapDataset
from gammapy.irf import PSFMap
from gammapy.maps import Map, MapAxis, WcsGeom
from gammapy.modeling.models import DiskSpatialModel, GaussianSpatialModel, PointSpatialModel, PowerLawSpectralModel, SkyModel

PSF, SOURCE, RADIUS, WIDTH, HEIGHT = 0.08, 0.06, 0.11, 0.3, 0.16
DISTANCES = [0, 0.05, 0.1, 0.11, 0.115, 0.2, 0.35, 0.81]


def circle(sigma, distance):
    return float(ncx2.cdf((RADIUS / sigma) ** 2, 2, (distance / sigma) ** 2)) if distance else float(1 - np.exp(-0.5 * (RADIUS / sigma) ** 2))


def rectangle(sigma, distance):
    """The source lies `distance` to the north."""
    one = lambda low, high: 0.5 * (erf(high / sigma / 2**0.5) - erf(low / sigma / 2**0.5))
    return float(one(-WIDTH / 2, WIDTH / 2) * one(-HEIGHT / 2 - distance, HEIGHT / 2 - distance))


def regions():
    both = float(np.hypot(PSF, SOURCE))
    for name, region, sigma in [
        ("point with psf, circle", circle, PSF), ("gaussian with psf, circle", circle, both), ("gaussian without psf, circle", circle, SOURCE),
        ("point with psf, rectangle", rectangle, PSF), ("gaussian with psf, rectangle", rectangle, both), ("gaussian without psf, rectangle", rectangle, SOURCE),
    ]:
        yield {"name": name, "shares": [region(sigma, d) for d in DISTANCES]}


CENTER = SkyCoord(83.63, 22.01, unit="deg", frame="icrs")
SIGMA = 0.3


def simple(npix):
    """A map of flat exposure with one psf."""
    energy, true = (MapAxis.from_energy_bounds("1 TeV", "10 TeV", nbin=2, name=name) for name in ("energy", "energy_true"))
    image = WcsGeom.create(skydir=CENTER, binsz=0.1, npix=(npix, npix), proj="TAN")
    rad = MapAxis.from_bounds(0, 1.6, 160, unit="deg", name="rad", node_type="edges")
    geom = WcsGeom.create(skydir=CENTER, binsz=180, npix=(1, 1)).to_cube([rad, true])
    r = rad.center.to_value("deg")[None, :, None, None]
    profile = np.broadcast_to(np.exp(-0.5 * (r / SIGMA) ** 2) / (2 * np.pi * np.radians(SIGMA) ** 2), geom.data_shape)
    return MapDataset(
        exposure=Map.from_geom(image.to_cube([true]), data=1e14, unit="cm2 s", dtype=float), background=Map.from_geom(image.to_cube([energy]), dtype=float),
        psf=PSFMap(Map.from_geom(geom, data=profile.copy(), unit="sr-1", dtype=float), Map.from_geom(geom.squash("rad"), data=1e9, unit="m2 s", dtype=float)), name="map",
    )


def maps():
    for name, make in {
        "point": lambda **at: PointSpatialModel(**at), "gaussian": lambda **at: GaussianSpatialModel(sigma=0.2 * u.deg, **at),
        "disk": lambda **at: DiskSpatialModel(r_0=0.4 * u.deg, **at),
    }.items():
        # the border lies 1 deg from the centre
        for north in (0.93, 1.03, 1.19, 1.6):
            at = CENTER.directional_offset_by(0 * u.deg, north * u.deg)
            spatial = make(lon_0=at.ra, lat_0=at.dec, frame="icrs")
            model = SkyModel(PowerLawSpectralModel(index=2.2, amplitude="2e-12 cm-2 s-1 TeV-1"), spatial, name="src")
            sums = []
            for npix in (20, 100):
                ds = simple(npix)
                ds.models = [model]
                pad = (npix - 20) // 2
                sums.append(ds.npred_signal().data[:, pad : npix - pad, pad : npix - pad].sum(axis=(1, 2)).tolist())
            yield {"name": f"{name} {north} deg north", "spatial": name, "lat": float(at.dec.deg), "alone": sums[0], "wide": sums[1]}


if __name__ == "__main__":
    sizes = {"psf": PSF, "source": SOURCE, "radius": RADIUS, "width": WIDTH, "height": HEIGHT, "distances": DISTANCES, "sigma": SIGMA}
    json.dump({"sizes": sizes, "regions": list(regions()), "maps": list(maps())}, sys.stdout, indent=1)
    print()
