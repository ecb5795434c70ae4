/** Chromium for the rows that run in a page. */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { exampleFolder, servePage } from "gammats/node";
import { chromium } from "playwright-core";
import { rolldown } from "rolldown";
import { buildPage } from "../web/build.mjs";

const executable = [process.env.GAMMATS_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser"].find(
  (path) => path !== undefined && existsSync(path),
);

/** Opens an empty page or the built one, lets `use` work in it and closes all. */
export async function inPage(use, { built = false } = {}) {
  if (executable === undefined)
    throw new Error("no Chromium was found: install it, or set GAMMATS_CHROMIUM to its path");
  const server = await servePage(built ? await buildPage() : "<!doctype html><title>bench</title>");
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
  const browser = await chromium.launch({ executablePath: executable, args });
  try {
    const page = await browser.newPage();
    await page.goto(server.url);
    return await use(page);
  } finally {
    await browser.close();
    await server.close();
  }
}

/** The example's files by path. */
export async function exampleEntries() {
  const folder = exampleFolder();
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.(fits|yaml)$/.test(name));
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, new Uint8Array(await readFile(`${folder}/${name}`))])),
  );
}

/** browser-work.mjs as a script that sets `work`. */
export async function workScript() {
  const build = await rolldown({
    input: fileURLToPath(new URL("./browser-work.mjs", import.meta.url)),
    platform: "browser",
    logLevel: "silent",
  });
  const { output } = await build.generate({ format: "iife", name: "work", minify: true, codeSplitting: false });
  await build.close();
  return output[0].code;
}
