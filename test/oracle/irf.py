"""Kernels of Gammapy 2.1 at positions on the simulated datasets of datasets.py (seed 1): `python irf.py > irf.json`."""
import json
import sys

import astropy.units as u
import numpy as np

import datasets as simulated
from gammapy.irf import EDispKernel, PSFMap
from gammapy.maps import Map, MapAxis, WcsGeom

rng = np.random.default_rng(1)
cube, galactic = simulated.cube(rng), simulated.galactic(rng)
CENTERS = {"cube": simulated.CRAB, "galactic": galactic.counts.geom.center_skydir}
# the last one is beyond the map of the psf
BINSZ = 0.08
OFFSETS = [(0.02, 0.03), (0.55, -0.31), (-0.7, 0.4), (4.1, 0.6)]


def digits(x):
    return simulated.digits(x, 9)


result = {"positions": []}
for dataset in (cube, galactic):
    energy = dataset.counts.geom.axes["energy"]
    for dx, dy in OFFSETS:
        position = CENTERS[dataset.name].spherical_offsets_by(dx * u.deg, dy * u.deg)
        kernel = dataset.edisp.get_edisp_kernel(position=position, energy_axis=energy)
        psf = dataset.psf.get_psf_kernel(position=position, geom=dataset.exposure.geom, containment=0.999)
        data = psf.data
        y = data.shape[1] // 2
        # its kernels are those of the nearest place with a psf, its radii those of a psf that is extrapolated
        inside = dataset.psf.psf_map.geom.to_image().contains(position)[0]
        radii = [
            float(dataset.psf.containment_radius(fraction=f, energy_true=e, position=position).to_value("deg").item())
            for f in (0.5, 0.68, 0.999) for e in dataset.psf.psf_map.geom.axes["energy_true"].center[:3] if inside
        ]
        result["positions"].append({
            "dataset": dataset.name, "lon": float(position.data.lon.deg), "lat": float(position.data.lat.deg), "frame": position.frame.name,
            "edisp": digits(kernel.pdf_matrix), "size": data.shape[1], "row": digits(data[:, y, :]), "diagonal": digits([np.diag(image) for image in data]), "radii": radii,
        })
true, reco = simulated.axis(0.7, 14, 6, "energy_true"), simulated.axis(1, 10, 4)
result["diagonal"] = digits(EDispKernel.from_diagonal_response(true, reco).pdf_matrix)


def uneven():
    """Containments and kernels where the energy bins of the psf are not equally wide: maps are linear in the position among bins, radii between their centres."""
    energy = MapAxis.from_energy_edges([0.1, 0.5, 3, 100] * u.TeV, name="energy_true")
    rad = MapAxis.from_bounds(0, 1, 10, unit="deg", name="rad", node_type="edges")
    geom = WcsGeom.create(skydir=simulated.CRAB, binsz=180, npix=(1, 1)).to_cube([rad, energy])
    sigma = np.array([0.4, 0.25, 0.1])[:, None]
    profile = np.exp(-0.5 * (rad.center.value / sigma) ** 2) / (2 * np.pi * np.radians(sigma) ** 2)
    psf = PSFMap(Map.from_geom(geom, data=profile[..., None, None], unit="sr-1", dtype=float))
    energies, radii = [0.15, 0.7, 2.0, 9.0, 60.0], [0.12, 0.3, 0.55]
    values = [psf.containment(rad=r * u.deg, energy_true=e * u.TeV).to_value("").item() for e in energies for r in radii]
    true = MapAxis.from_energy_edges([0.3, 0.9, 4, 12] * u.TeV, name="energy_true")
    images = psf.get_psf_kernel(geom=WcsGeom.create(skydir=simulated.CRAB, binsz=BINSZ, npix=(5, 5), proj="TAN", axes=[true])).data
    row = digits(images[:, images.shape[1] // 2])
    return {"binsz": BINSZ, "true": true.edges.value.tolist(), "row": row, "edges": energy.edges.value.tolist(), "rad": rad.edges.value.tolist(), "profile": profile.ravel().tolist(), "energies": energies, "radii": radii, "values": values}


result["uneven"] = uneven()
json.dump(result, sys.stdout)
