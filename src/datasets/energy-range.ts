import { axisCenters, axisEdges } from "../sky/axis.js";
import { isBinned, withEnergyRange } from "./masks.js";
import type { Dataset, FluxPointsDataset } from "./types.js";

/** A copy whose fit uses only what lies in [emin, emax], TeV: whole energy bins, or flux points by their edges (else by e_ref). */
export function restrictEnergy(dataset: Dataset, emin: number, emax: number): Dataset {
  if (isBinned(dataset)) return withEnergyRange(dataset, emin, emax);
  return { ...dataset, maskFit: pointsInside(dataset, emin, emax) };
}

function pointsInside({ points, maskFit }: FluxPointsDataset, emin: number, emax: number): Uint8Array {
  const { energy } = points;
  const edges = energy.nodeType === "edges" ? axisEdges(energy) : undefined;
  return Uint8Array.from(axisCenters(energy), (e, i) => {
    const inside = edges === undefined ? e >= emin && e <= emax : edges[i]! >= emin && edges[i + 1]! <= emax;
    return inside && maskFit?.[i] !== 0 ? 1 : 0;
  });
}
