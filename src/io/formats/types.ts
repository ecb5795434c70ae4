/** What a file format declares: how its files are recognised, read, described, checked, drawn and written. */
import type { Catalogue } from "../../catalogues/types.js";
import type { Dataset, FluxPoints, LightCurve, SedType } from "../../datasets/types.js";
import type { FormatError } from "../../errors.js";
import type { Hdu } from "../../fits/types.js";
import type { Responses } from "../../fold/response.js";
import type { Registry } from "../../likelihood/kind.js";
import type { ModelRegistry } from "../../models/declaration.js";
import type { Models, TableModel } from "../../models/types.js";
import type { Region, SkyMap } from "../../sky/types.js";
import type { Gti } from "../../time/types.js";
import type { NoteOptions } from "../cards.js";
import type { EventData, ObservationFiles } from "../dl3/types.js";
import type { FileAccess } from "../files.js";
import type { ReferenceSpectrum } from "../flux-points/quantities.js";
import type { Selector } from "../selector.js";
import type { Table } from "../table/types.js";
import type { FitReport, FluxMaps } from "../types.js";

/** A file that was read: what all formats look at. */
export interface OpenedFile {
  readonly path: string;
  /** The part of it that is meant, of formats that know parts; absent: all. */
  readonly selector?: Selector;
  /** Inflated. */
  readonly bytes: Uint8Array;
  /** Of FITS; pixels and columns are decoded when they are first asked for. */
  readonly hdus?: readonly Hdu[];
  /** Why the HDUs of something that begins as FITS does cannot be had. */
  readonly damage?: FormatError;
  /** Of what has no control characters; with U+FFFD in place of bytes that are not UTF-8, so that formats can tell whose it is. */
  readonly text?: string;
  /** Why the text cannot be read: it is not UTF-8. */
  readonly notUtf8?: FormatError;
  /** Of a folder: its files and those below it, as paths from it; it has no bytes. */
  readonly names?: readonly string[];
  /** The keys of a YAML text that stand at the beginning of a line. */
  readonly keys: ReadonlySet<string>;
}

/**
 * How sure a format is of a file: 0 it is none of its files; 1 it is of a general kind (any FITS, any YAML); 2 it has what the format needs;
 * 3 it says of itself that it is one. The highest wins, of equal ones the format that stands last in the registry.
 */
export type Certainty = 0 | 1 | 2 | 3;

/** What a file holds, each part where there is one. */
export interface Contents {
  readonly datasets?: readonly Dataset[];
  readonly models?: Models;
  readonly fluxPoints?: FluxPoints;
  readonly lightCurve?: LightCurve;
  readonly fluxMaps?: FluxMaps;
  readonly map?: SkyMap;
  readonly tableModel?: TableModel;
  readonly intervals?: Gti;
  readonly regions?: readonly Region[];
  readonly catalogue?: Catalogue;
  /** An event list and responses. */
  readonly eventData?: EventData;
  /** The runs of a folder or of an index file. */
  readonly observations?: ObservationFiles;
  readonly fitResult?: FitReport;
  /** Texts of the YAML files, to be given to writers so that comments and metadata survive. */
  readonly text?: { readonly datasets?: string; readonly models?: string };
  /** What could not be read, one line each; only with `keepGoing`. */
  readonly problems?: readonly string[];
  /** What a user should know of the file. */
  readonly warnings?: readonly string[];
}

/** What the contents of a file may have in them. */
export type Part = Exclude<keyof Contents, "text" | "problems" | "warnings">;

/** What a dataset is read with. */
export interface DatasetContext extends NoteOptions {
  /** Where the files lie that a file names. */
  readonly files: FileAccess;
  /** Name of the dataset; absent: what its file says, else the name of the file. */
  readonly name?: string | undefined;
  /** The spectrum that the norms of flux points are relative to, where their file brings none. */
  readonly reference?: ReferenceSpectrum | undefined;
}

/** What a file is read, described and checked with. */
export interface FileContext extends DatasetContext {
  readonly registry: FileRegistry;
  readonly responses: Responses;
  /** The models.yaml of the datasets that a file names. */
  readonly models?: OpenedFile | undefined;
  /** Read what can be read of a list of datasets, and keep the problems with it, instead of throwing them. */
  readonly keepGoing?: boolean | undefined;
  /** Of times in a file that does not say it: utc, tt, ... */
  readonly timeScale?: string | undefined;
}

/** What writers may be told. */
export interface WriteFileOptions extends NoteOptions {
  /** Name of the new file, without folder. */
  readonly name: string;
  /** It goes to another folder than that which it was read from, where relative names of files lead elsewhere. */
  readonly moved?: boolean;
  readonly registry: FileRegistry;
  /** Name or tag of the format that datasets go to, where it can hold them; absent: the first in the registry that can. */
  readonly format?: string | undefined;
  /** Of flux points and light curves; absent: as they were read. */
  readonly sedType?: SedType | undefined;
}

/** Files of one folder by name. */
export type NamedFiles = ReadonlyMap<string, Uint8Array>;

