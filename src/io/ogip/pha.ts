/** Spectra of the OGIP format (Arnaud, George & Tennant, OGIP 92-007 and 92-007a). */
import { FormatError, UnsupportedError } from "../../errors.js";
import { findHdu, findTable, getCard, type Hdu, headerNumber, numericColumn, type TableHdu } from "../../fits/index.js";
import { axisFromEdges } from "../../sky/index.js";
import type { MapAxis, RegionGeom } from "../../sky/types.js";
import { conversionFactor } from "../../units/index.js";
import type { NoteOptions } from "../cards.js";
import { basename } from "../files.js";
import { columnOrKeyword, hasColumns, keyword, oneEachRow } from "../hdu.js";
import { readRegions } from "../region-fits.js";
import { isNone, type Opened } from "./companion.js";
import { measuredCounts, withErrors, withoutBadErrors } from "./errors.js";
import { hasRows, rowOfNumber, spectrumOfRow } from "./rows.js";

/** One spectrum, channel by channel, in the order of CHANNEL. */
export interface Pha {
  readonly table: TableHdu;
  /** [n] */
  readonly channel: Float64Array;
  /** [n] */
  readonly counts: Float64Array;
  /** [n] standard deviations of the counts, where they are not Poisson distributed (POISSERR F) */
  readonly error?: Float64Array;
  /** [n] systematic errors as parts of the counts, where there are some */
  readonly systematic?: Float64Array;
  /** The background is subtracted already (HDUCLAS2 NET). */
  readonly isNet: boolean;
  /** [n] 0: good */
  readonly quality: Float64Array;
  /** [n] */
  readonly backscal: Float64Array;
  /** [n] */
  readonly areascal: Float64Array;
  /** [n] -1: belongs to the bin of the channel before; absent: not grouped */
  readonly grouping?: Float64Array;
  /** [n] kept by GammaTS only */
  readonly maskFit?: Uint8Array;
  /** s; NaN if the file has none */
  readonly exposure: number;
}

const roleOf = (table: TableHdu): string => keyword(table, "HDUCLAS2").toUpperCase();

/** The table of the spectrum, or of its background. Files may hold both, and more spectra than one. */
export function findSpectrum(hdus: readonly Hdu[], where: string, isBackground: boolean): TableHdu {
  const all = hdus.filter(
    (hdu): hdu is TableHdu => hdu.kind === "table" && keyword(hdu, "HDUCLAS1").toUpperCase() === "SPECTRUM",
  );
  return (
    all.find((table) => (roleOf(table) === "BKG") === isBackground) ?? all[0] ?? findTable(hdus, "SPECTRUM", where)
  );
}

/** The table of the background that a spectrum names, where it may be a row of several. */
export function findBackground({ hdus, path, chosen, number }: Opened): TableHdu {
  const table = chosen ?? findSpectrum(hdus, path, true);
  const at = `${path}: HDU ${table.name || "SPECTRUM"}`;
  if (!hasRows(table)) {
    if (number === undefined || number === 1) return table;
    throw new FormatError({
      where: at,
      found: `one spectrum, and {${number}} asked for`,
      expected: "a spectrum in each row",
    });
  }
  if (number === undefined && table.nrows === 1) return spectrumOfRow(table, 0);
  if (number !== undefined) return spectrumOfRow(table, rowOfNumber(table, number, at));
  throw new FormatError({
    where: at,
    found: `${table.nrows} spectra of background, one in each row, and no word which belongs to the source`,
    expected: `a number behind the name, as in BACKFILE = '${basename(path)}{1}'`,
  });
}

export function readPha(table: TableHdu, where: string, { onNote }: NoteOptions = {}): Pha {
  const at = `${where}: HDU ${table.name || "SPECTRUM"}`;
  if (hasRows(table)) {
    throw new FormatError({
      where: at,
      found: `${table.nrows} spectra, one in each row`,
      expected: "one",
      remedy: `say which: ${basename(where)}{1}`,
    });
  }
  const correction = keyword(table, "CORRFILE");
  if (!isNone(correction) && headerNumber(table.header, "CORRSCAL", at, 1) !== 0) {
    throw new UnsupportedError(
      `${at}: the correction file ${correction} (CORRFILE) is not applied; remove the keyword`,
    );
  }
  const exposure = headerNumber(table.header, "EXPOSURE", at, Number.NaN);
  const isNet = roleOf(table) === "NET";
  const measured = measuredCounts(table, exposure, at, { onNote, isNet });
  const { counts, error } = measured;
  if (isNet && error === undefined) {
    throw new UnsupportedError(
      `${at}: found counts with the background subtracted (HDUCLAS2 NET) and no errors of them (STAT_ERR), expected counts as they were measured (TOTAL); they are not Poisson distributed: give the spectrum with its background in BACKFILE`,
    );
  }
  const bad = error === undefined ? counts.findIndex((n) => !(n >= 0)) : -1;
  if (bad >= 0) throw new FormatError(`${at}, column COUNTS: row ${bad + 1} is ${counts[bad]}, expected 0 or more`);
  const column = (name: string, fallback: number) => columnOrKeyword(table, name, fallback, at);
  const grouping = hasColumns(table, "grouping") ? oneEachRow(table, "GROUPING", at) : undefined;
  return {
    table,
    channel: hasColumns(table, "channel") ? oneEachRow(table, "CHANNEL", at) : Float64Array.from(counts, (_, i) => i),
    counts,
    ...withErrors(table, measured, at, { onNote }),
    quality: withoutBadErrors(column("QUALITY", 0), error, at, { onNote }),
    backscal: positive(column("BACKSCAL", 1), `${at}, BACKSCAL`),
    areascal: positive(column("AREASCAL", 1), `${at}, AREASCAL`),
    ...(grouping?.some((g, i) => g === -1 && i > 0) && { grouping }),
    ...(hasColumns(table, "mask_fit") && { maskFit: flags(oneEachRow(table, "MASK_FIT", at)) }),
    exposure,
    isNet,
  };
}

