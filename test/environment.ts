/** What tests may use beyond Node; `null` where it is missing. Tests that need it are skipped, and test/skipped.ts says so. */
import { existsSync } from "node:fs";

/** Folder of the real files. */
export const gammapyData: string | null = process.env.GAMMAPY_DATA || null;

/** A Python interpreter with gammapy 2.1, astropy, iminuit. */
export const python: string | null = process.env.GAMMATS_PYTHON || null;

/** A Chromium to run headless. */
export const chromium: string | null =
  [process.env.GAMMATS_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
    (path) => path !== undefined && existsSync(path),
  ) ?? null;

/** What is missing and how to get it. */
export function missing(): string[] {
  return [
    ...(gammapyData === null
      ? ["GAMMAPY_DATA is not set: npx gammats download --out gammapy-data; export GAMMAPY_DATA=$PWD/gammapy-data"]
      : []),
    ...(python === null
      ? ['GAMMATS_PYTHON is not set: make a Python environment as .ci/run does (gammapy==2.1, "regions<0.12")']
      : []),
    ...(chromium === null ? ["no Chromium was found: install it, or set GAMMATS_CHROMIUM to its path"] : []),
  ];
}
