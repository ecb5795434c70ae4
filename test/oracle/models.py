"""Model values of Gammapy 2.1 (astropy 7, scipy 1.16, numpy 2): run `python models.py > models.json`.

Every spectral, spatial, temporal model and prior that GammaTS declares, at several parameter sets.
"""
import json
import operator
from pathlib import Path
import numpy as np
import astropy.units as u
from astropy.time import Time
from scipy.integrate import quad
from gammapy.modeling.models import (
    CompoundSpectralModel, EBLAbsorptionNormSpectralModel, LogParabolaSpectralModel, Models, PowerLawNormSpectralModel,
    PowerLawSpectralModel, SkyModel, TemplateSpectralModel,
    SPECTRAL_MODEL_REGISTRY as S, SPATIAL_MODEL_REGISTRY as P, TEMPORAL_MODEL_REGISTRY as T, PRIOR_REGISTRY as R,
)

ENERGY = [0.012, 0.3, 1.0, 4.2, 55.0]
EDGES = np.geomspace(0.01, 100, 9)

SPECTRAL = {
    "pl": [{}, {"index": 1.0}, {"index": 2.7, "amplitude": 3.8e-11, "reference": 0.5}],
    "pl-2": [{}, {"index": 2.4, "amplitude": 4e-11, "emin": 0.05, "emax": 30.0}, {"index": 1.02}],
    "pl-norm": [{}, {"tilt": 0.3, "norm": 1.3, "reference": 2.0}],
    "bpl": [{"index1": 1.5, "index2": 2.8, "ebreak": 0.7}],
    "sbpl": [
        {"index1": 1.5, "index2": 2.8, "ebreak": 0.7, "beta": 0.5},
        {"index1": 2.9, "index2": 1.7, "ebreak": 3.0, "reference": 2.0, "beta": 1.5},
    ],
    "ecpl": [{}, {"index": 2.1, "lambda_": 0.05, "alpha": 0.6, "reference": 3.0}],
    "ecpl-norm": [{}, {"index": 0.2, "norm": 0.8}],
    "ecpl-3fgl": [{}, {"index": 2.2, "ecut": 3.0, "reference": 0.4}],
    "secpl-3fgl": [{}, {"ecut": 4.0, "index_1": 1.8, "index_2": 0.7, "reference": 0.3}],
    "secpl-4fgl": [{}, {"expfactor": 2e-4, "index_1": 1.8, "index_2": 0.6}],
    "secpl-4fgl-dr3": [{}, {"expfactor": 0.4, "index_1": 1.8, "index_2": 0.4, "reference": 0.2}],
    "lp": [{}, {"alpha": 1.65, "beta": 0.039, "reference": 5.054833602905273e-05, "amplitude": 0.0182}],
    "lp2": [{"alpha": 2.1, "beta": 0.1, "escale": 0.7}],
    "lp-norm": [{}, {"alpha": 0.1, "beta": 0.05, "norm": 1.2}],
    "const": [{}],
    "gauss": [{}, {"mean": 4.0, "sigma": 0.7}],
}
SPATIAL = {
    "gauss": [
        {"lon_0": 83.63, "lat_0": 22.01, "sigma": 0.2},
        {"lon_0": 83.63, "lat_0": 22.01, "sigma": 0.4, "e": 0.7, "phi": 30.0},
        {"lon_0": 359.9, "lat_0": -75.0, "sigma": 5.0},
        {"lon_0": 10.0, "lat_0": 60.0, "sigma": 3.0, "e": 0.9, "phi": -60.0},
    ],
    "disk": [
        {"lon_0": 83.63, "lat_0": 22.01, "r_0": 0.3},
        {"lon_0": 83.63, "lat_0": 22.01, "r_0": 0.4, "e": 0.6, "phi": 30.0, "edge_width": 0.3},
        {"lon_0": 10.0, "lat_0": 60.0, "r_0": 6.0, "e": 0.95, "phi": 100.0, "edge_width": 0.5},
    ],
    "gauss-general": [
        {"lon_0": 83.63, "lat_0": 22.01, "r_0": 0.3},
        {"lon_0": 83.63, "lat_0": 22.01, "r_0": 0.4, "eta": 0.8, "e": 0.6, "phi": 30.0},
        {"lon_0": 10.0, "lat_0": 60.0, "r_0": 3.0, "eta": 0.2, "e": 0.9, "phi": -60.0},
    ],
    "shell": [
        {"lon_0": 83.63, "lat_0": 22.01, "radius": 0.3, "width": 0.15},
        {"lon_0": 10.0, "lat_0": 60.0, "radius": 1.0, "width": 2.0},
    ],
    "shell2": [
        {"lon_0": 83.63, "lat_0": 22.01, "r_0": 0.45, "eta": 0.3},
        {"lon_0": 10.0, "lat_0": 60.0, "r_0": 4.0, "eta": 1.0},
    ],
    "const": [{}],
}
OFFSETS = [(0.0, 0.0), (0.1, 0.05), (-0.3, 0.2), (0.25, -0.28), (1.5, 1.0), (-4.0, 3.0)]
TEMPORAL = {
    "const": [{}],
    "linear": [{"alpha": 0.9, "beta": 0.02, "t_ref": 55555.0}],
    "exp-decay": [{"t0": 3.0, "t_ref": 55550.0}],
    "gauss": [{"t_ref": 55558.0, "sigma": 4.0}],
    "powerlaw": [{"alpha": 1.4, "t_ref": 55540.0, "t0": 2.0}, {"alpha": -1.0, "t_ref": 55540.0, "t0": 2.0}],
}
TIMES = [(55555.0, 55556.0), (55556.25, 55560.0), (55570.0, 55600.0)]
# its integral in Gammapy counts one end twice, so the reference is quadrature over its own values
QUADRATURE = {
    "gengauss": [
        {"t_ref": 55558.0, "t_rise": 3.0, "t_decay": 6.0, "eta": 0.4},
        {"t_ref": 55555.5, "t_rise": 0.5, "t_decay": 9.0, "eta": 1.3},
    ],
}
PRIORS = {
    "GaussianPrior": [{}, {"mu": 2.0, "sigma": 0.3}],
    "UniformPrior": [{"min": -1.0, "max": 4.0}],
    "LogUniformPrior": [{"min": 1e-3, "max": 10.0}],
    "GeneralizedGaussianPrior": [{}, {"mu": 1.0, "sigma": 0.7, "eta": 0.2}],
}
X = [0.1, 0.9, 2.3]


