import { circle, column, position } from "./parameters.js";
import type { CatalogueDeclaration, Row } from "./types.js";

/** The ending of the columns of a detector; undefined where it has none in this row. */
function endingOf(row: Row, detector: string): string | undefined {
  if (row.text("Model_a").includes(detector)) return "";
  return row.text("Model_b").includes(detector) ? "_b" : undefined;
}

/** Whether the detector measured a flux, not an upper limit. */
const isMeasured = (row: Row, ending: string | undefined): ending is string =>
  ending !== undefined && row.number(`N0${ending}`) > 0;

/** WCDA measures from 1 to 25 TeV, KM2A above 25 TeV. */
const DETECTORS = ["WCDA", "KM2A"];

/** The columns of the detector that is asked for, or of the first one with a flux. */
function measuredEnding(row: Row, variant: string): string | undefined {
  const wanted = DETECTORS.includes(variant) ? [variant] : DETECTORS;
  return wanted.map((detector) => endingOf(row, detector)).find((ending) => isMeasured(row, ending));
}

const error = (row: Row, ending = measuredEnding(row, "auto") ?? "") =>
  circle(row.number(`pos_err${ending}`, "deg"), 0.95);

export const catalogue1lhaaso: CatalogueDeclaration = {
  name: "1lhaaso",
  about: "LHAASO 1LHAASO: WCDA (1 to 25 TeV) and KM2A (above 25 TeV)",
  paper: "Cao et al. 2024, ApJS 271, 25",
  table: { columns: ["Source_Name", "Model_a", "Model_b", "r39"] },
  nameColumn: "Source_Name",
  aliasColumns: ["ASSO_Name"],
  position: { lon: "RAJ2000", lat: "DECJ2000", frame: "fk5" },
  positionError: (row) => error(row),
  // auto: WCDA where it measured a flux, else KM2A
  variants: ["auto", ...DETECTORS],
  models({ row }, variant) {
    const end = measuredEnding(row, variant);
    if (end === undefined) return [];
    const place = position(row.number(`RAJ2000${end}`), row.number(`DECJ2000${end}`), error(row, end));
    const values = {
      amplitude: column(row, "cm-2 s-1 TeV-1", `N0${end}`, `N0_err${end}`),
      index: column(row, "", `gamma${end}`, `gamma_err${end}`),
      reference: column(row, "TeV", `E0${end}`),
    };
    const frame = "fk5" as const;
    const isExtended = row.number(`r39${end}`) > 0;
    return [
      {
        name: row.text("Source_Name"),
        spectral: { type: "PowerLawSpectralModel", values },
        spatial: isExtended
          ? {
              type: "GaussianSpatialModel",
              frame,
              values: { ...place, sigma: column(row, "deg", `r39${end}`, `r39_err${end}`) },
            }
          : { type: "PointSpatialModel", frame, values: place },
      },
    ];
  },
};
