/** The data of models as files: one format for each kind. Readers and writers apart, so that a page that reads only needs no writers. */
import type { ResourceKind, Resources } from "../models/types.js";
import { readAbsorption, writeAbsorption } from "./absorption.js";
import { readMap, writeMap } from "./map-fits.js";
import type { MemoryLimit } from "./memory.js";
import { readPhaseCurve, writePhaseCurve } from "./phase-curve.js";
import { readSpectrumText, writeSpectrumText } from "./spectrum-text.js";
import { readTableModel } from "./table-model/read.js";
import { writeTableModel } from "./table-model/write.js";
import { readTimeSeries, writeTimeSeries } from "./time-series.js";

export const resourceReaders: {
  readonly [K in ResourceKind]: (bytes: Uint8Array, options: MemoryLimit) => Resources[K];
} = {
  "spectral-table": readAbsorption,
  "spectral-text": readSpectrumText,
  map: readMap,
  "table-model": readTableModel,
  "time-series": readTimeSeries,
  "phase-curve": readPhaseCurve,
};

export const resourceWriters: { readonly [K in ResourceKind]: (data: Resources[K]) => Uint8Array } = {
  "spectral-table": writeAbsorption,
  "spectral-text": writeSpectrumText,
  map: (map) => writeMap(map),
  "table-model": writeTableModel,
  "time-series": writeTimeSeries,
  "phase-curve": writePhaseCurve,
};
