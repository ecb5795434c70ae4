import type { Component, MaskPixels } from "../fold/types.js";
import { rowTerm } from "./row-term.js";
import type { CountsStatistic } from "./statistics/types.js";
import type { CountsTerm } from "./types.js";

/** The term of any statistic of counts, one bin after the other. `counts`: in the order of the mask. */
export function countsRowTerm(
  statistic: CountsStatistic,
): (name: string, components: readonly Component[], mask: MaskPixels, counts: Float64Array) => CountsTerm {
  return (name, components, mask, counts) => {
    const n = counts.slice();
    const term = rowTerm(name, components, mask, {
      value: (i, mu) => statistic.value(n[i]!, mu),
      derivatives: (i, mu, out) => statistic.derivatives(n[i]!, mu, out),
    });
    return {
      ...term,
      setCounts: (next) => n.set(next),
      saturated: () => n.reduce((sum, k) => sum + statistic.value(k, k), 0),
      total: (p) => term.npred(p).reduce((sum, mu) => sum + Math.max(mu, 0), 0),
      negative: (p) => term.npred(p).reduce((count, mu) => count + Number(mu < 0), 0),
      negativeWithCounts: (p) => term.npred(p).reduce((count, mu, i) => count + Number(mu < 0 && n[i]! > 0), 0),
    };
  };
}
