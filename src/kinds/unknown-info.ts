import type { Dataset, DatasetInfo } from "../datasets/types.js";
import { ontime } from "../time/gti.js";

/** What `info` finds in data that are not counts: all that is of counts is unknown. */
export function unknownInfo({
  name,
  type,
  gti,
}: Dataset): Omit<DatasetInfo, "nBins" | "nFitBins" | "statType" | "statSum"> {
  const unknown = Number.NaN;
  return {
    name,
    type,
    counts: unknown,
    excess: unknown,
    sqrtTs: unknown,
    background: unknown,
    npred: unknown,
    npredBackground: unknown,
    npredSignal: unknown,
    exposureMin: unknown,
    exposureMax: unknown,
    livetime: unknown,
    ontime: gti === undefined ? unknown : ontime(gti),
    countsRate: unknown,
    backgroundRate: unknown,
    excessRate: unknown,
  };
}
