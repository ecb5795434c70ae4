"""What Gammapy reads and writes, for the interoperability tests of src/io.

Needs gammapy 2.1, astropy 6 or 7, and GAMMAPY_DATA. Nothing of its output is kept: the tests run it.

    python io_gammapy.py write DIR   write files of every kind into DIR, and DIR/dump.json with what they hold
    python io_gammapy.py read DIR    read what DIR/list.json names, and write DIR/dump.json with what Gammapy found

Arrays are base64 of little-endian float64, in TeV, cm2 s, deg, sr-1.
"""

import base64
import json
import os
import sys
import warnings
from pathlib import Path

import astropy.units as u
import numpy as np
from astropy.coordinates import SkyCoord
from astropy.time import Time
from gammapy.data import GTI
from gammapy.datasets import (
    Datasets,
    FluxPointsDataset,
    MapDataset,
    MapDatasetOnOff,
    SpectrumDataset,
    SpectrumDatasetOnOff,
)
from gammapy.estimators import FluxPoints
from gammapy.irf import EDispMap, PSFMap
from gammapy.maps import MapAxis, RegionGeom, RegionNDMap, WcsGeom
from gammapy.modeling.models import LogParabolaSpectralModel, PowerLawSpectralModel
from regions import CircleAnnulusSkyRegion, CircleSkyRegion, EllipseSkyRegion, RectangleSkyRegion

from rotated import turned

warnings.simplefilter("ignore")
DATA = Path(os.environ["GAMMAPY_DATA"])
SED = ["dnde", "e2dnde", "flux", "eflux", "likelihood"]
UNITS = {"dnde": "cm-2 s-1 TeV-1", "e2dnde": "TeV cm-2 s-1", "flux": "cm-2 s-1", "eflux": "TeV cm-2 s-1"}


def array(values):
    data = np.ascontiguousarray(np.ma.filled(np.ma.asarray(values).astype("<f8"), np.nan))
    return base64.b64encode(data.tobytes()).decode()


def axis(a):
    unit = "TeV" if a.name.startswith("energy") else "deg" if a.unit.is_equivalent("deg") else a.unit
    nodes = a.edges if a.node_type == "edges" else a.center
    return {"name": a.name, "interp": a.interp, "nodeType": a.node_type, "nodes": array(nodes.to_value(unit))}


def sky_map(m, unit=""):
    if m is None:
        return None
    geom = m.geom
    out = {"axes": [axis(a) for a in geom.axes], "data": array((m.data.astype(float) * m.unit).to_value(unit))}
    if geom.is_region:
        center = geom.center_skydir
        out["center"] = None if geom.region is None else [center.data.lon.deg, center.data.lat.deg]
        if geom.region is not None:
            out["solidAngle"] = float(geom.solid_angle().to_value("sr").ravel()[0])
    else:
        lon, lat = geom.to_image().get_coord().lon.to_value("deg"), geom.to_image().get_coord().lat.to_value("deg")
        out["corners"] = [lon[0, 0], lat[0, 0], lon[-1, -1], lat[-1, -1]]
    return out


def mask(m):
    return None if m is None else array(np.asarray(m.data, dtype=float))


