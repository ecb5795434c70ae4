"""Responses and observations as Gammapy 2.1 evaluates them, of the real event files.

    GAMMAPY_DATA=... python dl3.py > dl3.json

gammapy 2.1, astropy 8.0.2, numpy 2.4.6. Files: hess-dl3-dr1, cta-1dc, magic/rad_max, veritas of $GAMMAPY_DATA.
"""

import json
import os

import astropy.units as u
import numpy as np
from gammapy.data import DataStore
from gammapy.irf import EDispKernelMap, EnergyDispersion2D
from gammapy.maps import MapAxis

data = os.environ["GAMMAPY_DATA"]
FOLDERS = {"hess": ("hess-dl3-dr1", 23523), "cta": ("cta-1dc/index/gps", 110380), "magic": ("magic/rad_max/data", 5029747), "veritas": ("veritas/crab-point-like-ED", 64080)}
# TeV, deg: inside, between the last centre and the last edge, outside
ENERGIES = [0.011, 0.05, 0.1, 0.3, 0.77, 1, 3.3, 10, 42, 99.9, 101]
OFFSETS = [0, 0.13, 0.4, 0.5, 1.37, 2.5, 2.6, 2.8]
RADS = [0, 0.004, 0.01, 0.05, 0.1, 0.2, 0.4, 0.64, 0.7]
MIGRAS = [0.1, 0.21, 0.5, 0.8, 1, 1.2, 2, 4.99]
LON = [0, 0.5, -1.3, 2.4, 2.48, 2.6]
LAT = [0, -0.7, 1.1, 2.4, -2.49, 0]
out = {"coords": {"energies": ENERGIES, "offsets": OFFSETS, "rads": RADS, "migras": MIGRAS, "lon": LON, "lat": LAT}}


def grid(irf, **coords):
    names = list(coords)
    arrays = [np.array(v) * unit for v, unit in coords.values()]
    mesh = np.meshgrid(*arrays, indexing="ij")
    return irf.evaluate(**dict(zip(names, mesh)))


for name, (folder, obs_id) in FOLDERS.items():
    irfs = ["aeff", "edisp"] if name in ("magic", "veritas") else ["aeff", "edisp", "psf", "bkg"]
    obs = DataStore.from_dir(f"{data}/{folder}").get_observations([obs_id], required_irf=irfs)[0]
    E, T = (ENERGIES, u.TeV), (OFFSETS, u.deg)
    one = {
        "events": len(obs.events.table),
        "energySum": float(np.sum(obs.events.energy.to_value("TeV").astype(float))),
        "livetime": obs.observation_live_time_duration.to_value("s"),
        "ontime": obs.gti.time_sum.to_value("s"),
        "pointing": [obs.get_pointing_icrs(obs.tmid).ra.deg, obs.get_pointing_icrs(obs.tmid).dec.deg],
        "aeff": grid(obs.aeff, energy_true=E, offset=T).to_value("cm2").ravel().tolist(),
        "edisp": grid(obs.edisp, energy_true=E, migra=(MIGRAS, u.one), offset=T).value.ravel().tolist(),
    }
    true = MapAxis.from_energy_bounds("0.05 TeV", "80 TeV", 12, name="energy_true")
    reco = MapAxis.from_energy_bounds("0.1 TeV", "50 TeV", 9)
    one["kernel"] = obs.edisp.to_edisp_kernel(0.5 * u.deg, true, reco).pdf_matrix.ravel().tolist()
    if obs.psf is not None:
        # containment at some radii only: it is 0 below half a bin
        one["psf"] = grid(obs.psf, energy_true=E, offset=T, rad=(RADS, u.deg)).to_value("sr-1").ravel().tolist()
        one["containment"] = [[[float(obs.psf.containment(rad=r * u.deg, offset=t * u.deg, energy_true=e * u.TeV)) for r in RADS] for t in OFFSETS] for e in ENERGIES]
    if obs.bkg is not None:
        one["background"] = [obs.bkg.evaluate(energy=e * u.TeV, fov_lon=LON * u.deg, fov_lat=LAT * u.deg).to_value("s-1 TeV-1 sr-1").ravel().tolist() for e in ENERGIES]
        one["alignment"] = str(obs.bkg.fov_alignment.value)
        obs.bkg.interp_missing_data(axis_name="energy") if hasattr(obs.bkg, "interp_missing_data") else None
        one["filledSum"] = float(np.sum(obs.bkg.quantity.to_value("s-1 TeV-1 sr-1")))
    if obs.rad_max is not None:
        one["radMax"] = [float(obs.rad_max.evaluate(energy=e * u.TeV, offset=0.4 * u.deg).to_value("deg").squeeze()) for e in ENERGIES]
    out[name] = one
print(json.dumps(out))
