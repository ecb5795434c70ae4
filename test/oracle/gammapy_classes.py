"""The public classes of models, maps, catalogues, datasets, data, makers, responses and estimators of Gammapy 2.1: python gammapy_classes.py > gammapy_classes.json"""
import inspect
import json
import sys

import gammapy.catalog
import gammapy.data
import gammapy.datasets
import gammapy.estimators
import gammapy.irf
import gammapy.makers
import gammapy.maps
from gammapy.modeling import models


def classes(module):
    return sorted(name for name in module.__all__ if inspect.isclass(getattr(module, name)))


registries = {
    "spectral": models.SPECTRAL_MODEL_REGISTRY, "spatial": models.SPATIAL_MODEL_REGISTRY,
    "temporal": models.TEMPORAL_MODEL_REGISTRY, "priors": models.PRIOR_REGISTRY,
}
out = {kind: sorted(cls.__name__ for cls in registry) for kind, registry in registries.items()}
known = {name for names in out.values() for name in names}
out["components"] = [name for name in classes(models) if name not in known]
out["maps"] = classes(gammapy.maps)
out["catalogues"] = classes(gammapy.catalog)
out["datasets"] = classes(gammapy.datasets)
for module in (gammapy.data, gammapy.makers, gammapy.irf, gammapy.estimators):
    listed = {name for names in out.values() for name in names}
    out[module.__name__.rpartition(".")[2]] = [name for name in classes(module) if name not in listed]
json.dump(out, sys.stdout, indent=1)
