/** What tests may use beyond Node; `null` where it is missing. Tests that need it are skipped, and test/skipped.ts says so. */
import { existsSync } from "node:fs";

/** Folder of the real files. */
export const gammapyData: string | null = process.env.GAMMAPY_DATA || null;

/** A Python interpreter with gammapy 2.1, astropy, iminuit, healpy. */
export const python: string | null = process.env.GAMMATS_PYTHON || null;

/** Where .ci/run puts what it installs. */
function cachedFile(name: string): string | undefined {
  const path = `${process.env.XDG_CACHE_HOME || `${process.env.HOME}/.cache`}/gammats/${name}`;
  return existsSync(path) ? path : undefined;
}
const cached = (name: string) => cachedFile(`${name}/bin/python`);

/** A Python interpreter with sherpa 4.19; set to nothing, there is none. */
export const sherpaPython: string | null = (process.env.GAMMATS_SHERPA_PYTHON ?? cached("venv-sherpa-4.19")) || null;

/** A Python interpreter with threeML 2.6. */
export const threemlPython: string | null = (process.env.GAMMATS_THREEML_PYTHON ?? cached("venv-threeml-2.6")) || null;

/** A Chromium to run headless. */
export const chromium: string | null =
  [process.env.GAMMATS_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
    (path) => path !== undefined && existsSync(path),
  ) ?? null;

/** A Deno to run; `.ci/run` puts one there from its npm package, which is too large (92 MB) for the development dependencies. */
export const deno: string | null =
  [process.env.GAMMATS_DENO, cachedFile("deno/node_modules/.bin/deno")].find((path) => path && existsSync(path)) ??
  null;

/** The oldest TypeScript that reads our declarations; no development dependency, since it would take the name `tsc` from the current one. */
export const typescriptLowest: string | null =
  [process.env.GAMMATS_TYPESCRIPT_LOWEST, cachedFile("typescript-5.0/node_modules/typescript/bin/tsc")].find(
    (path) => path && existsSync(path),
  ) ?? null;

/** What is missing and how to get it. */
export function missing(): string[] {
  return [
    ...(gammapyData === null
      ? ["GAMMAPY_DATA is not set: npx gammats download --out gammapy-data; export GAMMAPY_DATA=$PWD/gammapy-data"]
      : []),
    ...(python === null
      ? ['GAMMATS_PYTHON is not set: make a Python environment as .ci/run does (gammapy==2.1, "regions<0.12", healpy)']
      : []),
    ...(sherpaPython === null
      ? [
          "no Sherpa was found: make a Python environment as .ci/run does, and set GAMMATS_SHERPA_PYTHON to its interpreter",
        ]
      : []),
    ...(threemlPython === null
      ? [
          "no threeML was found: make a Python environment as .ci/run does, and set GAMMATS_THREEML_PYTHON to its interpreter",
        ]
      : []),
    ...(deno === null
      ? ["no Deno was found: npm install --prefix ~/.cache/gammats/deno deno@2.9.6, or set GAMMATS_DENO to its path"]
      : []),
    ...(typescriptLowest === null
      ? ["no TypeScript 5.0 was found: npm install --prefix ~/.cache/gammats/typescript-5.0 typescript@5.0.4"]
      : []),
    ...(chromium === null ? ["no Chromium was found: install it, or set GAMMATS_CHROMIUM to its path"] : []),
  ];
}
