import type { SpatialDeclaration, SpatialEvaluate } from "../models/declaration.js";
import type { Frame, SkyPosition } from "../sky/types.js";

/** The spatial model of a source as its images need it. */
export interface Shape {
  readonly declaration: SpatialDeclaration;
  readonly frame: Frame;
  /** Indices of the parameters that are longitude and latitude; -1 for models that have no position. */
  readonly lon: number;
  readonly lat: number;
  /** What tells it apart from others, but for its parameters. */
  readonly key: readonly unknown[];
}

export function positionOf(shape: Shape, p: Float64Array): SkyPosition | null {
  return shape.lon < 0 ? null : { lon: p[shape.lon]!, lat: p[shape.lat]!, frame: shape.frame };
}

/** The radius beyond which Gammapy takes the shape as zero, deg. */
export const radiusOf = ({ declaration }: Shape, p: Float64Array): number =>
  declaration.global === true ? Number.POSITIVE_INFINITY : declaration.evaluationRadius(p);

/** The profiles of which a shape is made; undefined where it has none, or is sampled as in Gammapy. */
export const profilesOf = ({ evaluate, sampling }: SpatialDeclaration): SpatialEvaluate["profiles"] =>
  sampling === "gammapy" ? undefined : evaluate.profiles;
