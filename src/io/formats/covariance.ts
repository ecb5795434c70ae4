import { LIKELY, NO } from "./sniff.js";
import type { FileFormat } from "./types.js";

export const covarianceFormat: FileFormat = {
  name: "covariance",
  about: "covariance of models (Gammapy)",
  holds: [],
  sniff: ({ text = "" }) => (/^\s*\|?\s*Parameters\b.*\|/.test(text) ? LIKELY : NO),
  // its rows mean nothing without the parameters
  check: () => ({ problems: [] }),
  remedy: "it is read with the models.yaml that names it: give that one",
};
