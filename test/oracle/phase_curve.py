"""Means of TemplatePhaseCurveTemporalModel of Gammapy 2.1 (scipy) over intervals of time: python phase_curve.py > phase_curve.json

A slow rotator of constant frequency, whose integrals Gammapy takes as we do, with tables that do and do not reach 0 and 1; and a pulsar that slows down, by a sum over 2e6
times of its values.
"""
import json
import sys

import astropy.units as u
import numpy as np
from astropy.table import Table
from astropy.time import Time
from gammapy.modeling.models import TemplatePhaseCurveTemporalModel

TABLES = {
    "whole": ([0.0, 0.2, 0.5, 0.9, 1.0], [0.5, 3.0, 1.0, 0.2, 0.5]),
    "inner": ([0.1, 0.35, 0.6, 0.95], [1.0, 2.5, 0.4, 0.8]),
}
REFERENCE = 55000.0
rows = []
for name, (phase, norm) in TABLES.items():
    for normalize in (True, False):
        for f0, f1, f2, start, stop in [
            (1e-4, 0, 0, 0.01, 0.02), (1e-4, 0, 0, 0.3, 1.7), (2.5e-3, 0, 0, 10.0, 10.05), (29.9, -3.7e-10, 1e-20, 100.0, 100.000002),
        ]:
            table = Table({"PHASE": np.array(phase), "NORM": np.array(norm)})
            model = TemplatePhaseCurveTemporalModel(
                table=table, filename="x.fits", normalize=normalize, t_ref=REFERENCE * u.d, phi_ref=0.3, f0=f0 / u.s, f1=f1 / u.s**2, f2=f2 / u.s**3,
            )
            if f1 == 0:
                t = [Time(REFERENCE + x, format="mjd") for x in (start, stop)]
                mean = float(model.integral(*t))
            else:
                # seconds after the reference, as float64 keeps them better than MJD
                s = (start + (stop - start) * (np.arange(2_000_000) + 0.5) / 2_000_000) * 86400
                phases = 0.3 + s * (f0 + s / 2 * (f1 + s / 3 * f2))
                mean = float(model._interpolator(phases % 1).mean())
            rows.append({"table": name, "normalize": normalize, "f0": f0, "f1": f1, "f2": f2, "from": REFERENCE + start, "to": REFERENCE + stop, "mean": mean})
json.dump({"tables": {k: {"phase": p, "values": v} for k, (p, v) in TABLES.items()}, "reference": REFERENCE, "phase": 0.3, "rows": rows}, sys.stdout, indent=1)
