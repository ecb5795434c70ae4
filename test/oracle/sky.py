"""Reference numbers for test/sky: gammapy 2.1, astropy 8.0, regions 0.11, numpy 2.4.

Usage: python sky.py [points per WCS, default 8] > sky.json
"""

import json
import sys
import warnings

import astropy.units as u
import numpy as np
from astropy.coordinates import SkyCoord
from astropy.wcs import WCS
from gammapy.maps import Map, MapAxis, RegionGeom, WcsGeom
from regions import Regions

import solid_angle

solid_angle.correct()

warnings.simplefilter("ignore")
rng = np.random.default_rng(42)
n_points = int(sys.argv[1]) if len(sys.argv) > 1 else 8
out = {}


def numbers(a, digits=17):
    """Nested lists of floats; None for NaN."""
    a = np.asarray(a, dtype=float)
    if a.ndim == 0:
        return None if not np.isfinite(a) else float(f"{float(a):.{digits}g}")
    return [numbers(x, digits) for x in a]


def wcs_dict(w, frame):
    return {
        "projection": w.wcs.ctype[0][-3:],
        "frame": frame,
        "crval": numbers(w.wcs.crval),
        "crpix": numbers(w.wcs.crpix),
        "cd": numbers(w.pixel_scale_matrix.ravel()),
        "lonpole": float(w.wcs.lonpole),
        "latpole": float(w.wcs.latpole),
    }


def wcs_cases():
    cases = []
    for proj in ["CAR", "TAN", "AIT", "STG", "SIN", "ZEA", "ARC", "MOL", "SFL", "GLS"]:
        for k in range(5):
            w = WCS(naxis=2)
            frame = ["icrs", "galactic"][k % 2]
            names = ("RA---", "DEC--") if frame == "icrs" else ("GLON-", "GLAT-")
            w.wcs.ctype = [names[0] + proj, names[1] + proj]
            lat0 = 0.0 if k == 0 else rng.uniform(-89, 89)
            w.wcs.crval = [rng.uniform(0, 360), lat0]
            w.wcs.crpix = np.round(rng.uniform(-100, 100, 2), 1)
            step = rng.uniform(0.02, 1)
            w.wcs.cdelt = [-step, step * rng.uniform(0.5, 2)]
            if k > 2 and proj != "GLS":
                zenithal = proj in ["TAN", "STG", "SIN", "ZEA", "ARC"]
                w.wcs.lonpole = rng.uniform(0, 360) if zenithal else 180 - np.sign(lat0) * 180 if abs(lat0) > 1 else 180
                if k == 4 and not zenithal:
                    w.wcs.lonpole = (0 if lat0 > 0 else 180) + rng.uniform(-20, 20)
                    w.wcs.latpole = -90.0
            try:
                w.wcs.set()
            except Exception:
                continue
            center = SkyCoord(*w.wcs.crval, unit="deg")
            reach = 70 if k else 175
            if proj in ["TAN", "SIN"]:
                reach = min(reach, 70)
            p = center.directional_offset_by(
                rng.uniform(0, 360, n_points) * u.deg, reach * np.sqrt(rng.uniform(0, 1, n_points)) * u.deg
            )
            lon, lat = p.ra.deg, p.dec.deg
            lon[0], lat[0] = w.wcs.crval
            x, y = w.wcs_world2pix(lon, lat, 0)
            back = w.wcs_pix2world(x, y, 0)
            ok = np.isfinite(x) & (SkyCoord(*back, unit="deg").separation(p).deg < 1e-6) | (np.arange(n_points) == 0)
            cases.append({"wcs": wcs_dict(w, frame), "points": numbers(np.transpose([lon, lat, x, y])[ok])})
    return cases


out["wcs"] = wcs_cases()


def geoms():
    rows = []
    for kw in [
        dict(skydir=(83.63, 22.01), binsz=0.1, npix=(6, 4)),
        dict(skydir=(0, 0), binsz=30, npix=(14, 6)),
        dict(skydir=(266, -75), binsz=(1.5, 1), npix=(5, 4), proj="TAN"),
        dict(skydir=(30, 60), binsz=2, width=(11, 7), proj="AIT", frame="galactic"),
        dict(skydir=(10, 40), binsz=0.3, width=(1.35, 1.05), proj="STG"),
    ]:
        args = {k: v for k, v in kw.items()}
        frame = kw.get("frame", "icrs")
        args["skydir"] = SkyCoord(*kw["skydir"], unit="deg", frame=frame)
        g = WcsGeom.create(**{"frame": "icrs", **args})
        coord = g.get_coord()
        odd = g.to_odd_npix(3.3 * u.deg)
        rows.append(
            {
                "options": {**kw, "frame": frame},
                "wcs": wcs_dict(g.wcs, frame),
                "npix": [int(g.data_shape[1]), int(g.data_shape[0])],
                "lon": numbers(coord.lon.to_value("deg")),
                "lat": numbers(coord.lat.to_value("deg")),
                "solid_angle": numbers(g.solid_angle().value),
                "up": wcs_dict(g.upsample(2).wcs, frame),
                "odd": {"wcs": wcs_dict(odd.wcs, frame), "npix": int(odd.data_shape[0])},
            }
        )
    return rows


