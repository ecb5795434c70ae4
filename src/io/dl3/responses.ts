/** Responses of one observation (GADF 0.2 and 0.3, and the dialects of CTA-1DC, H.E.S.S., MAGIC and VERITAS) as tables. */
import { FormatError } from "../../errors.js";
import { getCard, type TableHdu } from "../../fits/index.js";
import type { BackgroundTable, EffectiveArea, FovAlignment, IrfTables, PsfTable } from "../../irf/tables/types.js";
import { nBins } from "../../sky/axis.js";
import { keyword } from "../hdu.js";
import { type AxisName, irfAxis, irfColumn, irfTable, irfValues, scaled, soundValues } from "./axes.js";

/** What a table may hold, as GADF's HDUCLAS4 and the classes of an HDU index name it. */
export const RESPONSE_CLASSES = [
  "aeff_2d",
  "edisp_2d",
  "psf_table",
  "psf_3gauss",
  "psf_king",
  "bkg_2d",
  "bkg_3d",
  "rad_max_2d",
] as const;
/** A class of a response, as GADF names it: "aeff_2d". */
export type ResponseClass = (typeof RESPONSE_CLASSES)[number];

export const isResponseClass = (name: string): name is ResponseClass =>
  (RESPONSE_CLASSES as readonly string[]).includes(name);

const PREFIX: Readonly<Record<string, string>> = {
  EFF_AREA: "aeff",
  EDISP: "edisp",
  RPSF: "psf",
  PSF: "psf",
  BKG: "bkg",
  RAD_MAX: "rad_max",
};
/** What a table says that it holds; undefined where it is no response, or one that is not known. */
export function responseClass(table: TableHdu): ResponseClass | undefined {
  if (keyword(table, "HDUCLAS1").toUpperCase() !== "RESPONSE") return undefined;
  const prefix = PREFIX[keyword(table, "HDUCLAS2").toUpperCase()];
  const name = keyword(table, "HDUCLAS4").toLowerCase();
  return [name, `${prefix}_${name}`].find(isResponseClass);
}

/** Whether a table says that it is a response of this kind of data, be it one that is read or not. */
export const isResponse = (table: TableHdu): boolean =>
  keyword(table, "HDUCLAS1").toUpperCase() === "RESPONSE" &&
  Object.hasOwn(PREFIX, keyword(table, "HDUCLAS2").toUpperCase());

export const isPointLike = (table: TableHdu): boolean => /POINT.LIKE/i.test(keyword(table, "HDUCLAS3"));

/** LO_THRES and HI_THRES, TeV; 0 stands for no limit. */
export function responseEnergies(table: TableHdu, at: string): EffectiveArea["range"] {
  const [low, high] = [headerSize(table, "LO_THRES", at), headerSize(table, "HI_THRES", at)];
  return low || high ? [low || undefined, high || undefined] : undefined;
}

/** Context of a response: what the event list of its observation says. */
export interface ResponseContext {
  /** Right ascension grows with DETX: some versions of H.E.S.S. files, told by the CREATOR of the event list. */
  readonly reversedLon?: boolean;
  readonly onNote?: ((note: string) => void) | undefined;
}

/** One table read into the responses of an observation. */
export function readResponse(
  table: TableHdu,
  kind: ResponseClass,
  at: string,
  context: ResponseContext = {},
): IrfTables {
  const { onNote } = context;
  switch (kind) {
    case "aeff_2d":
      return { aeff: readArea(table, at, onNote) };
    case "edisp_2d":
      return { edisp: { table: irfTable(table, ["MATRIX"], ["energyTrue", "migra", "offset"], "", at, onNote) } };
    case "rad_max_2d":
      return { radMax: { table: irfTable(table, ["RAD_MAX"], ["energy", "offset"], "deg", at, onNote) } };
    case "bkg_2d":
    case "bkg_3d":
      return { background: readBackground(table, kind, at, context) };
    default:
      return { psf: readPsf(table, kind, at, onNote) };
  }
}

function readArea(table: TableHdu, at: string, onNote: ResponseContext["onNote"]): EffectiveArea {
  const radMax = headerSize(table, "RAD_MAX", at);
  const range = responseEnergies(table, at);
  return {
    table: irfTable(table, ["EFFAREA"], ["energyTrue", "offset"], "cm2", at, onNote),
    pointLike: isPointLike(table),
    ...(range && { range }),
    ...(radMax !== undefined && { radMax }),
  };
}

