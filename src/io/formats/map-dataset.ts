import { isOnOff } from "../../datasets/facets.js";
import type { BinnedDataset } from "../../datasets/types.js";
import { mapDatasetOfFile, writeMapDataset } from "../map-dataset.js";
import { hasHdu, NO, SURE } from "./sniff.js";
import type { DatasetFormat } from "./types.js";
import { withWriter } from "./with-writer.js";

export const mapDatasetReader: DatasetFormat = {
  name: "map-dataset",
  tag: "gadf",
  about: "dataset of maps or region spectra (Gammapy)",
  holds: ["datasets"],
  sniff: (file) =>
    ["COUNTS", "BACKGROUND", "ACCEPTANCE", "MASK_SAFE"].some(
      (name) => hasHdu(file, name) && hasHdu(file, `${name}_BANDS`),
    )
      ? SURE
      : NO,
  dataset: {
    types: ["MapDataset", "SpectrumDataset", "MapDatasetOnOff", "SpectrumDatasetOnOff"],
    read: (file, { files, name, onNote }) =>
      mapDatasetOfFile(file, { where: file.path, name, maxBytes: files.freeBytes?.(), onNote }),
  },
};

export const mapDatasetFormat = /* @__PURE__ */ withWriter(mapDatasetReader, {
  // as Gammapy names spectra
  fileName: (dataset, stem) =>
    isOnOff(dataset) && dataset.type === "SpectrumDatasetOnOff" ? `pha_obs${stem}.fits` : `${stem}.fits`,
  write: (dataset, name, options) => new Map([[name, writeMapDataset(dataset as BinnedDataset, options)]]),
});
