import type { Joint } from "./joint.js";

/**
 * Whether sums over energy that a fit was quick with are off at x by more than 1e-8 of a bin, which was looked at where it started. They are exact ones from now on, in all that is done with this
 * likelihood; the minimum has moved then.
 */
export function refineSums(joint: Joint, x: Float64Array): boolean {
  let isOther = false;
  joint.terms.forEach(({ components = [] }, i) => {
    const p = joint.termParameters(i, x);
    let offset = 0;
    for (const { vector } of components) {
      if (vector.refine?.(p, offset) === true) isOther = true;
      offset += vector.n;
    }
  });
  return isOther;
}
