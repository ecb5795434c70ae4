import { circle, column } from "./parameters.js";
import { pointsTable } from "./points.js";
import type { CatalogueDeclaration, ModelSpec, PointsTable, Row, SourceRows, SubmodelSpec } from "./types.js";

const frame = "galactic" as const;
const DNDE = "cm-2 s-1 TeV-1";

const placeOf = (row: Row) => ({
  lon_0: column(row, "deg", "GLON", "GLON_Err"),
  lat_0: column(row, "deg", "GLAT", "GLAT_Err"),
});

/** `weight`: the share of a component. */
function spectrum(row: Row, variant: string, weight: number): SubmodelSpec | undefined {
  const type = variant === "best" ? row.text("Spectral_Model").toLowerCase() : variant;
  if (type !== "pl" && type !== "ecpl") return undefined;
  const tag = type.toUpperCase();
  const amplitude = column(row, DNDE, `Flux_Spec_${tag}_Diff_Pivot`, `Flux_Spec_${tag}_Diff_Pivot_Err`);
  if (!(amplitude.value > 0)) return undefined;
  const common = {
    amplitude: { ...amplitude, value: amplitude.value * weight, error: amplitude.error * weight },
    index: column(row, "", `Index_Spec_${tag}`, `Index_Spec_${tag}_Err`),
    reference: column(row, "TeV", `Energy_Spec_${tag}_Pivot`),
  };
  if (type === "pl") return { type: "PowerLawSpectralModel", values: common };
  const lambda_ = column(row, "TeV-1", "Lambda_Spec_ECPL", "Lambda_Spec_ECPL_Err");
  return { type: "ExpCutoffPowerLawSpectralModel", values: { ...common, lambda_ } };
}

function shape(row: Row): SubmodelSpec {
  const place = placeOf(row);
  const size = column(row, "deg", "Size", "Size_Err");
  switch (row.text("Spatial_Model")) {
    case "Point-Like":
      return { type: "PointSpatialModel", frame, values: place };
    case "Shell": {
      // widths of shells were not measured: 5 % of the outer radius is taken, as Gammapy does
      const radius = { ...size, value: 0.95 * size.value };
      return {
        type: "ShellSpatialModel",
        frame,
        values: { ...place, radius, width: { value: size.value - radius.value, unit: "deg" } },
      };
    }
    default:
      return { type: "GaussianSpatialModel", frame, values: { ...place, sigma: size } };
  }
}

/** A source of several Gaussians is several models, each with its share of the flux above 1 TeV. */
function components({ row, rows }: SourceRows, variant: string): ModelSpec[] {
  const names = row.text("Components").split(", ");
  const all = rows("HGPS_GAUSS_COMPONENTS");
  return names.flatMap((name) => {
    const component = all.find((other) => other.text("Component_ID") === name);
    const weight = (component?.number("Flux_Map") ?? 0) / row.number("Flux_Map");
    const spectral = spectrum(row, variant, weight);
    if (component === undefined || spectral === undefined) return [];
    const values = { ...placeOf(component), sigma: column(component, "deg", "Size", "Size_Err") };
    return [{ name, spectral, spatial: { type: "GaussianSpatialModel", frame, values } }];
  });
}

function points({ row }: SourceRows): PointsTable | undefined {
  const energies = row.numbers("Flux_Points_Energy", "TeV");
  const kept = [...energies.keys()].filter((i) => Number.isFinite(energies[i]!));
  if (kept.length === 0) return undefined;
  const take = (end: string, unit: string) => {
    const cell = row.numbers(`Flux_Points_${end}`, unit);
    return [unit, Float64Array.from(kept, (i) => cell[i]!)] as const;
  };
  // one source has energies alone
  const hasEdges = kept.some((i) => row.numbers("Flux_Points_Energy_Min", "TeV")[i]! > 0);
  return pointsTable("dnde", {
    e_ref: take("Energy", "TeV"),
    ...(hasEdges && { e_min: take("Energy_Min", "TeV"), e_max: take("Energy_Max", "TeV") }),
    dnde: take("Flux", DNDE),
    dnde_errn: take("Flux_Err_Lo", DNDE),
    dnde_errp: take("Flux_Err_Hi", DNDE),
    dnde_ul: take("Flux_UL", DNDE),
    is_ul: take("Flux_Is_UL", ""),
  });
}

export const catalogueHgps: CatalogueDeclaration = {
  name: "hgps",
  about: "H.E.S.S. Galactic plane survey",
  paper: "H.E.S.S. Collaboration 2018, A&A 612, A1",
  table: { hdu: "HGPS_SOURCES", columns: ["Source_Name", "Spatial_Model", "Spectral_Model"] },
  nameColumn: "Source_Name",
  aliasColumns: ["Identified_Object"],
  position: { lon: "GLON", lat: "GLAT", frame },
  positionError: (row) => circle(row.number("Pos_Err_68", "deg"), 0.68),
  variants: ["best", "pl", "ecpl"],
  models(source, variant) {
    const { row } = source;
    const isSum = /^[23]-Gaussian$/.test(row.text("Spatial_Model"));
    if (isSum || (row.text("Spatial_Model") === "Gaussian" && !(row.number("Size") > 0))) {
      return components(source, variant);
    }
    const spectral = spectrum(row, variant, 1);
    return spectral === undefined ? [] : [{ name: row.text("Source_Name"), spectral, spatial: shape(row) }];
  },
  fluxPoints: points,
};
