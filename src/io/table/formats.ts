import type { TableFormat } from "./types.js";

/** All that a table can be written as. */
export const TABLE_FORMATS: readonly TableFormat[] = ["csv", "tex", "ecsv", "fits", "json", "text"];
