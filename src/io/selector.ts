/** Parts of files, as XSPEC and CFITSIO write them behind a name: "grb.pha{3}", "grb.pha[SPECTRUM,2]{1-4,7}". */
import { FormatError, UnsupportedError } from "../errors.js";
import { getCard, type Hdu, type TableHdu } from "../fits/index.js";
import type { FileAccess } from "./files.js";

export interface Selector {
  /** As it stands behind the name. */
  readonly text: string;
  /** What stands in [...]: a number (the primary HDU is 0), NAME, NAME,EXTVER. */
  readonly hdu?: string;
  /** What stands in {...}: numbers of spectra in one table, or of matrices in one file. */
  readonly numbers?: readonly number[];
}

/** The name of a file, and what of it is meant; without braces and brackets at its end all of it. */
export function splitSelector(path: string): { readonly file: string; readonly selector?: Selector } {
  const [, file, hdu, list] = /^(.*?[^\]}])(?:\[([^[\]]*)\])?(?:\{([^{}]*)\})?$/s.exec(path) ?? [];
  if (file === undefined || (hdu === undefined && list === undefined)) return { file: path };
  const text = path.slice(file.length);
  const numbers = list === undefined ? undefined : numbersOf(list, path);
  return { file, selector: { text, ...(hdu !== undefined && { hdu }), ...(numbers && { numbers }) } };
}

/** The same of a file that is there; a file whose own name ends like that is itself. */
export async function selectedFile(
  path: string,
  files: Pick<FileAccess, "exists">,
): Promise<ReturnType<typeof splitSelector>> {
  if (!/[\]}]$/.test(path) || (await files.exists(path))) return { file: path };
  return splitSelector(path);
}

/** More would be a slip of the finger. */
const MOST = 1e5;

/** "1-3,7" */
function numbersOf(list: string, path: string): number[] {
  const wrong = () =>
    new FormatError({
      where: path,
      found: `{${list}}`,
      expected: "numbers of spectra from 1 on, as in {3}, {1-4} or {1,3,5-7}",
    });
  const numbers = list.split(",").flatMap((part) => {
    const [, first, last = first] = /^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/.exec(part) ?? [];
    if (first === undefined) throw wrong();
    const [a, b] = [Number(first), Number(last)];
    if (!(a > 0 && b >= a && b - a < MOST)) throw wrong();
    return Array.from({ length: b - a + 1 }, (_, i) => a + i);
  });
  return [...new Set(numbers)];
}

const isTable = (hdu: Hdu | undefined): hdu is TableHdu => hdu?.kind === "table";

/** The table that CFITSIO takes for `[n]` (the primary HDU is 0), `[NAME]`, `[NAME,EXTVER]`, `[NAME,EXTVER,BINTABLE]`. */
export function chooseTable(hdus: readonly Hdu[], selector: string, where: string): TableHdu {
  const [first = "", version = "", type = "B", ...rest] = selector.split(",").map((part) => part.trim());
  if (rest.length > 0 || !/^[\w.: +-]+$/.test(first) || !/^\d*$/.test(version) || !/^(B|BINTABLE)$/i.test(type)) {
    throw new UnsupportedError(
      `${where}: filters of rows and columns are not applied, expected [number], [NAME] or [NAME,version]`,
    );
  }
  const named = hdus.filter((hdu) => hdu.name.toUpperCase() === first.toUpperCase());
  const found = /^\d+$/.test(first)
    ? hdus[Number(first)]
    : version === ""
      ? named[0]
      : ofVersion(named, Number(version));
  if (isTable(found)) return found;
  throw new FormatError(
    `${where}: there is no such table; found the HDUs ${hdus.map((hdu) => hdu.name || "(no name)").join(", ")}`,
  );
}

/** Of HDUs of one name that with an EXTVER; without EXTVER they count in their order. */
export function ofVersion<H extends Hdu>(named: readonly H[], wanted: number): H | undefined {
  const versions = named.map((hdu) => Number(getCard(hdu.header, "EXTVER")?.value ?? Number.NaN));
  const place = versions.every(Number.isNaN)
    ? wanted - 1
    : versions.findIndex((v) => (Number.isNaN(v) ? 1 : v) === wanted);
  return named[place];
}
