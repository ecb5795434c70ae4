"""Event lists reduced by Gammapy 2.1: point-like spectra, other ON regions, ring backgrounds, excess maps, theta2.

    GAMMAPY_DATA=... python reduce.py > reduce.json

gammapy 2.1, regions 0.11, astropy 8.0.2, numpy 2.4.6. Files: hess-dl3-dr1, magic/rad_max, veritas of $GAMMAPY_DATA.
"""

import json
import os

import astropy.units as u
import numpy as np
from astropy.coordinates import SkyCoord
from gammapy.data import DataStore
from gammapy.datasets import MapDataset, SpectrumDataset
from gammapy.irf import FoVAlignment
from gammapy.estimators import ExcessMapEstimator, SensitivityEstimator
from gammapy.makers import (
    AdaptiveRingBackgroundMaker,
    MapDatasetMaker,
    PhaseBackgroundMaker,
    ReflectedRegionsBackgroundMaker,
    ReflectedRegionsFinder,
    RingBackgroundMaker,
    SafeMaskMaker,
    SpectrumDatasetMaker,
    WobbleRegionsFinder,
)
from gammapy.makers.utils import make_map_background_irf, make_theta_squared_table
from gammapy.maps import MapAxis, RegionGeom, WcsGeom
from regions import CircleSkyRegion, EllipseSkyRegion, PointSkyRegion, RectangleSkyRegion

data = os.environ["GAMMAPY_DATA"]
crab = SkyCoord(83.633083, 22.0145, unit="deg")
out = {}


def observations(folder, ids, point):
    irfs = "point-like" if point else "full-enclosure"
    return DataStore.from_dir(f"{data}/{folder}").get_observations(ids, required_irf=irfs)


def spectrum(obs, region, finder, exclusion=None, point=False, containment=False, weighted=False):
    axis = MapAxis.from_energy_bounds("0.05 TeV", "50 TeV", 5, per_decade=True)
    true = MapAxis.from_energy_bounds("0.02 TeV", "90 TeV", 9, per_decade=True, name="energy_true")
    empty = SpectrumDataset.create(RegionGeom.create(region, axes=[axis]), energy_axis_true=true, name="x")
    maker = SpectrumDatasetMaker(selection=["counts", "exposure", "edisp"], containment_correction=containment, use_region_center=not weighted)
    d = maker.run(empty, obs)
    on_off = ReflectedRegionsBackgroundMaker(region_finder=finder, exclusion_mask=exclusion).run(d, obs)
    on_off = SafeMaskMaker(methods=["aeff-max"], aeff_percent=10).run(on_off, obs)
    has = on_off.counts_off is not None
    return {
        "counts": on_off.counts.data.ravel().tolist(),
        "countsOff": on_off.counts_off.data.ravel().tolist() if has else None,
        "n": float(on_off.acceptance_off.data.ravel()[0]) if has else 0,
        "safe": on_off.mask_safe.data.ravel().astype(int).tolist(),
        "exposure": on_off.exposure.quantity.to_value("cm2 s").ravel().tolist(),
        "edispSum": float(on_off.edisp.edisp_map.data.sum()),
    }


point = PointSkyRegion(crab)
magic = observations("magic/rad_max/data", [5029747, 5029748], True)
out["magic"] = [[spectrum(o, point, WobbleRegionsFinder(n), point=True) for n in (1, 3)] for o in magic]
out["veritas"] = [spectrum(o, CircleSkyRegion(crab, 0.08944271909999159 * u.deg), ReflectedRegionsFinder(), point=True) for o in observations("veritas/crab-point-like-ED", [64080, 64081, 64082, 64083], True)]

