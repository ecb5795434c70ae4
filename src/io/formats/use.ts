/** What can be done with any file, by the declaration of its format. */
import type { Dataset } from "../../datasets/types.js";
import { FormatError, SpecError } from "../../errors.js";
import type { FileAccess } from "../files.js";
import { encodeDataset, type WriteDatasetOptions, writerOf } from "./dataset-files.js";
import { openFile, refuseSelector } from "./open.js";
import { formatOf, wrongFile } from "./recognise.js";
import { unknownFormat } from "./text.js";
import type {
  Contents,
  FileContext,
  FileFormat,
  Findings,
  KnownFile,
  NamedFiles,
  OpenedFile,
  WriteFileOptions,
} from "./types.js";

export const knownFile = (file: OpenedFile, formats: readonly FileFormat[]): KnownFile => ({
  ...file,
  format: formatOf(file, formats) ?? unknownFormat,
});

/**
 * Reads a file and says which of the formats it is in; the format is `unknown` where it is in none.
 * @throws FormatError where the file is missing or cannot be read.
 */
export async function openKnown(
  path: string,
  files: Pick<FileAccess, "read" | "exists" | "plainPath">,
  formats: readonly FileFormat[],
): Promise<KnownFile> {
  return knownFile(await openFile(path, files), formats);
}

export const isRead = ({ read, dataset }: FileFormat): boolean => read !== undefined || dataset !== undefined;

/**
 * What is in a file, as plain data; what its reader notes is among the warnings.
 * @throws FormatError where the file is damaged or of a format that cannot be read.
 */
export async function contentsOf(file: KnownFile, context: FileContext): Promise<Contents> {
  // intervals of a light curve may have the same to say
  const notes = new Set<string>();
  const contents = await read(file, { ...context, onNote: (note) => notes.add(note) });
  return notes.size === 0 ? contents : { ...contents, warnings: [...(contents.warnings ?? []), ...notes] };
}

async function read(file: KnownFile, context: FileContext): Promise<Contents> {
  const { format } = file;
  refuseSelector(file, format);
  if (format.read !== undefined) return format.read(file, context);
  if (format.dataset !== undefined) return { datasets: [await format.dataset.read(file, context)] };
  throw wrongFile(file, context.registry.formats, "a file that can be read");
}

/** What is asked for where nothing is known of a file. */
const ANYTHING =
  'FITS, a datasets.yaml (list "datasets"), a models.yaml (list "components") or an ECSV table of flux points';

/** What `validate` finds in a file, beside what reading it throws. */
export async function findingsOf(file: KnownFile, given: FileContext): Promise<Findings> {
  const { format } = file;
  const context = { ...given, keepGoing: true };
  if (format.check !== undefined) return format.check(file, context);
  if (isRead(format)) {
    const contents = await contentsOf(file, context);
    const { problems = [], warnings } = contents;
    return { problems, warnings, contents };
  }
  // of any FITS there are checksums to look at
  return { problems: file.hdus || file.damage ? [] : [wrongFile(file, context.registry.formats, ANYTHING).message] };
}

/** `encodeDataset` in no other format than the wanted one. */
export function encodeDatasetAs(dataset: Dataset, name: string, options: WriteDatasetOptions): NamedFiles {
  const { format } = options;
  const { tag, name: other } = writerOf(dataset, options);
  if (format === undefined || format === tag || format === other) return encodeDataset(dataset, name, options);
  throw new SpecError(
    `dataset "${dataset.name}": files of the format ${format} hold no ${dataset.type}; use ${tag ?? other}`,
  );
}

export const isConverted = ({ write, dataset }: FileFormat): boolean => write !== undefined || dataset !== undefined;

/** What `convert` writes of what a file holds. */
export function encodeContents(file: KnownFile, contents: Contents, options: WriteFileOptions): NamedFiles {
  const { path } = file;
  const isOther = ({ ending, holds }: FileFormat) => ending?.test(options.name) && holds[0] === file.format.holds[0];
  const format = options.registry.formats.find(isOther) ?? file.format;
  if (format.write !== undefined && (options.format === undefined || format.isList)) {
    return format.write(contents, options);
  }
  const [dataset, ...more] = contents.datasets ?? [];
  if (more.length > 0) {
    const found = `${more.length + 1} datasets in one file`;
    throw new FormatError({ where: path, found, expected: "one", remedy: `say which: ${path}{1}` });
  }
  if (dataset !== undefined) {
    return encodeDatasetAs(dataset, options.name, { ...options, formats: options.registry.formats });
  }
  const remedy = "leave out --format, which is for datasets";
  throw new FormatError({ where: path, found: format.about, expected: "a dataset", remedy });
}
