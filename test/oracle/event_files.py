"""What event files hold, read with Gammapy: python test/oracle/event_files.py > test/oracle/event_files.json (needs GAMMAPY_DATA; Gammapy 2.1)."""
import json
import os
import sys

import gammapy
import numpy as np
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


json.dump({"gammapy": gammapy.__version__, "files": {f: of(f"{DATA}/{f}") for f in FILES}}, sys.stdout, indent=1)