hess = observations("hess-dl3-dr1", [23523, 23526, 23559, 23592], False)
SHAPES = {
    "ellipse": EllipseSkyRegion(crab, 0.3 * u.deg, 0.15 * u.deg, 30 * u.deg),
    "rectangle": RectangleSkyRegion(crab, 0.3 * u.deg, 0.2 * u.deg, 60 * u.deg),
    "circle": CircleSkyRegion(SkyCoord(184.557, -5.784, unit="deg", frame="galactic"), 0.2 * u.deg),
}
excluded = WcsGeom.create(skydir=crab, binsz=0.02, width=6, proj="TAN").region_mask([CircleSkyRegion(SkyCoord(84.3, 21.6, unit="deg"), 0.25 * u.deg)], inside=False)
out["shapes"] = {name: [spectrum(o, region, ReflectedRegionsFinder(), exclusion=excluded) for o in hess] for name, region in SHAPES.items()}
options = {"minDistance": ReflectedRegionsFinder(min_distance="0.3 rad"), "minDistanceInput": ReflectedRegionsFinder(min_distance_input="0.8 rad"), "maxRegions": ReflectedRegionsFinder(max_region_number=5)}
out["finders"] = {name: [spectrum(o, SHAPES["circle"], finder, containment=True) for o in hess] for name, finder in options.items()}

# maps and rings: CAR, 150 x 150 pixels of 0.03 deg, two energies
axis = MapAxis.from_energy_edges([1, 3, 10], unit="TeV")
geom = WcsGeom.create(skydir=crab, binsz=0.03, npix=(150, 150), axes=[axis])
true = MapAxis.from_energy_bounds("0.5 TeV", "20 TeV", 6, name="energy_true")
empty = MapDataset.create(geom, energy_axis_true=true)
ring_mask = geom.to_image().region_mask([CircleSkyRegion(crab, 0.3 * u.deg)], inside=False)
ring = RingBackgroundMaker(r_in="0.5 deg", width="0.3 deg", exclusion_mask=ring_mask)
out["rings"] = []
stacked = None
for o in hess:
    d = MapDatasetMaker().run(empty, o)
    d = SafeMaskMaker(methods=["offset-max"], offset_max="2.2 deg").run(d, o)
    one = ring.run(d)
    exc = ExcessMapEstimator("0.1 deg", sum_over_energy_groups=True, energy_edges=[1, 10] * u.TeV).run(one)
    plain = ExcessMapEstimator("0.15 deg", sum_over_energy_groups=True, energy_edges=[1, 10] * u.TeV).run(d)
    places = [SkyCoord(83.645, 22.025, unit="deg"), SkyCoord(84.2, 22.3, unit="deg"), SkyCoord(82.1, 20.9, unit="deg")]
    at = lambda m: [float(np.squeeze(m.get_by_coord({"skycoord": p, "energy": 3 * u.TeV}))) for p in places]
    out["rings"].append({
        "countsOff": one.counts_off.data.sum(axis=(1, 2)).tolist(),
        "acceptanceOff": one.acceptance_off.data.sum(axis=(1, 2)).tolist(),
        "acceptance": one.acceptance.data.sum(axis=(1, 2)).tolist(),
        "safe": int(one.mask_safe.data.sum()),
        "on": {"counts": at(exc.counts), "excess": at(exc.npred_excess), "sqrtTs": at(exc.sqrt_ts)},
        "plain": {"excess": at(plain.npred_excess), "sqrtTs": at(plain.sqrt_ts)},
    })
# the adaptive ring of one energy bin
image = MapDataset.create(WcsGeom.create(skydir=crab, binsz=0.03, npix=(150, 150), axes=[MapAxis.from_energy_edges([1, 10], unit="TeV")]), energy_axis_true=true)
d = SafeMaskMaker(methods=["offset-max"], offset_max="2.2 deg").run(MapDatasetMaker().run(image, hess[0]), hess[0])
adaptive = AdaptiveRingBackgroundMaker(r_in="0.5 deg", width="0.3 deg", r_out_max="1.2 deg", stepsize="0.06 deg", exclusion_mask=ring_mask).run(d)
out["adaptive"] = {"countsOff": float(np.nansum(adaptive.counts_off.data)), "acceptanceOff": float(np.nansum(adaptive.acceptance_off.data)), "without": int(np.isnan(adaptive.counts_off.data).sum())}

