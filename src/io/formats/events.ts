import { NO, SURE, tableOfClass } from "./sniff.js";
import type { FileFormat } from "./types.js";

export const eventsFormat: FileFormat = {
  name: "events",
  about: "event list",
  holds: [],
  sniff: (file) => (tableOfClass(file, "EVENTS") ? SURE : NO),
  remedy: "events are not read; reduce them to a dataset first (Gammapy's MapDatasetMaker and the like)",
};
