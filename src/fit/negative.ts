import type { Joint } from "./joint.js";
import type { FitResult } from "./result.js";

/**
 * A warning for each dataset of which a fit predicts bins to be negative. Their statistic is that of zero, so the likelihood has no meaning there: few
 * counts let a background without a limit fall as far as it likes.
 */
export function negativeBins(joint: Joint, { free }: Pick<FitResult, "free">): string[] {
  const below = joint.parameters.filter((p, i) => p.isNorm && free.values[i]! < 0).map((p) => `"${p.id}"`);
  const advice =
    below.length === 0
      ? "give the models limits"
      : `${below.join(", ")} ${below.length === 1 ? "is" : "are"} below zero; give ${below.length === 1 ? "it" : "them"} a limit (min: 0)`;
  return joint.terms.flatMap((term, i) => {
    const { nBins } = term;
    const negative = term.negative(joint.termParameters(i, free.values));
    if (negative === 0) return [];
    return [
      `dataset "${joint.datasets[i]!.name}": ${negative} of ${nBins} bins in the fit are predicted negative and count as zero, so do not trust this minimum; ${advice} and fit again`,
    ];
  });
}
