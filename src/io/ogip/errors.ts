/** What was measured in the channels of a spectrum, counts or rates, and the errors that its file gives. */
import { FormatError } from "../../errors.js";
import { getCard, type TableHdu } from "../../fits/index.js";
import type { NoteOptions } from "../cards.js";
import { columnOrKeyword, hasColumns, oneEachRow } from "../hdu.js";

interface Measured {
  /** [n] */
  readonly counts: Float64Array;
  /** [n] Standard deviations; absent: counts are Poisson distributed. */
  readonly error?: Float64Array;
}

/**
 * The counts, of a file with rates those times its exposure. Their errors are STAT_ERR where POISSERR is F, of rates where it is not T, and of counts with the background subtracted
 * (`isNet`) in any case.
 */
export function measuredCounts(
  table: TableHdu,
  exposure: number,
  at: string,
  { onNote, isNet }: NoteOptions & { readonly isNet: boolean },
): Measured {
  const isRate = !hasColumns(table, "counts");
  if (isRate && !hasColumns(table, "rate")) {
    throw new FormatError(`${at}: no column COUNTS or RATE; found ${table.columns.map((c) => c.name).join(", ")}`);
  }
  if (isRate && !(exposure > 0)) {
    throw new FormatError(
      `${at}: a column RATE and no EXPOSURE above 0 s, by which it is multiplied; found ${exposure}`,
    );
  }
  const scale = isRate ? exposure : 1;
  const counts = oneEachRow(table, isRate ? "RATE" : "COUNTS", at).map((x) => x * scale);
  const poisson = getCard(table.header, "POISSERR")?.value;
  const hasErrors = hasColumns(table, "stat_err") || typeof getCard(table.header, "STAT_ERR")?.value === "number";
  const isGiven = hasErrors && (isNet || poisson === false || (isRate && poisson !== true));
  if (isNet && isGiven && poisson === true) {
    onNote?.(
      `${at}: counts with the background subtracted (HDUCLAS2 NET) are not Poisson's, though POISSERR is T: the errors STAT_ERR are used`,
    );
  }
  if (isRate) {
    onNote?.(
      `${at}: RATE times the exposure of ${exposure} s is taken for the counts${isGiven ? ", with the errors STAT_ERR" : ", as Poisson distributed"}`,
    );
  }
  if (isGiven) return { counts, error: columnOrKeyword(table, "STAT_ERR", 0, at).map((x) => x * scale) };
  if (poisson === false || (poisson !== true && hasErrors)) {
    onNote?.(
      `${at}: the file ${poisson === false ? "says that errors are not Poisson's (POISSERR F), and gives none (STAT_ERR)" : "does not say whether errors are Poisson's (POISSERR is missing)"}; counts are taken as Poisson distributed${hasErrors ? ", and STAT_ERR is not used" : ""}`,
    );
  }
  return { counts };
}

/** Errors as a spectrum has them; systematic ones where any is above 0. */
export function withErrors(
  table: TableHdu,
  { error }: Measured,
  at: string,
  { onNote }: NoteOptions,
): { error?: Float64Array; systematic?: Float64Array } {
  const systematic = columnOrKeyword(table, "SYS_ERR", 0, at);
  const bad = systematic.findIndex((x) => !(x >= 0));
  if (bad >= 0)
    throw new FormatError(`${at}, SYS_ERR: channel row ${bad + 1} is ${systematic[bad]}, expected 0 or more`);
  const largest = systematic.reduce((a, b) => Math.max(a, b), 0);
  if (largest > 0) {
    onNote?.(`${at}: SYS_ERR, systematic errors of up to ${largest} of the counts, is used by chi2 statistics alone`);
  }
  return { ...(error && { error }), ...(largest > 0 && { systematic }) };
}

/** QUALITY, with channels bad whose errors are none. */
export function withoutBadErrors(
  quality: Float64Array,
  error: Float64Array | undefined,
  at: string,
  { onNote }: NoteOptions,
): Float64Array {
  if (error === undefined) return quality;
  const isBad = (i: number) => !(error[i]! > 0 && Number.isFinite(error[i]));
  const found = quality.map((q, i) => (q === 0 && isBad(i) ? 5 : q));
  const n = found.reduce((k, q, i) => k + (q === quality[i] ? 0 : 1), 0);
  if (n > 0) onNote?.(`${at}: ${n} channels without an error above 0 (STAT_ERR) are left out of the fit`);
  return found;
}
