/**
 * One thing that is wrong, and where: a path through the data, e.g. [component 0, "spectral", "alpha", "value"], ["calibration", 0, "area_norm",
 * "value"] or ["penalties", 0, "mean"].
 */
export interface ModelProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}
