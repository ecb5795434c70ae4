/** Bytes of the built library as a page loads it: bundled, minified and gzipped, weighed by size-limit with the limits of package.json. */
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const dist = (path) => JSON.stringify(here(`../dist/${path}`));

/** What a page needs that reads an analysis, fits it and makes flux points. */
const ENGINE = "readDatasets, compileJoint, fitJoint, confidence, statProfile, statContour, estimateFluxPoints";

async function bundle(name, source) {
  const entry = {
    name: "entry",
    resolveId: (id) => (id === "entry" ? id : null),
    load: (id) => (id === "entry" ? source : null),
  };
  const build = await rolldown({
    input: "entry",
    plugins: [entry],
    platform: "browser",
    treeshake: { moduleSideEffects: false },
    logLevel: "silent",
  });
  const file = here(`../out/size/${name}.js`);
  await build.write({ file, format: "esm", minify: true, codeSplitting: false });
  await build.close();
}

export async function sizes() {
  await bundle("engine", `export { ${ENGINE} } from ${dist("index.js")}`);
  await bundle("all", `export * from ${dist("index.js")}`);
  await bundle("plot", `export * from ${dist("plot/index.js")}`);
  const manifest = createRequire(import.meta.url).resolve("size-limit/package.json");
  const weighed = weigh(manifest.replace(/package\.json$/, "bin.js"));
  return Object.fromEntries(weighed.map(({ name, size }) => [name, size]));
}

/** An exceeded limit is no failure here: the report says so. */
function weigh(program) {
  try {
    return JSON.parse(execFileSync(process.execPath, [program, "--json"], { cwd: here(".."), encoding: "utf8" }));
  } catch (error) {
    if (error.stdout) return JSON.parse(error.stdout);
    throw error;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const kb = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
  for (const [name, bytes] of Object.entries(await sizes())) console.log(`${name.padEnd(8)} ${kb(bytes)}`);
}
