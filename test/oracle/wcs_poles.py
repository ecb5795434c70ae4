"""Native coordinates by the equations of FITS WCS Paper II, section 2.4, in arithmetic of 40 digits: mpmath 1.4.

Usage: python wcs_poles.py > wcs_poles.json
References near the poles and the equator, and LATPOLE 0, for which both latitudes of the native pole are equally near: the northern one is taken.
The projection is CAR with pixels of 1 deg, so pixels are native coordinates.
"""

import json
import random
import sys

import mpmath as mp

mp.mp.dps = 40
random.seed(5)


def sin(x):
    return mp.sin(mp.radians(mp.mpf(x)))


def cos(x):
    return mp.cos(mp.radians(mp.mpf(x)))


def pole(lon0, lat0, lonpole, latpole):
    """Equations (8) to (10) with phi0 = theta0 = 0."""
    u = mp.degrees(mp.atan2(0, cos(lonpole)))
    v = mp.degrees(mp.acos(sin(lat0) / abs(cos(lonpole))))
    candidates = [x - 360 if x > 180 else x + 360 if x < -180 else x for x in (u + v, u - v)]
    valid = sorted(x for x in candidates if abs(x) <= 90 + mp.mpf(10) ** -30)
    distance = [abs(latpole - x) for x in valid]
    lat = valid[-1] if abs(distance[0] - distance[-1]) < 1e-10 else valid[distance.index(min(distance))]
    east = sin(lonpole) / cos(lat0)
    north = -sin(lat) * sin(lat0) / (cos(lat) * cos(lat0))
    return lon0 - mp.degrees(mp.atan2(east, north)), lat


def native(lon, lat, lonp, latp, lonpole):
    """Equation (5)."""
    d = lon - lonp
    phi = lonpole + mp.degrees(mp.atan2(-cos(lat) * sin(d), sin(lat) * cos(latp) - cos(lat) * sin(latp) * cos(d)))
    theta = mp.degrees(mp.asin(sin(lat) * sin(latp) + cos(lat) * cos(latp) * cos(d)))
    return [float(mp.fmod(phi + 540 + 3600, 360) - 180), float(theta)]


rows = []
for k in range(40):
    sign = random.choice([-1, 1])
    offset = 10 ** random.uniform(-6.5, -1.5)
    if k < 16:
        lat0 = sign * (90 - offset)
        turn = random.choice([0, random.uniform(-1, 1) * offset])
    elif k < 28:
        lat0 = sign * offset
        turn = random.uniform(-60, 60)
    else:
        lat0 = -round(random.uniform(0.1, 89.9), 2)
        turn = 0
    lonpole = (0 if lat0 >= 0 else 180) + turn
    latpole = 0 if k >= 28 else random.choice([90, -90])
    lon0 = round(random.uniform(0, 360), 3)
    p = pole(lon0, lat0, lonpole, latpole)
    points = [[round(random.uniform(0, 360), 3), round(random.uniform(-85, 85), 3)] for _ in range(3)]
    header = {"CTYPE1": "RA---CAR", "CTYPE2": "DEC--CAR", "CRVAL1": lon0, "CRVAL2": lat0, "CRPIX1": 1, "CRPIX2": 1,
              "CDELT1": 1, "CDELT2": 1, "LONPOLE": lonpole, "LATPOLE": latpole}
    rows.append({"header": header, "points": [[*c, *native(*c, *p, lonpole)] for c in points]})
json.dump(rows, sys.stdout, separators=(",", ":"))
