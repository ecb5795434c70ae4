import type { OnOffDataset } from "../datasets/types.js";

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
