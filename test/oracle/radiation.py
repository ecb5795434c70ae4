"""Spectra of naima's radiation models, energies in particles, and the same integrals done without its grid.

Run with the packages of .ci/requirements-naima.txt:
    python test/oracle/radiation.py > test/oracle/radiation.json

`dnde` is naima's own sum, `fine` the same with 20 times as many energies of particles, and `exact` scipy's quadrature over naima's own kernels, at fewer
energies of photons.
"""
import json
import logging
import warnings

import astropy.units as u
import naima
import numpy as np
from astropy.constants import c, m_p
from naima import models as M
from naima.radiative import mec2
from scipy.integrate import quad

warnings.simplefilter("ignore")
logging.disable(logging.WARNING)

ENERGY = np.geomspace(1e-7, 1e3, 41)
EXACT = [0, 6, 12, 18, 24, 30, 36]
TEV = u.TeV

DISTRIBUTIONS = {
    "PowerLaw": dict(amplitude=1e46, e_0=10, alpha=2.4),
    "ExponentialCutoffPowerLaw": dict(amplitude=3e45, e_0=5, alpha=2.1, e_cutoff=60, beta=1.3),
    "BrokenPowerLaw": dict(amplitude=1e46, e_0=10, e_break=1.7, alpha_1=1.6, alpha_2=3.1),
    "ExponentialCutoffBrokenPowerLaw": dict(
        amplitude=1e46, e_0=10, e_break=0.3, alpha_1=1.5, alpha_2=2.8, e_cutoff=150, beta=0.8
    ),
    "LogParabola": dict(amplitude=1e46, e_0=10, alpha=2.7, beta=0.07),
}
UNITS = dict(amplitude=1 / TEV, e_0=TEV, e_break=TEV, e_cutoff=TEV)


def particles(name):
    return getattr(M, name)(**{k: v * UNITS.get(k, 1) for k, v in DISTRIBUTIONS[name].items()})


def fields(temperature, density):
    return ["CMB", ["dust", temperature * u.K, density * u.eV / u.cm**3]]


# our type, the keys and parameters of our YAML beside those of the particles, naima's model
CASES = [
    ("InverseComptonSpectralModel", {}, {}, lambda p: M.InverseCompton(p)),
    (
        "InverseComptonSpectralModel",
        {"seed_photon_fields": ["CMB", "FIR", "NIR"]}, {},
        lambda p: M.InverseCompton(p, seed_photon_fields=["CMB", "FIR", "NIR"]),
    ),
    (
        "InverseComptonSpectralModel",
        {"seed_photon_fields": ["CMB", {"name": "dust", "temperature": "30 K", "energy_density": "0.5 eV cm-3"}],
         "Eemin": "10 GeV", "Eemax": "1 PeV", "nEed": 50},
        {"dust_temperature": 70, "dust_energy_density": 0.4},
        lambda p: M.InverseCompton(p, seed_photon_fields=fields(70, 0.4), Eemin=10 * u.GeV, Eemax=1 * u.PeV, nEed=50),
    ),
    ("SynchrotronSpectralModel", {}, {"B": 1.2e-4}, lambda p: M.Synchrotron(p, B=120 * u.uG)),
    ("SynchrotronSpectralModel", {"Eemax": "3 PeV"}, {"B": 1e-2}, lambda p: M.Synchrotron(p, B=10 * u.mG, Eemax=3 * u.PeV)),
    ("BremsstrahlungSpectralModel", {}, {"n0": 3}, lambda p: M.Bremsstrahlung(p, n0=3 / u.cm**3)),
    ("BremsstrahlungSpectralModel", {"Eemin": "1 MeV"}, {}, lambda p: M.Bremsstrahlung(p, Eemin=1 * u.MeV)),
    ("PionDecaySpectralModel", {}, {"nh": 2}, lambda p: M.PionDecay(p, nh=2 / u.cm**3, useLUT=False)),
] + [
    (
        "PionDecaySpectralModel",
        {"hiEmodel": model, "nuclear_enhancement": False}, {},
        lambda p, model=model: M.PionDecay(p, hiEmodel=model, nuclear_enhancement=False, useLUT=False),
    )
    for model in ["Pythia8", "Geant4", "SIBYLL", "QGSJET"]
]


def kernel(model, e):
    """Photons s-1 TeV-1 of one particle of an energy in TeV, by a population of that energy alone."""
    one = u.Quantity([e], "TeV")
    if isinstance(model, M.PionDecay):
        f = lambda x: model._diffsigma(np.array([x * 1e3]), e * 1e3)[0] * 1e3 * model.nh.to_value("cm-3") * c.to_value("cm/s")
        return f
    scale = mec2.to_value("TeV")
    if isinstance(model, M.InverseCompton):
        def f(x):
            g = x / scale
            total = 0
            for seed in model.seed_photon_fields.values():
                T = seed["T"]
                uf = (seed["u"] / (naima.radiative.ar * T**4)).decompose().value
                total += uf * model._iso_ic_on_planck(np.array([g]), T.to_value("K"), np.array([e / scale]))[0, 0]
            return total / scale
        return f
    if isinstance(model, M.Bremsstrahlung):
        def f(x):
            gam = np.array([[x / scale]])
            eps = np.array([e / scale])
            ee = model._sigma_ee(gam, one).to_value("cm2/TeV")[0, 0]
            ep = model._sigma_ep(gam, eps).to_value("cm2/TeV")[0, 0]
            return c.to_value("cm/s") * model.n0.to_value("cm-3") * (model.weight_ee * ee + model.weight_ep * ep)
        return f
    def f(x):
        # two nodes of a grid at the energy: naima has the kernel of synchrotron radiation inside its sum
        lone = M.Synchrotron(model.particle_distribution, B=model.B)
        return one_synchrotron(lone, x, one)
    return f


