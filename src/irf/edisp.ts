import { FormatError } from "../errors.js";
import { axisCenters, axisEdges, nBins } from "../sky/axis.js";
import { binOf, firstOtherBin } from "../sky/axis-bins.js";
import { nPix, pixelsOf } from "../sky/pixels.js";
import type { MapAxis, SkyMap, SkyPosition } from "../sky/types.js";

/** Probability to reconstruct a photon of true-energy bin t in energy bin r: `data[t * nReco + r]`. Rows need not sum to one. */
export interface EDispKernel {
  readonly nTrue: number;
  readonly nReco: number;
  readonly data: Float64Array;
}

/** The overlap of each energy bin with the true-energy bin, as a share of the latter: what a perfect instrument does. */
export function diagonalKernel(energyTrue: MapAxis, energy: MapAxis): EDispKernel {
  const t = axisEdges(energyTrue);
  const r = axisEdges(energy);
  const nTrue = t.length - 1;
  const nReco = r.length - 1;
  const data = new Float64Array(nTrue * nReco);
  for (let i = 0; i < nTrue; i++) {
    for (let j = 0; j < nReco; j++) {
      const overlap = Math.min(t[i + 1]!, r[j + 1]!) - Math.max(t[i]!, r[j]!);
      if (overlap > 0) data[i * nReco + j] = overlap / (t[i + 1]! - t[i]!);
    }
  }
  return { nTrue, nReco, data };
}

/** True for `[energy_true, energy, lat, lon]` maps, false for `[energy_true, migra, lat, lon]`. */
export function isKernelMap(map: SkyMap): boolean {
  return map.geom.axes[0]?.name === "energy";
}

/** The kernel at a position: that of the nearest spatial pixel with any positive value, as in Gammapy. */
export function edispKernelAt(map: SkyMap, position: SkyPosition | null, energy: MapAxis, where: string): EDispKernel {
  return kernelOfPixel(map, pixelOf(map, position), energy, where);
}

/** Index of the spatial pixel whose kernel applies at a position. */
export function pixelOf(map: SkyMap, position: SkyPosition | null): number {
  const pixels = pixelsOf(map.geom);
  return pixels.nearest(position, (pixel) => {
    for (let k = pixel; k < map.data.length; k += pixels.nPix) if (map.data[k]! > 0) return true;
    return false;
  });
}

export function kernelOfPixel(map: SkyMap, pixel: number, energy: MapAxis, where: string): EDispKernel {
  const [inner, energyTrue] = map.geom.axes;
  if (inner === undefined || energyTrue === undefined || energyTrue.name !== "energy_true") {
    throw new FormatError(
      `${where}: energy dispersion has the axes [${map.geom.axes.map((a) => a.name).join(", ")}]; expected energy or migra, then energy_true`,
    );
  }
  const n = nPix(map.geom);
  return isKernelMap(map)
    ? fromKernelMap(map.data, n, pixel, inner, energyTrue, energy, where)
    : fromMigration(map.data, n, pixel, inner, energyTrue, energy);
}

function fromKernelMap(
  data: Float64Array,
  nPix: number,
  pixel: number,
  axis: MapAxis,
  energyTrue: MapAxis,
  energy: MapAxis,
  where: string,
): EDispKernel {
  const nTrue = nBins(energyTrue);
  const nReco = nBins(axis);
  if (nReco !== nBins(energy)) {
    throw new FormatError(
      `${where}: the energy dispersion has ${nReco} reconstructed energy bins, the counts have ${nBins(energy)}; both need the same energy axis`,
    );
  }
  const other = firstOtherBin(axis, energy);
  if (other >= 0) {
    throw new FormatError(
      `${where}: the energy dispersion has ${binOf(axis, other)}, the counts have ${binOf(energy, other)}; both need the same energy axis`,
    );
  }
  const out = new Float64Array(nTrue * nReco);
  for (let k = 0; k < out.length; k++) out[k] = data[k * nPix + pixel]!;
  return { nTrue, nReco, data: out };
}

/**
 * From the density dP/dmigra: differences of its cumulative sum at E_reco / E_true, with E_true the bin centre; entries below 1e-8 are
 * dropped, as in Gammapy's EDispMap.get_edisp_kernel.
 */
function fromMigration(
  data: Float64Array,
  nPix: number,
  pixel: number,
  migra: MapAxis,
  energyTrue: MapAxis,
  energy: MapAxis,
): EDispKernel {
  const edges = axisEdges(migra);
  const nMigra = edges.length - 1;
  const centers = axisCenters(energyTrue);
  const reco = axisEdges(energy);
  const nTrue = centers.length;
  const nReco = reco.length - 1;
  const out = new Float64Array(nTrue * nReco);
  const cumulative = new Float64Array(nMigra + 1);
  for (let t = 0; t < nTrue; t++) {
    for (let m = 0; m < nMigra; m++) {
      cumulative[m + 1] = cumulative[m]! + data[(t * nMigra + m) * nPix + pixel]! * (edges[m + 1]! - edges[m]!);
    }
    let low = at(migra, edges, cumulative, reco[0]! / centers[t]!);
    for (let r = 0; r < nReco; r++) {
      const high = at(migra, edges, cumulative, reco[r + 1]! / centers[t]!);
      const p = high - low;
      if (p >= 1e-8) out[t * nReco + r] = p;
      low = high;
    }
  }
  return { nTrue, nReco, data: out };
}

/** Linear interpolation of the cumulative at migra x, constant beyond both ends. */
function at(migra: MapAxis, edges: Float64Array, cumulative: Float64Array, x: number): number {
  const last = edges.length - 1;
  if (!(x > edges[0]!)) return 0;
  if (x >= edges[last]!) return cumulative[last]!;
  let i = 0;
  while (edges[i + 1]! <= x) i++;
  const scale = (y: number) => (migra.interp === "log" ? Math.log(y) : migra.interp === "sqrt" ? Math.sqrt(y) : y);
  const f = (scale(x) - scale(edges[i]!)) / (scale(edges[i + 1]!) - scale(edges[i]!));
  return cumulative[i]! + f * (cumulative[i + 1]! - cumulative[i]!);
}
