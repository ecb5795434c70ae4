import type { Joint } from "./joint.js";

/** The same likelihood with one parameter held. */
export function holding<J extends Joint>(joint: J, slot: number, value: number): J {
  const lower = joint.lower.slice();
  const upper = joint.upper.slice();
  lower[slot] = upper[slot] = value;
  // limits are in the units of the parameter, so its logarithm is not to be used
  const parameters = joint.parameters.map((p, i) => (i === slot ? { ...p, isNorm: false } : p));
  return { ...joint, parameters, lower, upper };
}
