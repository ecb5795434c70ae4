import type { FluxPoints, FluxPointsDataset } from "../../datasets/types.js";
import { isEcsv } from "../flux-points/ecsv.js";
import { isOfProgram } from "../flux-points/programs.js";
import { datasetOfTable, fromTable, readTable } from "../flux-points/read.js";
import { namesFor } from "../flux-points/table.js";
import { writeFluxPoints, writeFluxPointsDataset } from "../flux-points/write.js";
import { hasColumns, keyword } from "../hdu.js";
import { LIKELY, NO, SURE, tablesOf } from "./sniff.js";
import type { Certainty, Contents, DatasetFormat, OpenedFile } from "./types.js";
import { withWriter } from "./with-writer.js";

const QUANTITIES = ["dnde", "e2dnde", "flux", "eflux", "norm"];

/** How sure the file has a table of fluxes by energy; `isTimed`: and by time. */
export function sniffFluxes(file: OpenedFile, isTimed: boolean): Certainty {
  const fits = (isThere: (name: string) => boolean) => {
    const has = (name: string) => namesFor(name).some(isThere);
    // some give the middle of an interval, and the lowest energy alone
    const hasTime = has("time_min") || (has("time") && !has("e_ref") && !has("e_max"));
    if (!isTimed && isOfProgram(isThere)) return true;
    return (has("e_ref") || has("e_min") || hasTime) && QUANTITIES.some(has) && hasTime === isTimed;
  };
  if (file.text !== undefined) {
    const { text } = file;
    return isEcsv(text) && fits((name) => new RegExp(`\\bname: ${name}\\b`, "i").test(text)) ? LIKELY : NO;
  }
  const table = tablesOf(file).find((t) => fits((name) => hasColumns(t, name)));
  if (table === undefined) return NO;
  return keyword(table, "SED_TYPE") !== "" ? SURE : LIKELY;
}

interface FluxPointsContents extends Contents {
  readonly fluxPoints: FluxPoints;
}

export const fluxPointsReader: DatasetFormat<FluxPointsContents> = {
  name: "flux-points",
  about: "flux points (GADF SED)",
  holds: ["fluxPoints", "datasets"],
  sniff: (file) => sniffFluxes(file, false),
  read(file, { name, reference, onNote }) {
    const read = readTable(file, file.path, { onNote });
    const options = { where: file.path, name, reference };
    return { fluxPoints: fromTable(read.table, options), datasets: [datasetOfTable(read, { ...options, onNote })] };
  },
  dataset: {
    types: ["FluxPointsDataset"],
    read: (file, { name, reference, onNote }) =>
      datasetOfTable(readTable(file, file.path, { onNote }), { where: file.path, name, reference, onNote }),
  },
};

export const fluxPointsFormat = /* @__PURE__ */ withWriter(
  fluxPointsReader,
  {
    write(dataset, name, options) {
      const bytes = writeFluxPointsDataset(dataset as FluxPointsDataset, { ...options, format: tableFormat(name) });
      return new Map([[name, bytes]]);
    },
  },
  {
    write: ({ fluxPoints }, { name, sedType, onNote }) =>
      new Map([[name, writeFluxPoints(fluxPoints, { format: tableFormat(name), sedType, onNote })]]),
  },
);

/** By the ending of the name. */
export const tableFormat = (name: string) => (/\.ecsv$/i.test(name) ? "ecsv" : "fits");
