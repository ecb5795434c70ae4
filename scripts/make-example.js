/**
 * Writes examples/crab anew, or with a folder and a seed another such analysis: node scripts/make-example.js [FOLDER] [SEED]
 * The same as `gammats simulate --example crab`, straight from the sources.
 */
import { createViteServer } from "vitest/node";

const [folder = "examples/crab", seed] = process.argv.slice(2);
const server = await createViteServer({
  configFile: false,
  server: { middlewareMode: true, ws: false },
  appType: "custom",
  logLevel: "error",
});
try {
  const { writeCrabTwin } = await server.ssrLoadModule("/src/instruments/index.ts");
  const { nodeFiles } = await server.ssrLoadModule("/src/node/files.ts");
  const options = { overwrite: true, ...(seed !== undefined && { seed: Number(seed) }) };
  for (const path of await writeCrabTwin(nodeFiles(), folder, options)) process.stdout.write(`${path}\n`);
} finally {
  await server.close();
}
