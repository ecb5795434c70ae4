/** What datasets hold, one row each. */
import type { DatasetInfo } from "../datasets/types.js";
import { columnsOf } from "../io/table/rows.js";
import type { Table } from "../io/table/types.js";

export function datasetInfoTable(rows: readonly DatasetInfo[]): Table {
  const { text, number, whole } = columnsOf(rows);
  const reason = "data of this kind have none";
  const isOnOff = rows.some((d) => d.countsOff !== undefined);
  return {
    name: "datasets",
    about: "Datasets",
    columns: [
      text("dataset", (d) => d.name),
      text("type", (d) => d.type),
      whole("counts", (d) => d.counts, { reason }),
      ...(isOnOff ? [whole("counts_off", (d) => d.countsOff, { reason })] : []),
      number("background", (d) => d.background, { reason, decimals: 1 }),
      number("excess", (d) => d.excess, { reason, decimals: 1 }),
      number("sqrt_ts", (d) => d.sqrtTs, { reason, decimals: 2 }),
      number("livetime", (d) => d.livetime, { reason, unit: "s" }),
      number("exposure_min", (d) => d.exposureMin, { reason, unit: "cm2 s" }),
      number("exposure_max", (d) => d.exposureMax, { reason, unit: "cm2 s" }),
      whole("bins", (d) => d.nBins),
      whole("fit_bins", (d) => d.nFitBins),
    ],
  };
}
