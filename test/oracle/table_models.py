"""XSPEC table models (OGIP 92-009), written by astropy and evaluated by scipy, after the memo: neither Sherpa 4.19 from PyPI nor anything else there has XSPEC.

    python table_models.py > table_models.json

astropy 8.0.2, numpy 2.4.6, scipy 1.17.1. Spectra are interpolated by scipy's RegularGridInterpolator over the parameters, or over their logarithms (METHOD 1), and
additional parameters add their spectra times their values. Photons of an additive table are spread evenly over each of its bins and counted by overlap; a redshift
divides the energies by 1 + z and the photons in a bin by 1 + z. A factor times a power law is integrated piece by piece between the edges of the table.
"""

import base64
import gzip
import io
import json

import numpy as np
from astropy.io import fits
from scipy.interpolate import RegularGridInterpolator

random = np.random.default_rng(20261130)


def edges_of(low, high, n):
    """float32, as in files"""
    return np.geomspace(low, high, n + 1).astype(np.float32)


class Table:
    def __init__(self, name, edges, parameters, additional, primary, unit="keV", vla=False):
        self.name, self.edges, self.parameters, self.additional = name, edges, parameters, additional
        self.primary, self.unit, self.vla = primary, unit, vla
        self.shape = tuple(len(p["values"]) for p in parameters)
        n = len(edges) - 1
        self.spectra = self.make(n)
        self.additions = [(0.3 * self.make(n)).astype(np.float32) for _ in additional]

    def make(self, n):
        grid = np.stack(np.meshgrid(*[np.arange(k) for k in self.shape], indexing="ij"), axis=-1).sum(axis=-1)
        shape = np.exp(-np.linspace(0, 3, n)) * (1 + 0.5 * np.sin(np.arange(n) * 1.7))
        values = shape * (1 + 0.4 * grid[..., None]) * random.uniform(0.7, 1.3, (*self.shape, n))
        return values.astype(np.float32)

    def file(self):
        primary = fits.PrimaryHDU()
        header = {"HDUCLASS": "OGIP", "HDUCLAS1": "XSPEC TABLE MODEL", "HDUVERS": "1.0.0", "MODLNAME": self.name}
        for key, value in {**header, **self.primary}.items():
            primary.header[key] = value
        rows = self.parameters + self.additional
        counts = [len(p.get("values", [])) for p in rows]
        width = max(counts)
        if self.vla:
            cells = np.empty(len(rows), dtype=object)
            for i, p in enumerate(rows):
                cells[i] = np.array(p.get("values", []), dtype=np.float32)
            values = fits.Column("VALUE", f"PE({width})", array=cells)
        else:
            padded = [list(p.get("values", [])) + [0] * (width - k) for p, k in zip(rows, counts)]
            values = fits.Column("VALUE", f"{width}E", array=np.array(padded, dtype=np.float32))
        numbers = [
            fits.Column(key, "E", array=np.array([p[key] for p in rows], dtype=np.float32))
            for key in ("INITIAL", "DELTA", "MINIMUM", "BOTTOM", "TOP", "MAXIMUM")
        ]
        parameters = fits.BinTableHDU.from_columns(
            [
                fits.Column("NAME", "12A", array=[p["NAME"] for p in rows]),
                fits.Column("METHOD", "J", array=[p.get("METHOD", 0) for p in rows]),
                *numbers,
                fits.Column("NUMBVALS", "J", array=counts),
                values,
            ],
            name="PARAMETERS",
        )
        parameters.header["NINTPARM"] = len(self.parameters)
        parameters.header["NADDPARM"] = len(self.additional)
        scale = {"keV": 1, "eV": 1000}[self.unit]
        energies = fits.BinTableHDU.from_columns(
            [
                fits.Column("ENERG_LO", "D", unit=self.unit, array=self.edges[:-1].astype(float) * scale),
                fits.Column("ENERG_HI", "D", unit=self.unit, array=self.edges[1:].astype(float) * scale),
            ],
            name="ENERGIES",
        )
        places = np.array([p for p in np.ndindex(self.shape)])
        at = np.stack([np.array(p["values"], dtype=np.float32)[places[:, i]] for i, p in enumerate(self.parameters)], 1)
        n = len(self.edges) - 1
        spectra = fits.BinTableHDU.from_columns(
            [
                fits.Column("PARAMVAL", f"{len(self.shape)}E", array=at),
                fits.Column("INTPSPEC", f"{n}E", array=self.spectra.reshape(-1, n)),
                *[fits.Column(f"ADDSP{i + 1:03d}", f"{n}E", array=a.reshape(-1, n)) for i, a in enumerate(self.additions)],
            ],
            name="SPECTRA",
        )
        out = io.BytesIO()
        fits.HDUList([primary, parameters, energies, spectra]).writeto(out)
        return base64.b64encode(gzip.compress(out.getvalue(), 9, mtime=0)).decode()

    def spectrum(self, at, added):
        """In the bins of the table."""
        logs = [p.get("METHOD", 0) == 1 for p in self.parameters]
        scale = lambda x, log: np.log(np.float64(x)) if log else np.float64(x)
        nodes = [scale(np.array(p["values"], dtype=np.float32), log) for p, log in zip(self.parameters, logs)]
        place = [scale(x, log) for x, log in zip(at, logs)]
        total = RegularGridInterpolator(nodes, self.spectra.astype(float))(place)[0]
        for value, spectra in zip(added, self.additions):
            total = total + value * RegularGridInterpolator(nodes, spectra.astype(float))(place)[0]
        return total


