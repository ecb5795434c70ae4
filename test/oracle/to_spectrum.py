"""Spectra that Gammapy 2.1 (regions 0.11) takes from regions of the embedded map of the Crab (examples/crab).

python to_spectrum.py > to_spectrum.json. Counts, background and mean exposure in the regions, energy dispersion at their centre, and what the spectrum predicts of a power law
without psf.
"""
import json
import sys
from pathlib import Path

import astropy.units as u
import numpy as np
from astropy.coordinates import SkyCoord
from gammapy.datasets import MapDataset
from gammapy.modeling.models import PowerLawSpectralModel, SkyModel
from regions import Regions

FILE = Path(__file__).parents[2] / "examples/crab/fermi-3fhl-crab/Fermi-LAT-3FHL_data_Fermi-LAT.fits"
TEXTS = ["icrs;circle(83.63, 22.01, 0.8)", "galactic;box(184.6, -5.8, 1.2, 0.7, 30)"]


def numbers(map_):
    return [float(f"{x:.12g}") for x in np.asarray(map_.data).ravel()]


def row(text):
    region = Regions.parse(text, format="ds9")[0]
    spectrum = MapDataset.read(FILE).to_spectrum_dataset(region, name="spectrum")
    spectrum.mask_fit = None
    model = SkyModel(PowerLawSpectralModel(index=2.2, amplitude="1e-11 cm-2 s-1 TeV-1", reference="1 TeV"))
    spectrum.models = [model]
    return {
        "text": text,
        "counts": numbers(spectrum.counts),
        "background": numbers(spectrum.background),
        "exposure": [float(f"{x:.12g}") for x in spectrum.exposure.quantity.to_value("cm2 s").ravel()],
        "npred": numbers(spectrum.npred_signal()),
    }


json.dump([row(text) for text in TEXTS], sys.stdout, indent=1)
