/** The files that a spectrum names: RESPFILE, ANCRFILE, BACKFILE. */
import { FormatError } from "../../errors.js";
import { type Hdu, readFits, type TableHdu } from "../../fits/index.js";
import { dirname, expandPath, type FileAccess, joinPath, spellings } from "../files.js";
import { keyword } from "../hdu.js";
import { chooseTable, splitSelector } from "../selector.js";

/** A file of the OGIP format that is open. */
export interface Opened {
  readonly path: string;
  readonly hdus: readonly Hdu[];
  /** The HDU that the spectrum asks for: "two.rmf[MATRIX,2]". */
  readonly chosen?: TableHdu;
  /** The number in "two.pha{2}": of a spectrum in a table, or of a matrix. */
  readonly number?: number;
}

/** Files that several spectra name are opened once. */
export type Companions = Map<string, readonly Hdu[]>;

/** Names of companion files that mean "there is none". */
export function isNone(name: string): boolean {
  return name === "" || name.toLowerCase() === "none";
}

/** The file that a keyword of the spectrum names, looked for next to it and as given; undefined where it names none. */
export async function openCompanion(
  source: Opened,
  spectrum: TableHdu,
  key: string,
  files: FileAccess,
  opened: Companions = new Map(),
): Promise<Opened | undefined> {
  const name = keyword(spectrum, key);
  if (isNone(name)) return undefined;
  const where = `${source.path}: HDU SPECTRUM: ${key}`;
  const { file, selector } = splitSelector(name);
  const candidates = spellings(expandPath(file, files, where))
    .flatMap((given) => [joinPath(dirname(source.path), given), given])
    .flatMap((p) => [p, `${p}.gz`]);
  for (const path of candidates) {
    // spectra may hold their background themselves
    const isOwn = path === source.path;
    if (!isOwn && !opened.has(path) && !(await files.exists(path))) continue;
    const hdus = isOwn ? source.hdus : (opened.get(path) ?? readFits(await files.read(path), { where: path }));
    opened.set(path, hdus);
    const { hdu, numbers = [] } = selector ?? {};
    if (numbers.length > 1) {
      throw new FormatError({
        where,
        found: `"${name}"`,
        expected: "one number in braces, as a spectrum has one of each",
      });
    }
    return {
      path,
      hdus,
      ...(hdu !== undefined && { chosen: chooseTable(hdus, hdu, `${where} "${name}"`) }),
      ...(numbers[0] !== undefined && { number: numbers[0] }),
    };
  }
  throw new FormatError(
    `${where} names "${name}", which is not there (looked for ${[...new Set(candidates)].join(", ")}); put the file next to the PHA`,
    { code: "missing-file", where, found: name },
  );
}
