import { ellipse95, FERMI_POSITION, namedShape, perEnergy, uncertain } from "./fermi.js";
import { fluxHistory } from "./fgl-history.js";
import { column } from "./parameters.js";
import { bandPoints } from "./points.js";
import type { CatalogueDeclaration, Row, SourceRows, SubmodelSpec } from "./types.js";

/** The releases DR1 and DR2 give the cutoff at 1 MeV, later ones at the pivot energy, as a slope (S). */
function cutoffSpectrum(row: Row): SubmodelSpec {
  const atPivot = row.has("PLEC_ExpfactorS");
  const end = atPivot ? "S" : "";
  return {
    type: atPivot ? "SuperExpCutoffPowerLaw4FGLDR3SpectralModel" : "SuperExpCutoffPowerLaw4FGLSpectralModel",
    values: {
      ...common(row, "PLEC"),
      index_1: uncertain(row, "", `PLEC_Index${end}`),
      index_2: uncertain(row, "", "PLEC_Exp_Index"),
      expfactor: uncertain(row, "", `PLEC_Expfactor${end}`),
    },
  };
}

const common = (row: Row, tag: string) => ({
  amplitude: uncertain(row, perEnergy("MeV"), `${tag}_Flux_Density`),
  reference: column(row, "MeV", "Pivot_Energy"),
});

const SPECTRA: Readonly<Record<string, (row: Row) => SubmodelSpec>> = {
  PowerLaw: (row) => ({
    type: "PowerLawSpectralModel",
    values: { ...common(row, "PL"), index: uncertain(row, "", "PL_Index") },
  }),
  LogParabola: (row) => ({
    type: "LogParabolaSpectralModel",
    values: {
      ...common(row, "LP"),
      alpha: uncertain(row, "", "LP_Index"),
      beta: uncertain(row, "", "LP_beta"),
    },
  }),
  PLSuperExpCutoff: cutoffSpectrum,
};

/** MeV: those of the table of bands, whose number and width differ among the releases. */
function bandEdges({ rows }: SourceRows): number[] {
  const edges = rows("EnergyBounds").flatMap((row) =>
    ["LowerEnergy", "UpperEnergy"].map((name) => row.number(name, "MeV")),
  );
  return [...new Set(edges)].sort((a, b) => a - b);
}

/** Fluxes in time are of this band, MeV (Abdollahi et al. 2020, table 12). */
const HISTORY: readonly [number, number] = [100, 100_000];

export const catalogue4fgl: CatalogueDeclaration = {
  name: "4fgl",
  about: "Fermi-LAT 4FGL, DR1 to DR4: 8 to 14 years, 50 MeV to 1 TeV",
  paper: "Abdollahi et al. 2020, ApJS 247, 33; Ballet et al. 2020, 2023; Abdollahi et al. 2022, ApJS 260, 53",
  table: { hdu: "LAT_Point_Source_Catalog", columns: ["Source_Name", "PL_Flux_Density", "LP_Flux_Density"] },
  nameColumn: "Source_Name",
  aliasColumns: [
    ...["Extended_Source_Name", "ASSOC_FGL", "ASSOC_FHL"],
    ...["ASSOC_GAM1", "ASSOC_GAM2", "ASSOC_GAM3", "ASSOC_TEV", "ASSOC1", "ASSOC2"],
  ],
  position: FERMI_POSITION,
  positionError: ellipse95,
  templates: ["Extended_14years", "Extended_12years", "LAT_extended_sources_8years"].flatMap((folder) => [
    `${folder}/Templates`,
    `fermi/${folder}/Templates`,
  ]),
  models(source) {
    const { row } = source;
    const spectral = SPECTRA[row.text("SpectrumType")]?.(row);
    if (spectral === undefined) return [];
    return [{ name: row.text("Source_Name"), spectral, spatial: namedShape(source, "Model_Form") }];
  },
  fluxPoints: (source) =>
    bandPoints({
      edges: bandEdges(source),
      unit: "MeV",
      flux: source.row.numbers("Flux_Band", "cm-2 s-1"),
      errors: source.row.numbers("Unc_Flux_Band", "cm-2 s-1"),
      sqrtTs: source.row.numbers("Sqrt_TS_Band"),
    }),
  // one interval a year; DR1 has two months beside it, which are not read
  lightCurve: (source) =>
    fluxHistory(source, { times: "Hist_Start", flux: "Flux_History", sqrtTs: "Sqrt_TS_History", band: HISTORY }),
};
