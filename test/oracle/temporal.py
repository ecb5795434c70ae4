"""Parameters of temporal models: means over an interval with their first and second derivatives from quadrature of 40 digits, and fits of seven datasets by Gammapy
(with Migrad, and Hesse for errors) and, for the pulses whose mean Gammapy 2.1 takes from 100 samples, by scipy on the same Poisson likelihood with means from quadrature.

Pinned: gammapy 2.1, iminuit 2.33, numpy 2.4, scipy 1.17, astropy 8.0, mpmath 1.3. Prints temporal.json.
"""

import json
import warnings

import astropy.units as u
import numpy as np
from astropy.coordinates import SkyCoord
from astropy.time import Time
from gammapy.data import GTI
from gammapy.datasets import Datasets, FluxPointsDataset, MapDataset, SpectrumDataset, SpectrumDatasetOnOff
from gammapy.estimators import FluxPoints
from gammapy.maps import Map, MapAxis, RegionGeom, RegionNDMap, WcsGeom
from gammapy.modeling import Fit
from gammapy.modeling.models import (
    ExpDecayTemporalModel, GaussianSpatialModel, GaussianTemporalModel, LinearTemporalModel, PowerLawSpectralModel, PowerLawTemporalModel, SkyModel,
)
from mpmath import exp, mp, mpf, quad, sin
from scipy.integrate import quad as quadrature
from scipy.optimize import minimize

warnings.simplefilter("ignore")
mp.dps = 40

# --- means and their derivatives -------------------------------------------------------------------------------------------------------------


def pulse(t, r, rise, decay, eta):
    return exp(-((abs(t - r) / (rise if t < r else decay)) ** (1 / eta)) / 2)


VALUES = {
    "ExpDecayTemporalModel": lambda t, t0, r: exp(-(t - r) / t0),
    "GaussianTemporalModel": lambda t, r, s: exp(-((t - r) ** 2) / (2 * s**2)),
    "GeneralizedGaussianTemporalModel": pulse,
    "LinearTemporalModel": lambda t, a, b, r: a + b * (t - r),
    "PowerLawTemporalModel": lambda t, a, r, t0: ((t - r) / t0) ** a,
    "SineTemporalModel": lambda t, amp, omega, r: 1 + amp * sin(omega * (t - r)),
}
# parameters in our order, and intervals: short, long, over the reference time, far from it
MEANS = [
    ("ExpDecayTemporalModel", [0.7, 0.25], [[1, 1.02], [0.25, 4], [-1, 3], [9, 9.5]]),
    ("ExpDecayTemporalModel", [30, 0], [[1, 1.001], [0, 300]]),
    ("GaussianTemporalModel", [1.1, 0.4], [[1, 1.02], [-1, 3], [0, 1.1], [2.4, 2.5]]),
    ("GeneralizedGaussianTemporalModel", [1.1, 0.4, 0.9, 0.5], [[1, 1.02], [-1, 3], [1.101, 2], [0.3, 1.099], [2.4, 2.5], [-40, 60]]),
    ("GeneralizedGaussianTemporalModel", [1.1, 0.4, 0.9, 1.3], [[1, 1.02], [-1, 3], [2.4, 2.5], [-5, -4.9]]),
    ("GeneralizedGaussianTemporalModel", [1.1, 0.4, 0.9, 0.25], [[1, 1.02], [-1, 3], [1.2, 1.9]]),
    ("LinearTemporalModel", [0.8, 0.3, 0.5], [[1, 1.02], [0, 4]]),
    ("PowerLawTemporalModel", [-1.2, 0.25, 0.5], [[1, 1.02], [0.3, 40]]),
    ("PowerLawTemporalModel", [-1, 0.25, 1], [[1, 1.02], [0.3, 40]]),
    ("PowerLawTemporalModel", [-1.000001, 0.25, 1], [[0.3, 40]]),
    ("PowerLawTemporalModel", [1.5, 0, 2], [[1, 1.02], [0.01, 40]]),
    ("SineTemporalModel", [0.6, 3, 0.3], [[1, 1.02], [0, 4], [0.3, 9]]),
]


