/**
 * Names of GammaTS in the tables of "coming from": each has to be a command with its option, an export, a model or a minimiser. And the commands whose JSON
 * the page on it shows: they have to be all.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { standardRegistry } from "gammats";
import { minimizers } from "gammats/extend";

const ENTRIES = ["", "/models", "/io", "/sky", "/plot", "/time", "/reduce", "/extend", "/node"];

async function exportedNames() {
  const modules = await Promise.all(ENTRIES.map((entry) => import(`gammats${entry}`)));
  const { spectral, spatial, temporal, priors } = standardRegistry;
  const models = [spectral, spatial, temporal, priors].flat();
  return new Set([
    ...modules.flatMap(Object.keys),
    ...models.flatMap(({ tag, type, parameters }) => [tag, type, ...Object.keys(parameters)]),
    ...minimizers.map(({ name }) => name),
    ...standardRegistry.statistics.map(({ name }) => name),
    "link",
  ]);
}

/** Options by command, from what shells complete. */
async function commandOptions() {
  const { stdout } = await promisify(execFile)(process.execPath, ["dist/cli/main.js", "completion", "bash"]);
  const found = stdout.matchAll(/^ {4}([\w-]+)\)\n[\s\S]*?options='([^']*)'/gm);
  return new Map(Array.from(found, ([, command, options]) => [command, options.split(" ")]));
}

/** The codes in the last column of the tables of a page. */
const namesIn = (text) =>
  Array.from(text.matchAll(/^\|[^\n]*\|([^|\n]+)\|$/gm), ([, cell]) => cell).flatMap((cell) =>
    Array.from(cell.matchAll(/`([^`]+)`/g), ([, name]) => name),
  );

/** @throws where a page names something that is not there, or leaves a command out. */
export async function checkNames(pages) {
  const [names, commands] = await Promise.all([exportedNames(), commandOptions()]);
  const isThere = (name) => {
    const [program, command, ...options] = name.split(" ");
    if (program !== "gammats") return name.split(/ [+*] /).every((part) => names.has(part));
    const known = commands.get(command);
    return known !== undefined && options.every((option) => !option.startsWith("--") || known.includes(option));
  };
  const wrong = [...pages]
    .filter(([page]) => page.startsWith("coming-from/"))
    .flatMap(([page, text]) => namesIn(text).flatMap((name) => (isThere(name) ? [] : [`${page}: ${name}`])));
  if (wrong.length > 0) throw new Error(`names that GammaTS has not:\n${wrong.join("\n")}`);
  const shown = pages.get("formats/commands");
  const printing = [...commands].filter(([, options]) => options.includes("--json")).map(([name]) => name);
  const missing = printing.filter((name) => !shown.includes(`## ${name}\n`) && !shown.includes(`\`${name}\``));
  if (missing.length > 0) throw new Error(`formats/commands.md does not show the JSON of ${missing.join(", ")}`);
}
