"""Spectra of source lists by their formulas [https://fermi.gsfc.nasa.gov/ssc/data/analysis/scitools/source_models.html; Likelihood/src/PowerLawSuperExpCutoff{3,4}.cxx], in
arithmetic of 40 digits. Run `python source_xml.py > source_xml.json` (mpmath alone).

dnde in cm-2 s-1 MeV-1 at energies in MeV; `xml` is the source list.
"""
import json
import sys

from mpmath import exp, log, mp, mpf

mp.dps = 40
ENERGIES = [50, 120, 1000, 3456.7, 25000, 400000]


def cutoff4(x, index, d, b):
    return x ** (index + d / b) * exp(d / b**2 * (1 - x**b))


# name: ((parameter, value, scale) ..., formula of E and of the true values)
SPECTRA = {
    "PowerLaw": (
        [("Prefactor", 2.5, 1e-13), ("Index", 2.3, -1), ("Scale", 1.2, 1000)],
        lambda e, n, g, s: n * (e / s) ** g,
    ),
    "PowerLaw2": (
        [("Integral", 3.1, 1e-9), ("Index", -2.1, 1), ("LowerLimit", 100, 1), ("UpperLimit", 300000, 1)],
        lambda e, n, g, lo, hi: n * (g + 1) * e**g / (hi ** (g + 1) - lo ** (g + 1)),
    ),
    "LogParabola": (
        [("norm", 2.89, 1e-11), ("alpha", 2.4, 1), ("beta", 0.25, 1), ("Eb", 1737.35, 1)],
        lambda e, n, a, b, s: n * (e / s) ** -(a + b * log(e / s)),
    ),
    "PLSuperExpCutoff": (
        [("Prefactor", 1.7, 1e-12), ("Index1", -1.6, 1), ("Scale", 500, 1), ("Cutoff", 3.2, 1000), ("Index2", 0.8, 1)],
        lambda e, n, g, s, c, b: n * (e / s) ** g * exp(-((e / c) ** b)),
    ),
    "PLSuperExpCutoff2": (
        [("Prefactor", 4.2, 1e-11), ("Index1", -1.3, 1), ("Scale", 800, 1), ("Expfactor", 6.5, 1e-3), ("Index2", 0.667, 1)],
        lambda e, n, g, s, a, b: n * (e / s) ** g * exp(-a * e**b),
    ),
    "PLSuperExpCutoff3": (
        [("Prefactor", 4.2, 1e-11), ("IndexS", -2.1, 1), ("Scale", 800, 1), ("Expfactor2", 0.9, 1), ("Index2", 0.6, 1)],
        lambda e, n, g, s, a, b: n * (e / s) ** (g + a * b) * exp(a * (1 - (e / s) ** b)),
    ),
    "PLSuperExpCutoff4": (
        [("Prefactor", 4.2, 1e-11), ("IndexS", -2.1, 1), ("Scale", 800, 1), ("ExpfactorS", 0.5, 1), ("Index2", 0.6667, 1)],
        lambda e, n, g, s, d, b: n * cutoff4(e / s, g, d, b),
    ),
    "BrokenPowerLaw": (
        [("Prefactor", 1.1, 1e-11), ("Index1", -1.8, 1), ("BreakValue", 1.5, 1000), ("Index2", -2.7, 1)],
        lambda e, n, g1, k, g2: n * (e / k) ** (g1 if e < k else g2),
    ),
    "ConstantValue": ([("Value", 2.5, 1e-13)], lambda e, n: n),
}
# ctools: the same with other names and signs
CTOOLS = {
    "LogParabola": (
        [("Prefactor", 5.9, 1e-16), ("Index", 2.3, -1), ("Curvature", 0.04, -1), ("PivotEnergy", 1e6, 1)],
        lambda e, n, g, c, s: n * (e / s) ** (g + c * log(e / s)),
    ),
    "ExponentialCutoffPowerLaw": (
        [("Prefactor", 1.6, 1e-14), ("Index", 2.48, -1), ("CutoffEnergy", 1.2, 1e5), ("PivotEnergy", 0.3, 1e4)],
        lambda e, n, g, c, s: n * (e / s) ** g * exp(-e / c),
    ),
}


def source(name, kind, parameters):
    lines = "".join(
        f'<parameter name="{p}" value="{value}" scale="{scale}" min="-1000" max="1000000" free="{int(i == 0)}"/>'
        for i, (p, value, scale) in enumerate(parameters)
    )
    place = '<parameter name="RA" value="83.63" scale="1" min="-360" max="360" free="0"/><parameter name="DEC" value="22.01" scale="1" min="-90" max="90" free="0"/>'
    return (
        f'<source name="{name}" type="PointSource"><spectrum type="{kind}">{lines}</spectrum>'
        f'<spatialModel type="SkyDirFunction">{place}</spatialModel></source>'
    )


listed = [(kind, kind, *rest) for kind, rest in SPECTRA.items()]
listed += [(f"{kind} of ctools", kind, *rest) for kind, rest in CTOOLS.items()]
json.dump(
    {
        "energies": ENERGIES,
        "xml": "<source_library>\n" + "\n".join(source(name, kind, p) for name, kind, p, _ in listed) + "\n</source_library>",
        "dnde": {
            name: [float(f(mpf(e), *(mpf(v) * mpf(s) for _, v, s in p))) for e in ENERGIES] for name, _, p, f in listed
        },
    },
    sys.stdout,
    indent=1,
)
