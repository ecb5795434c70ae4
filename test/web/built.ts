import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

/** Builds the page as `npm run web` does, into `folder`; its file: address. */
export async function pageOnDisk(folder: string): Promise<string> {
  if (!existsSync("dist/index.js")) throw new Error("there is no dist/; run npm run build first");
  await promisify(execFile)(process.execPath, ["web/build.mjs", "--out", folder]);
  return pathToFileURL(`${folder}/index.html`).href;
}
