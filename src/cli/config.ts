/** Defaults of options: `.gammats.yaml` of the folder, before `gammats/config.yaml` of the user. Data only: no file of code is ever named there. */
import { FormatError } from "../errors.js";
import { dirname, type FileAccess, joinPath } from "../io/files.js";
import { openFile, textOf } from "../io/formats/open.js";
import { TABLE_FORMATS } from "../io/table/formats.js";
import { openYaml } from "../io/yaml/open.js";
import { readFields, readPlain, throwProblems } from "../io/yaml/source.js";

/** Options that may have a default there; those that name hosts, code or results may not. */
const KEYS = ["workers", "format", "style", "backend"] as const;
export type ConfigKey = (typeof KEYS)[number];

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
  const home = env.XDG_CONFIG_HOME || (env.HOME ? joinPath(env.HOME, ".config") : undefined);
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
  const isWhole = Number.isInteger(value) && (value as number) >= 1;
  const [isGood, expected] =
    key === "workers"
      ? [isWhole, "a whole number above 0"]
      : key === "format"
        ? [(TABLE_FORMATS as readonly unknown[]).includes(value), TABLE_FORMATS.join(", ")]
        : [typeof value === "string", "a text"];
  if (isGood) return String(value);
  throw new FormatError({ where: `${where} ${key}`, found: JSON.stringify(value), expected });
}
