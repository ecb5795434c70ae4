/** FITS 4.0 as plain data. Array shapes are in C order: `shape` is [NAXISn, ..., NAXIS1]. */

export type HeaderValue = string | number | bigint | boolean | null;

/** One header card; COMMENT and HISTORY have only a comment. */
export interface Card {
  readonly key: string;
  readonly value?: HeaderValue;
  readonly comment?: string;
}

export type FitsArray =
  | Uint8Array
  | Int8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/**
 * An image, or a header without data (`data: null`). BSCALE, BZERO are applied: unsigned integers by their offset stay
 * integers, other scalings give Float64Array. BLANK in the header gives Float64Array with NaN too, but 64-bit integers
 * stay as they are, for float64 would round them (`numericImage` knows).
 */
export interface ImageHdu {
  readonly kind: "image";
  /** EXTNAME; "PRIMARY" for the first HDU without one. */
  readonly name: string;
  readonly header: readonly Card[];
  readonly shape: readonly number[];
  readonly data: FitsArray | null;
}

/** One column of a binary table. TSCAL, TZERO and TNULL are applied as BSCALE, BZERO and BLANK of images are. */
export interface Column {
  readonly name: string;
  /** Letter of TFORM that `data` have when written: L X B I J K A E D C M, or P / Q + letter for variable-length arrays, e.g. "PE". Scaled columns are D. */
  readonly format: string;
  readonly unit?: string;
  /** TDISPn, TLMINn and the like, kept for rewriting; keys without the number. */
  readonly keywords?: readonly Card[];
  /** Shape of one cell in C order; [] for a scalar; for strings without the character axis. */
  readonly shape: readonly number[];
  /**
   * All rows flat: numbers [nrows * cell]; L and X: Uint8Array of 0 / 1; C and M: interleaved re, im; A: string[];
   * P and Q: one array a row (PA and QA: one string).
   */
  readonly data: FitsArray | readonly string[] | readonly FitsArray[];
}

export interface TableHdu {
  readonly kind: "table";
  readonly name: string;
  readonly header: readonly Card[];
  readonly nrows: number;
  readonly columns: readonly Column[];
}

export type Hdu = ImageHdu | TableHdu;