# a field of view along azimuth and altitude
out["altaz"] = []
for o in hess[:2]:
    bkg = o.bkg
    bkg.interp_missing_data(axis_name="energy")
    bkg._fov_alignment = FoVAlignment.ALTAZ
    made = make_map_background_irf(o.pointing, o.observation_time_duration, bkg, geom, time_start=o.tstart, fov_rotation_step=1 * u.deg, location=o.observatory_earth_location)
    cells = made.data.reshape(2, 5, 30, 5, 30).sum(axis=(2, 4))
    out["altaz"].append(cells.ravel().tolist())
# phases of a frequency of 0.01 s-1 with a derivative
out["phase"] = []
for o in hess[:2]:
    events = o.events
    t = events.table
    dt = (events.time.tt.mjd - 53340.25) * 86400
    t["PHASE"] = (0.01 * dt + 0.5 * 1e-12 * dt**2) % 1
    o = o.copy(in_memory=True, events=events)
    region = CircleSkyRegion(crab, 0.2 * u.deg)
    axis_p = MapAxis.from_energy_bounds("0.5 TeV", "20 TeV", 4)
    empty_p = SpectrumDataset.create(RegionGeom.create(region, axes=[axis_p]), energy_axis_true=true, name="p")
    d = SpectrumDatasetMaker(selection=["counts", "exposure", "edisp"], containment_correction=True).run(empty_p, o)
    for on, off in (([(0.2, 0.4)], [(0.6, 0.9)]), ([(0.9, 0.1)], [(0.3, 0.5), (0.6, 0.7)])):
        p = PhaseBackgroundMaker(on_phase=list(on), off_phase=list(off)).run(d, o)
        out["phase"].append({
            "on": p.counts.data.ravel().tolist(),
            "off": p.counts_off.data.ravel().tolist(),
            "acceptance": float(p.acceptance.data.ravel()[0]),
            "acceptanceOff": float(p.acceptance_off.data.ravel()[0]),
            "exposureSum": float(p.exposure.quantity.to_value("cm2 s").sum()),
        })
# sensitivity of the first run with reflected regions
axis_s = MapAxis.from_energy_bounds("0.5 TeV", "10 TeV", 5)
true_s = MapAxis.from_energy_bounds("0.1 TeV", "50 TeV", 12, per_decade=True, name="energy_true")
empty_s = SpectrumDataset.create(RegionGeom.create(CircleSkyRegion(crab, 0.11 * u.deg), axes=[axis_s]), energy_axis_true=true_s, name="s")
d = SpectrumDatasetMaker(selection=["counts", "exposure", "edisp"], containment_correction=True).run(empty_s, hess[0])
d = ReflectedRegionsBackgroundMaker(region_finder=ReflectedRegionsFinder()).run(d, hess[0])
t = SensitivityEstimator(n_sigma=5, gamma_min=20, bkg_syst_fraction=0.1).run(d)
out["sensitivity"] = {k: np.array(t[k]).tolist() for k in ("excess", "background", "criterion")} | {"e2dnde": t["e2dnde"].quantity.to_value("TeV cm-2 s-1").tolist()}
theta = MapAxis.from_bounds(0, 0.1, nbin=10, interp="lin", unit="deg2")
out["theta2"] = []
for n, edges in ((1, None), (3, [1, 20] * u.TeV)):
    kwargs = {} if edges is None else {"energy_edges": edges}
    t = make_theta_squared_table(observations=hess, position=crab, theta_squared_axis=theta, off_regions_number=n, **kwargs)
    out["theta2"].append({k: np.array(t[k]).ravel().tolist() for k in ("counts", "counts_off", "alpha", "excess", "sqrt_ts")})


def plain(x):
    """NaN as null."""
    if isinstance(x, dict):
        return {k: plain(v) for k, v in x.items()}
    if isinstance(x, list):
        return [plain(v) for v in x]
    return None if isinstance(x, float) and x != x else x


print(json.dumps(plain(out)))
