/**
 * Provenance in files that are written already, where their format has a place for it: HISTORY of the primary header (FITS), a key of the metadata (ECSV),
 * a key of the whole (JSON and fit-result.yaml).
 */

import { FormatError } from "../../errors.js";
import { historyOf, withHistory } from "../../fits/index.js";
import { FIT_RESULT_FORMAT } from "../fit-result.js";
import { ECSV_PROVENANCE } from "../flux-points/ecsv.js";
import { openYaml } from "../yaml/open.js";
import { quotedText, yamlText } from "../yaml/plain-text.js";
import { readPlain, throwProblems } from "../yaml/source.js";
import { checkedProvenance } from "./read.js";
import type { Provenance } from "./types.js";

/** How files of one format carry it. `take` gives it as it stands there, undefined where there is none. */
interface Carrier {
  is(start: string): boolean;
  put(bytes: Uint8Array, provenance: Provenance): Uint8Array;
  take(bytes: Uint8Array, where: string): unknown;
  without(bytes: Uint8Array): Uint8Array;
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** JSON on one line of printable ASCII, without blanks in a row. */
const line = (provenance: Provenance): string =>
  JSON.stringify(provenance)
    .replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replace(/ {2,}/g, (blanks) => "\\u0020".repeat(blanks.length));

/** The beginning of each of our lines of HISTORY. */
const HISTORY = "gammats ";

const fits: Carrier = {
  is: (start) => start.startsWith("SIMPLE  ="),
  // a blank at the end of a card would be lost
  put: (bytes, provenance) =>
    withHistory(
      bytes,
      line(provenance)
        .match(/.{0,63}[^ ]/g)!
        .map((part) => HISTORY + part),
      HISTORY,
    ),
  take(bytes, where) {
    const lines = historyOf(bytes, HISTORY, where);
    return lines.length === 0 ? undefined : parsed(lines.join(""), where);
  },
  without: (bytes) => withHistory(bytes, [], HISTORY),
};

const ecsv: Carrier = {
  is: (start) => start.startsWith("# %ECSV"),
  put(bytes, provenance) {
    const text = decode(bytes);
    const head = text.includes("\n# meta: ") ? "" : "# meta: !!omap\n";
    const entry = `# - {${ECSV_PROVENANCE}: ${quotedText(line(provenance))}}\n`;
    return encode(text.replace(/^# schema:/m, () => `${head}${entry}# schema:`));
  },
  take(bytes, where) {
    const found = ENTRY.exec(decode(bytes));
    return found === null ? undefined : parsed(String(parsed(found[1]!, where)), where);
  },
  without: (bytes) => encode(decode(bytes).replace(ENTRY, "").replace("# meta: !!omap\n# schema:", "# schema:")),
};
const ENTRY = new RegExp(`^# - \\{${ECSV_PROVENANCE}: (".*")\\}\\n`, "m");

const json: Carrier = {
  is: (start) => /^\s*\{/.test(start),
  put: (bytes, provenance) => jsonBytes({ ...JSON.parse(decode(bytes)), provenance }),
  take: (bytes, where) => (parsed(decode(bytes), where) as { readonly provenance?: unknown }).provenance,
  without(bytes) {
    const { provenance: _, ...rest } = JSON.parse(decode(bytes));
    return jsonBytes(rest);
  },
};

const jsonBytes = (value: unknown): Uint8Array => encode(`${JSON.stringify(value, null, 2)}\n`);

const fitResult: Carrier = {
  is: (start) => start.startsWith(`format: ${FIT_RESULT_FORMAT}`),
  put: (bytes, provenance) => encode(decode(bytes) + yamlText({ provenance })),
  take(bytes, where) {
    const found = BLOCK.exec(decode(bytes));
    if (found === null) return undefined;
    const source = openYaml(found[0], where);
    throwProblems(where, source.problems);
    return (readPlain(source, source.document.contents) as { readonly provenance: unknown }).provenance;
  },
  without: (bytes) => encode(decode(bytes).replace(BLOCK, "")),
};
/** The last key, with all that is indented below it. */
const BLOCK = /^provenance:\n(?:[ -].*\n?)*/m;

const carriers: readonly Carrier[] = [fits, ecsv, json, fitResult];

function carrierOf(bytes: Uint8Array): Carrier | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 64));
  return carriers.find((carrier) => carrier.is(start));
}

function parsed(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new FormatError({
      where,
      what: "this is not JSON, or its provenance is damaged",
      remedy: "take the file as it was written",
    });
  }
}

/** The file with its provenance; as it is where its format (by its name, of JSON) has no place for one. */
export function withProvenance(bytes: Uint8Array, name: string, provenance: Provenance): Uint8Array {
  const carrier = carrierOf(bytes);
  // YAML may begin with a brace too
  return carrier === undefined || (carrier === json && !name.endsWith(".json"))
    ? bytes
    : carrier.put(bytes, provenance);
}

/** The file without its provenance: what the command made of its inputs, to the last byte. */
export const withoutProvenance = (bytes: Uint8Array): Uint8Array => carrierOf(bytes)?.without(bytes) ?? bytes;

/**
 * What a result says of how it was made; undefined where it says nothing.
 * @throws FormatError where that is damaged.
 */
export function provenanceOf(bytes: Uint8Array, where: string): Provenance | undefined {
  const found = carrierOf(bytes)?.take(bytes, where);
  return found === undefined || found === null ? undefined : checkedProvenance(found, where);
}
