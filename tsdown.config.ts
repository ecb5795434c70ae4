import { esmExternalRequirePlugin } from "rolldown/plugins";
import { defineConfig } from "tsdown";
import { licenses } from "./scripts/licenses.mjs";

/**
 * One build for Node and browser: shared code lands in shared chunks, so a model registered through one subpath is the same everywhere.
 * The small libraries are bundled, which spares a process some 150 files to find and read before it can start. The code is not minified, and its
 * maps name files and lines of the sources, for stacks; they do not hold these, which spares a third of the package. Whoever builds a page from it minifies it.
 */
export default defineConfig({
  entry: {
    index: "src/index.ts",
    "models/index": "src/models.ts",
    "io/index": "src/io.ts",
    "sky/index": "src/sky.ts",
    "plot/index": "src/plot.ts",
    "extend/index": "src/extend.ts",
    "time/index": "src/time.ts",
    "reduce/index": "src/reduce.ts",
    "types/index": "src/types.ts",
    "node/index": "src/node.ts",
    "node/worker": "src/node/worker.ts",
    "cli/main": "src/cli/main.ts",
  },
  format: "esm",
  platform: "neutral",
  target: "es2022",
  dts: {
    entry: [
      "src/index.ts",
      "src/models.ts",
      "src/io.ts",
      "src/sky.ts",
      "src/plot.ts",
      "src/node.ts",
      "src/extend.ts",
      "src/types.ts",
      "src/time.ts",
      "src/reduce.ts",
    ],
  },
  deps: { alwaysBundle: [/^(yaml|d3-\w+|internmap|pure-rand|commander)(\/|$)/] },
  inputOptions: { resolve: { mainFields: ["module", "main"] } },
  // commander is CommonJS: what it requires from Node is imported
  plugins: [esmExternalRequirePlugin({ external: [/^node:/] }), licenses()],
  minify: false,
  sourcemap: true,
  outputOptions: { sourcemapExcludeSources: true },
  clean: true,
});
