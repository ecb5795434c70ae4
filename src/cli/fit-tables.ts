/** The result of a fit as the tables of a command. */
import { correlationTable, covarianceTable, datasetsTable, parametersTable } from "../io/table/fit.js";
import type { FitReport } from "../io/types.js";
import type { Tables } from "./tables.js";

export const fitTables = (report: FitReport): Tables => ({
  parameters: () => parametersTable(report),
  datasets: () => datasetsTable(report),
  covariance: () => covarianceTable(report),
  correlation: () => correlationTable(report),
});
