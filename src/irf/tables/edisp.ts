/** Energy dispersion of one observation as probabilities in bins of reconstructed energy. */
import { fractionalIndex } from "../../math/interpolate.js";
import { axisCenters, axisEdges, nBins } from "../../sky/axis.js";
import type { MapAxis } from "../../sky/types.js";
import { contract, placesOn } from "./grid.js";
import type { EnergyDispersionTable } from "./types.js";

/**
 * Density dP/dmigra `[energy_true, offset, migra]` at the centres of a true-energy axis (geometric) and at offsets [deg], and the table's migra axis. Beyond the energies
 * of the table it is 0 (Gammapy extrapolates it there); offsets beyond the outer edge give 0.
 */
export function migrationDensity(
  { table }: EnergyDispersionTable,
  energyTrue: ArrayLike<number>,
  offsets: ArrayLike<number>,
): Float64Array {
  const [energyAxis, migraAxis, offsetAxis] = table.axes as [MapAxis, MapAxis, MapAxis];
  const [nE, nM, nO] = [energyTrue.length, nBins(migraAxis), offsets.length];
  const energy = placesOn(energyAxis, energyTrue);
  const offset = placesOn(offsetAxis, offsets);
  const rows = contract(table.data, [1, nBins(energyAxis), nM * nBins(offsetAxis)], energy);
  const values = contract(rows, [nE * nM, nBins(offsetAxis), 1], offset);
  const out = new Float64Array(nE * nO * nM);
  for (let e = 0; e < nE; e++) {
    for (let o = 0; o < nO; o++) {
      if (energy.inside[e] === 0 || offset.inside[o] === 0) continue;
      for (let m = 0; m < nM; m++) {
        const v = values[(e * nM + m) * nO + o]!;
        out[(e * nO + o) * nM + m] = v > 0 && v < Infinity ? v : 0;
      }
    }
  }
  return out;
}

/**
 * Probabilities `[energy_true, offset, energy]` of the bins of a reconstructed energy axis: the density at the middle of each true-energy bin, summed up over migra and
 * normalised, linear between its edges; below 1e-8 it is 0. As Gammapy's EnergyDispersion2D.to_edisp_kernel.
 */
export function dispersionKernels(
  edisp: EnergyDispersionTable,
  energyTrue: MapAxis,
  energy: MapAxis,
  offsets: ArrayLike<number>,
): Float64Array {
  const centers = axisCenters(energyTrue);
  const edges = axisEdges(energy);
  const migra = axisEdges(edisp.table.axes[1]!);
  const density = migrationDensity(edisp, centers, offsets);
  const [nE, nO, nM, nR] = [centers.length, offsets.length, migra.length - 1, edges.length - 1];
  const out = new Float64Array(nE * nO * nR);
  const cumulated = new Float64Array(nM + 1);
  for (let e = 0; e < nE; e++) {
    const places = edges.map((edge) => positionIn(migra, edge / centers[e]!));
    for (let o = 0; o < nO; o++) {
      const row = (e * nO + o) * nM;
      for (let m = 0; m < nM; m++) cumulated[m + 1] = cumulated[m]! + density[row + m]! * (migra[m + 1]! - migra[m]!);
      const sum = cumulated[nM]!;
      if (!(sum > 0)) continue;
      let last = at(cumulated, places[0]!) / sum;
      for (let r = 0; r < nR; r++) {
        const next = at(cumulated, places[r + 1]!) / sum;
        if (next - last >= 1e-8) out[(e * nO + o) * nR + r] = next - last;
        last = next;
      }
    }
  }
  return out;
}

/** Position among strictly increasing nodes, 0 to n - 1. */
const positionIn = (nodes: Float64Array, x: number): number =>
  Math.min(Math.max(fractionalIndex(nodes, x), 0), nodes.length - 1);

function at(values: Float64Array, position: number): number {
  const k = Math.floor(position);
  const f = position - k;
  return f === 0 ? values[k]! : values[k]! * (1 - f) + values[k + 1]! * f;
}
