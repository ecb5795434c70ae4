import { AT_LOWER, AT_UPPER, FREE } from "../minimize/box-step.js";
import { minimizeNewton } from "../minimize/newton.js";
import { flatCombination } from "../minimize/weakest-direction.js";
import { coordinatesOf } from "./coordinates.js";
import type { Joint } from "./joint.js";
import { flatInWords, namesIn } from "./words.js";

/** A distance to the minimum that only rounding ends: then little is left of the gradient, which shows as curvature along a curved valley. */
const EDM_GOAL = 1e-24;

/**
 * Where a minimum x that was found is not the only one: says which combination of parameters the likelihood does not depend on. Newton's
 * method goes to the minimum first, since elsewhere a gradient along a curved valley shows as curvature.
 */
export function flatAt(joint: Joint, x: Float64Array): string | undefined {
  const coordinates = coordinatesOf(joint, x, false);
  const { objective, lower, upper } = coordinates;
  const { n } = objective;
  const end = minimizeNewton(joint.newton, objective, coordinates.toInternal(x), { lower, upper, edmGoal: EDM_GOAL });
  const names = namesIn(joint, coordinates);
  if (end.stop.reason === "flat direction") return flatInWords(end.stop.direction, end.x, names);
  const h = new Float64Array(n * n);
  const g = new Float64Array(n);
  objective.hessian(end.x, g, h);
  const state = Int8Array.from(end.x, (v, i) => (v === lower[i] ? AT_LOWER : v === upper[i] ? AT_UPPER : FREE));
  const direction = flatCombination(h, g, state, n);
  return direction && flatInWords(direction, end.x, names);
}
