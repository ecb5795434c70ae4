"""The galactic centre of the 3FHL fitted by Gammapy 2.1. Run `python fermi_region.py datasets.yaml models.yaml > fermi_region.json` with the files of test/cli/fermi-region.test.ts,
which it writes into a folder where KEEP_FERMI_REGION names one.
"""
import json
import sys
import warnings

from gammapy.datasets import Datasets
from gammapy.modeling import Fit

warnings.simplefilter("ignore")
datasets = Datasets.read(sys.argv[1], sys.argv[2])
start = float(datasets.stat_sum())
result = Fit().run(datasets)
json.dump(
    {
        "start": start,
        "total_stat": float(result.total_stat),
        "parameters": {
            f"{model.name}.{p.name}": [float(p.value), float(p.error)]
            for model in datasets.models
            for p in model.parameters.free_parameters
        },
    },
    sys.stdout,
    indent=1,
)
