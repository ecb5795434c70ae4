import { ellipse95, FERMI_POSITION, fermiShape, namedShape, perEnergy, together, uncertain } from "./fermi.js";
import { circle, column } from "./parameters.js";
import { bandPoints } from "./points.js";
import type { CatalogueDeclaration, Row } from "./types.js";

const EDGES_2FHL = [50, 171, 585, 2000];
const BANDS_2FHL = EDGES_2FHL.slice(1).map((edge, i) => `${EDGES_2FHL[i]}_${edge}GeV`);
const error68 = (row: Row) => circle(row.number("Pos_err_68", "deg"), 0.68);

export const catalogue2fhl: CatalogueDeclaration = {
  name: "2fhl",
  about: "Fermi-LAT 2FHL: 80 months, 50 GeV to 2 TeV",
  paper: "Ackermann et al. 2016, ApJS 222, 5",
  table: { hdu: "2FHL Source Catalog", columns: ["Source_Name", "Flux50", "Pos_err_68"] },
  nameColumn: "Source_Name",
  aliasColumns: ["ASSOC", "3FGL_Name", "1FHL_Name", "TeVCat_Name"],
  position: FERMI_POSITION,
  positionError: error68,
  templates: ["Extended_archive_v15/Templates", "fermi/Extended_archive_v15/Templates"],
  models(source) {
    const { row } = source;
    const name = row.text("Source_Name");
    const values = {
      amplitude: uncertain(row, "cm-2 s-1", "Flux50"),
      index: uncertain(row, "", "Spectral_Index"),
      emin: { value: 0.05, unit: "TeV" },
      emax: { value: 2, unit: "TeV" },
    };
    const spatial = fermiShape(source, {
      table: "Extended Sources",
      form: "Model_Form",
      // names of extended sources end so
      nameOf: () => (name.endsWith("e") ? name : ""),
      error: error68,
    });
    return [{ name, spectral: { type: "PowerLaw2SpectralModel", values }, spatial }];
  },
  fluxPoints: ({ row }) =>
    bandPoints({
      edges: EDGES_2FHL,
      unit: "GeV",
      flux: together(
        row,
        "cm-2 s-1",
        BANDS_2FHL.map((band) => `Flux${band}`),
      ),
      errors: together(
        row,
        "cm-2 s-1",
        BANDS_2FHL.map((band) => `Unc_Flux${band}`),
      ),
      sqrtTs: together(
        row,
        "",
        BANDS_2FHL.map((band) => `Sqrt_TS${band}`),
      ),
    }),
};

const EDGES_3FHL = [10, 20, 50, 150, 500, 2000];

export const catalogue3fhl: CatalogueDeclaration = {
  name: "3fhl",
  about: "Fermi-LAT 3FHL: 7 years, 10 GeV to 2 TeV",
  paper: "Ajello et al. 2017, ApJS 232, 18",
  table: { hdu: "LAT_Point_Source_Catalog", columns: ["Source_Name", "Flux_Band", "Unc_PowerLaw_Index"] },
  nameColumn: "Source_Name",
  aliasColumns: ["Extended_Source_Name", "ASSOC_GAM", "ASSOC_TEV", "ASSOC1", "ASSOC2"],
  position: FERMI_POSITION,
  positionError: ellipse95,
  templates: ["Extended_archive_v18/Templates", "fermi/Extended_archive_v18/Templates"],
  models(source) {
    const { row } = source;
    const common = {
      amplitude: uncertain(row, perEnergy("GeV"), "Flux_Density"),
      reference: column(row, "GeV", "Pivot_Energy"),
    };
    const spectral =
      row.text("SpectrumType") === "LogParabola"
        ? {
            type: "LogParabolaSpectralModel",
            values: { ...common, alpha: uncertain(row, "", "Spectral_Index"), beta: uncertain(row, "", "beta") },
          }
        : { type: "PowerLawSpectralModel", values: { ...common, index: uncertain(row, "", "PowerLaw_Index") } };
    return [{ name: row.text("Source_Name"), spectral, spatial: namedShape(source, "Spatial_Function") }];
  },
  fluxPoints: ({ row }) =>
    bandPoints({
      edges: EDGES_3FHL,
      unit: "GeV",
      flux: row.numbers("Flux_Band", "cm-2 s-1"),
      errors: row.numbers("Unc_Flux_Band", "cm-2 s-1"),
      sqrtTs: row.numbers("Sqrt_TS_Band"),
    }),
};
