import { AT_LOWER, AT_UPPER, FREE } from "../minimize/box-step.js";
import { flatCombination } from "../minimize/soft-direction.js";
import { coordinatesOf } from "./coordinates.js";
import { explain } from "./diagnose.js";
import type { Joint } from "./joint.js";

/**
 * Where a minimum x that was found is not the only one: says which combination of parameters the likelihood does not depend on. Newton goes to the
 * bottom first, since beside it the gradient bends a valley that is flat.
 */
export function flatAt(joint: Joint, x: Float64Array): string | undefined {
  const coordinates = coordinatesOf(joint, x, false);
  const { objective, lower, upper } = coordinates;
  const { n } = objective;
  const end = joint.newton.minimize(objective, coordinates.toInternal(x), { lower, upper });
  const at = coordinates.toExternal(end.x);
  if (end.reason === "flat direction") return explain(joint, coordinates, end, at);
  const h = new Float64Array(n * n);
  objective.hessian(end.x, new Float64Array(n), h);
  const state = Int8Array.from(end.x, (v, i) => (v === lower[i] ? AT_LOWER : v === upper[i] ? AT_UPPER : FREE));
  const message = flatCombination(h, state, n);
  return message === undefined ? undefined : explain(joint, coordinates, { reason: "flat direction", message }, at);
}
