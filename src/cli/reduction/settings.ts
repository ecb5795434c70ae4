/** What `gammats reduce` is asked for: options of the command line over those of a reduce.yaml, and the texts that repeat it. */
import { SpecError } from "../../errors.js";
import { openFile, textOf } from "../../io/formats/open.js";
import { openYaml } from "../../io/yaml/open.js";
import { yamlText } from "../../io/yaml/plain-text.js";
import { readBoolean, readFields, readPlain, readText, readTexts, throwProblems } from "../../io/yaml/source.js";
import type { SafeMaskRule } from "../../reduce/safe-mask.js";
import type { Context } from "../context.js";
import { numberOf } from "../numbers.js";
import { angleOf } from "../run-selection.js";
import { gammapyOptions } from "./gammapy-config.js";
import type { AnalyseOptions, ReduceOptions } from "./options.js";

const TEXTS = [
  "target",
  "geometry",
  "ids",
  "cone",
  "time",
  "edges",
  "range",
  "bins",
  "trueRange",
  "trueBins",
  "maxOffset",
  "radius",
  "background",
  "offRegions",
  "safeMask",
  "width",
  "binsz",
  "frame",
  "proj",
  "name",
] as const satisfies readonly (keyof ReduceOptions)[];
const LISTS = ["where", "exclude"] as const;

/** `trueRange` is `true-range` in the file, as on the command line. */
const keyOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const NAMES: ReadonlyMap<string, keyof ReduceOptions> = new Map(
  [...TEXTS, ...LISTS, "stack" as const].map((name) => [keyOf(name), name]),
);

/** Which of the options that say the same in different ways go out where another is given. */
const ALTERNATIVES: readonly (readonly (keyof ReduceOptions)[])[] = [["edges"], ["range", "bins"]];

/** The options of a reduce.yaml, with those of the command line in place of its own. */
export async function withConfig(
  context: Pick<Context, "files" | "onNote">,
  path: string | undefined,
  given: ReduceOptions,
): Promise<ReduceOptions & AnalyseOptions> {
  const own = Object.fromEntries(
    [...NAMES.values()].flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])),
  );
  if (path === undefined) return own;
  const config = await readConfig(context, path);
  const read: Record<string, unknown> = { ...config };
  const replaced = ALTERNATIVES.some((names) => names.some((name) => own[name] !== undefined));
  if (replaced) for (const name of ALTERNATIVES.flat()) delete read[name];
  return { ...read, ...own };
}

/** Of a reduce.yaml, or of a config.yaml of Gammapy's Analysis, which may say what is measured too. */
async function readConfig(
  { files, onNote }: Pick<Context, "files" | "onNote">,
  path: string,
): Promise<ReduceOptions & AnalyseOptions> {
  const source = openYaml(
    textOf(
      await openFile(path, files),
      "a reduce.yaml, as gammats reduce --out writes it, or a config.yaml of Gammapy",
    ),
    path,
  );
  const { document } = source;
  if (document.has("datasets") || document.has("observations")) {
    throwProblems(path, source.problems);
    return gammapyOptions(readPlain(source, document.contents), path, onNote);
  }
  const fields = readFields(source, source.document.contents as never, "", [...NAMES.keys()]);
  throwProblems(path, source.problems);
  const out: Record<string, unknown> = {};
  for (const key of fields?.keys ?? []) {
    const field = fields!.get(key)!;
    const name = NAMES.get(key)!;
    if (name === "stack") out[name] = readBoolean(source, field);
    else out[name] = isList(name) ? readTexts(source, field) : readText(source, field);
  }
  throwProblems(path, source.problems);
  return out;
}

const isList = (name: string): boolean => (LISTS as readonly string[]).includes(name);

/** A reduce.yaml of these options: `gammats reduce FOLDER --config reduce.yaml` does the same again. */
export function configText(options: ReduceOptions): string {
  const entries = [...NAMES].flatMap(([key, name]) => (options[name] === undefined ? [] : [[key, options[name]]]));
  return `# gammats reduce FOLDER --config reduce.yaml --out DIR\n${yamlText(Object.fromEntries(entries))}`;
}

/** "aeff-max=10,offset-max=2.5"; "none": no rule. */
export function safeMaskOf(text: string): SafeMaskRule[] {
  const where = `--safe-mask "${text}"`;
  if (text.trim() === "none") return [];
  return text.split(",").map((part): SafeMaskRule => {
    const [method, value, ...more] = part.trim().split("=");
    const percent = () =>
      value === undefined ? {} : { percent: numberOf(value, where, `percent: ${method}=10`, (x) => x > 0 && x < 100) };
    if (more.length === 0) {
      if (method === "aeff-max" || method === "edisp-bias") return { method, ...percent() };
      if ((method === "aeff-default" || method === "bkg-peak") && value === undefined) return { method };
      if (method === "offset-max" && value !== undefined)
        return { method, offset: angleOf(value, `${where}: offset-max`) };
    }
    throw new SpecError({
      where,
      found: `"${part.trim()}"`,
      expected: "aeff-max=10, edisp-bias=10 (percent), aeff-default, bkg-peak, offset-max=2.5 (deg), or none",
    });
  });
}
