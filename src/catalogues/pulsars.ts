import { perEnergy, uncertain } from "./fermi.js";
import { column } from "./parameters.js";
import { bandPoints } from "./points.js";
import type { CatalogueDeclaration, Row, SourceRows, SubmodelSpec } from "./types.js";

/** A power law where the cutoff is not significant (TS < 9), else one with a cutoff, whose sharpness is 1 unless it was measured (TS >= 9). */
function spectrum2pc(row: Row): SubmodelSpec | undefined {
  const [cutoff, sharpness] = [row.number("TS_Cutoff"), row.number("TS_bfree")];
  const common = (tag: string) => ({
    amplitude: uncertain(row, perEnergy("MeV"), `${tag}_Prefactor`),
    reference: column(row, "MeV", `${tag}_Scale`),
  });
  const index = (tag: string) => uncertain(row, "", `${tag}_Photon_Index`);
  if (cutoff < 9) return { type: "PowerLawSpectralModel", values: { ...common("PL"), index: index("PL") } };
  if (Number.isNaN(sharpness)) return undefined;
  // of one pulsar the fit with free sharpness has no values
  const tag = sharpness >= 9 && Number.isFinite(row.number("PLEC_Prefactor")) ? "PLEC" : "PLEC1";
  const index_2 = tag === "PLEC" ? uncertain(row, "", "PLEC_Exponential_Index") : { value: 1 };
  const ecut = uncertain(row, "MeV", `${tag}_Cutoff`);
  return {
    type: "SuperExpCutoffPowerLaw3FGLSpectralModel",
    values: { ...common(tag), index_1: index(tag), index_2, ecut },
  };
}

const pointAt = (row: Row, { lon, lat, frame }: CatalogueDeclaration["position"]): SubmodelSpec => ({
  type: "PointSpatialModel",
  frame,
  values: { lon_0: column(row, "deg", lon), lat_0: column(row, "deg", lat) },
});

const PLACE_2PC = { lon: "RAJ2000", lat: "DEJ2000", frame: "icrs" } as const;

export const catalogue2pc: CatalogueDeclaration = {
  name: "2pc",
  about: "Fermi-LAT 2PC, second catalogue of pulsars: 3 years, 100 MeV to 100 GeV",
  paper: "Abdo et al. 2013, ApJS 208, 17",
  table: { hdu: "PULSAR_CATALOG", columns: ["PSR_Name", "Period"] },
  nameColumn: "PSR_Name",
  aliasColumns: [],
  position: PLACE_2PC,
  models({ row, rows }) {
    const name = row.text("PSR_Name");
    const own = rows("SPECTRAL").find((other) => other.text("PSR_Name") === name);
    const spectral = own && spectrum2pc(own);
    return spectral === undefined ? [] : [{ name, spectral, spatial: pointAt(row, PLACE_2PC) }];
  },
};

const PLACE_3PC = { lon: "RAJD", lat: "DECJD", frame: "icrs" } as const;
/** MeV */
const EDGES_3PC = [50, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000, 1_000_000];

/** The row of the table of spectra. */
const spectralRow = ({ row, rows }: SourceRows): Row | undefined =>
  rows("LAT_Point_Source_Catalog").find((other) => other.text("NickName") === `PSR${row.text("PSRJ")}`);

/** With free sharpness of the cutoff (bfr), or held at 2/3 (b23); without sharpness of its own bfr is missing. */
function spectrum3pc(row: Row, variant: string): SubmodelSpec | undefined {
  if (row.text("SpectrumType") !== "PLSuperExpCutoff4") return undefined;
  const isFree = variant !== "b23" && Number.isFinite(row.number("PLEC_IndexS_bfr"));
  const end = isFree ? "bfr" : "b23";
  const slope = uncertain(row, "", `PLEC_IndexS_${end}`);
  const sharpness = `PLEC_Exp_Index_${end}`;
  return {
    type: "SuperExpCutoffPowerLaw4FGLDR3SpectralModel",
    values: {
      amplitude: uncertain(row, perEnergy("MeV"), `PLEC_Flux_Density_${end}`),
      reference: column(row, "MeV", `Pivot_Energy_${end}`),
      // the catalogue gives d ln dnde / d ln E
      index_1: { ...slope, value: -slope.value },
      index_2: isFree ? uncertain(row, "", sharpness) : column(row, "", sharpness),
      expfactor: uncertain(row, "", `PLEC_ExpfactorS_${end}`),
    },
  };
}

export const catalogue3pc: CatalogueDeclaration = {
  name: "3pc",
  about: "Fermi-LAT 3PC, third catalogue of pulsars: 12 years, 50 MeV to 1 TeV",
  paper: "Smith et al. 2023, ApJ 958, 191",
  table: { hdu: "PULSARS_BIGFILE", columns: ["PSRJ", "RAJD", "DECJD"] },
  nameColumn: "PSRJ",
  aliasColumns: ["NAME", "FGLname"],
  position: PLACE_3PC,
  variants: ["auto", "b23"],
  models(source, variant) {
    const own = spectralRow(source);
    const spectral = own && spectrum3pc(own, variant);
    const { row } = source;
    return spectral === undefined ? [] : [{ name: row.text("PSRJ"), spectral, spatial: pointAt(row, PLACE_3PC) }];
  },
  fluxPoints(source) {
    const own = spectralRow(source);
    return (
      own &&
      bandPoints({
        edges: EDGES_3PC,
        unit: "MeV",
        flux: own.numbers("Flux_Band", "cm-2 s-1"),
        errors: own.numbers("Unc_Flux_Band", "cm-2 s-1"),
        sqrtTs: own.numbers("Sqrt_TS_Band"),
        minSqrtTs: 2,
        e2dnde: ["MeV cm-2 s-1", own.numbers("nuFnu_Band", "MeV cm-2 s-1")],
      })
    );
  },
};
