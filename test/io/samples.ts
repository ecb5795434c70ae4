/** Small datasets of numbers that all differ. */
import type { MapDataset, OnOffDataset } from "../../src/datasets/types.js";
import { axisFromEdges, wcsGeom } from "../../src/sky/index.js";
import type { RegionGeom, WcsGeom } from "../../src/sky/types.js";

const energy = axisFromEdges([1, 2, 5, 10], { name: "energy", unit: "TeV", interp: "log" });
const energyTrue = axisFromEdges([0.5, 1, 4, 8, 20], { name: "energy_true", unit: "TeV", interp: "log" });

const ramp = (n: number, start = 1) => Float64Array.from({ length: n }, (_, i) => start + i / 8);

export function cube(): MapDataset {
  const geom = wcsGeom({ center: { lon: 83.6, lat: 22, frame: "icrs" }, binsz: 0.5, npix: [3, 2], axes: [energy] });
  const wide: WcsGeom = { ...geom, axes: [energyTrue] };
  return {
    type: "MapDataset",
    name: "cube",
    counts: { geom, unit: "", data: Float64Array.from({ length: 18 }, (_, i) => i) },
    background: { geom, unit: "", data: ramp(18) },
    exposure: { geom: wide, unit: "cm2 s", data: ramp(24, 1e10) },
    maskSafe: { geom, data: Uint8Array.from({ length: 18 }, (_, i) => i % 2) },
    maskFit: { geom, data: Uint8Array.from({ length: 18 }, (_, i) => (i > 5 ? 1 : 0)) },
    livetime: 1800,
    gti: { start: Float64Array.of(0, 10), stop: Float64Array.of(5, 20), reference: 55000.25, timeScale: "tt" },
    meta: { OBSERVER: "nobody" },
  };
}

export function spectrum(): OnOffDataset {
  const center = { lon: 83.6, lat: 22, frame: "icrs" } as const;
  const geom: RegionGeom = {
    kind: "region",
    regions: [{ shape: "circle", center, radius: 0.1 }],
    wcs: null,
    axes: [energy],
  };
  const nowhere: RegionGeom = { ...geom, regions: [] };
  const map = (data: number[]) => ({ geom, unit: "", data: Float64Array.from(data) });
  const kernel = [0.5, 0.25, 0, 0, 0, 0, 0.125, 0, 0.25, 0, 0.5, 0.5];
  return {
    type: "SpectrumDatasetOnOff",
    name: "spectrum",
    counts: map([7, 5, 2]),
    countsOff: map([9, 4, 1]),
    acceptance: map([1, 1, 1]),
    acceptanceOff: map([10, 11, 12]),
    exposure: { geom: { ...nowhere, axes: [energyTrue] }, unit: "cm2 s", data: ramp(4, 1e9) },
    edisp: { map: { geom: { ...nowhere, axes: [energy, energyTrue] }, unit: "", data: Float64Array.from(kernel) } },
    maskSafe: { geom, data: Uint8Array.of(0, 1, 1) },
    maskFit: { geom, data: Uint8Array.of(1, 1, 0) },
    livetime: 600,
  };
}
