"""What Gammapy's Analysis makes of its config.yaml: python test/oracle/analysis_config.py > test/oracle/analysis_config.json (needs GAMMAPY_DATA; Gammapy 2.1)."""
import json
import sys
import tempfile

import gammapy
from gammapy.analysis import Analysis, AnalysisConfig
from gammapy.modeling.models import Models, PowerLawSpectralModel, SkyModel

SHARED = """
observations:
  datastore: $GAMMAPY_DATA/hess-dl3-dr1
  obs_ids: [23523, 23526, 23559, 23592]
datasets:
  stack: STACK
  type: TYPE
  geom:
    wcs: {skydir: {frame: icrs, lon: 83.633 deg, lat: 22.014 deg}, binsize: 0.05 deg, width: {width: 3 deg, height: 3 deg}}
    axes:
      energy: {min: 0.5 TeV, max: 30 TeV, nbins: 20}
      energy_true: {min: 0.1 TeV, max: 100 TeV, nbins: 50}
  on_region: {frame: icrs, lon: 83.633 deg, lat: 22.014 deg, radius: 0.11 deg}
  safe_mask: {methods: [aeff-max, offset-max], parameters: {aeff_percent: 10, offset_max: 2 deg}}
  background: {method: METHOD}
fit:
  fit_range: {min: 1 TeV, max: 20 TeV}
flux_points:
  energy: {min: 1 TeV, max: 10 TeV, nbins: 4}
"""


def text(kind, stack, method):
    return SHARED.replace("TYPE", kind).replace("STACK", stack).replace("METHOD", method)


def analysis(config):
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(config)
        file.flush()
        made = Analysis(AnalysisConfig.read(file.name))
    made.get_observations()
    made.get_datasets()
    return made


configs = {"spectra": text("1d", "false", "reflected"), "map": text("3d", "true", "fov_background")}
out = {"versions": {"gammapy": gammapy.__version__}, "configs": configs}

made = analysis(configs["spectra"])
out["on"] = [int(d.counts.data[d.mask_safe.data].sum()) for d in made.datasets]
spectrum = PowerLawSpectralModel(index=2.6, amplitude="4e-11 cm-2 s-1 TeV-1", reference="1 TeV")
made.models = Models([SkyModel(spectrum, name="source")])
made.run_fit()
made.get_flux_points()
table = made.flux_points.data.to_table(sed_type="dnde")
out["stat"] = float(made.fit_result.total_stat)
out["index"] = float(made.models.parameters["index"].value)
out["e_min"] = [float(x) for x in table["e_min"]]
out["dnde"] = [float(x) for x in table["dnde"]]

[stacked] = analysis(configs["map"]).datasets
safe = stacked.mask_safe.data
out["map"] = {"counts": int(stacked.counts.data[safe].sum()), "background": float(stacked.background.data[safe].sum()), "safe": int(safe.sum())}
json.dump(out, sys.stdout, indent=1)
print()
