/** Defaults of options: `.gammats.yaml` of the folder, before `gammats/config.yaml` of the user. Data only: no file of code is ever named there. */
import { FormatError } from "../errors.js";
import { dirname, type FileAccess, joinPath } from "../io/files.js";
import { openFile, textOf } from "../io/formats/open.js";
import { document, type JsonSchema, mapping } from "../io/json-schema.js";
import { TABLE_FORMATS } from "../io/table/formats.js";
import { openYaml } from "../io/yaml/open.js";
import { readFields, readPlain, throwProblems } from "../io/yaml/source.js";

interface Key {
  readonly expected: string;
  readonly holds: (value: unknown) => boolean;
  readonly schema: JsonSchema;
}

const TEXT: Key = { expected: "a text", holds: (v) => typeof v === "string", schema: { type: "string" } };

/** Options that may have a default there; those that name hosts, code or results may not. */
const OPTIONS = {
  workers: {
    expected: "a whole number above 0",
    holds: (v) => Number.isInteger(v) && (v as number) >= 1,
    schema: { type: "integer", minimum: 1 },
  },
  format: {
    expected: TABLE_FORMATS.join(", "),
    holds: (v) => (TABLE_FORMATS as readonly unknown[]).includes(v),
    schema: { enum: TABLE_FORMATS },
  },
  style: TEXT,
  backend: TEXT,
} satisfies Readonly<Record<string, Key>>;
export type ConfigKey = keyof typeof OPTIONS;
const KEYS = Object.keys(OPTIONS) as readonly ConfigKey[];

/** JSON Schema of these files. */
export const configSchema = (): JsonSchema =>
  document(
    ".gammats.yaml",
    mapping(Object.fromEntries(Object.entries(OPTIONS).map(([key, { schema }]) => [key, schema]))),
  );

export interface ConfigValue {
  readonly value: string;
  /** File and line. */
  readonly where: string;
}

export type Config = Readonly<Partial<Record<ConfigKey, ConfigValue>>>;

const PROJECT = ".gammats.yaml";

type Env = Readonly<Record<string, string | undefined>>;

/** Where defaults are looked for, the first before the second. */
export function configPaths(env: Env): string[] {
  const user = env.HOME || env.USERPROFILE;
  const home = env.XDG_CONFIG_HOME || (user ? joinPath(user, ".config") : undefined);
  return [PROJECT, ...(home === undefined ? [] : [joinPath(home, "gammats/config.yaml")])];
}

/** @throws FormatError with every problem of the files, each with its line. */
export async function readConfig(files: FileAccess, env: Env): Promise<Config> {
  let config: Config = {};
  for (const path of configPaths(env)) {
    if (await files.exists(path)) config = { ...(await readOne(path, files)), ...config };
  }
  return config;
}

async function readOne(path: string, files: FileAccess): Promise<Config> {
  const expected = `defaults of options (YAML): ${KEYS.join(", ")}`;
  const source = openYaml(textOf(await openFile(path, files), expected), path);
  const { contents } = source.document;
  // a file of comments alone says nothing
  const fields = contents === null ? undefined : readFields(source, contents, "", KEYS);
  throwProblems(path, source.problems);
  const entries = (fields?.keys ?? []).map((key) => {
    const { node } = fields!.get(key)!;
    const where = `${path}:${source.lineOf(node)}`;
    return [key, { value: placed(key, textOfValue(key, readPlain(source, node), where), path), where }] as const;
  });
  return Object.fromEntries(entries);
}

/** Files are named as seen from the one that names them. */
const placed = (key: string, text: string, path: string) => (key === "style" ? joinPath(dirname(path), text) : text);

function textOfValue(key: string, value: unknown, where: string): string {
  const { expected, holds } = OPTIONS[key as ConfigKey];
  if (holds(value)) return String(value);
  throw new FormatError({ where: `${where} ${key}`, found: JSON.stringify(value), expected });
}
