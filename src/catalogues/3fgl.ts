import { ellipse95, FERMI_POSITION, namedShape, perEnergy, together, uncertain } from "./fermi.js";
import { fluxHistory } from "./fgl-history.js";
import { column } from "./parameters.js";
import { bandPoints } from "./points.js";
import type { CatalogueDeclaration, Row, SubmodelSpec } from "./types.js";

const EDGES = [100, 300, 1000, 3000, 10000, 100000];
const BANDS = EDGES.slice(1).map((edge, i) => `${EDGES[i]}_${edge}`);

/** Spectra by the names of the column SpectrumType: the model, and parameters of its own by column. */
const SPECTRA: Readonly<Record<string, readonly [type: string, own: (row: Row) => SubmodelSpec["values"]]>> = {
  PowerLaw: ["PowerLawSpectralModel", (row) => ({ index: uncertain(row, "", "Spectral_Index") })],
  PLExpCutoff: [
    "ExpCutoffPowerLaw3FGLSpectralModel",
    (row) => ({ index: uncertain(row, "", "Spectral_Index"), ecut: uncertain(row, "MeV", "Cutoff") }),
  ],
  PLSuperExpCutoff: [
    "SuperExpCutoffPowerLaw3FGLSpectralModel",
    (row) => ({
      index_1: uncertain(row, "", "Spectral_Index"),
      index_2: uncertain(row, "", "Exp_Index"),
      ecut: uncertain(row, "MeV", "Cutoff"),
    }),
  ],
  LogParabola: [
    "LogParabolaSpectralModel",
    (row) => ({ alpha: uncertain(row, "", "Spectral_Index"), beta: uncertain(row, "", "beta") }),
  ],
};

export const catalogue3fgl: CatalogueDeclaration = {
  name: "3fgl",
  about: "Fermi-LAT 3FGL: 4 years, 100 MeV to 300 GeV",
  paper: "Acero et al. 2015, ApJS 218, 23",
  table: { hdu: "LAT_Point_Source_Catalog", columns: ["Source_Name", "Flux100_300", "Cutoff"] },
  nameColumn: "Source_Name",
  aliasColumns: [
    ...["Extended_Source_Name", "0FGL_Name", "1FGL_Name", "2FGL_Name", "1FHL_Name"],
    ...["ASSOC_GAM1", "ASSOC_GAM2", "ASSOC_GAM3", "ASSOC_TEV", "ASSOC1", "ASSOC2"],
  ],
  position: FERMI_POSITION,
  positionError: ellipse95,
  templates: ["Extended_archive_v15/Templates", "fermi/Extended_archive_v15/Templates"],
  models(source) {
    const { row } = source;
    const [type, own] = SPECTRA[row.text("SpectrumType")] ?? [];
    if (type === undefined || own === undefined) return [];
    const values = {
      amplitude: uncertain(row, perEnergy("MeV"), "Flux_Density"),
      reference: column(row, "MeV", "Pivot_Energy"),
      ...own(row),
    };
    return [{ name: row.text("Source_Name"), spectral: { type, values }, spatial: namedShape(source, "Model_Form") }];
  },
  fluxPoints: ({ row }) =>
    bandPoints({
      edges: EDGES,
      unit: "MeV",
      flux: together(
        row,
        "cm-2 s-1",
        BANDS.map((band) => `Flux${band}`),
      ),
      errors: together(
        row,
        "cm-2 s-1",
        BANDS.map((band) => `Unc_Flux${band}`),
      ),
      sqrtTs: together(
        row,
        "",
        BANDS.map((band) => `Sqrt_TS${band}`),
      ),
    }),
  lightCurve: (source) => fluxHistory(source, { times: "Hist_Start", flux: "Flux_History", band: [100, 100_000] }),
};
