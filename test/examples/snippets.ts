/** Every snippet of the documentation as a file of a project that has the package installed. */
import { cp, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { ENTRIES, exportsOf, tagsOf } from "../house/public-api.js";

/** Code by the name of its file: of the texts, of the examples, of the docstrings. */
export async function snippets(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const docs = (await readdir("docs")).filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`);
  for (const path of ["README.md", ...docs]) {
    const text = await readFile(path, "utf8");
    for (const [i, [, code]] of [...text.matchAll(/^```[jt]s\n([\s\S]*?)^```$/gm)].entries()) {
      found.set(`${path.replace(/[/.]/g, "-")}-${i + 1}.ts`, code!);
    }
  }
  for (const name of await readdir("examples")) {
    // JavaScript of one's own has declarations beside it, which the project's own check covers
    if (name.endsWith(".ts")) found.set(name, await readFile(`examples/${name}`, "utf8"));
  }
  for (const entry of ENTRIES) {
    for (const { name, symbol } of exportsOf(`src/${entry}.ts`)) {
      for (const text of tagsOf(symbol, "example")) {
        const [, code] = /^```ts\n([\s\S]*?)\n```$/.exec(text) ?? [];
        if (code !== undefined) found.set(`${entry}-${name}.ts`, code);
      }
    }
  }
  return found;
}

const strict = { strict: true, noImplicitReturns: true, exactOptionalPropertyTypes: true };

/** Writes the project, and returns how many snippets it has. */
export async function writeProject(folder: string): Promise<number> {
  const files = await snippets();
  for (const [name, code] of files) {
    await writeFile(join(folder, name), code);
  }
  const compilerOptions = {
    ...strict,
    noEmit: true,
    target: "ES2022",
    lib: ["ES2023", "DOM", "DOM.Iterable"],
    module: "NodeNext",
    moduleResolution: "NodeNext",
    types: ["node"],
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
  await writeFile(join(folder, "deno.json"), JSON.stringify({ nodeModulesDir: "manual", compilerOptions: strict }));
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "snippets", type: "module", private: true }));
  // as npm installs it: a link would lead Deno out of node_modules
  for (const name of ["dist", "package.json", "examples/crab"]) {
    await cp(name, join(folder, "node_modules/gammats", name), { recursive: true });
  }
  const types = join(folder, "node_modules/@types/node");
  await mkdir(dirname(types), { recursive: true });
  await symlink(resolve("node_modules/@types/node"), types, "dir");
  return files.size;
}
