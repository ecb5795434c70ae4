import { readAbsorption } from "../absorption.js";
import { hasHdu, LIKELY, NO } from "./sniff.js";
import type { FileFormat } from "./types.js";

export const absorptionFormat: FileFormat = {
  name: "absorption",
  about: "table of absorption (XSPEC table model)",
  holds: [],
  sniff: (file) => (["PARAMETERS", "ENERGIES", "SPECTRA"].every((name) => hasHdu(file, name)) ? LIKELY : NO),
  check({ bytes, path }) {
    readAbsorption(bytes, { where: path });
    return { problems: [] };
  },
  remedy: "it is read with the models.yaml that names it: give that one",
};
