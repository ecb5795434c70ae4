/**
 * Runs the code of a page in an empty folder and puts what it said below it. Flags behind the language of a block:
 *   sh            commands, run by bash; one that fails is an error of the build
 *   sh fails      it has to fail
 *   ts            a module that imports from "gammats"; it is complete in itself
 *   ts more       goes on from the ts blocks before it
 *   ts node       runs in Node alone, as it reads files that commands have written
 *   file=NAME     the block (of any language) is written to a file
 *   sh keys       prints one JSON document, of which a table of its keys is shown
 *   show          not run;  quiet: run, what it says is not shown;  lines=N: the first N lines of it are
 * A picture that the code has made is shown by ![what it is](run/PATH). What code prints that is an SVG is shown as a picture.
 */
import { execFile } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { transform } from "sucrase";
import { flagOf, partsOf } from "./fences.mjs";
import { fieldsTable } from "./tables.mjs";

const NEXT = "\u001e";

/** A folder with the command `gammats`, to be put into PATH. */
async function commandFolder(folder) {
  await mkdir(folder, { recursive: true });
  const main = resolve("dist/cli/main.js");
  await writeFile(`${folder}/gammats`, `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`, { mode: 0o755 });
  return resolve(folder);
}

/** What a user's machine would have: no data, no settings. */
function environmentIn(folder, commands) {
  const { PATH } = process.env;
  return { PATH: `${commands}:${PATH}`, HOME: folder, LANG: "C.UTF-8", NO_COLOR: "1" };
}

/** Runs a program; its exit status, what it printed, and all that it said. */
function run(program, args, { cwd, env }) {
  return new Promise((done) => {
    execFile(program, args, { cwd, env, maxBuffer: 1e8 }, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
      done({ status, stdout, said: stdout + stderr });
    });
  });
}

/** What was said, with pictures as files. Names of folders of this machine are left out. */
function shown(said, { folder, name, lines }) {
  const files = new Map();
  let text = said.replaceAll(`${folder}/`, "").replaceAll(folder, "/home/you").replaceAll(process.cwd(), "…");
  text = text.replace(/<svg[\s\S]*?<\/svg>\n?/g, (svg) => {
    files.set(`${name}${files.size + 1}.svg`, Buffer.from(svg));
    return "";
  });
  const all = text.trimEnd().split("\n");
  const rest = all.length - lines;
  const kept = rest > 0 ? [...all.slice(0, lines), `... (${rest} more lines)`] : all;
  const output =
    text.trim() === "" ? "" : `\n\n<div class="output">\n\n\`\`\`text\n${kept.join("\n")}\n\`\`\`\n\n</div>\n`;
  return { output, files };
}

/** A table of the keys of a document: where they stand, of which type they are, and the first value. */
function keysTable(json) {
  const rows = new Map();
  const visit = (value, path) => {
    if (Array.isArray(value)) {
      if (value.every((item) => typeof item !== "object" || item === null)) add(path, "list", value.slice(0, 3));
      else for (const item of value) visit(item, `${path}[]`);
    } else if (typeof value === "object" && value !== null) {
      for (const [key, inner] of Object.entries(value)) visit(inner, path === "" ? key : `${path}.${key}`);
    } else add(path, value === null ? "null" : typeof value, value);
  };
  const add = (path, type, value) => {
    const types = new Set([...(rows.get(path)?.types ?? []), type]);
    rows.set(path, { types, value: rows.get(path)?.value ?? value });
  };
  visit(JSON.parse(json), "");
  const shorten = (text) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
  const cells = [...rows].map(([path, { types, value }]) => [
    `\`${path}\``,
    [...types].join(" or "),
    `\`${shorten(JSON.stringify(value ?? null))}\``,
  ]);
  return fieldsTable(["key", "type", "here"], cells);
}

/** The commands of a page, one block after the other. */
async function runBlock(part, chain, { page, folder, env, index }) {
  const { language, flags, code } = part;
  if (language === "sh") {
    // what people read comes in one stream, in its order
    const text = flags.includes("keys") ? code : `exec 2>&1\n${code}`;
    return run("bash", ["--norc", "-euo", "pipefail", "-c", text], { cwd: folder, env });
  }
  const file = `${folder}/.cell-${index}.mjs`;
  const before = flags.includes("more") ? [...chain] : [];
  if (before.length === 0) chain.length = 0;
  chain.push(code);
  const source = [...before, `console.log("${NEXT}");\n${code}`].join("\n");
  await writeFile(file, transform(source, { transforms: ["typescript"], filePath: `${page}.ts` }).code);
  const { status, said } = await run(process.execPath, [file], { cwd: folder, env });
  return { status, said: said.slice(said.lastIndexOf(NEXT) + 2) };
}

/** The page with what its code said, and the files that it shows, by path. */
export async function executePage(page, markdown, { work, commands }) {
  const folder = resolve(work, page);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const env = environmentIn(folder, commands);
  const files = new Map();
  const chain = [];
  const out = [];
  for (const [index, part] of partsOf(markdown).entries()) {
    out.push(part.text);
    const { language, flags = [], code } = part;
    const name = flagOf(flags, "file");
    if (name !== undefined) await writeFile(`${folder}/${name}`, code);
    if (name !== undefined || flags.includes("show") || !["sh", "ts"].includes(language)) continue;
    const { status, stdout, said } = await runBlock(part, chain, { page, folder, env, index });
    if ((status !== 0) !== flags.includes("fails")) {
      throw new Error(`${page}.md: this ended with status ${status}:\n${code}\n${said}`);
    }
    if (flags.includes("quiet")) continue;
    if (flags.includes("keys")) {
      out.push(`\n\n${keysTable(stdout)}\n`);
      continue;
    }
    const lines = Number(flagOf(flags, "lines") ?? 60);
    const result = shown(said, { folder, name: `output-${index}-`, lines });
    out.push(result.output);
    for (const [path, bytes] of result.files) {
      files.set(`${page}/${path}`, bytes);
      out.push(`\n![what the code has drawn](./${basename(page)}/${path})\n`);
    }
  }
  return { text: await withPictures(out.join(""), { page, folder, files }), files };
}

/** Takes the pictures that a page shows out of the folder where its code has run. */
async function withPictures(text, { page, folder, files }) {
  for (const [, path] of text.matchAll(/!\[[^\]]*\]\(run\/([^)]+)\)/g)) {
    files.set(`${page}/${path}`, await readFile(`${folder}/${path}`));
  }
  return text.replace(/(!\[[^\]]*\]\()run\//g, `$1./${basename(page)}/`);
}

/** Executes all of these pages, a few at a time. Returns them with what they said, and the files that they show. `keep`: see kept.mjs. */
export async function executePages(pages, { work, keep, atOnce = 2 }) {
  const commands = await commandFolder(`${work}/bin`);
  const done = new Map();
  const files = new Map();
  const waiting = [...pages];
  const one = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [page, markdown] = next;
      const result = await keep([page, markdown], () => executePage(page, markdown, { work, commands }));
      done.set(page, result.text);
      for (const [path, bytes] of result.files) files.set(path, bytes);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  // in the order in which they came
  return { pages: new Map([...pages.keys()].map((page) => [page, done.get(page)])), files };
}
