import type { OnOffDataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import type { Component, MaskPixels, Nuisance } from "../fold/types.js";
import { flatBins, pickBins, poissonSampler, replaceBins } from "../likelihood/data.js";
import { type RowStatistic, rowTerm } from "../likelihood/row-term.js";
import type { OnOffStatistic } from "../likelihood/statistics/types.js";
import type { CompiledTerm, TermData } from "../likelihood/types.js";
import { requireAlpha } from "../stats/wstat.js";
import { checkStatistic, constantOf, errorMaps, type OnOffErrorMaps, statisticWarnings } from "./on-off-data.js";

/** The counts of the bins in the fit, and the ratio of the exposures; all but alpha may be refilled. */
interface Bins {
  readonly on: Float64Array;
  readonly off: Float64Array;
  readonly alpha: Float64Array;
  /** alpha times the norm of the background. */
  readonly scaled: Float64Array;
  /** What the statistic keeps of the counts. */
  readonly constant: Float64Array;
}

/**
 * The statistic of the bins inside the mask, in its order. Data: counts of all of these bins, then counts off. `norm`: a factor on the background in
 * the ON region, that is on alpha; where it varies it is the last parameter.
 */
export function onOffTerm(
  dataset: OnOffDataset,
  components: readonly Component[],
  mask: MaskPixels,
  statistic: OnOffStatistic,
  norm: Nuisance = { value: 1 },
): Pick<CompiledTerm, "term" | "data" | "total" | "negative" | "warnings"> {
  const where = `dataset "${dataset.name}"`;
  const { counts, countsOff } = dataset;
  const flat = flatBins(mask, counts!.data.length / mask.length);
  const { on, off, alpha, hasOff } = pickOnOff(dataset, flat, statistic);
  const n = flat.length;
  const errors = errorMaps(dataset, (data) => pickBins(data, flat));
  checkStatistic(where, statistic, errors, on);
  const constant = constantOf(statistic, errors);
  const bins: Bins = { on, off, alpha, scaled: alpha.map((a) => a * norm.value), constant: new Float64Array(n) };
  const fillConstants = () => {
    for (let i = 0; i < n; i++) bins.constant[i] = constant(i, on[i]!, off[i]!, bins.scaled[i]!);
  };
  fillConstants();
  if (norm.parameter !== undefined && statistic.alphaDerivatives === undefined) {
    throw new SpecError(
      `${where}: the norm of the background cannot be fitted with the statistic "${statistic.name}"; freeze background_norm`,
    );
  }
  const rows = norm.parameter === undefined ? rowsOf(statistic, bins) : rowsWithNorm(statistic, bins);
  const term = rowTerm(dataset.name, components, mask, rows);
  const measured = new Float64Array(2 * n);
  measured.set(on);
  measured.set(off, n);

  /** Counts in ON, then in OFF; brings the scaled alpha to p. */
  function expected(p: Float64Array): Float64Array {
    const signal = term.npred(p);
    const out = new Float64Array(2 * n);
    for (let i = 0; i < n; i++) {
      const [nOn, nOff, ratio, mu, kept] = [on[i]!, off[i]!, bins.scaled[i]!, signal[i]!, bins.constant[i]!];
      const [total, background] = [statistic.total, statistic.background].map((of) => of(nOn, nOff, ratio, mu, kept));
      // what is not Poisson distributed may be below 0
      out[i] = errors.on === undefined ? Math.max(0, total!) : total!;
      out[n + i] = errors.off === undefined ? Math.max(0, background!) : background!;
    }
    return out;
  }
  const data: TermData = {
    measured,
    isCounting: true,
    set(next) {
      on.set(next.subarray(0, n));
      off.set(next.subarray(n));
      fillConstants();
    },
    expected,
    simulator: (p) => drawWithErrors(expected(p), errors, `simulation of dataset "${dataset.name}"`),
    saturated: () => 0,
    dataset: (next) => ({
      ...dataset,
      counts: { ...counts!, data: replaceBins(counts!.data, flat, next) },
      ...(hasOff && { countsOff: { ...countsOff!, data: replaceBins(countsOff!.data, flat, next, n) } }),
    }),
  };
  return {
    term,
    data,
    total: (p) =>
      expected(p)
        .subarray(0, n)
        .reduce((sum, mu) => sum + mu, 0),
    negative: () => 0,
    warnings: statisticWarnings(where, statistic, errors, hasOff ? { on, off } : { on, off: new Float64Array(0) }),
  };
}

/** Counts and alpha of the bins `flat`; without OFF counts, where the statistic can do without, there is no background. */
function pickOnOff(
  { name, counts, countsOff, acceptance, acceptanceOff }: OnOffDataset,
  flat: Int32Array,
  statistic: OnOffStatistic,
) {
  const where = `dataset "${name}"`;
  const hasOff = countsOff !== undefined && acceptanceOff !== undefined;
  if (!hasOff && statistic.mayLackOff !== true) {
    throw new SpecError(
      `${where}: no OFF counts, so ${statistic.name} has no background; read the background file (BACKFILE) as well, or take a statistic that can do without (--statistic cstat: there is no background then)`,
    );
  }
  const on = pickBins(counts!.data, flat);
  if (!hasOff) return { on, off: new Float64Array(flat.length), alpha: on.map(() => 1), hasOff };
  const areaOff = pickBins(acceptanceOff.data, flat);
  const alpha = pickBins(acceptance.data, flat).map((a, i) => a / areaOff[i]!);
  requireAlpha(alpha, undefined, where);
  return { on, off: pickBins(countsOff.data, flat), alpha, hasOff };
}

/** Draws counts on and off the source: Poisson counts, and normal ones where they have errors. */
function drawWithErrors(expected: Float64Array, { on, off }: OnOffErrorMaps, where: string): DrawCounts {
  const poisson = poissonSampler(expected, where);
  if (on === undefined && off === undefined) return poisson;
  const n = expected.length / 2;
  return (random, out) => {
    poisson(random, out);
    for (let i = 0; i < n; i++) {
      if (on !== undefined) out[i] = expected[i]! + on[i]! * random.normal();
      if (off !== undefined) out[n + i] = expected[n + i]! + off[i]! * random.normal();
    }
  };
}

type DrawCounts = ReturnType<typeof poissonSampler>;

function rowsOf(statistic: OnOffStatistic, { on, off, scaled, constant }: Bins): RowStatistic {
  return {
    value: (i, mu) => statistic.value(on[i]!, off[i]!, scaled[i]!, mu, constant[i]!),
    derivatives: (i, mu, out) => statistic.derivatives(on[i]!, off[i]!, scaled[i]!, mu, out, constant[i]!),
  };
}

/** With the norm of the background as the statistic's own parameter. */
function rowsWithNorm(statistic: OnOffStatistic, { on, off, alpha, scaled, constant }: Bins): RowStatistic {
  return {
    value: (i, mu) =>
      scaled[i]! < 0 ? Number.POSITIVE_INFINITY : statistic.value(on[i]!, off[i]!, scaled[i]!, mu, constant[i]!),
    derivatives(i, mu, out) {
      statistic.alphaDerivatives!(on[i]!, off[i]!, scaled[i]!, mu, out, constant[i]!);
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
}
