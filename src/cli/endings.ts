/** Whether the name of a file says what is written into it. */
import { SpecError } from "../errors.js";
import { basename } from "../io/files.js";

/** Without the point, in lower case; undefined: there is none. A number behind a point is none. */
export const endingOf = (path: string): string | undefined =>
  /\.([A-Za-z]\w*)$/.exec(basename(path))?.[1]?.toLowerCase();

interface Kind {
  readonly name: string;
  readonly endings: readonly string[];
  /** What such a file begins with. */
  readonly begins: RegExp;
}

/** The first that fits. */
const KINDS: readonly Kind[] = [
  {
    name: "FITS",
    // the latter as X-ray and burst missions name their spectra and responses
    endings: ["fits", "fit", "fts", "fz", "pha", "pha2", "pi", "grp", "arf", "rmf", "rsp", "bak"],
    begins: /^SIMPLE {2}=/,
  },
  { name: "an ECSV table", endings: ["ecsv"], begins: /^# %ECSV/ },
  { name: "a source list", endings: ["xml"], begins: /^\s*</ },
  { name: "regions of CASA", endings: ["crtf"], begins: /^#CRTF/ },
  { name: "regions of DS9", endings: ["reg", "ds9"], begins: /^# Region file/ },
  // a key in the first line that is no comment
  { name: "YAML", endings: ["yaml", "yml"], begins: /^(\s*(#[^\n]*)?\n)*[\w"-][^\n#]*:(\s|$)/ },
];

/** What stands for other contents than those of a format of one's own (a plugin's). */
const TAKEN = [...KINDS.flatMap(({ endings }) => endings), "csv", "tex", "json", "svg", "png", "pdf", "html", "gz"];

/**
 * Holds the name of a file against the bytes for it.
 * @throws SpecError where its ending stands for something else, or for nothing.
 */
export function requireEnding(where: string, path: string, bytes: Uint8Array): void {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 2000));
  const kind = KINDS.find(({ begins }) => begins.test(head));
  const ending = endingOf(path);
  if (ending !== undefined && (kind?.endings.includes(ending) ?? !TAKEN.includes(ending))) return;
  const { name, endings } = kind ?? { name: "another one", endings: ["txt", "dat"] };
  const wrong = ending === undefined ? "a name without an ending, which says what is written" : `the ending .${ending}`;
  throw new SpecError({
    where: `${where} ${path}`,
    found: wrong,
    expected: `${name}: ${endings.map((one) => `.${one}`).join(", ")}`,
    remedy: remedyOf(ending),
  });
}

function remedyOf(ending: string | undefined): string | undefined {
  if (ending === "gz") return "leave out .gz, and compress the file with gzip";
  if (ending === "csv" || ending === "tex") return "gammats info FILE --out writes tables of what a file holds";
  return undefined;
}

/** @throws SpecError where the name of a folder is that of a file. */
export function requireFolderName(out: string): void {
  const ending = endingOf(out);
  if (ending === undefined) return;
  throw new SpecError({
    where: `--out ${out}`,
    found: `the ending .${ending}`,
    expected: "a folder, whose name ends in / if it has a dot in it",
  });
}
