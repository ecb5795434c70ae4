/** What a catalogue declares: how its tables are recognised, and what a row of them means. */
import type { TableHdu } from "../fits/types.js";
import type { ParameterInput } from "../models/create.js";
import type { Frame, SkyPosition } from "../sky/types.js";
import type { Gti } from "../time/types.js";

/** A row of a table, its numbers in the units that are asked for. */
export interface Row {
  has(column: string): boolean;
  /** Without blanks around it; "" where there is none. */
  text(column: string): string;
  /** NaN where there is none; `unit`: of the answer, absent: as the column has it. */
  number(column: string, unit?: string): number;
  /** All numbers of a cell. */
  numbers(column: string, unit?: string): Float64Array;
}

/** A source in the table of sources, and what other tables of the catalogue say. */
export interface SourceRows {
  readonly row: Row;
  /** The rows of another table; none where the file has no such table. */
  rows(table: string): readonly Row[];
  /** The header of another table. */
  keyword(table: string, key: string): string | number | undefined;
}

/** A spectral or spatial model. `values` are in the units that the texts and objects in them name. */
export interface SubmodelSpec {
  readonly type: string;
  readonly values: Readonly<Record<string, ParameterInput>>;
  readonly frame?: Frame;
  /** The file that the model works on, for its key in models.yaml. */
  readonly file?: Readonly<Record<string, string>>;
}

/** A source or one of its components as a model. */
export interface ModelSpec {
  readonly name: string;
  readonly spectral: SubmodelSpec;
  readonly spatial?: SubmodelSpec;
}

/** Flux points as columns of the GADF format, in whose words the reader of flux points takes them. */
export interface PointsTable {
  readonly nrows: number;
  readonly columns: readonly {
    readonly name: string;
    readonly unit: string;
    readonly values: Float64Array;
    readonly cell: readonly number[];
    readonly logical?: boolean;
  }[];
  readonly meta: Readonly<Record<string, string | number>>;
}

/** Fluxes of one band of energy in intervals of time. */
export interface CurveTable {
  readonly time: Gti;
  /** One for each interval. */
  readonly points: readonly PointsTable[];
}

/** Where a source lies with some probability: an ellipse. */
export interface PositionError {
  /** Semi-axes, deg. */
  readonly semiMajor: number;
  readonly semiMinor: number;
  /** Of the major axis, from north to east, deg, in the frame of the position. */
  readonly angle: number;
  /** Probability that the source is inside. */
  readonly containment: number;
}

/** A source of a catalogue. */
export interface CatalogueSource {
  readonly name: string;
  /** Its other names, and what it is associated with. */
  readonly aliases: readonly string[];
  readonly position: SkyPosition;
  readonly positionError?: PositionError;
  /** Its row in the table of sources, from 0. */
  readonly row: number;
}

/** A catalogue: a file of the field that has a row for each source. */
export interface CatalogueDeclaration {
  /** As in "3fgl". */
  readonly name: string;
  readonly about: string;
  /** The paper. */
  readonly paper: string;
  /** The table of sources: its name, where it has one, and columns that no other catalogue has together. */
  readonly table: { readonly hdu?: string; readonly columns: readonly string[] };
  readonly nameColumn: string;
  /** Columns with other names, several in a cell with commas between them. */
  readonly aliasColumns: readonly string[];
  /** Columns of the position, deg. */
  readonly position: { readonly lon: string; readonly lat: string; readonly frame: Frame };
  positionError?(row: Row): PositionError | undefined;
  /** Where a row has several models: their names, the first is meant where none is named. */
  readonly variants?: readonly string[];
  /** Folders of templates, below that of the catalogue or of $GAMMAPY_DATA/catalogs. */
  readonly templates?: readonly string[];
  /** None where the row has no spectrum. */
  models(source: SourceRows, variant: string): readonly ModelSpec[];
  fluxPoints?(source: SourceRows): PointsTable | undefined;
  lightCurve?(source: SourceRows): CurveTable | undefined;
}

/** The tables of a catalogue and its sources. */
export interface Catalogue {
  readonly declaration: CatalogueDeclaration;
  /** Name of the file, for messages. */
  readonly where: string;
  readonly tables: readonly TableHdu[];
  /** The table of sources. */
  readonly table: TableHdu;
  readonly sources: readonly CatalogueSource[];
}
