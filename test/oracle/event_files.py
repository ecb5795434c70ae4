"""What event files hold, read with Gammapy: python test/oracle/event_files.py > test/oracle/event_files.json (needs GAMMAPY_DATA; Gammapy 2.1)."""
import json
import os
import sys

import gammapy
import numpy as np
from astropy.io import fits
from astropy.table import Table
from gammapy.data import GTI, EventList, Observation

DATA = os.environ["GAMMAPY_DATA"]
FILES = [
    "hess-dl3-dr1/data/hess_dl3_dr1_obs_id_023523.fits.gz",
    "magic/rad_max/data/20131004_05029747_DL3_CrabNebula-W0.40+035.fits",
    "veritas/crab-point-like-ED/64080.fits.gz",
    "cta-1dc/data/baseline/gps/gps_baseline_110380.fits",
    "tests/fermi/ft1_00.fits",
]


def of(path):
    events, gti = EventList.read(path), GTI.read(path)
    energy = events.energy.to_value("TeV")
    row = {
        "n_events": len(events.table),
        "energy_min": float(energy.min()),
        "energy_max": float(energy.max()),
        "time_scale": events.time.scale,
        "event_time_min": float(events.time.mjd.min()),
        "event_time_max": float(events.time.mjd.max()),
        "n_intervals": len(gti.table),
        "time_min": float(gti.time_start.mjd.min()),
        "time_max": float(gti.time_stop.mjd.max()),
        "ontime": float(gti.time_sum.to_value("s")),
    }
    if "fermi" not in path:
        observation = Observation.read(path)
        row["livetime"] = float(observation.observation_live_time_duration.to_value("s"))
        pointing = observation.get_pointing_icrs(observation.tmid)
        row["pointing"] = {"ra": float(pointing.ra.deg), "dec": float(pointing.dec.deg)}
        row["responses"] = {}
        for name in ["aeff", "edisp", "psf", "bkg", "rad_max"]:
            irf = getattr(observation, name)
            if irf is None:
                continue
            axes = [[a.name, a.nbin, float(a.edges.value[0] if a.node_type == "edges" else a.center.value[0]), float(a.edges.value[-1] if a.node_type == "edges" else a.center.value[-1])] for a in irf.axes]
            row["responses"][name] = {"axes": axes, "point_like": bool(irf.is_pointlike)}
            if name in ["aeff", "rad_max"]:
                unit = "cm2" if name == "aeff" else "deg"
                row["responses"][name]["max"] = float(np.max(irf.quantity.to_value(unit)))
    return row


def norms(path):
    """Integrals of psf and energy dispersion over [energy, offset], from the bytes with numpy."""
    out = {}
    for table in [h for h in fits.open(path)[1:] if h.header.get("HDUCLAS4") in ("PSF_TABLE", "EDISP_2D")]:
        row = table.data[0]
        if table.header["HDUCLAS4"] == "PSF_TABLE":
            low, high = np.radians(row["RAD_LO"].astype(float)), np.radians(row["RAD_HI"].astype(float))
            # rings of the density in their middle; the cell is [rad, offset, energy]
            values = np.tensordot(np.pi * (high**2 - low**2), row["RPSF"].astype(float), 1)
        else:
            width = row["MIGRA_HI"].astype(float) - row["MIGRA_LO"].astype(float)
            values = np.einsum("ome,m->oe", row["MATRIX"].astype(float), width)
        off = values[(values > 0) & (abs(values - 1) > 0.01)]
        out[table.name] = {"off": off.size, "empty": int((values <= 0).sum()), "bins": values.size, "min": float(off.min()), "max": float(off.max())}
    return out


def folder(path):
    """Runs of a folder by its table of observations."""
    table = Table.read(f"{path}/obs-index.fits.gz")
    missing = [row for row in Table.read(f"{path}/hdu-index.fits.gz") if not os.path.exists(f"{path}/{row['FILE_DIR']}/{row['FILE_NAME']}")]
    return {"n_observations": len(table), "livetime": float(table["LIVETIME"].astype(float).sum()), "missing": len({row["FILE_NAME"] for row in missing}), "crab": int((table["OBJECT"] == "Crab Nebula").sum())}


json.dump({"norms": {"hess-dl3-dr1": norms(f"{DATA}/{FILES[0]}")}, "folders": {"hess-dl3-dr1": folder(f"{DATA}/hess-dl3-dr1")}, "gammapy": gammapy.__version__, "files": {f: of(f"{DATA}/{f}") for f in FILES}}, sys.stdout, indent=1)
