/** A table of results, apart from what it is written as. */

/** What a table is written as: `text` is for people. */
export type TableFormat = "csv" | "tex" | "ecsv" | "fits" | "json" | "text";

interface ColumnBase {
  /** As programs read it: "e2dnde"; no two columns have one name. */
  readonly name: string;
  readonly about?: string | undefined;
  /** Its head in TeX; absent: the name. */
  readonly tex?: string | undefined;
  /** false: journals do not print it. */
  readonly inTex?: boolean | undefined;
}

/** Numbers with their errors; NaN: there is none. */
export interface NumberColumn extends ColumnBase {
  readonly kind: "numbers";
  /** [n] */
  readonly values: Float64Array;
  /** As FITS spells it: "erg cm-2 s-1". */
  readonly unit?: string | undefined;
  /** [n] units of the rows, where they differ. */
  readonly units?: readonly string[] | undefined;
  /** [n] both sides. */
  readonly err?: Float64Array | undefined;
  /** [n] downwards and upwards, both positive. */
  readonly errn?: Float64Array | undefined;
  readonly errp?: Float64Array | undefined;
  /** [n] sizes to which text and TeX round what has no error. */
  readonly scale?: Float64Array | undefined;
  /** Digits behind the point in text and TeX, of what has neither error nor scale. */
  readonly decimals?: number | undefined;
  /** Whole numbers. */
  readonly whole?: boolean | undefined;
  /** Why a value or an error is missing: of each row [n], "" where none is, or of all. */
  readonly reason?: string | readonly string[] | undefined;
}

/** Names, words, states. */
export interface TextColumn extends ColumnBase {
  readonly kind: "texts";
  /** [n] */
  readonly values: readonly string[];
  /** [n] the same in TeX; absent: the texts, with what TeX would obey made harmless. */
  readonly texValues?: readonly string[] | undefined;
}

/** Yes or no. */
export interface LogicalColumn extends ColumnBase {
  readonly kind: "logicals";
  /** [n] */
  readonly values: readonly boolean[];
}

/** One column of a table. */
export type Column = NumberColumn | TextColumn | LogicalColumn;

/** Columns of one length. */
export interface Table {
  /** EXTNAME of FITS, and the label of TeX. */
  readonly name: string;
  /** The caption of TeX. */
  readonly about?: string | undefined;
  readonly columns: readonly Column[];
  /** What holds for all rows. */
  readonly meta?: Readonly<Record<string, string | number | boolean>> | undefined;
}
