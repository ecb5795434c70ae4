/**
 * Builds the page into one file: node web/build.mjs [--out FOLDER]
 * Needs the built library (npm run build).
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { rolldown } from "rolldown";
import { licenses } from "../scripts/licenses.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const EXAMPLE = here("../examples/crab/");
const LICENCES = "THIRD-PARTY-LICENSES.txt";

async function bundle(input) {
  const build = await rolldown({
    input: here(input),
    platform: "browser",
    plugins: [licenses()],
    logLevel: "warn",
    treeshake: { moduleSideEffects: false },
  });
  const { output } = await build.generate({
    format: input.endsWith("worker.ts") ? "iife" : "esm",
    minify: true,
    codeSplitting: false,
  });
  await build.close();
  return { code: output[0].code, licences: output.find(({ fileName }) => fileName === LICENCES).source };
}

async function exampleFiles() {
  const files = {};
  for (const entry of await readdir(EXAMPLE, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name === "README.md") continue;
    const path = `${entry.parentPath}/${entry.name}`;
    files[path.slice(EXAMPLE.length).replace(/^\//, "")] = (await readFile(path)).toString("base64");
  }
  return files;
}

/** A script in a page must not hold its own end, nor what opens a comment. */
const inScript = (code) => code.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");

/** As a Content-Security-Policy names it. */
const hashOf = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/**
 * What the page may do: its own scripts and styles, workers and pictures that it makes itself, and no request to anywhere. Positions of marks and widths
 * are set as style attributes, which cannot be named by their hash.
 */
function policyOf(scripts, style) {
  return [
    "default-src 'none'",
    `script-src ${scripts.map(hashOf).join(" ")}`,
    `style-src-elem ${hashOf(style)}`,
    "style-src-attr 'unsafe-inline'",
    "worker-src blob:",
    "img-src blob: data:",
    "font-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** The whole page as one HTML text. */
export async function buildPage() {
  const [html, style] = await Promise.all(["index.html", "style.css"].map((name) => readFile(here(name), "utf8")));
  const [engine, events, main] = await Promise.all(
    ["src/worker.ts", "src/events-worker.ts", "src/main.ts"].map(bundle),
  );
  // what the library bundles, and what the page itself does
  const own = await readFile(here(`../dist/${LICENCES}`), "utf8");
  const all = [own, engine.licences, events.licences, main.licences];
  const licences = [...new Set(all)].filter((text) => text !== "").join(`\n${"-".repeat(80)}\n\n`);
  const parts = {
    style,
    licences: inScript(licences),
    engine: inScript(engine.code),
    events: inScript(events.code),
    example: JSON.stringify(await exampleFiles()),
    script: inScript(main.code),
  };
  const [, loader] = /<script>([\s\S]*?)<\/script>/.exec(html);
  parts.policy = policyOf([loader, parts.script], style);
  return html.replace(/\/\*(\w+)\*\//g, (_, part) => parts[part]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { out: { type: "string", default: "out/web" } },
  });
  const page = await buildPage();
  await mkdir(values.out, { recursive: true });
  await writeFile(`${values.out}/index.html`, page);
  console.log(
    `Wrote ${values.out}/index.html, ${(page.length / 1000).toFixed(0)} kB: open it in a browser, or put it on any web server`,
  );
}
