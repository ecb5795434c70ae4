"""Sherpa's statistic (wstat) of the OGIP spectra in a folder, at the power laws that its list.json names.

    python sherpa_ogip.py FOLDER [> sherpa_ogip.json]

FOLDER is what test/io/peers.test.ts writes (GAMMATS_OGIP_FOLDER=FOLDER npx vitest run test/io/peers.test.ts). Sherpa 4.19.0, astropy 8.0.2.
"""

import contextlib
import io
import json
import logging
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")
logging.getLogger("sherpa").setLevel(logging.ERROR)

# it prints what it could not load
with contextlib.redirect_stdout(io.StringIO()):
    import sherpa
    from sherpa.astro import ui

KEV = 1e9  # a TeV in keV

folder = Path(sys.argv[1])
listed = json.loads((folder / "list.json").read_text())
found = {}
for name in listed["spectra"]:
    ui.clean()
    # responses and background come with it
    ui.load_pha(1, str(folder / f"{name}.fits"))
    ui.ignore_bad(1)
    ui.set_stat("wstat")
    ui.set_source(1, ui.powlaw1d.law)
    law = ui.get_model_component("law")
    law.ref = KEV
    found[name] = []
    for amplitude, index in listed["points"]:
        law.ampl, law.gamma = amplitude / KEV, index
        found[name].append(float(ui.calc_stat(1)))
json.dump({"version": sherpa.__version__, "points": listed["points"], "stat": found}, sys.stdout, indent=1)