def build(registry, tag, values):
    cls = registry.get_cls(tag)
    model = cls()
    for name, value in values.items():
        getattr(model, name).value = value
    return model


def spectral():
    for tag, sets in SPECTRAL.items():
        for values in sets:
            m = build(S, tag, values)
            y = m(ENERGY * u.TeV)
            lo, hi = EDGES[:-1] * u.TeV, EDGES[1:] * u.TeV
            norm = m(1 * u.TeV).unit == u.one
            unit = u.Unit("") if norm else u.Unit("cm-2 s-1 TeV-1")
            yield {
                "type": m.tag[0], "tag": tag, "values": values,
                "parameters": [[p.name, d.value, str(d.unit), bool(d.frozen), d.min, d.max]
                               for p, d in zip(m.parameters, type(m)().parameters)],
                "dnde": y.to_value(unit).tolist(),
                "flux": m.integral(lo, hi).to_value(unit * u.TeV).tolist(),
                "eflux": m.energy_flux(lo, hi).to_value(unit * u.TeV**2).tolist(),
            }


def tables():
    """Compounds and tables: their YAML, and what they are worth at ENERGY and between EDGES."""
    energy, z = np.geomspace(0.01, 50, 8) * u.TeV, np.array([0.05, 0.1, 0.3])
    share = np.exp(-np.outer(z, np.geomspace(0.02, 60, 8)))
    share[0, :2] = 1.0
    ebl = lambda **k: EBLAbsorptionNormSpectralModel(energy=energy, param=z, data=share, **k)
    pl = lambda index: PowerLawSpectralModel(index=index, amplitude="3e-12 cm-2 s-1 TeV-1")
    lp = LogParabolaSpectralModel(amplitude="1e-12 cm-2 s-1 TeV-1", alpha=2, beta=0.2, reference="1 TeV")
    template = TemplateSpectralModel(
        energy=np.geomspace(50, 20000, 5) * u.GeV, values=[3e-14, 2e-15, 1e-16, 2e-18, 1e-19] / u.cm**2 / u.s / u.GeV
    )
    yield "absorbed power law", pl(2.2) * ebl(redshift=0.13, alpha_norm=1.2)
    yield "beyond the table's redshifts", pl(2.0) * ebl(redshift=0.4, alpha_norm=0.7)
    yield "sum, absorbed", CompoundSpectralModel(pl(2.4) + lp, ebl(redshift=0.02, alpha_norm=1.0), operator.mul)
    yield "difference", pl(2.1) - lp.copy()
    yield "quotient", CompoundSpectralModel(pl(2.1), ebl(redshift=0.07, alpha_norm=0.5), operator.truediv)
    # zeros are the smallest float64 in the unit of the file; of another unit here
    zeros = TemplateSpectralModel(energy=np.geomspace(5e-3, 60, 7) * u.TeV, values=[0, 2e-7, 3e-9, 2e-11, 1e-13, 0, 0] / u.m**2 / u.s / u.GeV)
    yield "template with zeros", CompoundSpectralModel(zeros, PowerLawNormSpectralModel(tilt=0.1, norm=1.4), operator.mul)
    yield "template with a norm", CompoundSpectralModel(template, PowerLawNormSpectralModel(tilt=0.1, norm=1.4), operator.mul)


