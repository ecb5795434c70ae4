"""Operations on a turned map by Gammapy 2.1: `python maps.py > maps.json`."""
import json
import sys

import astropy.units as u
import numpy as np
from astropy.coordinates import SkyCoord
from gammapy.maps import Map, MapAxis, RegionGeom, WcsGeom
from regions import Regions

from rotated import turned

rng = np.random.default_rng(11)
CENTER = SkyCoord(83.63, 22.01, unit="deg", frame="icrs")


def numbers(a, digits=12):
    return [None if not np.isfinite(x) else float(f"{x:.{digits}g}") for x in np.ravel(np.asarray(a, dtype=float))]


def some(a):
    """Every seventh value."""
    return numbers(np.ravel(a)[::7], 10)


def wcs(geom):
    w = geom.wcs
    return {"cd": w.pixel_scale_matrix.ravel().tolist(), "crpix": w.wcs.crpix.tolist(), "crval": w.wcs.crval.tolist(), "npix": [int(geom.data_shape[-1]), int(geom.data_shape[-2])]}


def mapped(m):
    return {**wcs(m.geom), "data": numbers(m.data)}


energy = MapAxis.from_energy_edges([1, 2, 5, 10], unit="TeV")
image = turned(CENTER, 0.2, (12, 10), 35, "TAN", "icrs")
geom = image.to_cube([energy])
values = np.round(np.exp(rng.normal(size=geom.data_shape)), 3)
m = Map.from_geom(geom, data=values, dtype=float)
counts = Map.from_geom(geom, data=rng.poisson(3.0, geom.data_shape).astype(float))
mask = Map.from_geom(geom, data=rng.random(geom.data_shape) > 0.3, dtype=bool)
holed = values.copy()
holed[0, 3, 4] = np.nan
holed = Map.from_geom(geom, data=holed, dtype=float)
other = WcsGeom.create(skydir=CENTER.galactic, binsz=0.15, npix=(17, 14), proj="CAR", frame="galactic")
fine = MapAxis.from_energy_edges([1.2, 1.7, 3, 4.5, 8, 14], unit="TeV")
position = SkyCoord(83.9, 22.3, unit="deg")
part = m.cutout(position, (1.03 * u.deg, 0.77 * u.deg))
weights = Map.from_geom(part.geom, data=rng.random(part.geom.data_shape) > 0.4, dtype=bool)
stacked = counts.copy()
stacked.stack(part, weights=weights)

out = {
    **{k: v for k, v in wcs(geom).items()}, "values": numbers(values), "counts": numbers(counts.data), "mask": numbers(mask.data),
    "other": wcs(other),
    "cutout": mapped(part), "cutout_odd": wcs(m.cutout(position, 0.9 * u.deg, odd_npix=True).geom),
    "stacked": {"weights": numbers(weights.data), "data": numbers(stacked.data)},
    "down": mapped(counts.downsample(2)), "down_mean": mapped(m.downsample(2, preserve_counts=False)),
    "up": {**wcs(counts.upsample(2).geom), "data": some(counts.upsample(2).data)}, "up_values": some(m.upsample(3, preserve_counts=False).data), "up_linear": some(m.upsample(2, order=1, preserve_counts=False).data),
    "up_energy": some(counts.upsample(2, axis_name="energy").data), "up_energy_linear": some(m.upsample(2, order=1, preserve_counts=False, axis_name="energy").data),
    "interp": some(m.interp_to_geom(other.to_cube([fine])).data), "interp_log": some(m.interp_to_geom(other.to_cube([fine]), values_scale="log", fill_value=np.nan).data),
    "interp_counts": some(counts.interp_to_geom(other.to_cube([energy]), preserve_counts=True).data),
    "interp_mask": some(mask.interp_to_geom(other.to_cube([energy])).data),
    # each pixel divided into 40 x 40 points, which are counted where they fall, or averaged
    "overlap": numbers(counts.upsample(40).resample(other.to_cube([energy]), preserve_counts=True).data, 8),
    "overlap_mean": numbers(m.upsample(40, preserve_counts=False).resample(other.to_cube([energy]), preserve_counts=False).data, 8),
    "reprojected": numbers(counts.reproject_by_image(other, preserve_counts=True, precision_factor=30).data, 8),
    "gauss": numbers(m.smooth(0.27 * u.deg).data), "disk": numbers(m.smooth(0.47 * u.deg, kernel="disk").data),
    "sum": numbers(holed.sum_over_axes(keepdims=True).data),
    "resampled": numbers(m.resample_axis(MapAxis.from_energy_edges([2, 10], unit="TeV")).data),
    "regions": [],
}
for text in [
    "icrs;circle(83.5, 22.1, 0.53)", "galactic;circle(184.6, -5.8, 0.31)", "icrs;ellipse(83.8, 22.0, 0.9, 0.3, 25)", "icrs;box(83.5, 21.9, 1.2, 0.7, 60)",
    "icrs;polygon(83.0, 21.4, 84.2, 21.6, 83.9, 22.5)", "icrs;annulus(83.6, 22.0, 0.3, 0.7)", "icrs;point(83.71, 22.13)",
]:
    region = Regions.parse(text, format="ds9")[0]
    row = {"text": text, "mask": "".join("01"[int(v)] for v in image.region_mask([region]).data.ravel())}
    row["sum"] = numbers(counts.to_region_nd_map(region).data)
    if "point" not in text:
        row["masked"] = numbers(counts.to_region_nd_map(region, weights=mask).data)
        row["weights"] = numbers(image.region_weights([region]).data, 6)
    out["regions"].append(row)
json.dump(out, sys.stdout, separators=(",", ":"))
