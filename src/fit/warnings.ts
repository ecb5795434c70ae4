/** What a user has to know of a fit beside its success. */
import type { Joint } from "./joint.js";
import { heldOffMap } from "./off-map.js";
import { number } from "./words.js";

/** What of the datasets was taken for something else, which sources stand beside them, and which bins are predicted to be negative at x. */
export function fitWarnings(joint: Joint, x: Float64Array): string[] {
  return [...joint.terms.flatMap(({ warnings = [] }) => warnings), ...placesOff(joint, x), ...negativeBins(joint, x)];
}

const placesOff = (joint: Joint, x: Float64Array): string[] =>
  heldOffMap(joint, x).map(
    ({ source, position: { lon, lat, frame } }) =>
      `source "${source}" is held at ${number(lon)}, ${number(lat)} deg (${frame}), where no dataset has pixels in the fit, so it is seen by its edges at most; check its place and frame`,
  );

/**
 * A warning for each dataset of which a fit predicts bins to be negative. Their statistic is that of zero, so the likelihood has no meaning there: few
 * counts let a background without a limit fall as far as it likes.
 */
function negativeBins(joint: Joint, x: Float64Array): string[] {
  return joint.terms.flatMap((term, i) => {
    const { nBins } = term;
    const negative = term.negative(joint.termParameters(i, x));
    if (negative === 0) return [];
    return [
      `dataset "${joint.datasets[i]!.name}": ${negative} of ${nBins} bins in the fit are predicted negative and count as zero, so do not trust this minimum; ${advice(joint, x)} and fit again`,
    ];
  });
}

/**
 * Why x is no minimum that can be relied on: bins with counts are predicted negative there. Each adds the same to the statistic, however negative, so that it is flat in what predicts them and may have a
 * lower minimum elsewhere. Undefined where there are none.
 */
export function countsBelowZero(joint: Joint, x: Float64Array): string | undefined {
  const found = joint.terms.flatMap((term, i) => {
    const bins = term.negativeWithCounts?.(joint.termParameters(i, x)) ?? 0;
    return bins === 0 ? [] : [`${bins} in dataset "${joint.datasets[i]!.name}"`];
  });
  if (found.length === 0) return undefined;
  return `Bins with counts are predicted negative (${found.join(", ")}), where the statistic is the same whatever is predicted, so it may have other minima; ${advice(joint, x)} and fit again.`;
}

function advice(joint: Joint, x: Float64Array): string {
  const below = joint.parameters.filter((p, i) => p.isNorm && x[i]! < 0).map((p) => `"${p.id}"`);
  if (below.length === 0) return "give the models limits, or frozen norms values that are not below zero,";
  return `${below.join(", ")} ${below.length === 1 ? "is" : "are"} below zero; give ${below.length === 1 ? "it" : "them"} a limit (min: 0)`;
}
