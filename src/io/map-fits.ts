/**
 * Maps as FITS HDUs (GADF "skymaps", as Gammapy writes them): an image with a celestial WCS, or for a region a table
 * with one row a channel, each with its `<NAME>_BANDS` and, for a region, `<NAME>_REGION`.
 */
import { FormatError, SpecError } from "../errors.js";
import {
  findColumn,
  findHdu,
  getCard,
  type Hdu,
  type ImageHdu,
  imageHdu,
  makeColumn,
  numericColumn,
  numericImage,
  type TableHdu,
  tableHdu,
  writeFits,
} from "../fits/index.js";
import { shape as geomShape } from "../sky/index.js";
import type { Geom, MaskMap, SkyMap } from "../sky/types.js";
import { conversionFactor } from "../units/index.js";
import { axisCards, bandsHdu, readBands } from "./bands.js";
import { card, type NoteOptions, unitOrNone } from "./cards.js";
import { keyword } from "./hdu.js";
import { healpixHdu, isHealpix, readHealpix } from "./healpix-fits.js";
import { type FitsFile, type MemoryLimit, withinMemory } from "./memory.js";
import { readRegions, regionHdu } from "./region-fits.js";
import { readWcs, wcsCards } from "./wcs-fits.js";

/** Options of `readMap`. `onNote` is told what of the file is not used. */
export interface ReadMapOptions extends NoteOptions {
  /** Name of the file, for messages. */
  readonly where: string;
  /** Unit to convert to; absent: the file's own. */
  readonly unit?: string;
}

/**
 * The map in one file; `hdu`: its name, else the first HDU with data.
 * @throws SpecError where these are no bytes, or `where` is missing.
 * @throws FormatError where the file holds no map.
 */
export function readMap(bytes: Uint8Array, options: ReadMapOptions & MemoryLimit & { readonly hdu?: string }): SkyMap {
  if (!((bytes as unknown) instanceof Uint8Array) || typeof options?.where !== "string") {
    const found = bytes instanceof Uint8Array ? "no name of the file as where" : `${typeof bytes} in place of bytes`;
    throw new SpecError({
      where: "readMap",
      found,
      expected: 'readMap(bytes, { where: "map.fits" }), with a Uint8Array',
    });
  }
  return mapOfFile({ bytes }, options);
}

/** `readMap` of a file that may have been parsed before. */
export function mapOfFile(
  file: FitsFile,
  options: ReadMapOptions & MemoryLimit & { readonly hdu?: string | undefined },
): SkyMap {
  const { where, hdu } = options;
  const read = (hdus: readonly Hdu[]) => {
    const name = hdu ?? hdus.find((h) => h.kind === "table" || h.shape.length > 0)?.name;
    if (name === undefined) throw new FormatError(`${where}: no HDU with data, expected a map`);
    return mapFromHdus(hdus, name, options);
  };
  return withinMemory(file, options, read, (name) => hdu === undefined || name === hdu);
}

/** The FITS file of a map as Gammapy has it; `name` is that of its HDU, default SKYMAP. */
export function writeMap(map: SkyMap, options: { readonly name?: string } = {}): Uint8Array {
  return writeFits([primaryHdu(), ...mapToHdus(options.name ?? "SKYMAP", map)]);
}

export function primaryHdu(header: ImageHdu["header"] = []): ImageHdu {
  return imageHdu("PRIMARY", [], null, header);
}

/** The pixels are those of the HDU, or a copy where they have to be converted. */
export function mapFromHdus(hdus: readonly Hdu[], name: string, options: ReadMapOptions): SkyMap {
  const { where, unit } = options;
  const hdu = findHdu(hdus, name, where);
  const at = `${where}: HDU ${name}`;
  if (isHealpix(hdu)) return healpixMap(hdus, hdu as TableHdu, options);
  const geom = readGeom(hdus, hdu, where);
  const written = hdu.kind === "image" ? getCard(hdu.header, "BUNIT")?.value : findColumn(hdu, "DATA", at).unit;
  const own = (typeof written === "string" ? written.trim() : "") || unitOfFermi(hdus, hdu);
  const found = hdu.kind === "image" ? numericImage(hdu, where) : numericColumn(hdu, "DATA", at).slice();
  checkLength(found.length, geom, at);
  const factor = unit === undefined ? 1 : conversionFactor(own, unit, at);
  // what is not the HDU's own is not needed again
  const data = factor !== 1 && found === (hdu as { readonly data?: unknown }).data ? found.slice() : found;
  if (factor !== 1) for (let i = 0; i < data.length; i++) data[i]! *= factor;
  return { geom, unit: unit ?? own, data };
}

/** What cubes of the Fermi tools hold at nodes (table ENERGIES), which do not say it: exposure, or diffuse emission. As in Gammapy. */
function unitOfFermi(hdus: readonly Hdu[], hdu: Hdu): string {
  const { bands } = bandsOf(hdus, hdu);
  if (hdu.kind !== "image" || bands?.name.toUpperCase() !== "ENERGIES") return "";
  const isExposure = /^log_energy$/i.test(keyword(hdu, "CTYPE3"));
  return isExposure ? "cm2 s" : "cm-2 s-1 MeV-1 sr-1";
}