def means():
    for name, p, intervals in MEANS:
        value = VALUES[name]
        p = [mpf(str(x)) for x in p]
        n = len(p)
        for a, b in intervals:
            a, b = mpf(str(a)), mpf(str(b))

            def mean(*q, a=a, b=b):
                at = {"GeneralizedGaussianTemporalModel": 0}.get(name)
                middle = [q[at]] if at is not None and a < q[at] < b else []
                nodes = [a, *middle, b]
                # long intervals in pieces
                fine = [x + (y - x) * k / 8 for x, y in zip(nodes, nodes[1:]) for k in range(4)] + [b]
                return quad(lambda t: value(t, *q), fine) / (b - a)

            # central differences at 40 digits: 1e-20 of a derivative is left
            step = mpf(10) ** -10

            def at(*moves, mean=mean):
                q = list(p)
                for i, k in moves:
                    q[i] += k * step
                return mean(*q)

            centre = mean(*p)
            up, down = [at((i, 1)) for i in range(n)], [at((i, -1)) for i in range(n)]
            g = [(up[i] - down[i]) / (2 * step) for i in range(n)]
            h = [[None] * n for _ in range(n)]
            for i in range(n):
                h[i][i] = (up[i] - 2 * centre + down[i]) / step**2
                for j in range(i):
                    cross = at((i, 1), (j, 1)) - at((i, 1), (j, -1)) - at((i, -1), (j, 1)) + at((i, -1), (j, -1))
                    h[i][j] = h[j][i] = cross / (4 * step**2)
            yield {
                "type": name, "p": [float(x) for x in p], "interval": [float(a), float(b)], "mean": float(centre),
                "g": [float(x) for x in g], "h": [float(x) for row in h for x in row],
            }


# --- fits ------------------------------------------------------------------------------------------------------------------------------------

REFERENCE = 57000.0  # MJD, TT
DAYS = [0.0, 0.5, 1.0, 1.5, 2.2, 3.1, 4.3]
EDGES = [1.0, 2.0, 5.0, 12.0, 30.0]
TRUE = {"index": 2.2, "amplitude": 4e-12}
EXPOSURE = 1e14  # cm2 s


def intervals(i):
    """s after the reference; the third dataset has two."""
    start = DAYS[i] * 86400
    return ([start, start + 3000], [start + 1700, start + 5000]) if i == 2 else ([start], [start + 1700])


def gti(i):
    start, stop = intervals(i)
    return GTI.create(start * u.s, stop * u.s, Time(REFERENCE, format="mjd", scale="tt"))


def axis(name):
    return MapAxis.from_energy_edges(EDGES * u.TeV, name=name)


def spectrum(i, kind):
    geom = RegionGeom.create("icrs;circle(83.63, 22.01, 0.2)", axes=[axis("energy")])
    true = RegionGeom.create("icrs;circle(83.63, 22.01, 0.2)", axes=[axis("energy_true")])
    exposure = RegionNDMap.from_geom(true, data=EXPOSURE, unit="cm2 s")
    counts = RegionNDMap.from_geom(geom)
    one = RegionNDMap.from_geom(geom, data=1.0)
    if kind == "counts":
        background = RegionNDMap.from_geom(geom, data=np.array([40.0, 20, 8, 3]).reshape(4, 1, 1))
        return SpectrumDataset(name=f"d{i}", counts=counts, exposure=exposure, background=background, gti=gti(i), mask_safe=None)
    return SpectrumDatasetOnOff(
        name=f"d{i}", counts=counts, counts_off=counts.copy(), acceptance=one, acceptance_off=one * 5, exposure=exposure, gti=gti(i)
    )


def cube(i):
    center = SkyCoord(83.63, 22.01, unit="deg")
    geom = WcsGeom.create(npix=(7, 6), binsz=0.1, skydir=center, proj="TAN", axes=[axis("energy")])
    true = geom.to_image().to_cube([axis("energy_true")])
    background = Map.from_geom(geom, data=np.array([1.0, 0.5, 0.2, 0.1]).reshape(4, 1, 1) * np.ones(geom.data_shape))
    return MapDataset(
        name=f"d{i}", counts=Map.from_geom(geom), exposure=Map.from_geom(true, data=EXPOSURE, unit="cm2 s"), background=background, gti=gti(i),
    )


def source(temporal, spatial=None):
    spectral = PowerLawSpectralModel(index=TRUE["index"], amplitude=TRUE["amplitude"] * u.Unit("cm-2 s-1 TeV-1"), reference=1 * u.TeV)
    return SkyModel(spectral_model=spectral, temporal_model=temporal, spatial_model=spatial, name="src")


def simulate(dataset, model, random):
    dataset.models = [model]
    if isinstance(dataset, SpectrumDatasetOnOff):
        background = np.array([40.0, 20, 8, 3]).reshape(4, 1, 1)
        dataset.counts.data = random.poisson(dataset.npred_signal().data + background).astype(float)
        dataset.counts_off.data = random.poisson(5 * background).astype(float)
    else:
        dataset.counts.data = random.poisson(dataset.npred().data).astype(float)


