import { chi2Problem } from "../../scripts/coverage-problems.js";
import type { FluxPointsDataset } from "../../src/datasets/types.js";

/** Flux points whose best norm is x with error 1. */
export function measured(x: number) {
  const { datasets, models } = chi2Problem(Math.sqrt(8), false, 0);
  const points = datasets[0] as FluxPointsDataset;
  const norm = points.points.norm.map(() => x);
  return { datasets: [{ ...points, points: { ...points.points, norm } }], models };
}
