/** Bytes of the built library as a page loads it: bundled, minified, gzipped. */
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";

const dist = (path) => JSON.stringify(fileURLToPath(new URL(`../dist/${path}`, import.meta.url)));

/** What a page needs that reads an analysis, fits it and makes flux points. */
const ENGINE = "readDatasets, compileJoint, fitJoint, confidence, statProfile, statContour, estimateFluxPoints";

async function bundle(source) {
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
  const { output } = await build.generate({ format: "esm", minify: true, codeSplitting: false });
  await build.close();
  return gzipSync(output[0].code, { level: 9 }).length;
}

export async function sizes() {
  return {
    engine: await bundle(`export { ${ENGINE} } from ${dist("index.js")}`),
    all: await bundle(`export * from ${dist("index.js")}`),
    plot: await bundle(`export * from ${dist("plot/index.js")}`),
  };
}
