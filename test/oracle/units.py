"""Numbers for test/units. Made with astropy 8.0.2: python units.py > units.json"""
import itertools
import json
import warnings

import astropy.units as u

warnings.simplefilter("ignore")
groups = [
    ["eV", "keV", "MeV", "GeV", "TeV", "PeV", "erg", "J", "kg m2 / s2", "10**3 keV", "W h"],
    ["cm-2 s-1 TeV-1", "1 / (cm2 s TeV)", "cm**-2 s**-1 GeV**-1", "MeV^-1 cm^-2 s^-1", "m-2 s-1 erg-1", "1e-12 / (cm2 s TeV)", "TeV-1 s-1 cm-2", "10-3 TeV-1 m-2 d-1"],
    ["erg cm-2 s-1", "TeV / cm2 s", "TeV / (cm2 s)", "GeV m-2 s-1", "erg/cm**2/s", "W m-2", "TeV s-1 cm-2"],
    ["cm-2 s-1", "m-2 s-1", "1 / (cm2 s)", "km-2 yr-1", "cm-2.s-1", "cm-2*h-1"],
    ["TeV-1 s-1 cm-2 sr-1", "1 / (cm2 GeV s sr)", "cm-2 s-1 MeV-1 deg-2", "cm-2 s-1 MeV-1 arcmin-2"],
    ["m2 s", "cm2 s", "km2 h", "m**2 s", "cm(2) s", "m^(2) min"],
    ["m2", "cm2", "km2", "barn"],
    ["deg", "rad", "arcmin", "arcsec", "mas", "uas", "mrad"],
    ["sr", "deg2", "arcmin2", "rad2", "deg**2"],
    ["sr-1", "1 / sr", "deg-2", "rad^-2"],
    ["s", "min", "h", "d", "day", "yr", "ms", "Myr", "us"],
    ["Hz", "s-1", "1 / d", "MHz", "kHz", "min-1"],
    ["", "10**3", "%", "1e-3"],
    ["pc", "km", "AU", "lyr", "kpc", "Angstrom", "nm"],
    ["G", "uG", "T", "nT"],
    ["sqrt(m)", "m(1/2)", "cm^(1/2)", "km(0.5)"],
    ["Jy", "erg cm-2 s-1 Hz-1", "mJy"],
]
factors = []
for group in groups:
    for a, b in itertools.permutations(group, 2):
        factors.append([a, b, float(u.Unit(a).to(u.Unit(b)))])
bad = [[a[0], b[0]] for a, b in itertools.combinations(groups, 2) if u.Unit(a[0]) != u.Unit(b[0]) and not u.Unit(a[0]).is_equivalent(u.Unit(b[0]))]
print(json.dumps({"factors": factors, "different": bad}, separators=(",", ":")))
