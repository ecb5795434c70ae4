/**
 * HEALPix maps as tables: those of GADF "skymaps" (Gammapy), of the Fermi tools (counts, exposure and template cubes), of healpy and HAWC. A row for each pixel and a column
 * for each bin, or a row for each value (SPARSE).
 */
import { FormatError, UnsupportedError } from "../errors.js";
import {
  type Card,
  getCard,
  type Hdu,
  headerNumber,
  makeColumn,
  numericColumn,
  type TableHdu,
  tableHdu,
} from "../fits/index.js";
import { MAX_NSIDE, pixelCount } from "../sky/healpix/scheme.js";
import { nBins } from "../sky/index.js";
import type { Frame, HealpixGeom, MapAxis, MaskMap, SkyMap } from "../sky/types.js";
import { card, unitOrNone } from "./cards.js";
import { keyword } from "./hdu.js";

export const isHealpix = (hdu: Hdu): boolean => hdu.kind === "table" && keyword(hdu, "PIXTYPE") === "HEALPIX";

/** What healpy writes where there is no value. */
const UNSEEN = -1.6375e30;

/** Columns that say where values belong. */
const PLACES = /^(PIX|PIXEL|CHANNEL|KEY|IPIX|HPX)$/i;
/** Columns of bins: CHANNEL1 (GADF, counts), ENERGY1 (exposure and template cubes), Bin0 (GALPROP). */
const BINS = /^(CHANNEL|ENERGY|BIN)\d+$/i;

/** Pixels and values; `own`: the unit in the file; `notes`: what was guessed, and columns that are not used. */
export function readHealpix(table: TableHdu, axes: readonly MapAxis[], at: string) {
  const geom = { ...schemeOf(table, at), axes };
  const bins = axes.reduce((product, axis) => product * nBins(axis), 1);
  const scheme = keyword(table, "INDXSCHM").toUpperCase();
  const isSaid = ["COORDSYS", "COORDTYPE", "RADESYS", "RADECSYS"].some((key) => keyword(table, key) !== "");
  const notes = isSaid ? [] : ["the frame is not said (COORDSYS), and is taken for equatorial"];
  if (scheme === "SPARSE") return { ...sparse(table, geom, bins, at), notes };
  const pixels = pixelsIn(table, geom.nside, scheme, at);
  const { chosen, ignored } = columnsOf(table, bins, at);
  const n = pixels?.length ?? pixelCount(geom.nside);
  const data = new Float64Array(bins * n);
  for (const [bin, name] of chosen.entries()) {
    const values = numericColumn(table, name, at);
    if (values.length !== n) {
      throw new FormatError(
        `${at}: the column ${name} has ${values.length} values, expected ${n}${pixels ? "" : ` = 12 NSIDE^2`}; the file is damaged or a part of another one`,
        { code: "damaged", where: at },
      );
    }
    data.set(values, bin * n);
  }
  for (let i = 0; i < data.length; i++) if (Math.abs(data[i]! / UNSEEN - 1) < 1e-5) data[i] = Number.NaN;
  const column = table.columns.find(({ name }) => name === chosen[0]);
  if (ignored.length > 0) notes.push(`the columns ${ignored.join(", ")} are not used, only ${chosen.join(", ")}`);
  return { geom: { ...geom, pixels }, data, own: unitOf(table) || (column?.unit ?? ""), notes };
}

const unitOf = (table: TableHdu): string => {
  const unit = getCard(table.header, "BUNIT")?.value;
  return typeof unit === "string" ? unit.trim() : "";
};

function schemeOf(table: TableHdu, at: string): Omit<HealpixGeom, "pixels" | "axes"> {
  const nside = getCard(table.header, "NSIDE")
    ? headerNumber(table.header, "NSIDE", at)
    : 2 ** headerNumber(table.header, "ORDER", at);
  const ordering = keyword(table, "ORDERING").toUpperCase();
  if (!Number.isInteger(nside) || nside < 1) {
    throw new FormatError(`${at}: NSIDE is ${nside}, expected an integer from 1; the header is damaged`);
  }
  if (nside > MAX_NSIDE) {
    throw new UnsupportedError(
      `${at}: NSIDE is ${nside}; up to ${MAX_NSIDE} are read; degrade the map (healpy.ud_grade)`,
    );
  }
  if (!/^(RING|NESTED|NEST)$/.test(ordering)) {
    throw new FormatError(`${at}: ORDERING is "${ordering}", expected RING or NESTED; correct the header`);
  }
  const nested = ordering !== "RING";
  if (nested && !Number.isInteger(Math.log2(nside))) {
    throw new FormatError(`${at}: NSIDE is ${nside}; NESTED needs a power of 2; correct the header`);
  }
  const region = keyword(table, "HPX_REG") || keyword(table, "HPXREGION");
  return { kind: "healpix", nside, nested, frame: frameOf(table, at), ...(region !== "" && { region }) };
}

const FRAMES: Readonly<Record<string, Frame>> = {
  CEL: "icrs",
  C: "icrs",
  EQU: "icrs",
  EQUATORIAL: "icrs",
  CELESTIAL: "icrs",
  ICRS: "icrs",
  GAL: "galactic",
  G: "galactic",
  GALACTIC: "galactic",
};