def stored(datasets):
    for i, d in enumerate(datasets):
        start, stop = intervals(i)
        out = {"counts": np.ravel(d.counts.data).tolist(), "start": start, "stop": stop}
        if isinstance(d, SpectrumDatasetOnOff):
            out["off"] = np.ravel(d.counts_off.data).tolist()
        yield out


def fit(name, kind, temporal, start, seed):
    """`start`: values to start from; also what is fitted of the temporal model."""
    spatial = None
    if kind == "map":
        spatial = GaussianSpatialModel(lon_0=83.65 * u.deg, lat_0=22.0 * u.deg, sigma=0.12 * u.deg, frame="icrs")
        spatial.parameters.freeze_all()
    model = source(temporal, spatial)
    random = np.random.default_rng(seed)
    datasets = Datasets([cube(i) if kind == "map" else spectrum(i, kind) for i in range(len(DAYS))])
    for d in datasets:
        simulate(d, model, random)
    datasets.models = [model]
    for p in temporal.parameters:
        p.frozen = p.name not in start
    for k, v in start.items():
        temporal.parameters[k].value = v
        if k == "t_ref":
            # Migrad's first step is 57000 d otherwise, where erfa knows no UTC
            temporal.parameters[k].min, temporal.parameters[k].max, temporal.parameters[k].error = v - 3, v + 3, 0.1
    # a goal of 1e-9 for the distance to the minimum
    result = Fit(optimize_opts={"strategy": 2, "tol": 1e-6}).run(datasets)
    assert result.success, name
    free = [p for p in model.parameters if not p.frozen]
    return {
        "name": name, "kind": kind, "type": temporal.tag[0], "values": {p.name: p.value for p in temporal.parameters if p.frozen}, "start": start,
        "fit": {p.name: [p.value, p.error] for p in free}, "stat": float(datasets.stat_sum()), "datasets": list(stored(datasets)),
    }


def pulse_at(t, r, rise, decay, eta):
    return np.exp(-0.5 * (abs(t - r) / (rise if t < r else decay)) ** (1 / eta))


SCIPY = {
    "GeneralizedGaussianTemporalModel": (pulse_at, ["t_ref", "t_rise", "t_decay", "eta"], ["t_ref"]),
    "SineTemporalModel": (lambda t, amp, omega, r: 1 + amp * np.sin(omega * (t - r)), ["amp", "omega", "t_ref"], []),
}


def poisson(name, kind, type_name, values, free, seed):
    """The same likelihood of seven spectra without Gammapy: fluxes of a power law in closed form, means by quadrature."""
    value, names, kinks = SCIPY[type_name]
    random = np.random.default_rng(seed)
    edges = np.array(EDGES)
    background = np.array([40.0, 20, 8, 3])
    # days after the reference; a UTC of 57000 is 67.184 s later than a TT of 57000
    shift = -67.184 / 86400

    def mean(i, p):
        start, stop = (np.array(x) / 86400 + shift for x in intervals(i))
        q = [p[n] for n in names]
        total = 0.0
        for a, b in zip(start, stop):
            points = [p[k] for k in kinks if a < p[k] < b] or None
            total += quadrature(lambda t: value(t, *q), a, b, epsabs=0, epsrel=1e-12, points=points)[0]
        return total / np.sum(stop - start)

    def signal(p):
        g = p["index"]
        flux = p["amplitude"] * 1e-12 / (1 - g) * (edges[1:] ** (1 - g) - edges[:-1] ** (1 - g))
        return [EXPOSURE * flux * mean(i, p) for i in range(len(DAYS))]

    truth = {"index": TRUE["index"], "amplitude": TRUE["amplitude"] * 1e12, **values}
    counts = [random.poisson(mu + background).astype(float) for mu in signal(truth)]
    ids = ["index", "amplitude", *free]

    def stat(x):
        p = {**truth, **dict(zip(ids, x))}
        out = 0.0
        for n, mu in zip(counts, signal(p)):
            m = mu + background
            if not np.all(m > 0):
                return 1e10
            out += 2 * np.sum(m - n * np.log(m))
        return out

    x = np.array([truth[k] for k in ids])
    for _ in range(6):
        x = minimize(stat, x, method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-12, "maxiter": 20000, "maxfev": 20000}).x
    n = len(x)
    size = np.full(n, 1e-3)

    def hessian(step):
        h = np.zeros((n, n))
        for i in range(n):
            for j in range(n):
                def at(a, b, i=i, j=j):
                    y = x.copy()
                    y[i] += a * step[i]
                    y[j] += b * step[j]
                    return stat(y)
                # fourth order: two second order ones of steps 1 and 2
                def cross(s, at=at):
                    return (at(s, s) - at(s, -s) - at(-s, s) + at(-s, -s)) / (4 * s * s)
                h[i, j] = (4 * cross(1) - cross(2)) / 3 / (step[i] * step[j])
        return h

    for _ in range(3):
        h = hessian(size)
        errors = np.sqrt(np.diag(2 * np.linalg.inv(h)))
        size = 0.02 * np.sqrt(2 / np.diag(h))
    # a Newton step with a gradient by differences takes the simplex to the minimum
    for _ in range(2):
        unit = np.eye(n)
        g = np.array([(8 * (stat(x + size * e) - stat(x - size * e)) - (stat(x + 2 * size * e) - stat(x - 2 * size * e))) / 12 / s for e, s in zip(unit, size)])
        x = x - np.linalg.solve(h, g)
    scale = {"amplitude": 1e-12, "t_ref": 1.0}
    offset = {"t_ref": REFERENCE}
    found = {k: [v * scale.get(k, 1) + offset.get(k, 0), e * scale.get(k, 1)] for k, v, e in zip(ids, x, errors)}
    rows = [{"counts": c.tolist(), "start": intervals(i)[0], "stop": intervals(i)[1]} for i, c in enumerate(counts)]
    fixed = {k: v + offset.get(k, 0) for k, v in values.items() if k not in free}
    return {
        "name": name, "kind": kind, "type": type_name, "values": fixed, "start": {k: values[k] + offset.get(k, 0) for k in free},
        "fit": found, "stat": float(stat(x)), "datasets": rows,
    }


