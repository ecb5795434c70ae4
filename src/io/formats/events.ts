import { NO, SURE, tableOfClass } from "./sniff.js";
import type { FileFormat } from "./types.js";

export const eventsFormat: FileFormat = {
  name: "events",
  about: "event list",
  holds: [],
  sniff: (file) => (tableOfClass(file, "EVENTS") ? SURE : NO),
  remedy: "reduce the folder that it lies in to spectra or maps: gammats reduce FOLDER --target 'RA DEC' --out DIR",
};
