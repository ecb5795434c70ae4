import type { MapDataset } from "../../src/datasets/types.js";
import { axisFromEdges, wcsGeom } from "../../src/sky/index.js";

const energy = axisFromEdges([1, 10], { name: "energy", unit: "TeV", interp: "log" });
const energyTrue = axisFromEdges([1, 10], { name: "energy_true", unit: "TeV", interp: "log" });

/** 21 x 21 pixels of 0.1 deg in one energy bin around (83.6, 22), without psf or energy dispersion, with 2 counts of background a pixel; counts are 0 until simulated. */
export function image(name: string, background = 2): MapDataset {
  const geom = wcsGeom({ center: { lon: 83.6, lat: 22, frame: "icrs" }, binsz: 0.1, npix: [21, 21], axes: [energy] });
  const n = 21 * 21;
  return {
    type: "MapDataset",
    name,
    counts: { geom, unit: "", data: new Float64Array(n) },
    background: { geom, unit: "", data: new Float64Array(n).fill(background) },
    exposure: { geom: { ...geom, axes: [energyTrue] }, unit: "cm2 s", data: new Float64Array(n).fill(1e13) },
  };
}
