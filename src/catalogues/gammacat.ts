import { circle, column, measured, ONE_SIGMA, position } from "./parameters.js";
import { pointsTable } from "./points.js";
import type { CatalogueDeclaration, PointsTable, Row, SubmodelSpec } from "./types.js";

const PLACE = { lon: "glon", lat: "glat", frame: "galactic" } as const;
const DNDE = "cm-2 s-1 TeV-1";
const error = (row: Row) => circle(row.number("pos_err", "deg"), ONE_SIGMA);

/** Errors are the statistical ones. */
const SPECTRA: Readonly<Record<string, (row: Row) => SubmodelSpec>> = {
  pl: (row) => ({
    type: "PowerLawSpectralModel",
    values: {
      amplitude: column(row, DNDE, "spec_pl_norm", "spec_pl_norm_err"),
      index: column(row, "", "spec_pl_index", "spec_pl_index_err"),
      reference: column(row, "TeV", "spec_pl_e_ref"),
    },
  }),
  pl2: (row) => ({
    type: "PowerLaw2SpectralModel",
    values: {
      amplitude: column(row, "cm-2 s-1", "spec_pl2_flux", "spec_pl2_flux_err"),
      index: column(row, "", "spec_pl2_index", "spec_pl2_index_err"),
      emin: column(row, "TeV", "spec_pl2_e_min"),
      // a flux above emin
      emax: { value: row.number("spec_pl2_e_max", "TeV") || 1e5, unit: "TeV" },
    },
  }),
  ecpl: (row) => {
    const cut = row.number("spec_ecpl_e_cut", "TeV");
    return {
      type: "ExpCutoffPowerLawSpectralModel",
      values: {
        amplitude: column(row, DNDE, "spec_ecpl_norm", "spec_ecpl_norm_err"),
        index: column(row, "", "spec_ecpl_index", "spec_ecpl_index_err"),
        lambda_: measured(1 / cut, row.number("spec_ecpl_e_cut_err", "TeV") / cut ** 2, "TeV-1"),
        reference: column(row, "TeV", "spec_ecpl_e_ref"),
      },
    };
  },
};

function shape(row: Row): SubmodelSpec | undefined {
  const place = position(row.number(PLACE.lon, "deg"), row.number(PLACE.lat, "deg"), error(row));
  const { frame } = PLACE;
  const size = column(row, "deg", "morph_sigma", "morph_sigma_err");
  switch (row.text("morph_type")) {
    case "point":
      return { type: "PointSpatialModel", frame, values: place };
    case "gauss":
      // some sizes were not published
      if (!(size.value > 0)) return { type: "PointSpatialModel", frame, values: place };
      return { type: "GaussianSpatialModel", frame, values: { ...place, sigma: size } };
    case "shell": {
      // the width of shells was not collected: a fifth of the outer radius is taken, as Gammapy does
      const [radius, width] = [0.8, 0.2].map((part) => ({ value: part * size.value, unit: "deg" })) as [object, object];
      return { type: "ShellSpatialModel", frame, values: { ...place, radius, width } };
    }
    default:
      return undefined;
  }
}

/** The cells have room for 40 points; those that are there have an energy. */
function points({ numbers }: Row): PointsTable | undefined {
  const energies = numbers("sed_e_ref", "TeV");
  const order = [...energies.keys()]
    .filter((i) => Number.isFinite(energies[i]!))
    .sort((a, b) => energies[a]! - energies[b]!);
  if (order.length === 0) return undefined;
  const take = (name: string, unit: string) => {
    const cell = numbers(name, unit);
    return Float64Array.from(order, (i) => cell[i]!);
  };
  // bins are those of all points, or of none
  const edge = (name: string) => {
    const values = take(name, "TeV");
    return ["TeV", values.every(Number.isFinite) ? values : undefined] as const;
  };
  // what was not published for any point
  const dnde = (end: string) => {
    const values = take(`sed_dnde${end}`, DNDE);
    return [DNDE, values.some(Number.isFinite) ? values : undefined] as const;
  };
  return pointsTable("dnde", {
    e_ref: ["TeV", take("sed_e_ref", "TeV")],
    e_min: edge("sed_e_min"),
    e_max: edge("sed_e_max"),
    dnde: dnde(""),
    dnde_err: dnde("_err"),
    dnde_errn: dnde("_errn"),
    dnde_errp: dnde("_errp"),
    dnde_ul: dnde("_ul"),
  });
}

export const catalogueGammacat: CatalogueDeclaration = {
  name: "gamma-cat",
  about: "gamma-cat: collected sources above 50 GeV",
  paper: "https://github.com/gammapy/gamma-cat",
  table: { columns: ["common_name", "gamma_names", "morph_type", "spec_type"] },
  nameColumn: "common_name",
  aliasColumns: ["other_names", "gamma_names", "fermi_names", "tevcat_name"],
  position: PLACE,
  positionError: error,
  models({ row }) {
    const spectral = SPECTRA[row.text("spec_type")]?.(row);
    if (spectral === undefined) return [];
    const spatial = shape(row);
    return [{ name: row.text("common_name"), spectral, ...(spatial && { spatial }) }];
  },
  fluxPoints: ({ row }) => points(row),
};