/** Text for people, data for machines. */
export interface Summary {
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** What can be written as a table, the most wanted one first. */
  readonly tables?: Readonly<Record<string, () => Table>>;
}

/** What is wrong with a file, one line each. */
export interface Findings {
  readonly problems: readonly string[];
  readonly warnings?: readonly string[];
  /** What was read to find it. */
  readonly contents?: Contents;
}

/** What can be drawn of a file. */
export interface Drawing {
  /** One picture of spectra, with the curves and points of several files. */
  readonly models?: Models;
  readonly fluxPoints?: Readonly<Record<string, FluxPoints>>;
  /** Counts and maps of datasets, beside what models predict. */
  readonly datasets?: readonly Dataset[];
  /** A picture of its own. */
  readonly lightCurve?: LightCurve;
  readonly fluxMaps?: FluxMaps;
  readonly map?: SkyMap;
  readonly tableModel?: TableModel;
  readonly catalogue?: Catalogue;
  /** Several pictures. */
  readonly eventData?: EventData;
}

/** What a format knows of single datasets: it makes their files known to datasets.yaml. */
export interface DatasetFiles<D extends Dataset = Dataset> {
  /** Values of `Dataset.type` that its files hold. */
  readonly types: readonly string[];
  read(file: OpenedFile, context: DatasetContext): D | Promise<D>;
  /** Name of the file for a dataset; `stem`: the name of the dataset without what names of files cannot have. Default: `stem` and ".fits". */
  fileName?(dataset: D, stem: string): string;
  /** The files of a dataset; `name`: of the one that datasets.yaml names. Absent: such datasets are not written. */
  write?(dataset: D, name: string, options: NoteOptions): NamedFiles;
}

/** Files that are a dataset only together: counts, exposure, psf ..., each of a format of its own. */
export interface DatasetParts {
  /** As in "fermi-files". */
  readonly name: string;
  readonly about: string;
  /** Values of `Dataset.type` that they make. */
  readonly types: readonly string[];
  /** The dataset of these files, which are all that were given. */
  join(files: readonly KnownFile[], context: DatasetContext): Dataset | Promise<Dataset>;
}

/** One file format. */
export interface FileFormat<C extends Contents = Contents> {
  /** As in "ogip-pha": for messages, `--format` and the `kind` of `gammats info --json`. */
  readonly name: string;
  /** A shorter name. */
  readonly tag?: string;
  /** As in "counts spectrum (OGIP PHA)". */
  readonly about: string;
  /** What `read` gives; the first is what the file is about. */
  readonly holds: readonly Part[];
  /** Models whose text is kept with its comments when they are written again, and whose names of backgrounds a datasets.yaml may give. */
  readonly isText?: boolean;
  /** It names datasets in other files, and is read with the models.yaml that belongs to it. */
  readonly isList?: boolean;
  /** A part of its files can be asked for: "grb.pha{3}". */
  readonly hasParts?: boolean;
  sniff(file: OpenedFile): Certainty;
  /** Absent: what `dataset` reads, or, without it, nothing. */
  read?(file: OpenedFile, context: FileContext): C | Promise<C>;
  /** What to do with a file that is known but not read. */
  readonly remedy?: string;
  /** Its files are read with data that name them, so that beside data they need not be named. */
  readonly isCompanion?: boolean;
  /** What `info` says of it. Absent: what it says of the first part that the file holds. */
  summary?(contents: C, file: OpenedFile, context: FileContext): Summary;
  /** What `info` can show of a file that `read` refuses. Absent: its HDUs or its first lines. */
  readable?(file: OpenedFile, context: FileContext): Contents | Promise<Contents>;
  /** What `validate` finds, beside what reading throws. Absent: the file is read. */
  check?(file: OpenedFile, context: FileContext): Findings | Promise<Findings>;
  /** What `plot` draws of it. Absent: the first part that the file holds. */
  drawing?(contents: C, file: OpenedFile, context: FileContext): Drawing | Promise<Drawing>;
  /** Names of files that `convert` writes in this format, whichever of the same first part the contents came from. */
  readonly ending?: RegExp;
  /** What `convert` writes. Absent: its dataset, as a datasets.yaml would have it. */
  write?(contents: C, options: WriteFileOptions): NamedFiles;
  readonly dataset?: DatasetFiles;
  /** Where datasets are asked for, its files are read together with the others of these parts. */
  readonly partOf?: DatasetParts;
}

/** A format of datasets. */
export interface DatasetFormat<C extends Contents = Contents> extends FileFormat<C> {
  readonly dataset: DatasetFiles;
}

/** A file with its format, which is one that reads nothing where no format knows it. */
export interface KnownFile extends OpenedFile {
  readonly format: FileFormat;
}

/** A registry for what works with files. */
export interface FileRegistry extends Registry {
  readonly formats: readonly FileFormat[];
}

/** What reading and writing an analysis needs of a registry. */
export type AnalysisRegistry = ModelRegistry & Pick<FileRegistry, "formats">;
