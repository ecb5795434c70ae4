"""The work of `gammats crab --out FOLDER` as a Python script: cold_crab.py FOLDER. Fit, flux points, pictures in two formats."""

import sys
from pathlib import Path

import astropy.units as u
import matplotlib.pyplot as plt
from gammapy.modeling import Fit

from crab import SOURCE, flux_points, read_crab

out = Path(sys.argv[1])
datasets = read_crab()
result = Fit().run(datasets)
print(result)
print(datasets.models.to_parameters_table())
points = flux_points(datasets)
datasets.write(out / "crab_datasets.yaml", filename_models=out / "crab_models.yaml", overwrite=True)
for name, table in points.items():
    print(table.to_table(sed_type="e2dnde", formatted=True))
    for suffix in ["fits", "ecsv"]:
        table.write(out / f"flux-points-{name}.{suffix}", sed_type="dnde", overwrite=True)


def save(name):
    for suffix in ["svg", "png"]:
        plt.savefig(out / f"{name}.{suffix}")
    plt.close()


ax = plt.figure(figsize=(8, 6)).add_subplot()
spectral = datasets.models[SOURCE].spectral_model
spectral.plot(ax=ax, energy_bounds=[0.01, 120] * u.TeV, sed_type="e2dnde")
spectral.plot_error(ax=ax, energy_bounds=[0.01, 120] * u.TeV, sed_type="e2dnde")
for table in [*points.values(), datasets["HAWC"].data]:
    table.plot(ax=ax, sed_type="e2dnde")
save("crab-sed")

fermi = datasets["Fermi-LAT"]
npred = fermi.npred()
figure = plt.figure(figsize=(15, 5))
for i, image in enumerate([fermi.counts, npred, fermi.counts - npred]):
    geom = image.geom.to_image()
    image.sum_over_axes(keepdims=False).plot(ax=figure.add_subplot(1, 3, i + 1, projection=geom.wcs), add_cbar=True)
save("maps-Fermi-LAT")
energy = fermi.counts.geom.axes["energy"].center.to_value("TeV")
plt.loglog(energy, fermi.counts.data.sum(axis=(1, 2)), "o")
for counts in [npred, fermi.npred_background()]:
    plt.loglog(energy, counts.data.sum(axis=(1, 2)), drawstyle="steps-mid")
save("counts-Fermi-LAT")
datasets["HESS"].plot_fit()
save("counts-HESS")
