"""The work of `gammats fit DATASETS MODELS --out FOLDER` as a Python script: cold_fit.py FOLDER INPUT."""

import sys
from pathlib import Path

from gammapy.datasets import Datasets
from gammapy.modeling import Fit

out, joint = Path(sys.argv[1]), Path(sys.argv[2]) / "joint"
datasets = Datasets.read(filename=joint / "crab_datasets.yaml", filename_models=joint / "crab_models.yaml")
result = Fit().run(datasets)
print(result)
print(datasets.models.to_parameters_table())
for dataset in datasets:
    print(dataset)
datasets.write(out / "crab_datasets.yaml", filename_models=out / "crab_models.yaml", overwrite=True)
