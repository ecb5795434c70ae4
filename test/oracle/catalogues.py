"""Every source of a catalogue as Gammapy 2.1 has it, for test/catalogues/gammapy.test.ts. Nothing of its output is kept: the test runs it.

    python catalogues.py NAME FILE STEP [VARIANT]

NAME is Gammapy's tag; STEP 1 stands for all sources, 10 for every tenth. JSON: a list of sources, each with its models (parameters with unit and error), fluxes above 1 GeV,
100 GeV and 1 TeV up to 100 TeV [cm-2 s-1], flux points, and of every 20th row the light curve.
"""

import json
import logging
import sys
import warnings

import astropy.units as u
import numpy as np
from gammapy.catalog import CATALOG_REGISTRY
from gammapy.modeling.models import TemplateSpatialModel

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)

# it looks for plain files, the archives of its own data are compressed
read = TemplateSpatialModel.read
TemplateSpatialModel.read = lambda path, **more: read(path if path.exists() else f"{path}.gz", **more)

LOWER = u.Quantity([1e-3, 0.1, 1], "TeV")
UPPER = u.Quantity([100, 100, 100], "TeV")
QUANTITIES = ["dnde", "dnde_err", "dnde_errn", "dnde_errp", "dnde_ul"]


def plain(x):
    return [None if not np.isfinite(v) else float(v) for v in np.ravel(np.ma.filled(np.asarray(x, dtype=float), np.nan))]


def submodel(model):
    if model is None:
        return None
    return {
        "type": model.tag[0],
        "frame": getattr(model, "frame", None),
        "parameters": {
            p.name: [*plain([p.value]), p.unit.to_string("fits") if str(p.unit) else "", *plain([p.error])]
            for p in model.parameters
        },
    }


def models_of(catalogue, source, variant):
    tag = type(catalogue).tag
    if tag == "hgps":
        return list(source.components_models(which=variant or "best"))
    if tag in ("2hwc", "1LHAASO"):
        model = source.sky_model(variant)
    elif tag == "3PC" and variant:
        model = None
        if source.spectral_model(fit=variant) is not None:
            model = source.sky_model()
            model.spectral_model = source.spectral_model(fit=variant)
    else:
        model = source.sky_model()
    return [] if model is None or model.spectral_model is None else [model]


def points_of(source):
    try:
        points = source.flux_points
    except (AttributeError, TypeError):
        return None
    if points is None:
        return None
    out = {"e_ref": plain(points.energy_ref.to_value("TeV"))}
    # computed once: points.dnde would do it for each quantity
    reference = points.dnde_ref.to_value("cm-2 s-1 TeV-1").ravel()
    for name in QUANTITIES:
        norm = name.replace("dnde", "norm")
        if norm in points.available_quantities:
            out[name] = plain(getattr(points, norm).data.ravel() * reference)
    for name in ("is_ul", "sqrt_ts"):
        if name in points.available_quantities:
            out[name] = plain(getattr(points, name).data)
    return out


def curve_of(source):
    curve = source.lightcurve()
    axis = curve.geom.axes["time"]
    out = {"mjd": [[float(a.tt.mjd), float(b.tt.mjd)] for a, b in axis.iter_by_time_edges]}
    for name in ("flux", "flux_errn", "flux_errp", "flux_ul"):
        out[name] = plain(getattr(curve, name).to_unit("cm-2 s-1").data)
    return out


def dump(catalogue, step, variant):
    for i in range(0, len(catalogue.table), step):
        source = catalogue[i]
        out = {"name": source.name, "models": []}
        try:
            found = models_of(catalogue, source, variant)
            if variant is None and len(found) == 1:
                # the flux points of a source make it again
                source.sky_model = lambda model=found[0]: model
            for model in found:
                out["models"].append(
                    {
                        "name": model.name,
                        "spectral": submodel(model.spectral_model),
                        "spatial": submodel(model.spatial_model),
                        "flux": plain(model.spectral_model.integral(LOWER, UPPER).to_value("cm-2 s-1")),
                    }
                )
        except Exception as error:  # noqa: BLE001 a file that is missing, a variant that the row has not
            out["refused"] = f"{type(error).__name__}: {error}"
        if variant is None or type(catalogue).tag not in ("2hwc", "1LHAASO", "3PC"):
            try:
                out["points"] = points_of(source)
            except Exception as error:  # noqa: BLE001
                out["points_refused"] = f"{type(error).__name__}: {error}"
        if i % 20 == 0 and type(catalogue).tag in ("3fgl", "4fgl"):
            out["curve"] = curve_of(source)
        yield out


if __name__ == "__main__":
    name, path, step, *more = sys.argv[1:]
    catalogue = CATALOG_REGISTRY.get_cls(name)(path)
    json.dump(list(dump(catalogue, int(step), more[0] if more else None)), sys.stdout)