def one_synchrotron(model, x, one):
    """Eq. D7 of Aharonian et al. (2010), written a second time here."""
    from astropy.constants import e as charge, hbar, m_e
    b = model.B.to_value("G")
    q, h, m, light = charge.gauss.value, hbar.cgs.value, m_e.cgs.value, c.cgs.value
    gamma = x / mec2.to_value("TeV")
    crit = 3 * q * h * b * gamma**2 / (2 * m * light)
    y = one.to_value("erg")[0] / crit
    cb = np.cbrt(y)
    g = 1.808 * cb / np.sqrt(1 + 3.4 * cb**2) * (1 + 2.21 * cb**2 + 0.347 * cb**4) / (1 + 1.353 * cb**2 + 0.217 * cb**4)
    rate = np.sqrt(3) * q**3 * b / (2 * np.pi * m * light**2 * h * one.to_value("erg")[0])
    return rate * g * np.exp(-y) * 1.602176634


def exact(model, e, distance):
    low, high = (model.Epmin, model.Epmax) if isinstance(model, M.PionDecay) else (model.Eemin, model.Eemax)
    low, high = low.to_value("TeV"), high.to_value("TeV")
    low = low if isinstance(model, M.Synchrotron) else max(low, e * (1 + 1e-12))
    if low >= high:
        return 0.0
    k = kernel(model, e)
    n = lambda x: model.particle_distribution(u.Quantity([x], "TeV")).to_value("1/TeV")[0]
    f = lambda t: max(0.0, k(np.exp(t))) * n(np.exp(t)) * np.exp(t)
    a, b = np.log(low), np.log(high)
    mp = (m_p * c**2).to_value("TeV")
    special = [np.log(getattr(model.particle_distribution, "e_break", 0 * TEV).to_value("TeV") or 1e-30)]
    # dense next to the largest photon energy, and where the fits of Kafexhiu et al. change
    special += [a + x for x in (1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.05, 0.2)]
    special += [np.log(mp + x * 1e-3) for x in (0.56, 1, 2, 4, 5, 20, 50, 100)] if isinstance(model, M.PionDecay) else [np.log(2e-6)]
    edges = sorted({a, b, *(x for x in special if a < x < b), *np.arange(np.ceil(a), b)})
    total = sum(quad(f, x, y, epsabs=0, epsrel=1e-7, limit=60)[0] for x, y in zip(edges[:-1], edges[1:]))
    return total / (4 * np.pi * distance.to_value("cm") ** 2)


def digits(x):
    # naima has no number where the approximation of bremsstrahlung is negative
    return [float(f"{v:.7g}") if np.isfinite(v) else None for v in x]


def main():
    cases = []
    for i, (kind, extra, values, make) in enumerate(CASES):
        # all distributions with the first model of each kind, one with the others
        names = list(DISTRIBUTIONS) if kind not in {k for k, *_ in CASES[:i]} else [list(DISTRIBUTIONS)[1]]
        for name in names:
            model = make(particles(name))
            distance = 2.3 * u.kpc
            dnde = model.flux(ENERGY * TEV, distance=distance).to_value("cm-2 s-1 TeV-1")
            key = "nEpd" if isinstance(model, M.PionDecay) else "nEed"
            fine = make(particles(name))
            setattr(fine, key, 20 * getattr(fine, key))
            fine = fine.flux(ENERGY * TEV, distance=distance).to_value("cm-2 s-1 TeV-1")
            total = (model.Wp if isinstance(model, M.PionDecay) else model.We).to_value("erg")
            cases.append({
                "type": kind,
                "extra": {"particle_distribution": name, **extra},
                "values": {**DISTRIBUTIONS[name], **values, "distance": 2.3},
                "dnde": digits(dnde),
                "fine": digits(fine),
                "exact": digits([exact(model, ENERGY[j], distance) for j in EXACT]),
                "total": float(f"{total:.7g}"),
            })
    # naima's default for pion decay is a table of the same cross sections
    table = M.PionDecay(particles("PowerLaw")).flux(ENERGY * TEV, distance=1 * u.kpc).to_value("cm-2 s-1 TeV-1")
    print(json.dumps({
        "naima": naima.__version__, "energy": digits(ENERGY), "exactAt": EXACT, "cases": cases, "pionTable": digits(table),
    }))


main()
