"""threeML's side of the bench rows: ten OGIP spectra, one spectrum. Needs threeML 2.6.1 in an environment of its own."""

import logging
import os
import platform
import warnings

os.environ.setdefault("MPLBACKEND", "agg")
warnings.simplefilter("ignore")

import astromodels
import numba
import threeML
from astromodels import Cutoff_powerlaw, Model, PointSource
from threeML import DataList, JointLikelihood, OGIPLike

from protocol import serve

threeML.silence_logs()
threeML.silence_progress_bars()
logging.disable(logging.CRITICAL)


def ten_datasets(request):
    plugins = []
    for path in request["files"]:
        stem = path.removesuffix(".fits")
        name = os.path.basename(stem)
        plugin = OGIPLike(
            name,
            observation=path,
            background=f"{stem}_bkg.fits",
            response=f"{stem}_rmf.fits",
            arf_file=f"{stem}_arf.fits",
            verbose=False,
        )
        plugins.append(plugin)
    # energies are keV: K in keV-1 s-1 cm-2 at 1 TeV
    spectrum = Cutoff_powerlaw(K=3.8e-20, index=-2.3, xc=1 / 0.08 * 1e9, piv=1e9)
    spectrum.K.bounds = (1e-23, 1e-17)
    spectrum.xc.bounds = (1e8, 1e12)
    spectrum.index.bounds = (-10, 10)
    model = Model(PointSource("source", ra=0, dec=0, spectral_shape=spectrum))
    joint = JointLikelihood(model, DataList(*plugins))
    joint.set_minimizer("minuit")
    start = {name: p.value for name, p in model.free_parameters.items()}

    def run():
        for name, p in model.free_parameters.items():
            p.value = start[name]
        _, statistics = joint.fit(quiet=True)
        return 2 * statistics.loc["total", "-log(likelihood)"]

    return run


if __name__ == "__main__":
    versions = {
        "threeML": threeML.__version__,
        "astromodels": astromodels.__version__,
        "numba": numba.__version__,
        "Python": platform.python_version(),
    }
    serve({"ten-datasets": ten_datasets}, versions)
