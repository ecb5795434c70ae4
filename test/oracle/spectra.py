"""The spectra of Gammapy 2.1 that work on data of their own, and its named ones, at random parameters and energies.

    python test/oracle/spectra.py > test/oracle/spectra.json     (gammapy==2.1, scipy)
"""
import base64
import json
import tempfile
from pathlib import Path

import astropy.units as u
import numpy as np
from gammapy.maps import MapAxis, RegionGeom, RegionNDMap
from gammapy.modeling.models import (
    SPECTRAL_MODEL_REGISTRY,
    ExpCutoffPowerLawSpectralModel,
    Models,
    PiecewiseNormSpectralModel,
    PowerLawSpectralModel,
    ScaleSpectralModel,
    SkyModel,
    TemplateNDSpectralModel,
    create_cosmic_ray_spectral_model,
    create_crab_spectral_model,
)
from scipy.integrate import quad

rng = np.random.default_rng(20261130)
ENERGY = np.geomspace(3e-3, 300, 25)
DNDE = "cm-2 s-1 TeV-1"


def values(m, unit=DNDE):
    return m(ENERGY * u.TeV).to_value(unit).tolist()


def piecewise():
    for interp in ("log", "lin"):
        for n in (2, 5):
            energy = np.sort(rng.uniform(0.02, 40, n)) * u.TeV
            norms = rng.uniform(0.1, 4, n)
            m = PiecewiseNormSpectralModel(energy=energy.to("GeV"), norms=norms, interp=interp)
            pl = PowerLawSpectralModel(index=2.2, amplitude="2e-12 cm-2 s-1 TeV-1")
            yield {
                "extra": {"energy": {"data": energy.to_value("GeV").tolist(), "unit": "GeV"}, "interp": interp},
                "norms": norms.tolist(),
                "factor": values(m, ""),
                "yaml": Models([SkyModel(spectral_model=pl * m, name="source")]).to_yaml(),
                "dnde": values(pl * m),
            }


def template():
    """A map of two parameters, one on a logarithmic axis, with edges and with nodes."""
    axes = [
        MapAxis.from_energy_bounds("10 GeV", "50 TeV", nbin=7, name="energy_true"),
        MapAxis.from_nodes([0.5, 0.8, 2.0, 5.0], name="norm", interp="log", unit="TeV"),
        MapAxis.from_edges([-1.0, 0.0, 1.0, 3.0], name="tilt", interp="lin"),
    ]
    m = RegionNDMap(RegionGeom(None, axes=axes), unit="cm-2 s-1 TeV-1")
    energy, norm, tilt = (a.center.value for a in axes)
    m.data = (
        1e-12 * energy ** (-2 - 0.3 * tilt[:, None, None]) * norm[None, :, None] ** 1.5
        * np.exp(rng.normal(0, 0.2, (3, 4, 7)))
    )[..., None, None]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.fits"
        m.write(path)
        data = base64.b64encode(path.read_bytes()).decode()
    model = TemplateNDSpectralModel(m, filename="template.fits")
    points = []
    for k in range(12):
        # also beyond the ends of the axes; the last, which the YAML holds, within them
        p = {"norm": rng.uniform(0.3, 6), "tilt": rng.uniform(-2, 4)} if k < 11 else {"norm": 3.3, "tilt": 0.7}
        for name, value in p.items():
            getattr(model, name).value = value
        points.append({"values": p, "dnde": values(model)})
    return {
        "fits": data,
        "parameters": [[p.name, p.min, p.max] for p in TemplateNDSpectralModel(m, filename="x").parameters],
        "yaml": Models([SkyModel(spectral_model=model, name="source")]).to_yaml(),
        "points": points,
    }


def scale():
    inside = ExpCutoffPowerLawSpectralModel(index=1.7, amplitude="3e-9 m-2 s-1 TeV-1", lambda_="2e-4 GeV-1", reference="500 GeV")
    m = ScaleSpectralModel(inside, norm=1.7)
    lo, hi = ENERGY[:-1] * u.TeV, ENERGY[1:] * u.TeV
    return {"dnde": values(m), "flux": m.integral(lo, hi).to_value("cm-2 s-1").tolist()}


def named():
    for name in ("meyer", "hegra", "hess_pl", "hess_ecpl", "magic_lp", "magic_ecpl"):
        yield f"crab-{name.replace('_', '-')}", create_crab_spectral_model(name)
    for name in ("proton", "N", "Si", "Fe", "electron"):
        yield f"cosmic-ray-{name}", create_cosmic_ray_spectral_model(name)


def bump():
    """The part of the electrons that is no power law, with its integrals by quadrature."""
    out = []
    for _ in range(3):
        m = create_cosmic_ray_spectral_model("electron").model2
        L, Ep, w = rng.uniform(1e-12, 1e-10), rng.uniform(0.05, 3), rng.uniform(0.3, 1.2)
        m.L.value, m.Ep.value, m.w.value = L, Ep, w
        m.L.unit, m.Ep.unit = u.Unit("cm-2 s-1"), u.TeV
        f = lambda x: L / (x * w * np.sqrt(2 * np.pi)) * np.exp(-np.log(x / Ep) ** 2 / (2 * w**2))
        flux = [quad(f, a, b, epsabs=0, epsrel=1e-12)[0] for a, b in zip(ENERGY[8:16], ENERGY[9:17])]
        eflux = [quad(lambda x: x * f(x), a, b, epsabs=0, epsrel=1e-12)[0] for a, b in zip(ENERGY[8:16], ENERGY[9:17])]
        out.append({"values": {"L": L, "Ep": Ep, "w": w}, "dnde": values(m), "flux": flux, "eflux": eflux})
    return out


print(json.dumps({
    "registry": sorted([cls.tag[0], cls.tag[1]] for cls in SPECTRAL_MODEL_REGISTRY),
    "energy": ENERGY.tolist(),
    "piecewise": list(piecewise()),
    "template": template(),
    "scale": scale(),
    "named": {name: values(m) for name, m in named()},
    "bump": bump(),
}))
