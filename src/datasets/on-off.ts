import { SpecError } from "../errors.js";
import { requireAlpha, wstatDerivatives, wstatLogTerms, wstatValue } from "../stats/wstat.js";
import type { MaskPixels } from "./terms/component.js";
import type { RowStatistic } from "./terms/row-term.js";
import type { OnOffDataset } from "./types.js";

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

/** WStat of the bins inside the mask, in its order. */
export function onOffStatistic(dataset: OnOffDataset, mask: MaskPixels): RowStatistic {
  const where = `dataset "${dataset.name}"`;
  if (dataset.countsOff === undefined || dataset.acceptanceOff === undefined) {
    throw new SpecError(
      `${where}: no OFF counts, so wstat has no background; read the background file (BACKFILE) as well`,
    );
  }
  const nPix = dataset.counts!.data.length / mask.length;
  const bins = Int32Array.from(mask.flatMap((pixels, r) => Array.from(pixels, (i) => r * nPix + i)));
  const pick = (data: Float64Array) => Float64Array.from(bins, (i) => data[i]!);
  const nOn = pick(dataset.counts!.data);
  const nOff = pick(dataset.countsOff.data);
  const alpha = pick(alphaOf(dataset));
  requireAlpha(alpha, undefined, where);
  const logTerms = nOn.map((n, i) => wstatLogTerms(n, nOff[i]!));
  return {
    value: (i, mu) => wstatValue(nOn[i]!, nOff[i]!, alpha[i]!, mu, logTerms[i]!),
    derivatives: (i, mu, out) => wstatDerivatives(nOn[i]!, nOff[i]!, alpha[i]!, mu, out, logTerms[i]!),
  };
}
