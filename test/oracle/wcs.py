"""Celestial WCS of random headers by wcslib (astropy 8.0), and frames by Astropy.

Usage: python wcs.py [headers per projection, default 8] [points per header, default 3] > wcs.json
Projections that are not zenithal: references near a pole, and near the equator with another LONPOLE than the default, are left to wcs_poles.py, as
wcslib loses digits there (arccosine of a sine near 1, latitudes of the pole near 90 deg).
"""

import json
import sys
import warnings

import astropy.units as u
import numpy as np
from astropy.coordinates import SkyCoord
from astropy.io import fits
from astropy.wcs import WCS
from astropy.wcs.utils import wcs_to_celestial_frame

warnings.simplefilter("ignore")
rng = np.random.default_rng(7)
N_HEADERS = int(sys.argv[1]) if len(sys.argv) > 1 else 8
N_POINTS = int(sys.argv[2]) if len(sys.argv) > 2 else 3
ZENITHAL = ["TAN", "STG", "SIN", "ARC", "ZEA"]
OTHERS = ["CAR", "MER", "CEA", "CYP", "SFL", "GLS", "PAR", "AIT", "MOL"]


def pick(*values):
    return values[rng.integers(len(values))]


def latitude(projection):
    """Anywhere on the sphere, with the equator and both poles and their surroundings."""
    near = -6 if projection in ZENITHAL else 0
    return pick(
        lambda: np.degrees(np.arcsin(rng.uniform(-1, 1))),
        lambda: np.degrees(np.arcsin(rng.uniform(-1, 1))),
        lambda: pick(0.0, 90.0, -90.0),
        lambda: pick(-1, 1) * (90 - 10 ** rng.uniform(near, near + 1)),
        lambda: pick(-1, 1) * 10 ** rng.uniform(-6, 0),
    )()


def linear():
    """CDELT; with PCi_j: turned or skewed; CDi_j; CROTA2. Longitude may increase to either side."""
    step = 10 ** rng.uniform(-2.5, 0)
    x, y = pick(-1, -1, -1, 1) * step, step * pick(1, 1, rng.uniform(0.3, 3))
    turn = np.radians(rng.uniform(-180, 180))
    skew = pick(0, 0, rng.uniform(-1, 1))
    pc = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ np.array([[1, skew], [0, 1]])
    cdelt = {"CDELT1": x, "CDELT2": y}
    names = ["1_1", "1_2", "2_1", "2_2"]
    return pick(
        lambda: cdelt,
        lambda: {**cdelt, "CROTA2": np.degrees(turn)},
        lambda: {**cdelt, **{f"PC{n}": v for n, v in zip(names, pc.ravel())}},
        lambda: {f"CD{n}": v for n, v in zip(names, (np.diag([x, y]) @ pc).ravel())},
    )()


def poles(projection, lat0):
    """Default poles, or LONPOLE and LATPOLE, or PV1_3 and PV1_4."""
    if rng.random() < 0.3:
        return {}
    if projection in ZENITHAL:
        lonpole = pick(180.0, 0.0, rng.uniform(-180, 180))
    else:
        default = 0.0 if lat0 >= (lat0 if projection == "GLS" else 0) else 180.0
        limit = 90 - abs(lat0) if projection != "GLS" else 20
        lonpole = default if 0 < abs(lat0) < 1 else pick(default, default, default + rng.uniform(-1, 1) * min(limit, 80))
    latpole = pick(90.0, -90.0, rng.uniform(-90, 90), 0.0)
    out = {"LONPOLE": lonpole, "LATPOLE": latpole}
    return pick(out, out, {"LONPOLE": lonpole}, {"PV1_3": lonpole, "PV1_4": latpole})


def parameters(projection):
    if projection == "SIN":
        return pick({}, {"PV2_1": rng.uniform(-0.5, 0.5), "PV2_2": rng.uniform(-0.5, 0.5)}, {"PV2_2": rng.uniform(-1, 1)})
    if projection == "CEA":
        return pick({}, {"PV2_1": rng.uniform(0.2, 1)})
    if projection == "CYP":
        return pick({}, {"PV2_1": rng.uniform(0, 2), "PV2_2": rng.uniform(0.3, 1)})
    return {}


def is_tie(header):
    """Both latitudes of the native pole are as near to LATPOLE: wcslib takes one by rounding, the standard the northern one."""
    given = header.get("PV1_4", header.get("LATPOLE"))
    return given is not None and abs(given) < 1e-9 and header["CTYPE1"][5:] not in ZENITHAL and (header["CTYPE1"][5:] != "GLS" or header["CRVAL2"] == 0)


