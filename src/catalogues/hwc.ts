import { circle, column, halfWidth, measured, ONE_SIGMA, position } from "./parameters.js";
import type { CatalogueDeclaration, ModelSpec, Row, SubmodelSpec } from "./types.js";

const PLACE = { lon: "glon", lat: "glat", frame: "galactic" } as const;
const DNDE = "cm-2 s-1 TeV-1";

const error = (row: Row) => circle(row.number("pos_err", "deg"), ONE_SIGMA);

/** Power law at 7 TeV; the catalogue gives the index with its sign. */
function powerLaw(amplitude: { value: number; error: number }, index: { value: number; error: number }): SubmodelSpec {
  return {
    type: "PowerLawSpectralModel",
    values: {
      amplitude: measured(amplitude.value, amplitude.error, DNDE),
      index: measured(-index.value, index.error, ""),
      reference: { value: 7, unit: "TeV" },
    },
  };
}

/** A disk of this radius, a point source where it is 0. */
function shape(row: Row, radius: number): SubmodelSpec {
  const place = position(row.number(PLACE.lon, "deg"), row.number(PLACE.lat, "deg"), error(row));
  const { frame } = PLACE;
  return radius > 0
    ? { type: "DiskSpatialModel", frame, values: { ...place, r_0: { value: radius, unit: "deg" } } }
    : { type: "PointSpatialModel", frame, values: place };
}

/** None where the flux was not measured. */
function model(row: Row, spectral: SubmodelSpec, dnde: string, radius: number): ModelSpec[] {
  if (!Number.isFinite(row.number(dnde))) return [];
  return [{ name: row.text("source_name"), spectral, spatial: shape(row, radius) }];
}

export const catalogue2hwc: CatalogueDeclaration = {
  name: "2hwc",
  about: "HAWC 2HWC: 507 days",
  paper: "Abeysekara et al. 2017, ApJ 843, 40",
  table: { columns: ["source_name", "spec0_dnde", "spec0_dnde_err"] },
  nameColumn: "source_name",
  aliasColumns: [],
  position: PLACE,
  positionError: error,
  // two analyses: of a point, and of a disk whose radius is no more than a rough size
  variants: ["point", "extended"],
  models(row_, variant) {
    const { row } = row_;
    const tag = variant === "extended" ? "spec1" : "spec0";
    const amplitude = column(row, DNDE, `${tag}_dnde`, `${tag}_dnde_err`);
    const spectral = powerLaw(amplitude, column(row, "", `${tag}_index`, `${tag}_index_err`));
    return model(row, spectral, `${tag}_dnde`, variant === "extended" ? row.number("spec1_radius", "deg") : 0);
  },
};

export const catalogue3hwc: CatalogueDeclaration = {
  name: "3hwc",
  about: "HAWC 3HWC: 1523 days",
  paper: "Albert et al. 2020, ApJ 905, 76",
  table: { columns: ["source_name", "spec0_dnde", "spec0_dnde_errp"] },
  nameColumn: "source_name",
  aliasColumns: [],
  position: PLACE,
  positionError: error,
  models({ row }) {
    const value = (name: string, unit: string) => ({
      value: row.number(name, unit),
      error: halfWidth(row, unit, `${name}_errn`, `${name}_errp`),
    });
    const spectral = powerLaw(value("spec0_dnde", DNDE), value("spec0_index", ""));
    return model(row, spectral, "spec0_dnde", row.number("spec0_radius", "deg"));
  },
};
