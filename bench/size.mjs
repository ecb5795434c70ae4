/** Bytes of the engine as a page loads it: bundled, minified, gzipped. */
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";

const dist = (path) => fileURLToPath(new URL(`../dist/${path}`, import.meta.url));

async function bundle(input) {
  const build = await rolldown({ input, platform: "browser", treeshake: true, logLevel: "silent" });
  const { output } = await build.generate({ format: "esm", minify: true });
  await build.close();
  const chunks = output.filter((o) => o.type === "chunk");
  return chunks.reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0);
}

export async function sizes() {
  return { engine: await bundle(dist("index.js")), plot: await bundle(dist("plot/index.js")) };
}
