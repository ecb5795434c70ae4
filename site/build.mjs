/**
 * Builds the documentation site: node site/build.mjs
 * Needs the built library (npm run build). Pages are put together in out/site-pages, the site is out/site: put it on any web server, under any path.
 */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { build } from "vitepress";
import { apiPages } from "./build/api.mjs";
import { menuOf } from "./build/menu.mjs";
import { readPages, writePages } from "./build/pages.mjs";
import { makeRelative } from "./build/relative.mjs";

const PAGES = "out/site-pages";
const SITE = "out/site";

process.chdir(new URL("..", import.meta.url).pathname);
if (!existsSync("dist/index.js")) throw new Error("there is no dist/; run npm run build first");
const said = (what) => console.log(`${(performance.now() / 1000).toFixed(1)} s: ${what}`);

await rm(PAGES, { recursive: true, force: true });
const files = new Map();
const pages = new Map([...(await readPages()), ...(await apiPages())]);
said(`${pages.size} pages`);
await writePages(PAGES, { pages, files, menu: menuOf(pages), isThere: existsSync });
await build("site");
await makeRelative(SITE);
said(`wrote ${SITE}: put it on any web server, under any path`);