/** As in maps: all that is not 0 or NaN is 1. */
const flags = (values: Float64Array): Uint8Array =>
  Uint8Array.from(values, (x) => (x === 0 || Number.isNaN(x) ? 0 : 1));

function positive(values: Float64Array, at: string): Float64Array {
  const bad = values.findIndex((x) => !(x >= 0 && Number.isFinite(x)));
  if (bad >= 0)
    throw new FormatError(`${at}: the value of channel row ${bad + 1} is ${values[bad]}, expected 0 or more`);
  return values;
}

/** Channel energies of EBOUNDS: log axis `energy` in TeV, and the number of the first channel. */
export function readEbounds(
  { hdus, path: where, chosen }: Opened,
  options: NoteOptions,
): { axis: MapAxis; firstChannel: number } {
  const table = eboundsOf(hdus, chosen);
  if (table === undefined) {
    throw new FormatError(
      `${where}: no HDU EBOUNDS, which holds the energies of the channels; found ${hdus.map((hdu) => hdu.name).join(", ")}; name the file of the response in RESPFILE`,
    );
  }
  const at = `${where}: HDU EBOUNDS`;
  const firstChannel = hasColumns(table, "channel") ? (numericColumn(table, "CHANNEL", at)[0] ?? 0) : 0;
  return { axis: axisOfColumns(table, "E_MIN", "E_MAX", "energy", at, options), firstChannel };
}

/** Of several EBOUNDS that with the same EXTVER as the matrix. */
export function eboundsOf(hdus: readonly Hdu[], matrix: TableHdu | undefined): TableHdu | undefined {
  const all = hdus.filter((hdu): hdu is TableHdu => hdu.kind === "table" && hdu.name === "EBOUNDS");
  const version = matrix && getCard(matrix.header, "EXTVER")?.value;
  return all.find((table) => getCard(table.header, "EXTVER")?.value === version) ?? all[0];
}

/** Where a log axis begins that begins at 0, as a part of its first edge above. */
const ABOVE_ZERO = 1e-2;

/** A log axis in TeV from two columns of lower and upper edges. */
export function axisOfColumns(
  table: TableHdu,
  low: string,
  high: string,
  name: string,
  at: string,
  { onNote }: NoteOptions,
): MapAxis {
  const read = (column: string) => {
    const found = table.columns.find((c) => c.name.toUpperCase() === column);
    const factor = found === undefined ? 1 : conversionFactor(found.unit ?? "keV", "TeV", `${at}, column ${column}`);
    return oneEachRow(table, column, at).map((x) => x * factor);
  };
  const [lo, hi] = [read(low), read(high)];
  if (lo.length === 0) throw new FormatError(`${at}: the table has no rows, expected the edges of the energy bins`);
  if (lo[0] === 0 && hi[0]! > 0) {
    lo[0] = hi[0]! * ABOVE_ZERO;
    onNote?.(
      `${at}: the first bin begins at 0 TeV and is taken from ${Number(lo[0]!.toPrecision(6))} TeV on, as the axis is logarithmic; leave the bin out of fits`,
    );
  }
  for (let i = 0; i < lo.length; i++) {
    const gap = i > 0 ? Math.abs(lo[i]! - hi[i - 1]!) : 0;
    if (!(lo[i]! > 0 && hi[i]! > lo[i]! && gap <= 1e-4 * (hi[i]! - lo[i]!))) {
      throw new FormatError(
        `${at}: row ${i + 1} goes from ${lo[i]} to ${hi[i]} TeV${i > 0 ? ` after ${hi[i - 1]} TeV` : ""}, expected contiguous bins that increase from above 0 (columns ${low}, ${high})`,
      );
    }
  }
  return axisFromEdges([...lo, hi.at(-1)!], { name, unit: "TeV", interp: "log" });
}

/** Geometry of a spectrum: the region in HDU REGION, if there is one. */
export function spectrumGeom(hdus: readonly Hdu[], axis: MapAxis, where: string): RegionGeom {
  const found = hdus.some((hdu) => hdu.kind === "table" && hdu.name === "REGION" && hasColumns(hdu, "rotang"));
  const hdu = found ? findHdu(hdus, "REGION", where) : undefined;
  const region = hdu?.kind === "table" && getCard(hdu.header, "CTYPE1") ? readRegions(hdu, where) : undefined;
  return { kind: "region", regions: [], wcs: null, ...region, axes: [axis] };
}
