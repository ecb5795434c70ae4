/** What live blocks need: the worker, which holds the built library, and the files of the embedded example. */
import { readdir, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { rolldown } from "rolldown";
import { licenses } from "../../scripts/licenses.mjs";

const ENTRIES = ["extend", "io", "models", "node", "plot", "reduce", "sky", "time"];
const EXAMPLE = "examples/crab";
const LICENCES = "THIRD-PARTY-LICENSES.txt";

/** The script of the worker, and the licences of what it holds. */
async function workerScript() {
  const build = await rolldown({
    input: "site/live/worker.ts",
    platform: "browser",
    logLevel: "warn",
    plugins: [licenses()],
    resolve: {
      alias: {
        ...Object.fromEntries(ENTRIES.map((name) => [`gammats/${name}`, resolve(`dist/${name}/index.js`)])),
        gammats: resolve("dist/index.js"),
      },
    },
    tsconfig: false,
    // what a page can use of gammats/node touches none of these
    external: [/^node:/, "@resvg/resvg-js", "pdfkit", "svg-to-pdfkit", "dejavu-fonts-ttf", "bullmq", "ioredis"],
    treeshake: { moduleSideEffects: (id) => id.endsWith("worker.ts") },
  });
  const { output } = await build.generate({ format: "esm", minify: true, codeSplitting: false });
  await build.close();
  const { code } = output[0];
  const left = /\bfrom\s*["'](node:\w+)/.exec(code);
  if (left !== null) throw new Error(`live code would need ${left[1]}, which a page has not`);
  const own = output.find(({ fileName }) => fileName === LICENCES).source;
  const built = await readFile(`dist/${LICENCES}`, "utf8");
  return { code, licences: [built, own].join(`\n${"-".repeat(80)}\n\n`) };
}

/** Bytes by path below the folder of files that the site serves as they are. */
export async function liveFiles() {
  const entries = (await readdir(EXAMPLE, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => `${entry.parentPath}/${entry.name}`);
  const names = paths.map((path) => `example/${path.slice(path.indexOf(EXAMPLE) + EXAMPLE.length + 1)}`);
  const { code, licences } = await workerScript();
  const files = new Map([
    ["public/live/worker.js", code],
    [`public/live/${LICENCES}`, licences],
    ["public/live/example.json", JSON.stringify(names)],
  ]);
  for (const [i, path] of paths.entries()) files.set(`public/${names[i]}`, await readFile(path));
  return files;
}