/** Numbers in pixels of HEALPix. */
function healpixMap(hdus: readonly Hdu[], hdu: TableHdu, { where, unit, onNote }: ReadMapOptions): SkyMap {
  const at = `${where}: HDU ${hdu.name}`;
  const { bands } = bandsOf(hdus, hdu);
  const { geom, data, own, notes } = readHealpix(hdu, bands === undefined ? [] : readBands(bands, where), at);
  for (const note of notes) onNote?.(`${at}: ${note}`);
  const factor = unit === undefined ? 1 : conversionFactor(own, unit, at);
  return { geom, unit: unit ?? own, data: factor === 1 ? data : data.map((value) => value * factor) };
}

/** The table of the axes of a map, and its name: that of GADF, or those of the Fermi tools. */
function bandsOf(hdus: readonly Hdu[], hdu: Hdu) {
  const named = String(getCard(hdu.header, "BANDSHDU")?.value ?? `${hdu.name}_BANDS`);
  const bands = [named, "EBOUNDS", "ENERGIES"].map((n) => findTable(hdus, n)).find((table) => table !== undefined);
  return { named, bands };
}

export function maskFromHdus(hdus: readonly Hdu[], name: string, where: string): MaskMap {
  const hdu = findHdu(hdus, name, where);
  const isBytes = hdu.kind === "image" && hdu.data instanceof Uint8Array;
  const { geom, data } = isBytes
    ? { geom: readGeom(hdus, hdu, where), data: hdu.data as Uint8Array }
    : mapFromHdus(hdus, name, { where });
  checkLength(data.length, geom, `${where}: HDU ${name}`);
  const flags = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) flags[i] = data[i] === 0 || Number.isNaN(data[i]!) ? 0 : 1;
  return { geom, data: flags };
}

function readGeom(hdus: readonly Hdu[], hdu: Hdu, where: string): Geom {
  const at = `${where}: HDU ${hdu.name}`;
  const { bands, named } = bandsOf(hdus, hdu);
  if (hdu.kind === "image") {
    const [ny, nx] = hdu.shape.slice(-2);
    if (nx === undefined || ny === undefined) {
      throw new FormatError(`${at}: the shape is [${hdu.shape.join(", ")}], expected an image of two or more axes`);
    }
    const wcs = readWcs(hdu.header, at);
    if (bands === undefined && hdu.shape.length > 2) {
      throw new FormatError(`${where}: the HDU "${named}" with the axes of ${hdu.name} is missing; add it`);
    }
    return { kind: "wcs", wcs, npix: [nx, ny], axes: hdu.shape.length > 2 ? readBands(bands!, where) : [] };
  }
  const table = findTable(hdus, `${hdu.name}_REGION`);
  const region = table === undefined ? { regions: [], wcs: null } : readRegions(table, where);
  return { kind: "region", ...region, axes: bands === undefined ? [] : readBands(bands, where) };
}

function findTable(hdus: readonly Hdu[], name: string): TableHdu | undefined {
  return hdus.find((hdu): hdu is TableHdu => hdu.kind === "table" && hdu.name.toUpperCase() === name.toUpperCase());
}

function checkLength(found: number, geom: Geom, at: string): void {
  const shape = geomShape(geom);
  const expected = shape.reduce((a, b) => a * b, 1);
  if (found === expected) return;
  throw new FormatError(
    `${at}: found ${found} values, expected ${expected} = ${shape.join(" x ")} from the axes in ${geom.axes.map((a) => a.name).join(", ")} and the pixels; the BANDS table and the data do not belong together`,
  );
}

/** Image or table, BANDS and REGION of a map. `meta`: kept as JSON in the keyword META, as Gammapy does. */
export function mapToHdus(name: string, map: SkyMap | MaskMap, meta: Readonly<Record<string, unknown>> = {}): Hdu[] {
  const { geom } = map;
  const unit = "unit" in map ? map.unit : "";
  const shape = geomShape(geom);
  const header = [...axisCards(geom.axes), card("META", JSON.stringify(meta))];
  const bands = geom.axes.length === 0 ? [] : [bandsHdu(`${name}_BANDS`, geom.axes)];
  if (geom.kind === "healpix") return [healpixHdu(name, map, header), ...bands];
  if (geom.kind === "wcs") {
    const cards = [
      ...wcsCards(geom.wcs),
      card("WCSSHAPE", `(${shape.toReversed().join(",")})`),
      ...(bands.length === 0 ? [] : [card("BANDSHDU", `${name}_BANDS`)]),
      ...(unit === "" ? [] : [card("BUNIT", unitOrNone(unit).unit ?? "")]),
    ];
    return [imageHdu(name, shape, map.data, [...cards, ...header]), ...bands];
  }
  // The outermost axis runs over the rows, the others over each cell.
  const [nrows = 1, ...rest] = shape;
  const flat = geom.axes.length === 0;
  const rows = flat ? 1 : nrows;
  const table = tableHdu(
    name,
    [
      makeColumn(
        "CHANNEL",
        Int32Array.from({ length: rows }, (_, i) => i),
      ),
      makeColumn("DATA", map.data, {
        ...unitOrNone(unit),
        shape: flat ? [1, 1] : rest,
        format: "unit" in map ? "D" : "L",
      }),
    ],
    header,
  );
  const region = geom.regions.length === 0 ? [] : [regionHdu(`${name}_REGION`, geom.regions, geom.wcs)];
  return [table, ...bands, ...region];
}