def compounds():
    for name, m in tables():
        lo, hi = EDGES[:-1] * u.TeV, EDGES[1:] * u.TeV
        yield {
            "name": name,
            "yaml": Models([SkyModel(spectral_model=m, name="source")]).to_yaml(),
            "dnde": m(ENERGY * u.TeV).to_value("cm-2 s-1 TeV-1").tolist(),
            "flux": m.integral(lo, hi).to_value("cm-2 s-1").tolist(),
            "eflux": m.energy_flux(lo, hi).to_value("TeV cm-2 s-1").tolist(),
        }


def absorption():
    """Built-in tables ($GAMMAPY_DATA/ebl): the share of the light that is left."""
    for name, z in [("dominguez", 0.117), ("dominguez", 0.005), ("franceschini", 0.31)]:
        m = EBLAbsorptionNormSpectralModel.read_builtin(name, redshift=z)
        yield {"file": Path(m.filename).name, "redshift": z, "share": m(ENERGY * u.TeV).value.tolist()}


def spatial():
    for tag, sets in SPATIAL.items():
        for values in sets:
            m = build(P, tag, values)
            lon0 = values.get("lon_0", 0) * u.deg
            lat0 = values.get("lat_0", 0) * u.deg
            coords = [(lon0.value + a, lat0.value + b) for a, b in OFFSETS]
            y = [float(u.Quantity(m(a * u.deg, b * u.deg)).to_value("sr-1")) for a, b in coords]
            r, b = m.evaluation_radius, m.evaluation_bin_size_min
            yield {
                "type": m.tag[0], "tag": tag, "values": values, "coords": coords, "brightness": y,
                "parameters": [[p.name, d.value, str(d.unit), bool(d.frozen), d.min, d.max]
                               for p, d in zip(m.parameters, type(m)().parameters)],
                "radius": None if r is None else float(r.to_value("deg")),
                "bin": None if b is None else float(b.to_value("deg")),
            }


def quadrature(m, a, b):
    value = lambda t: float(u.Quantity(m.evaluate(t * u.d, *[p.quantity for p in m.parameters])).to_value(""))
    return quad(value, a, b, points=[m.t_ref.value], epsabs=0, epsrel=1e-12, limit=400)[0] / (b - a)


def temporal():
    for tag, sets in QUADRATURE.items():
        for values in sets:
            m = build(T, tag, values)
            means = [quadrature(m, a, b) for a, b in TIMES]
            yield {"type": m.tag[0], "tag": tag, "values": values, "mean": means}
    for tag, sets in TEMPORAL.items():
        for values in sets:
            m = build(T, tag, values)
            means = []
            for a, b in TIMES:
                t = Time([a, b], format="mjd", scale=m.scale)
                means.append(float(u.Quantity(m.integral(t[0], t[1])).to_value("")))
            yield {"type": m.tag[0], "tag": tag, "values": values, "mean": means}


def priors():
    for tag, sets in PRIORS.items():
        for values in sets:
            m = build(R, tag, values)
            yield {"type": tag, "values": values, "stat": [float(m(u.Quantity(x))) for x in X]}


def clean(x):
    if isinstance(x, float) and not np.isfinite(x):
        return None if np.isnan(x) else ("inf" if x > 0 else "-inf")
    if isinstance(x, dict):
        return {k: clean(v) for k, v in x.items()}
    if isinstance(x, (list, tuple)):
        return [clean(v) for v in x]
    return x


print(json.dumps(clean({
    "energy": ENERGY, "edges": EDGES.tolist(), "times": TIMES, "x": X,
    "compounds": list(compounds()), "absorption": list(absorption()), "spectral": list(spectral()), "spatial": list(spatial()), "temporal": list(temporal()), "priors": list(priors()),
})))