/** A number of the header; texts such as "NONE" and blanks are none. */
export function headerSize(table: TableHdu, key: string, at: string): number | undefined {
  const value = getCard(table.header, key)?.value;
  if (value === undefined || value === null || (typeof value === "string" && !/\d/.test(value))) return undefined;
  const n = Number(value);
  if (Number.isFinite(n) && n >= 0) return n;
  throw new FormatError({ where: `${at}, keyword ${key}`, found: String(value), expected: "a number of at least 0" });
}

const AXES: readonly AxisName[] = ["energyTrue", "offset"];

function readPsf(
  table: TableHdu,
  kind: "psf_table" | "psf_3gauss" | "psf_king",
  at: string,
  onNote: ResponseContext["onNote"],
): PsfTable {
  const on = (names: readonly string[], unit: string) => irfTable(table, names, AXES, unit, at, onNote);
  if (kind === "psf_table") {
    return { kind: "table", table: irfTable(table, ["RPSF"], ["energyTrue", "offset", "rad"], "sr-1", at, onNote) };
  }
  if (kind === "psf_king") return { kind: "king", gamma: on(["GAMMA"], ""), sigma: on(["SIGMA"], "deg") };
  // A width of 0 belongs to a Gaussian of no weight: Gammapy reads it as 1 deg.
  const sigma = ["SIGMA_1", "SIGMA_2", "SIGMA_3"].map((name) => {
    const s = on([name], "deg");
    return { ...s, data: s.data.map((x) => (x > 0 ? x : 1)) };
  });
  return { kind: "gauss", sigma, amplitude: ["AMPL_2", "AMPL_3"].map((name) => on([name], "")) };
}

const RATE = "s-1 TeV-1 sr-1";

function readBackground(
  table: TableHdu,
  kind: "bkg_2d" | "bkg_3d",
  at: string,
  { reversedLon = false, onNote }: ResponseContext,
): BackgroundTable {
  const column = irfColumn(table, ["BKG", "BGD"], at);
  const names: AxisName[] = kind === "bkg_2d" ? ["energy", "offset"] : ["energy", "fovLon", "fovLat"];
  const axes = names.map((name) => irfAxis(table, name, at));
  const sizes = axes.map(nBins);
  // GADF asks for (energy, x, y) in the order of FITS; most files have (x, y, energy), whose C order is [energy][x][y].
  const turned =
    column.shape.length !== sizes.length || column.shape.every((n, k) => n === sizes[sizes.length - 1 - k]);
  if (kind === "bkg_3d" && sizes[0] === sizes[1] && sizes[0] === sizes[2]) {
    onNote?.(
      `${at}, column ${column.name}: ${sizes.join(" x ")} numbers, which of the axes is the energy cannot be told; taken as (energy, DETX, DETY)`,
    );
  }
  const data = soundValues(irfValues(table, column, axes, at, !turned), column, at, onNote);
  const unit = column.unit?.trim() ?? "";
  if (unit === "") onNote?.(`${at}, column ${column.name} has no unit; s-1 MeV-1 sr-1 is taken, as the format has it`);
  const values = unit === "" ? data.map((x) => x * 1e6) : scaled(data, column, RATE, at);
  const tiny = column.format === "E" ? 1.1754943508222875e-38 : 2.2250738585072014e-308;
  return {
    table: { axes, data: values, unit: RATE },
    alignment: alignment(table, kind, at, reversedLon, onNote),
    tiny: tiny * 1e6,
  };
}

function alignment(
  table: TableHdu,
  kind: "bkg_2d" | "bkg_3d",
  at: string,
  reversedLon: boolean,
  onNote: ResponseContext["onNote"],
): FovAlignment {
  if (kind === "bkg_2d") return "radec";
  const value = keyword(table, "FOVALIGN").toUpperCase();
  if (value === "ALTAZ") return "altaz";
  if (value === "") {
    onNote?.(
      `${at} has no keyword FOVALIGN: the field of view is taken to lie along right ascension and declination (GADF's default is ALTAZ, Gammapy's RADEC)`,
    );
  } else if (value !== "RADEC") {
    throw new FormatError({
      where: `${at}, keyword FOVALIGN`,
      found: JSON.stringify(value),
      expected: "RADEC or ALTAZ",
    });
  }
  return reversedLon ? "reverse-lon-radec" : "radec";
}