def case(projection):
    lat0 = round(latitude(projection), 7)
    names = pick(("RA---", "DEC--"), ("GLON-", "GLAT-"))
    header = {
        "CTYPE1": names[0] + projection, "CTYPE2": names[1] + projection,
        "CRVAL1": pick(rng.uniform(0, 360), rng.uniform(-180, 180), 0.0), "CRVAL2": float(lat0),
        "CRPIX1": round(rng.uniform(-100, 100), 2), "CRPIX2": round(rng.uniform(-100, 100), 2),
        **linear(), **poles(projection, lat0), **parameters(projection),
    }
    header = {k: v if isinstance(v, str) else float(f"{v:.8g}") for k, v in header.items()}
    try:
        # the northern pole of two that are equally near is what LATPOLE 90 asks for
        used = {**header, "LATPOLE": 90.0, "PV1_4": 90.0} if is_tie(header) else header
        w = WCS(fits.Header([("WCSAXES", 2), *used.items()]))
        w.wcs.set()
    except Exception:
        return None
    scale = np.sqrt(abs(np.linalg.det(w.pixel_scale_matrix)))
    reach = {"TAN": 60, "SIN": 60, "MER": 60}.get(projection, 170)
    center = SkyCoord(header["CRVAL1"], lat0, unit="deg")
    far = reach * rng.uniform(0, 1, N_POINTS) ** 2
    p = center.directional_offset_by(rng.uniform(0, 360, N_POINTS) * u.deg, far * u.deg)
    lon, lat = np.round(p.ra.deg, 5), np.round(p.dec.deg, 5)
    p = SkyCoord(lon, lat, unit="deg")
    x, y = w.wcs_world2pix(lon, lat, 0)
    back = w.wcs_pix2world(x, y, 0)
    with np.errstate(invalid="ignore"):
        ok = np.isfinite(x) & np.isfinite(back[0])
        ok[ok] &= SkyCoord(back[0][ok], back[1][ok], unit="deg").separation(p[ok]).deg < 1e-7
    # the edge of the map of the sky, where a rounding decides between its sides
    step = np.max(np.abs(np.array(w.wcs_world2pix(lon + 1e-7, lat + 1e-7, 0)) - [x, y]), axis=0) * scale
    ok &= step < 1e-3
    points = np.transpose([lon, lat, x, y])[ok].tolist()
    # pixels anywhere, some of them off the sky
    pix = np.array([header["CRPIX1"], header["CRPIX2"]]) + np.round(rng.normal(size=(2, 2)) * pick(30, 120) / scale, 2)
    world = w.wcs_pix2world(pix, 0)
    sky = [[*a, *(b if np.all(np.isfinite(b)) else [None, None])] for a, b in zip(pix.tolist(), world.tolist())]
    return {"header": header, "points": points, "sky": sky}


def frames():
    rows = []
    for keys in [{}, {"RADESYS": "ICRS"}, {"RADESYS": "FK5"}, {"RADESYS": "FK5", "EQUINOX": 2000.0}, {"EQUINOX": 2000.0},
                 {"EPOCH": 2000.0}, {"RADECSYS": "FK4"}, {"RADESYS": "FK4", "EQUINOX": 1950.0}, {"EQUINOX": 1950.0}, {"EPOCH": 1950.0},
                 {"RADESYS": "ICRS", "EQUINOX": 1950.0}]:
        w = WCS(fits.Header([("CTYPE1", "RA---TAN"), ("CTYPE2", "DEC--TAN"), *keys.items()]))
        rows.append([keys, wcs_to_celestial_frame(w).name])
    lon = rng.uniform(0, 360, 12)
    lat = np.degrees(np.arcsin(rng.uniform(-1, 1, 12)))
    lat[:2] = [89.9999, -89.9999]
    names = ["icrs", "fk5", "fk4", "galactic"]
    converted = {}
    for a in names:
        for b in names:
            if a != b:
                c = SkyCoord(lon, lat, unit="deg", frame=a)
                # in one step Astropy precesses FK4 to J2000 and back, which costs 7e-9 deg
                c = (c.icrs if (a, b) == ("fk4", "fk5") else c).transform_to(b)
                converted[f"{a} {b}"] = np.transpose([c.spherical.lon.deg, c.spherical.lat.deg]).tolist()
    return {"headers": rows, "positions": np.transpose([lon, lat]).tolist(), "converted": converted}


cases = []
for projection in [*ZENITHAL, *OTHERS]:
    n = 0
    while n < N_HEADERS:
        found = case(projection)
        if found is not None and found["points"]:
            cases.append(found)
            n += 1
json.dump({"cases": cases, "frames": frames()}, sys.stdout, separators=(",", ":"))