def dataset(d):
    if isinstance(d, FluxPointsDataset):
        return {
            "type": d.tag, "name": d.name, "points": flux_points(d.data),
            "maskSafe": array(np.ones(d.data.norm.data.size) if d.mask_safe is None else np.asarray(d.mask_safe, float)),
            "maskFit": array(np.ones(d.data.norm.data.size) if d.mask_fit is None else np.asarray(d.mask_fit, float)),
        }
    on_off = hasattr(d, "acceptance")
    gti = d.gti
    return {
        "type": d.tag,
        "name": d.name,
        "counts": sky_map(d.counts),
        "exposure": sky_map(d.exposure, "cm2 s"),
        "background": None if on_off else sky_map(d.background),
        "edisp": None if d.edisp is None else sky_map(d.edisp.edisp_map),
        "edispExposure": None if d.edisp is None or d.edisp.exposure_map is None else sky_map(d.edisp.exposure_map, "cm2 s"),
        "psf": None if d.psf is None else sky_map(d.psf.psf_map, "sr-1"),
        "psfExposure": None if d.psf is None or d.psf.exposure_map is None else sky_map(d.psf.exposure_map, "cm2 s"),
        "countsOff": sky_map(d.counts_off) if on_off else None,
        "acceptance": sky_map(d.acceptance) if on_off else None,
        "acceptanceOff": sky_map(d.acceptance_off) if on_off else None,
        "maskSafe": mask(d.mask_safe),
        "maskFit": mask(d.mask_fit),
        "livetime": livetime(d),
        "gti": None if gti is None else {
            "start": array((gti.time_start - gti.time_ref).to_value("s")),
            "stop": array((gti.time_stop - gti.time_ref).to_value("s")),
            "reference": float(gti.time_ref.mjd), "timeScale": gti.time_ref.scale,
        },
    }


def livetime(d):
    value = None if d.exposure is None else (d.exposure.meta or {}).get("livetime")
    return None if value is None else float(u.Quantity(value).to_value("s"))


def flux_points(fp):
    table = fp.to_table(sed_type="dnde")
    out = {"energy": axis(fp.geom.axes["energy"])}
    for sed in ["dnde", "e2dnde", "flux", "eflux"]:
        for suffix in ["", "_err", "_errn", "_errp", "_ul"]:
            values = getattr(fp, sed + suffix, None) if ("norm" + suffix) in fp.available_quantities else None
            if values is not None:
                out[sed + suffix] = array(values.quantity.to_value(UNITS[sed]))
    for name in ["ts", "sqrt_ts", "stat", "stat_null", "npred", "npred_excess", "counts", "success"]:
        if name in table.colnames:
            out[name] = array(np.asarray(table[name], float).reshape(len(table), -1).sum(axis=1))
    if "stat_scan" in table.colnames:
        out["stat_scan"] = array(table["stat_scan"])
        out["norm_scan"] = array(table["norm_scan"])
    out["is_ul"] = array(np.asarray(fp.is_ul.data, float))
    return out


def models_spectrum():
    return LogParabolaSpectralModel(amplitude="4e-11 cm-2 s-1 TeV-1", reference="1 TeV", alpha=2.5, beta=0.1)


def simulated_map(image=None, name="sim 1"):
    """Migra energy dispersion, psf in deg, masks, livetime; every number differs."""
    rng = np.random.default_rng(1)
    energy = MapAxis.from_energy_bounds("0.3 TeV", "30 TeV", nbin=3)
    true = MapAxis.from_energy_bounds("200 GeV", "50000 GeV", nbin=4, name="energy_true")
    image = image or WcsGeom.create(skydir=(83.63, 22.01), binsz=0.5, width=(3, 2), proj="TAN")
    geom = image.to_cube([energy])
    d = MapDataset.create(geom, energy_axis_true=true, name=name, binsz_irf=1.0)
    d.counts.data = rng.poisson(5, d.counts.data.shape).astype("float32")
    d.background.data = rng.uniform(1, 5, d.counts.data.shape)
    d.exposure.quantity = rng.uniform(1, 5, d.exposure.data.shape) * u.Unit("km2 h")
    d.psf = PSFMap.from_gauss(true, sigma=0.1 * u.deg)
    d.edisp = EDispMap.from_diagonal_response(true)
    d.mask_safe.data = rng.uniform(size=d.counts.data.shape) > 0.3
    d.mask_fit = geom.energy_mask(1 * u.TeV, None)
    d.gti = GTI.create([0, 100] * u.s, [50, 180] * u.s, reference_time=Time(55555.25, format="mjd", scale="tt"))
    d.exposure.meta = {"livetime": 5 * u.h}
    return d


