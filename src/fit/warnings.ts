/** What a user has to know of a fit beside its success. */
import type { Joint } from "./joint.js";

/** What of the datasets was taken for something else, and which bins are predicted to be negative at x. */
export function fitWarnings(joint: Joint, x: Float64Array): string[] {
  return [...joint.terms.flatMap(({ warnings = [] }) => warnings), ...negativeBins(joint, x)];
}

/**
 * A warning for each dataset of which a fit predicts bins to be negative. Their statistic is that of zero, so the likelihood has no meaning there: few
 * counts let a background without a limit fall as far as it likes.
 */
function negativeBins(joint: Joint, x: Float64Array): string[] {
  const below = joint.parameters.filter((p, i) => p.isNorm && x[i]! < 0).map((p) => `"${p.id}"`);
  const advice =
    below.length === 0
      ? "give the models limits"
      : `${below.join(", ")} ${below.length === 1 ? "is" : "are"} below zero; give ${below.length === 1 ? "it" : "them"} a limit (min: 0)`;
  return joint.terms.flatMap((term, i) => {
    const { nBins } = term;
    const negative = term.negative(joint.termParameters(i, x));
    if (negative === 0) return [];
    return [
      `dataset "${joint.datasets[i]!.name}": ${negative} of ${nBins} bins in the fit are predicted negative and count as zero, so do not trust this minimum; ${advice} and fit again`,
    ];
  });
}
