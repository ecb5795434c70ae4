import { hasColumns, keyword } from "../hdu.js";
import { LIKELY, NO, SURE, tablesOf } from "./sniff.js";
import type { FileFormat } from "./types.js";

/** Of archives: counts or rates by time (OGIP 93-003). */
export const ratesFormat: FileFormat = {
  name: "count-rates",
  about: "light curve of counts or rates (OGIP)",
  holds: [],
  sniff(file) {
    const tables = tablesOf(file);
    if (tables.some((table) => keyword(table, "HDUCLAS1") === "LIGHTCURVE")) return SURE;
    const isRates = tables.some(
      (table) => hasColumns(table, "time") && ["rate", "counts", "rate1"].some((name) => hasColumns(table, name)),
    );
    return isRates ? LIKELY : NO;
  },
  remedy: "light curves of rates are not read, only those of fluxes in bins of energy, as Gammapy writes them",
};
