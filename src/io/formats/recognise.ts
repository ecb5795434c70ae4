/** Which format a file is of. */
import { FormatError } from "../../errors.js";
import { appearance, refuseSelector, textOf } from "./open.js";
import { LIKELY } from "./sniff.js";
import type { Certainty, FileFormat, OpenedFile, Part } from "./types.js";

interface Recognised {
  readonly format?: FileFormat;
  readonly certainty: Certainty;
}

/** The format that is most sure of the file; of equally sure ones the last. */
export function recognised(file: OpenedFile, formats: readonly FileFormat[]): Recognised {
  let found: Recognised = { certainty: 0 };
  for (const format of formats) {
    const certainty = format.sniff(file);
    if (certainty > 0 && certainty >= found.certainty) found = { format, certainty };
  }
  return found;
}

export const formatOf = (file: OpenedFile, formats: readonly FileFormat[]): FileFormat | undefined =>
  recognised(file, formats).format;

/** What a file is: "event list"; of no known format, what it looks like: "FITS with the HDUs PRIMARY, RATES". */
export function identity(file: OpenedFile, formats: readonly FileFormat[]): string {
  const { format, certainty } = recognised(file, formats);
  return certainty >= LIKELY ? format!.about : appearance(file);
}

/** That a file is another than was asked for. */
export function wrongFile(
  file: OpenedFile,
  formats: readonly FileFormat[],
  expected: string,
  remedy = recognised(file, formats).format?.remedy,
): FormatError {
  return new FormatError({ where: file.path, found: identity(file, formats), expected, remedy });
}

/** A YAML file as it is asked for. */
interface Asked {
  /** A key of it. */
  readonly key: string;
  readonly expected: string;
  isOne(format: FileFormat): boolean;
}

/** The text of a YAML file, unless the file is known to be of another format, or looks like no YAML at all. */
export function textFor(file: OpenedFile, formats: readonly FileFormat[], { key, expected, isOne }: Asked): string {
  const { format, certainty } = recognised(file, formats);
  refuseSelector(file, format);
  const { text = "", keys } = file;
  const isYaml = keys.size > 0 || (/^\s*\{/.test(text) && text.includes(key));
  if (!isYaml || (certainty >= LIKELY && !isOne(format!))) throw wrongFile(file, formats, expected);
  return textOf(file, expected);
}

/** "event list, light curve or sky map" */
export function oneOf(names: readonly string[]): string {
  const last = names.at(-1) ?? "nothing";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} or ${last}`;
}

/** The formats whose files hold something. */
export const holding = (part: Part, formats: readonly FileFormat[]): FileFormat[] =>
  formats.filter(({ holds }) => holds.includes(part));

/** Whether its files are about models, to be used with data of others. */
export const isOfModels = ({ holds }: FileFormat): boolean => holds[0] === "models";

export const aboutOf = (formats: readonly FileFormat[]): string => oneOf(formats.map(({ about }) => about));
