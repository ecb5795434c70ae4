/** The files that a spectrum names: RESPFILE, ANCRFILE, BACKFILE. */
import { FormatError, UnsupportedError } from "../../errors.js";
import { getCard, type Hdu, readFits, type TableHdu } from "../../fits/index.js";
import { dirname, expandPath, type FileAccess, joinPath, spellings } from "../files.js";
import { keyword } from "../hdu.js";

/** A file of the OGIP format that is open. */
export interface Opened {
  readonly path: string;
  readonly hdus: readonly Hdu[];
  /** The HDU that the spectrum asks for: "two.rmf[MATRIX,2]". */
  readonly chosen?: TableHdu;
}

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
): Promise<Opened | undefined> {
  const name = keyword(spectrum, key);
  if (isNone(name)) return undefined;
  const where = `${source.path}: HDU SPECTRUM: ${key}`;
  if (/\{.*\}$/.test(name)) {
    throw new UnsupportedError(
      `${where} names "${name}": rows of tables with several spectra are not read; split the file`,
    );
  }
  const [, file = name, selector] = /^(.*?)\[([^[\]]*)\]$/.exec(name) ?? [];
  const candidates = spellings(expandPath(file, files, where))
    .flatMap((given) => [joinPath(dirname(source.path), given), given])
    .flatMap((p) => [p, `${p}.gz`]);
  for (const path of candidates) {
    // spectra may hold their background themselves
    const isOwn = path === source.path;
    if (!isOwn && !(await files.exists(path))) continue;
    const hdus = isOwn ? source.hdus : readFits(await files.read(path), { where: path });
    return selector === undefined
      ? { path, hdus }
      : { path, hdus, chosen: choose(hdus, selector, `${where} "${name}"`) };
  }
  throw new FormatError(
    `${where} names "${name}", which is not there (looked for ${[...new Set(candidates)].join(", ")}); put the file next to the PHA`,
    { code: "missing-file", where, found: name },
  );
}

/** The table that CFITSIO takes for `[n]` (the primary HDU is 0), `[NAME]`, `[NAME,EXTVER]`, `[NAME,EXTVER,BINTABLE]`. */
function choose(hdus: readonly Hdu[], selector: string, where: string): TableHdu {
  const [first = "", version = "", type = "B", ...rest] = selector.split(",").map((part) => part.trim());
  if (rest.length > 0 || !/^[\w.: +-]+$/.test(first) || !/^\d*$/.test(version) || !/^(B|BINTABLE)$/i.test(type)) {
    throw new UnsupportedError(
      `${where}: filters of rows and columns are not applied, expected [number], [NAME] or [NAME,version]`,
    );
  }
  const named = hdus.filter((hdu) => hdu.name.toUpperCase() === first.toUpperCase());
  const versions = named.map((hdu) => Number(getCard(hdu.header, "EXTVER")?.value ?? Number.NaN));
  const wanted = version === "" ? 1 : Number(version);
  // HDUs of one name without EXTVER count in their order
  const place = versions.every(Number.isNaN)
    ? wanted - 1
    : versions.findIndex((v) => (Number.isNaN(v) ? 1 : v) === wanted);
  const found = /^\d+$/.test(first) ? hdus[Number(first)] : version === "" ? named[0] : named[place];
  if (found?.kind === "table") return found;
  throw new FormatError(
    `${where}: there is no such table; found the HDUs ${hdus.map((hdu) => hdu.name || "(no name)").join(", ")}`,
  );
}