def fits():
    d = u.d
    yield fit("decay", "counts", ExpDecayTemporalModel(t0=1.3 * d, t_ref=REFERENCE * d), {"t0": 2.0}, 1)
    yield fit("decay", "on-off", ExpDecayTemporalModel(t0=1.3 * d, t_ref=REFERENCE * d), {"t0": 2.0}, 2)
    yield fit("decay", "map", ExpDecayTemporalModel(t0=1.3 * d, t_ref=REFERENCE * d), {"t0": 2.0}, 3)
    pulse_ = lambda: GaussianTemporalModel(t_ref=(REFERENCE + 1.4) * d, sigma=0.9 * d)
    begin = {"t_ref": REFERENCE + 1.1, "sigma": 1.2}
    yield fit("gaussian", "counts", pulse_(), begin, 4)
    yield fit("gaussian", "on-off", pulse_(), begin, 5)
    yield fit("gaussian", "map", pulse_(), begin, 6)
    # alpha stays, which the amplitude measures
    yield fit("linear", "counts", LinearTemporalModel(alpha=1, beta=0.3 / d, t_ref=REFERENCE * d), {"beta": 0.1}, 7)
    yield fit("power law", "on-off", PowerLawTemporalModel(alpha=-0.8, t_ref=(REFERENCE - 0.5) * d), {"alpha": -0.4}, 8)
    yield poisson("pulse", "counts", "GeneralizedGaussianTemporalModel", {"t_ref": 1.4, "t_rise": 0.5, "t_decay": 1.1, "eta": 0.5}, ["t_ref", "t_rise", "t_decay"], 9)
    yield poisson("sharpness", "counts", "GeneralizedGaussianTemporalModel", {"t_ref": 1.4, "t_rise": 0.5, "t_decay": 1.1, "eta": 0.8}, ["t_decay", "eta"], 10)
    yield poisson("sine", "counts", "SineTemporalModel", {"amp": 0.6, "omega": 3.0, "t_ref": 0.3}, ["amp", "omega", "t_ref"], 11)


def flux_points():
    """What the reference predicts for flux points with good time intervals, and without."""
    from astropy.table import Table

    table = Table({"e_ref": [1.4, 4.0, 11.0] * u.TeV, "dnde": [2e-12, 2e-13, 2e-14] * u.Unit("cm-2 s-1 TeV-1"), "dnde_err": [2e-13, 3e-14, 4e-15] * u.Unit("cm-2 s-1 TeV-1")})
    table.meta["SED_TYPE"] = "dnde"
    model = source(ExpDecayTemporalModel(t0=1.3 * u.d, t_ref=REFERENCE * u.d))
    for times in (gti(2), None):
        points = FluxPoints.from_table(table, gti=times)
        dataset = FluxPointsDataset(data=points, models=[model])
        yield {"dnde": np.ravel(dataset.flux_pred().to_value("cm-2 s-1 TeV-1")).tolist(), "stat": float(dataset.stat_sum())}


print(json.dumps({
    "reference": REFERENCE, "edges": EDGES, "exposure": EXPOSURE, "background": {"counts": [40, 20, 8, 3], "map": [1.0, 0.5, 0.2, 0.1]}, "spectrum": TRUE,
    "means": list(means()), "fits": list(fits()), "flux_points": list(flux_points()),
}))