out["geoms"] = geoms()


def fermi():
    """The geometry of the 3FHL Crab file and cutouts of it, with ties (p = 24.5 up to noise)."""
    w = WCS(naxis=2)
    w.wcs.ctype = ["GLON-CAR", "GLAT-CAR"]
    w.wcs.crval = [184.55288350739, -5.7814513533684]
    w.wcs.crpix = [25.5, 20.5]
    w.wcs.cdelt = [-0.1, 0.1]
    w.wcs.lonpole = 180.0
    w.wcs.latpole = 84.218548646632
    w.wcs.set()
    g = WcsGeom(w, npix=(50, 40))
    crab = SkyCoord(83.63, 22.01, unit="deg", frame="icrs")
    crab_file = SkyCoord(83.63310241699219, 22.019899368286133, unit="deg", frame="icrs")
    cutouts = []
    for position in [crab, crab_file, g.center_skydir.icrs, SkyCoord(184.0, -5.0, unit="deg", frame="galactic").icrs, SkyCoord(85.9, 20.4, unit="deg")]:
        for width in [0.05, 0.1, 0.25, 0.3, 0.4, 2.9, 3.0, 4.82, 5.3, 9.0]:
            for odd, minimum in [(False, 1), (True, 1), (True, 3)]:
                c = g.cutout(position, width * u.deg, odd_npix=odd, min_npix=minimum)
                start = np.round(np.array(w.wcs.crpix) - c.wcs.wcs.crpix).astype(int)
                cutouts.append(
                    [position.ra.deg, position.dec.deg, width, int(odd), minimum, *start.tolist(), c.data_shape[1], c.data_shape[0]]
                )
    return {
        "wcs": wcs_dict(w, "galactic"),
        "pix": numbers([np.array(p) for p in g.coord_to_pix((crab_file.galactic.l, crab_file.galactic.b))]),
        "solid_angle": numbers(g.solid_angle().value[::13, ::17]),
        "cutouts": cutouts,
    }


out["fermi"] = fermi()


def axes():
    a = MapAxis.from_energy_bounds("0.01 TeV", "100 TeV", nbin=10, per_decade=True)
    three = MapAxis.from_energy_bounds("1 TeV", "50 TeV", nbin=3, per_decade=True)
    lower = MapAxis.from_energy_bounds("1 TeV", "50 TeV", nbin=3, per_decade=True, strict_bounds=False)
    rows = {"energy": numbers(a.edges.value), "three": numbers(three.edges.value), "lower": numbers(lower.edges.value), "pix": []}
    x = np.array([-1, 0, 0.3, 1, 1.3, 2, 2.5, 3.99, 4, 5, 17])
    p = np.array([-3, -0.5, 0, 0.25, 0.5, 1, 1.5, 2, 7])
    for interp in ["lin", "log", "sqrt"]:
        for kind in ["from_edges", "from_nodes"]:
            axis = getattr(MapAxis, kind)([1, 2, 2.5, 4], interp=interp, name="x")
            rows["pix"].append(
                {
                    "interp": interp,
                    "kind": kind,
                    "x": x.tolist(),
                    "pix": numbers(axis.coord_to_pix(x)),
                    "idx": axis.coord_to_idx(x).tolist(),
                    "clip": axis.coord_to_idx(x, clip=True).tolist(),
                    "p": p.tolist(),
                    "coord": numbers(axis.pix_to_coord(p)),
                    "edges": numbers(axis.edges),
                    "center": numbers(axis.center),
                    "up": numbers(getattr(axis.upsample(3), "edges" if kind == "from_edges" else "center")),
                    "down": numbers(getattr(axis.downsample(3), "edges" if kind == "from_edges" else "center")),
                    "squash": numbers(axis.squash().edges),
                }
            )
    groups = []
    for edges in [[1, 1.5704], [0.5, 0.7, 3, 200], [0.001, 1000], [0.0199, 0.0201, 2.2], [1.12, 1.13, 1.41]]:
        t = a.group_table(edges * u.TeV)
        groups.append(
            {
                "edges": edges,
                "start": [int(i) for i in t["idx_min"]],
                "stop": [int(i) + 1 for i in t["idx_max"]],
                "min": numbers(t["energy_min"].quantity.value),
                "type": [str(s).strip() for s in t["bin_type"]],
            }
        )
    rows["groups"] = groups
    return rows


out["axes"] = axes()