/** Without a word in the header (the Fermi tools have RADECSYS): equatorial, as healpy and Gammapy take it. */
function frameOf(table: TableHdu, at: string): Frame {
  const said = (keyword(table, "COORDSYS") || keyword(table, "COORDTYPE") || "CEL").trim().toUpperCase();
  const frame = FRAMES[said];
  if (frame !== undefined) return frame;
  throw new UnsupportedError(
    `${at}: COORDSYS is "${said}", expected CEL or GAL; rotate the map (healpy.Rotator) first`,
  );
}

/** Pixel numbers of a part of the sky; null: all. */
function pixelsIn(table: TableHdu, nside: number, scheme: string, at: string): Int32Array | null {
  if (scheme === "LOCAL") {
    throw new UnsupportedError(`${at}: INDXSCHM is LOCAL, whose numbers depend on each bin; write the map as EXPLICIT`);
  }
  const column = table.columns.find(({ name }) => /^(PIX|PIXEL|IPIX)$/i.test(name));
  if (column === undefined && scheme === "IMPLICIT") return null;
  if (column === undefined) {
    const first = headerNumber(table.header, "FIRSTPIX", at, 0);
    const n = headerNumber(table.header, "LASTPIX", at, pixelCount(nside) - 1) - first + 1;
    if (first === 0 && n === pixelCount(nside)) return null;
    return checked(
      Int32Array.from({ length: Math.max(0, Math.min(n, pixelCount(nside))) }, (_, i) => first + i),
      nside,
      at,
    );
  }
  return checked(Int32Array.from(numericColumn(table, column.name, at)), nside, at);
}

function checked(pixels: Int32Array, nside: number, at: string): Int32Array {
  const wrong = pixels.find((pixel) => pixel < 0 || pixel >= pixelCount(nside));
  if (wrong !== undefined) {
    throw new FormatError(`${at}: there is no pixel ${wrong} with NSIDE ${nside}; the file is damaged`);
  }
  if (new Set(pixels).size !== pixels.length) {
    throw new FormatError(`${at}: a pixel number stands twice in the table; the file is damaged`);
  }
  return pixels;
}

/** The column of each bin: those named after bins, else the first that holds values. */
function columnsOf(table: TableHdu, bins: number, at: string) {
  const values = table.columns.filter(({ name, format }) => !PLACES.test(name) && /^[BIJKED]$/.test(format));
  const named = values.filter(({ name }) => BINS.test(name));
  const all = (named.length > 0 ? named : values).map(({ name }) => name);
  if (all.length === bins || (bins === 1 && named.length === 0 && all.length > 0))
    return { chosen: all.slice(0, bins), ignored: all.slice(bins) };
  throw new FormatError(
    `${at}: found ${all.length} columns of values (${all.slice(0, 4).join(", ")}), expected ${bins}, one for each bin of the axes; the BANDS table and the data do not belong together`,
  );
}

/** A row for each value that is not zero: PIX, CHANNEL, VALUE. */
function sparse(table: TableHdu, geom: Omit<HealpixGeom, "pixels">, bins: number, at: string) {
  const n = pixelCount(geom.nside);
  const data = new Float64Array(bins * n);
  const pixels = numericColumn(table, "PIX", at);
  const values = numericColumn(table, "VALUE", at);
  const channels = bins > 1 ? numericColumn(table, "CHANNEL", at) : undefined;
  for (let row = 0; row < table.nrows; row++) {
    const [pixel, bin] = [pixels[row]!, channels?.[row] ?? 0];
    if (!(pixel >= 0 && pixel < n && bin >= 0 && bin < bins)) {
      throw new FormatError(
        `${at}: row ${row + 1} is for pixel ${pixel} of bin ${bin}, of ${n} and ${bins}; the file is damaged`,
      );
    }
    data[bin * n + pixel] = values[row]!;
  }
  return { geom: { ...geom, pixels: null }, data, own: unitOf(table) };
}

/** As Gammapy has it; parts of the sky with the column PIX. */
export function healpixHdu(name: string, map: SkyMap | MaskMap, header: readonly Card[]): TableHdu {
  const { geom, data } = map as { geom: HealpixGeom; data: Float64Array | Uint8Array };
  const { nside, nested, frame, pixels, region, axes } = geom;
  const n = pixels?.length ?? pixelCount(nside);
  const bins = axes.reduce((product, axis) => product * nBins(axis), 1);
  const values = Float64Array.from(data);
  const { unit } = "unit" in map ? unitOrNone(map.unit) : {};
  const order = Math.log2(nside);
  const columns = Array.from({ length: bins }, (_, bin) =>
    makeColumn(`CHANNEL${bin + 1}`, values.subarray(bin * n, (bin + 1) * n), unit ? { unit } : {}),
  );
  return tableHdu(
    name,
    [...(pixels === null ? [] : [makeColumn("PIX", pixels)]), ...columns],
    [
      card("PIXTYPE", "HEALPIX"),
      card("ORDERING", nested ? "NESTED" : "RING"),
      card("INDXSCHM", pixels === null ? "IMPLICIT" : "EXPLICIT"),
      card("ORDER", Number.isInteger(order) ? order : -1),
      card("NSIDE", nside),
      card("FIRSTPIX", 0),
      card("LASTPIX", pixelCount(nside) - 1),
      card("HPX_CONV", "GADF"),
      card("COORDSYS", frame === "galactic" ? "GAL" : "CEL"),
      ...(region === undefined || pixels === null ? [] : [card("HPX_REG", region)]),
      ...(axes.length === 0 ? [] : [card("BANDSHDU", `${name}_BANDS`)]),
      ...(unit ? [card("BUNIT", unit)] : []),
      ...header,
    ],
  );
}
