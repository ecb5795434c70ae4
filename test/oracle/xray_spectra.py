"""Sherpa's counts, predicted counts and statistics of the X-ray spectra in a folder, at the power laws that its list.json names.

    python xray_spectra.py FOLDER [> xray_spectra.json]

FOLDER is what test/io/xray.test.ts writes (GAMMATS_XRAY_FOLDER=FOLDER npx vitest run test/io/xray.test.ts). Sherpa 4.19.0, astropy 8.0.2.
Sherpa does not look at columns of single values (EXPOSURE, RESPFILE, BACKFILE), so list.json says what they hold.
"""

import contextlib
import io
import json
import logging
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")
logging.getLogger("sherpa").setLevel(logging.CRITICAL)

# it prints what it could not load
with contextlib.redirect_stdout(io.StringIO()):
    import sherpa
    from sherpa.astro import ui

folder = Path(sys.argv[1])
listed = json.loads((folder / "list.json").read_text())


def spectrum(name, row, use_errors):
    """One spectrum of a file; `row` from 0, of several in a table."""
    found = ui.unpack_pha(str(folder / name), use_errors=use_errors)
    data = found[row] if isinstance(found, list) else found
    # Sherpa takes SYS_ERR for counts; the standard (OGIP 92-007) has parts of the counts
    if data.syserror is not None:
        data.syserror = data.syserror * data.counts
    return data


def numbers(values):
    return [float(x) for x in values]


found = {}
for entry in listed["spectra"]:
    ui.clean()
    errors = entry.get("errors", False)
    data = spectrum(entry["pha"], entry.get("row", 0), errors)
    if "exposure" in entry:
        data.exposure = entry["exposure"]
    ui.set_data(1, data)
    if "rsp" in entry:
        ui.load_rmf(1, str(folder / entry["rsp"]))
    if "bkg" in entry:
        background = spectrum(entry["bkg"], entry.get("row", 0), errors)
        if "exposure" in entry:
            background.exposure = entry["exposure"]
        ui.set_bkg(1, background)
    if "group" in entry:
        how, size = entry["group"]
        {"counts": ui.group_counts, "snr": ui.group_snr, "width": ui.group_width, "bins": ui.group_bins}[how](1, size)
    if ui.get_data(1).quality is not None:
        ui.ignore_bad(1)
    if entry.get("subtract"):
        ui.subtract(1)
    ui.set_source(1, ui.powlaw1d.law)
    law = ui.get_model_component("law")
    # keV
    law.ref = 100
    result = {"counts": numbers(ui.get_data(1).counts), "stat": {stat: [] for stat in entry["stats"]}, "npred": []}
    for amplitude, index in listed["points"]:
        law.ampl, law.gamma = amplitude, index
        for stat in entry["stats"]:
            ui.set_stat(stat)
            result["stat"][stat].append(float(ui.calc_stat(1)))
        result["npred"].append(numbers(ui.get_data(1).eval_model(ui.get_model(1))))
    found[entry["name"]] = result
json.dump({"version": sherpa.__version__, "points": listed["points"], "found": found}, sys.stdout, indent=1)
