"""threeML's statistic (-2 ln L, Poisson counts with a profiled Poisson background) of the OGIP spectra in a folder, at the power laws that its list.json names.

    python threeml_ogip.py FOLDER [> threeml_ogip.json]

FOLDER is what test/io/peers.test.ts writes (GAMMATS_OGIP_FOLDER=FOLDER npx vitest run test/io/peers.test.ts). threeML 2.6.1, astromodels 2.6.0.
"""

import contextlib
import io
import json
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")

# it prints as it works
with contextlib.redirect_stdout(io.StringIO()):
    import threeML
    from astromodels import Model, PointSource, Powerlaw
    from threeML import OGIPLike

KEV = 1e9  # a TeV in keV

folder = Path(sys.argv[1])
listed = json.loads((folder / "list.json").read_text())
found = {}
with contextlib.redirect_stdout(io.StringIO()):
    for name in listed["uniform"]:
        file = {part: str(folder / f"{name}{part}.fits") for part in ["", "_bkg", "_rmf", "_arf"]}
        spectrum = OGIPLike(
            "spectrum", observation=file[""], background=file["_bkg"], response=file["_rmf"], arf_file=file["_arf"]
        )
        law = Powerlaw()
        law.piv = KEV
        law.K.bounds = (1e-60, 1)
        law.index.bounds = (-10, 10)
        spectrum.set_model(Model(PointSource("source", 0, 0, spectral_shape=law)))
        found[name] = []
        for amplitude, index in listed["points"]:
            law.K, law.index = amplitude / KEV, -index
            found[name].append(float(-2 * spectrum.get_log_like()))
json.dump({"version": threeML.__version__, "points": listed["points"], "stat": found}, sys.stdout, indent=1)
