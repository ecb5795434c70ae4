import type { OnOffDataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import type { Component, MaskPixels, Nuisance } from "../fold/types.js";
import { flatBins, pickBins, poissonSampler, replaceBins } from "../likelihood/data.js";
import { type RowStatistic, type RowTerm, rowTerm } from "../likelihood/row-term.js";
import type { TermData } from "../likelihood/types.js";
import { requireAlpha, wstatBackground, wstatDerivatives, wstatLogTerms, wstatOn, wstatValue } from "../stats/wstat.js";
import { wstatAlphaDerivatives } from "../stats/wstat-alpha.js";

/** acceptance / acceptance_off, `[energy, lat, lon]`. */
export function alphaOf(dataset: OnOffDataset): Float64Array {
  const off = dataset.acceptanceOff?.data;
  return dataset.acceptance.data.map((a, i) => (off === undefined ? Number.NaN : a / off[i]!));
}

/** Background in the ON region estimated from OFF alone: alpha counts_off; 0 where there is no OFF. */
export function onOffBackground(dataset: OnOffDataset): Float64Array {
  const alpha = alphaOf(dataset);
  const off = dataset.countsOff?.data;
  return alpha.map((a, i) => (off === undefined || !Number.isFinite(a) ? 0 : a * off[i]!));
}

/**
 * WStat of the bins inside the mask, in its order. Data: counts of all of these bins, then counts off. `norm`: a factor on the background in the ON
 * region, that is on alpha; where it varies it is the last parameter.
 */
export function onOffTerm(
  dataset: OnOffDataset,
  components: readonly Component[],
  mask: MaskPixels,
  norm: Nuisance = { value: 1 },
): { readonly term: RowTerm; readonly data: TermData } {
  const where = `dataset "${dataset.name}"`;
  if (dataset.countsOff === undefined || dataset.acceptanceOff === undefined) {
    throw new SpecError(
      `${where}: no OFF counts, so wstat has no background; read the background file (BACKFILE) as well`,
    );
  }
  const nPix = dataset.counts!.data.length / mask.length;
  const bins = flatBins(mask, nPix);
  const nOn = pickBins(dataset.counts!.data, bins);
  const nOff = pickBins(dataset.countsOff.data, bins);
  const on = pickBins(dataset.acceptance.data, bins);
  const off = pickBins(dataset.acceptanceOff.data, bins);
  const alpha = on.map((a, i) => a / off[i]!);
  requireAlpha(alpha, undefined, where);
  const logTerms = nOn.map((n, i) => wstatLogTerms(n, nOff[i]!));
  const scaled = alpha.map((a) => a * norm.value);
  const value: RowStatistic["value"] = (i, mu) => wstatValue(nOn[i]!, nOff[i]!, scaled[i]!, mu, logTerms[i]!);
  const statistic: RowStatistic =
    norm.parameter === undefined
      ? {
          value,
          derivatives: (i, mu, out) => wstatDerivatives(nOn[i]!, nOff[i]!, scaled[i]!, mu, out, logTerms[i]!),
        }
      : {
          value: (i, mu) => (scaled[i]! < 0 ? Number.POSITIVE_INFINITY : value(i, mu)),
          derivatives(i, mu, out) {
            wstatAlphaDerivatives(nOn[i]!, nOff[i]!, scaled[i]!, mu, out, logTerms[i]!);
            // there is no negative background
            if (scaled[i]! < 0) out[0] = Number.POSITIVE_INFINITY;
            out[3]! *= alpha[i]!;
            out[4]! *= alpha[i]! * alpha[i]!;
            out[5]! *= alpha[i]!;
          },
          own(factor) {
            for (let i = 0; i < alpha.length; i++) scaled[i] = alpha[i]! * factor;
          },
        };
  const term = rowTerm(dataset.name, components, mask, statistic);
  const n = bins.length;
  const measured = new Float64Array(2 * n);
  measured.set(nOn);
  measured.set(nOff, n);

  function expected(out: Float64Array): void {
    const signal = new Float64Array(n);
    term.npred(signal);
    for (let i = 0; i < n; i++) {
      out[i] = Math.max(0, wstatOn(nOn[i]!, nOff[i]!, scaled[i]!, signal[i]!));
      out[n + i] = Math.max(0, wstatBackground(nOn[i]!, nOff[i]!, scaled[i]!, signal[i]!));
    }
  }
  const { counts, countsOff } = dataset;
  const data: TermData = {
    measured,
    set(next) {
      for (let i = 0; i < n; i++) {
        nOn[i] = next[i]!;
        nOff[i] = next[n + i]!;
        logTerms[i] = wstatLogTerms(next[i]!, next[n + i]!);
      }
    },
    expected,
    total() {
      const means = new Float64Array(2 * n);
      expected(means);
      return means.subarray(0, n).reduce((sum, mu) => sum + mu, 0);
    },
    negative: () => 0,
    simulator() {
      const means = new Float64Array(2 * n);
      expected(means);
      return poissonSampler(means);
    },
    saturated: () => 0,
    dataset: (next) => ({
      ...dataset,
      counts: { ...counts!, data: replaceBins(counts!.data, bins, next) },
      countsOff: { ...countsOff, data: replaceBins(countsOff.data, bins, next, n) },
    }),
  };
  return { term, data };
}
