/** From which file and to which file a dataset goes, by the formats that know its type. */
import type { Dataset } from "../../datasets/types.js";
import { UnsupportedError, unknownName } from "../../errors.js";
import type { NoteOptions } from "../cards.js";
import { refuseSelector } from "./open.js";
import { aboutOf, formatOf, recognised, wrongFile } from "./recognise.js";
import { LIKELY } from "./sniff.js";
import type { DatasetContext, DatasetFormat, FileFormat, NamedFiles, OpenedFile } from "./types.js";

const forDatasets = (formats: readonly FileFormat[]): DatasetFormat[] =>
  formats.filter((format): format is DatasetFormat => format.dataset !== undefined);

/** All types of datasets that the formats can read. */
export const datasetTypes = (formats: readonly FileFormat[]): string[] => [
  ...new Set(forDatasets(formats).flatMap(({ dataset }) => dataset.types)),
];

/** The dataset in a file, which is to be of a type; by the format that knows the file best. */
export async function readDatasetFile(
  file: OpenedFile,
  type: string,
  formats: readonly FileFormat[],
  context: DatasetContext,
): Promise<Dataset> {
  const able = forDatasets(formats).filter(({ dataset }) => dataset.types.includes(type));
  const known = formatOf(file, able) as DatasetFormat | undefined;
  if (known === undefined && recognised(file, formats).certainty >= LIKELY) {
    throw wrongFile(file, formats, `a ${type}: ${aboutOf(able)}`);
  }
  refuseSelector(file, known);
  // where none knows the file, the first says what is wrong with it
  return (known ?? able[0]!).dataset.read(file, context);
}

/** Whether a format goes by this name. */
const isNamed = ({ name, tag }: FileFormat, wanted: string | undefined): boolean =>
  wanted !== undefined && (name === wanted || tag === wanted);

export interface WriteDatasetOptions extends NoteOptions {
  readonly formats: readonly FileFormat[];
  /** Name or tag of the format. */
  readonly format?: string | undefined;
}

const writersOf = (formats: readonly FileFormat[]): DatasetFormat[] =>
  forDatasets(formats).filter(({ dataset }) => dataset.write !== undefined);

/** Throws unless datasets can be written in a format of this name or tag. */
export function requireFormat(wanted: string, formats: readonly FileFormat[], where: string): void {
  const writers = writersOf(formats);
  if (writers.some((format) => isNamed(format, wanted))) return;
  throw unknownName(
    where,
    "format of datasets",
    wanted,
    writers.map(({ name, tag = name }) => tag),
  );
}

/** The format that a dataset goes to: the wanted one where it can hold it, else the first of those that can. */
export function writerOf(dataset: Dataset, { formats, format: wanted }: WriteDatasetOptions): DatasetFormat {
  if (wanted !== undefined) requireFormat(wanted, formats, `dataset "${dataset.name}"`);
  const able = writersOf(formats).filter((format) => format.dataset.types.includes(dataset.type));
  const found = able.find((format) => isNamed(format, wanted)) ?? able[0];
  if (found !== undefined) return found;
  throw new UnsupportedError(
    `dataset "${dataset.name}": there is no file format for a ${dataset.type}; leave it out, or write it on your own`,
  );
}

/** Name of the file that a dataset goes to. */
export function datasetFileName(dataset: Dataset, options: WriteDatasetOptions): string {
  // what `writeFiles` refuses in a name, since it could lead out of the folder, and what Windows has no place for
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
  const plain = dataset.name.replace(/[\s/\\$<>:"|?*\u0000-\u001f]/g, "_");
  // names of devices on Windows, whatever ending they have
  const stem = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(plain) ? `_${plain}` : plain;
  return writerOf(dataset, options).dataset.fileName?.(dataset, stem) ?? `${stem}.fits`;
}

/** The files of a dataset; `name`: of the one that a datasets.yaml names. */
export function encodeDataset(dataset: Dataset, name: string, options: WriteDatasetOptions): NamedFiles {
  const { onNote } = options;
  return writerOf(dataset, options).dataset.write!(dataset, name, {
    onNote: onNote && ((note) => onNote(`${name}: ${note}`)),
  });
}