def write(folder):
    dump = {"datasets": {}, "fluxPoints": {}, "analysis": {}}

    def keep(name, d, reader):
        dump["datasets"][name] = dataset(reader(folder / name))

    fermi = MapDataset.read(DATA / "fermi-3fhl-crab/Fermi-LAT-3FHL_data_Fermi-LAT.fits", name="Fermi-LAT")
    spectra = DATA / "joint-crab/spectra/hess"
    hess = [SpectrumDatasetOnOff.read(spectra / f"pha_obs{i}.fits") for i in (23523, 23526, 23559, 23592)]
    for d in hess:
        dump["datasets"][f"joint-crab/spectra/hess/pha_obs{d.name}.fits"] = dataset(d)
    dump["datasets"]["fermi-3fhl-crab/Fermi-LAT-3FHL_data_Fermi-LAT.fits"] = dataset(fermi)
    fermi.write(folder / "fermi.fits", overwrite=True)
    keep("fermi.fits", fermi, MapDataset.read)
    sim = simulated_map()
    sim.write(folder / "sim.fits", overwrite=True)
    keep("sim.fits", sim, MapDataset.read)
    crab = SkyCoord(83.63, 22.01, unit="deg", frame="icrs")
    for name, image in {
        "turned": turned(crab, 0.5, (6, 4), 35, "TAN", "icrs"),
        "skewed": turned(crab.galactic, np.array([0.5, 0.4]), (6, 4), 120, "AIT", "galactic", 0.4),
        "fk5": WcsGeom.create(skydir=(83.63, 22.01), binsz=0.5, width=(3, 2), proj="CAR", frame="fk5"),
        "fk4": WcsGeom.create(skydir=(83.63, 22.01), binsz=0.5, width=(3, 2), proj="SIN", frame="fk4"),
    }.items():
        simulated_map(image, name).write(folder / f"{name}.fits", overwrite=True)
        keep(f"{name}.fits", None, MapDataset.read)
    on_off = MapDatasetOnOff.from_map_dataset(sim, acceptance=1, acceptance_off=3, counts_off=sim.counts * 3, name="mo")
    on_off.write(folder / "map_on_off.fits", overwrite=True)
    keep("map_on_off.fits", on_off, MapDatasetOnOff.read)
    center = fermi.counts.geom.center_skydir
    spectrum = fermi.to_spectrum_dataset(CircleSkyRegion(center, 1 * u.deg), containment_correction=True, name="spec")
    spectrum.write(folder / "spectrum.fits", overwrite=True)
    keep("spectrum.fits", spectrum, SpectrumDataset.read)
    stacked = Datasets(hess[:2]).stack_reduce(name="HESS")
    stacked.mask_fit = stacked.counts.geom.energy_mask(1 * u.TeV, None)
    stacked.write(folder / "stacked.fits", format="gadf", overwrite=True)
    keep("stacked.fits", stacked, SpectrumDatasetOnOff.read)
    stacked.write(folder / "stacked_ogip.fits", format="ogip", overwrite=True)
    keep("stacked_ogip.fits", stacked, SpectrumDatasetOnOff.read)
    on = RegionGeom.create(CircleSkyRegion(center, 0.2 * u.deg), axes=stacked.counts.geom.axes)
    placed = SpectrumDatasetOnOff(
        name="placed", counts=RegionNDMap(on, data=stacked.counts.data), exposure=stacked.exposure,
        counts_off=RegionNDMap(on, data=stacked.counts_off.data), acceptance=RegionNDMap(on, data=stacked.acceptance.data),
        acceptance_off=RegionNDMap(on, data=stacked.acceptance_off.data), edisp=stacked.edisp,
        mask_safe=RegionNDMap(on, data=stacked.mask_safe.data), gti=sim.gti,
    )
    placed.write(folder / "placed_ogip.fits", format="ogip", overwrite=True)
    keep("placed_ogip.fits", placed, SpectrumDatasetOnOff.read)

    regions = {
        "circle": CircleSkyRegion(center, 0.4 * u.deg),
        "annulus": CircleAnnulusSkyRegion(center, 0.4 * u.deg, 0.9 * u.deg),
        "ellipse": EllipseSkyRegion(center, 1 * u.deg, 2 * u.deg, 30 * u.deg),
        "rectangle": RectangleSkyRegion(center, 1 * u.deg, 2 * u.deg, 50 * u.deg),
    }
    dump["regions"] = {}
    for name, region in regions.items():
        m = RegionNDMap.create(region, axes=fermi.counts.geom.axes)
        m.write(folder / f"region_{name}.fits", overwrite=True)
        size = {k: float(getattr(region, k).to_value("deg")) for k in
                ["radius", "inner_radius", "outer_radius", "width", "height", "angle"] if hasattr(region, k)}
        dump["regions"][name] = {"lon": center.l.deg, "lat": center.b.deg, **size}

    hawc = FluxPoints.read(DATA / "hawc_crab/HAWC19_flux_points.fits", reference_model=models_spectrum())
    crab = FluxPoints.read(DATA / "estimators/crab_hess_fp/crab_hess_fp.fits")
    for name in ["hawc_crab/HAWC19_flux_points.fits", "estimators/crab_hess_fp/crab_hess_fp.fits"]:
        dump["fluxPoints"][name] = flux_points(FluxPoints.read(DATA / name))
    for key, fp in {"hawc": hawc, "crab": crab}.items():
        for sed in SED:
            for ext in ["fits", "ecsv"]:
                name = f"{key}_{sed}.{ext}"
                fp.write(folder / name, sed_type=sed, overwrite=True)
                dump["fluxPoints"][name] = flux_points(FluxPoints.read(folder / name))

    hawc_set = FluxPointsDataset(data=hawc, name="HAWC")
    hawc_set.mask_fit = np.ones(hawc.norm.data.shape, dtype=bool)
    hawc_set.mask_fit[2] = False
    both = Datasets([fermi, sim, spectrum, stacked, hawc_set])
    both.write(folder / "all_datasets.yaml", overwrite=True)
    dump["analysis"] = [dataset(d) for d in Datasets.read(folder / "all_datasets.yaml")]
    (folder / "dump.json").write_text(json.dumps(dump))


