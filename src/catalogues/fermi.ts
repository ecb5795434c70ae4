/** What the catalogues of Fermi-LAT have in common. */
import type { Frame } from "../sky/types.js";
import { column, position } from "./parameters.js";
import type { CatalogueDeclaration, PositionError, Row, SourceRows, SubmodelSpec } from "./types.js";

export const FERMI_POSITION = { lon: "RAJ2000", lat: "DEJ2000", frame: "icrs" as Frame };

export const perEnergy = (unit: string) => `cm-2 s-1 ${unit}-1`;

/** The ellipse of 95 %. */
export function ellipse95(row: Row): PositionError | undefined {
  const [semiMajor, semiMinor, angle] = ["SemiMajor", "SemiMinor", "PosAng"].map((name) =>
    row.number(`Conf_95_${name}`),
  ) as [number, number, number];
  if (!(semiMajor > 0 && semiMinor > 0)) return undefined;
  return { semiMajor, semiMinor, angle: Number.isFinite(angle) ? angle : 0, containment: 0.95 };
}

const DISKS = ["disk", "elliptical disk", "radialdisk"];
const GAUSSIANS = ["2d gaussian", "elliptical 2d gaussian", "radialgauss"];

/** The shape of a row of the table of extended sources, at the place of the source; `form`: the column that names the shape. */
export function extendedShape(
  extended: Row,
  form: string,
  place: ReturnType<typeof position>,
  frame: Frame,
): SubmodelSpec {
  const name = extended.text(form).toLowerCase();
  const [isDisk, isGaussian] = [DISKS.includes(name), GAUSSIANS.includes(name)];
  if (!isDisk && !isGaussian) {
    // maps, rings and sums of shapes
    return {
      type: "TemplateSpatialModel",
      values: {},
      file: { filename: extended.text("Spatial_Filename") },
    };
  }
  const major = extended.number("Model_SemiMajor", "deg");
  const minor = extended.number("Model_SemiMinor", "deg");
  const ellipse = {
    e: { value: Math.sqrt(Math.max(0, 1 - (minor / major) ** 2)) },
    phi: { value: extended.number("Model_PosAng"), unit: "deg" },
  };
  const size = { value: major, unit: "deg" };
  return isDisk
    ? { type: "DiskSpatialModel", frame, values: { ...place, r_0: size, ...ellipse } }
    : { type: "GaussianSpatialModel", frame, values: { ...place, sigma: size, ...ellipse } };
}

interface Extension {
  readonly table: string;
  readonly form: string;
  /** The name of the source in that table; "" for point sources. */
  nameOf(row: Row): string;
  readonly error: NonNullable<CatalogueDeclaration["positionError"]>;
}

/** Point source, or what the table of extended sources says. */
export function fermiShape(source: SourceRows, { table, form, nameOf, error }: Extension): SubmodelSpec {
  const { row } = source;
  const place = position(row.number(FERMI_POSITION.lon), row.number(FERMI_POSITION.lat), error(row));
  const { frame } = FERMI_POSITION;
  const name = nameOf(row);
  const extended = name === "" ? undefined : source.rows(table).find((other) => other.text("Source_Name") === name);
  if (extended !== undefined) return extendedShape(extended, form, place, frame);
  return { type: "PointSpatialModel", frame, values: place };
}

/** `fermiShape` where a column names the extended source. */
export const namedShape = (source: SourceRows, form: string): SubmodelSpec =>
  fermiShape(source, {
    table: "ExtendedSources",
    form,
    nameOf: (row) => row.text("Extended_Source_Name"),
    error: ellipse95,
  });

/** A parameter that is given in one column, with its error in the column of this name with Unc_ before it. */
export const uncertain = (row: Row, unit: string, name: string) => column(row, unit, name, `Unc_${name}`);

/** Numbers of several columns, one after the other. */
export const together = (row: Row, unit: string, names: readonly string[]): Float64Array =>
  Float64Array.from(names.flatMap((name) => Array.from(row.numbers(name, unit))));