def frames():
    lon = rng.uniform(0, 360, 20)
    lat = np.degrees(np.arcsin(rng.uniform(-1, 1, 20)))
    c = SkyCoord(lon, lat, unit="deg", frame="icrs")
    d = SkyCoord(lon[::-1], lat[::-1], unit="deg", frame="icrs")
    o = c.directional_offset_by(lat * 2 * u.deg, lon / 3 * u.deg)
    g = SkyCoord(lon, lat, unit="deg", frame="galactic").icrs
    return numbers(
        np.transpose([lon, lat, c.galactic.l.deg, c.galactic.b.deg, g.ra.deg, g.dec.deg, c.separation(d).deg, c.position_angle(d).deg % 360, o.ra.deg, o.dec.deg])
    )


out["frames"] = frames()


def regions():
    texts = [
        "icrs;circle(83.63, 22.01, 1.13)",
        "galactic;annulus(184.6, -5.8, 0.5, 1.27)",
        "icrs;ellipse(83.2, 22.3, 2.2, 0.8, 30)",
        "galactic;box(184.4, -5.5, 2.4, 1.0, 60)",
        "icrs;polygon(82.5, 21.2, 84.9, 21.4, 84.2, 22.9, 83.4, 21.9)",
        "icrs;point(83.63, 22.01)",
    ]
    rows = []
    for frame, center, proj in [("icrs", (83.6, 22.0), "TAN"), ("galactic", (184.5, -5.7), "CAR"), ("galactic", (184.5, -5.7), "AIT")]:
        g = WcsGeom.create(skydir=center, binsz=0.25, npix=(14, 13), frame=frame, proj=proj)
        for text in texts:
            ds9 = {"ellipse": "ellipse(83.2, 22.3, 1.1, 0.4, 30)"}
            region = Regions.parse(text.replace("ellipse(83.2, 22.3, 2.2, 0.8, 30)", ds9["ellipse"]), format="ds9")[0]
            mask = g.region_mask([region]).data
            row = {"text": text, "center": center, "frame": frame, "proj": proj, "mask": "".join("01"[int(v)] for v in mask.ravel())}
            if "point" not in text:
                row["weights"] = numbers(g.region_weights([region]).data.sum(axis=1), 10)
            if "point" not in text and "polygon" not in text:  # a polygon has no center there
                rg = RegionGeom(region)
                row["width"] = numbers(rg.width.value)
                row["solid_angle"] = float(rg.solid_angle().value)
                row["npix"] = [int(rg.to_wcs_geom().data_shape[1]), int(rg.to_wcs_geom().data_shape[0])]
                row["region_wcs"] = wcs_dict(rg.wcs, rg.frame)
            rows.append(row)
    return rows


out["regions"] = regions()


def maps():
    energy = MapAxis.from_energy_edges([1, 2, 5, 10], unit="TeV")
    rad = MapAxis.from_nodes([0, 0.1, 0.3], unit="deg", name="rad")
    g = WcsGeom.create(skydir=(83.63, 22.01), binsz=0.2, npix=(5, 4), axes=[rad, energy])
    data = np.round(rng.normal(size=g.data_shape), 3)
    m = Map.from_geom(g, data=data.copy())
    n = 25
    lon = 83.63 + rng.uniform(-0.7, 0.7, n)
    lat = 22.01 + rng.uniform(-0.6, 0.6, n)
    e = 10 ** rng.uniform(-0.2, 1.2, n)
    r = rng.uniform(0, 0.35, n)
    c = {"lon": lon * u.deg, "lat": lat * u.deg, "energy": e * u.TeV, "rad": r * u.deg}
    positive = Map.from_geom(g, data=np.exp(data))
    small = WcsGeom.create(skydir=(83.63, 22.01), binsz=0.2, npix=(4, 4), axes=[energy])
    s = Map.from_geom(small, data=np.arange(48.0).reshape(3, 4, 4))
    s.data[0, 0, 0] = np.nan
    counts = Map.from_geom(small, dtype=float)
    counts.fill_by_coord({k: c[k] for k in ["lon", "lat", "energy"]})
    w = Map.from_geom(small, data=np.arange(48.0).reshape(3, 4, 4) % 5)
    return {
        "data": numbers(data.ravel()),
        "points": numbers(np.transpose([lon, lat, r, e])),
        "interp": numbers(m.interp_by_coord(c)),
        "interp_log": numbers(positive.interp_by_coord(c, values_scale="log")),
        "interp_fill": numbers(m.interp_by_coord(c, fill_value=-7.0)),
        "interp_nearest": numbers(m.interp_by_coord(c, method="nearest")),
        "get": numbers(m.get_by_coord(c)),
        "down": numbers(s.downsample(2).data.ravel()),
        "down_mean": numbers(s.downsample(2, preserve_counts=False).data.ravel()),
        "down_weights": numbers(s.downsample(2, preserve_counts=False, weights=w).data.ravel()),
        "counts": numbers(counts.data.ravel()),
        "resampled": numbers(s.resample_axis(MapAxis.from_energy_edges([1.9, 9], unit="TeV")).data.ravel()),
    }


out["maps"] = maps()
json.dump(out, sys.stdout, separators=(",", ":"), default=lambda v: v.item())