def read(folder):
    """`list.json`: {"maps": {name: type}, "fluxPoints": [name],
    "datasets": "x_datasets.yaml", "models": "x_models.yaml", "more": [[datasets, models]]}: no warning is allowed."""
    listed = json.loads((folder / "list.json").read_text())
    types = {c.tag: c for c in [MapDataset, MapDatasetOnOff, SpectrumDataset, SpectrumDatasetOnOff]}
    dump = {"datasets": {}, "fluxPoints": {}}
    for name, tag in listed.get("maps", {}).items():
        dump["datasets"][name] = dataset(types[tag].read(folder / name))
    for name in listed.get("fluxPoints", []):
        dump["fluxPoints"][name] = flux_points(FluxPoints.read(folder / name))
    if "datasets" in listed:
        for datasets, models in [(listed["datasets"], listed["models"]), *listed["more"]]:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                for d in Datasets.read(folder / datasets, filename_models=folder / models, checksum=True):
                    # maps are read when they are asked for
                    getattr(d, "counts", None)
        found = Datasets.read(folder / listed["datasets"], filename_models=folder / listed["models"])
        dump["analysis"] = [dataset(d) for d in found]
        dump["models"] = found.models.names
        dump["parameters"] = [float(p.value) for p in found.models.parameters]
        dump["covariance"] = array(found.models.covariance.data)
    (folder / "dump.json").write_text(json.dumps(dump, allow_nan=True))


if __name__ == "__main__":
    {"write": write, "read": read}[sys.argv[1]](Path(sys.argv[2]))
