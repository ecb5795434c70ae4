/** Files of no format that GammaTS reads: general kinds, which every other format goes before. */
import { isEcsv } from "../flux-points/ecsv.js";
import { GENERAL, NO } from "./sniff.js";
import type { FileFormat } from "./types.js";

export const textFormat: FileFormat = {
  name: "text",
  about: "text file",
  holds: [],
  sniff: ({ text = "" }) => (text.trim() === "" ? NO : GENERAL),
};

export const yamlFormat: FileFormat = {
  name: "yaml",
  about: "YAML file",
  holds: [],
  sniff: ({ keys }) => (keys.size > 0 ? GENERAL : NO),
};

export const jsonFormat: FileFormat = {
  name: "json",
  about: "JSON file",
  holds: [],
  sniff: ({ text = "" }) => (/^\s*[{[]/.test(text) ? GENERAL : NO),
};

export const ecsvFormat: FileFormat = {
  name: "ecsv",
  about: "ECSV table",
  holds: [],
  sniff: ({ text = "" }) => (isEcsv(text) ? GENERAL : NO),
};

/** Also of what no format knows. */
export const unknownFormat: FileFormat = {
  name: "unknown",
  about: "file of unknown kind",
  holds: [],
  sniff: ({ text, hdus, damage }) => (text?.trim() || hdus || damage ? NO : GENERAL),
};