def photons(edges, spectrum, out, z=0.0):
    """Photons in the bins `out`, of those in the bins `edges` at a redshift of 0."""
    seen = edges.astype(float) / (1 + z)
    below = np.concatenate([[0], np.cumsum(spectrum / (1 + z))])
    return np.diff(np.interp(out, seen, below))


def power_law(low, high, index):
    """Of amplitude 1 at 1 keV."""
    return (high ** (1 - index) - low ** (1 - index)) / (1 - index)


def behind(edges, factors, out, index, z, below, above):
    """Photons of a power law times factors in bins of energy."""
    seen = edges.astype(float) / (1 + z)
    total = []
    for low, high in zip(out[:-1], out[1:]):
        cuts = np.unique(np.clip(np.concatenate([[low, high], seen]), low, high))
        middle = (cuts[1:] + cuts[:-1]) / 2
        i = np.searchsorted(seen, middle, side="right") - 1
        factor = np.where(i < 0, below, np.where(i >= len(factors), above, factors[np.clip(i, 0, len(factors) - 1)]))
        total.append(np.sum(factor * power_law(cuts[:-1], cuts[1:], index)))
    return np.array(total)


def parameter(name, values, method, initial, delta, hard, soft):
    limits = {"MINIMUM": hard[0], "BOTTOM": soft[0], "TOP": soft[1], "MAXIMUM": hard[1]}
    return {"NAME": name, "METHOD": method, "INITIAL": initial, "DELTA": delta, "values": values, **limits}


def added(name, initial, delta, hard):
    limits = {"MINIMUM": hard[0], "BOTTOM": hard[0], "TOP": hard[1], "MAXIMUM": hard[1]}
    return {"NAME": name, "INITIAL": initial, "DELTA": delta, **limits}


kT = parameter("kT", [0.5, 1, 2, 5], 0, 1.3, 0.01, (0.1, 5), (0.5, 4))
xi = parameter("log xi (cgs)", [1, 10, 1000], 1, 30, 0.1, (1, 1000), (1, 1000))
flag = parameter("flag", [0, 1], 0, 0.25, -1, (0, 1), (0, 1))

additive = Table(
    "plasma",
    edges_of(0.3, 12, 40),
    [kT, xi, flag],
    [added("Fe", 1, 0.01, (0, 10)), added("O", 0.5, -1, (0, 10))],
    {"MODLUNIT": "photons/cm^2/s", "REDSHIFT": True, "ADDMODEL": True, "LOELIMIT": 0.0, "HIELIMIT": 0.0},
    vla=True,
)
factor = Table(
    "warm",
    edges_of(0.4, 9, 25),
    [kT, xi],
    [],
    {"MODLUNIT": " ", "REDSHIFT": True, "ADDMODEL": False, "LOELIMIT": 0.25},
    unit="eV",
)
depth = Table("depth", edges_of(0.2, 20, 30), [xi], [], {"MODLUNIT": " ", "REDSHIFT": False, "ADDMODEL": False})

# the first bins are those of the table, the others lie across them and beyond
grids = {"own": additive.edges.astype(float), "across": np.geomspace(0.25, 14, 24), "wide": np.array([0.2, 0.31, 1.0, 30.0])}
index = 1.8
cases = []
for values, fe, o, z in [
    ((1.3, 30, 0.25), 1, 0.5, 0),
    ((0.5, 1, 0), 0, 0, 0),
    ((4.9, 999, 1), 2.5, 0.1, 0.3),
    ((2, 50, 0.6), 1, 0.7, -0.05),
]:
    spectrum = additive.spectrum(values, (fe, o))
    factors = factor.spectrum(values[:2], ())
    depths = depth.spectrum(values[1:2], ())
    for grid, out in grids.items():
        cases.append(
            {
                "grid": grid,
                "parameters": [*values, fe, o],
                "redshift": z,
                "atable": photons(additive.edges, spectrum, out, z).tolist(),
                "mtable": behind(factor.edges, factors, out, index, z, 0.25, 1).tolist(),
                "etable": behind(depth.edges, np.exp(-depths), out, index, 0, 1, 1).tolist(),
            }
        )

print(
    json.dumps(
        {
            "files": {"atable": additive.file(), "mtable": factor.file(), "etable": depth.file()},
            "index": index,
            "grids": {name: grid.tolist() for name, grid in grids.items()},
            "cases": cases,
        },
        indent=None,
    )
)
