/**
 * Builds the documentation site: node site/build.mjs
 * Needs the built library (npm run build). Pages are put together in out/site-pages, the site is out/site: put it on any web server, under any path.
 */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { build } from "vitepress";
import { apiPages } from "./build/api.mjs";
import { executePages } from "./build/execute.mjs";
import { formatPages } from "./build/formats.mjs";
import { galleryPages } from "./build/gallery.mjs";
import { keeper } from "./build/kept.mjs";
import { liveFiles } from "./build/library.mjs";
import { menuOf } from "./build/menu.mjs";
import { checkNames } from "./build/names.mjs";
import { readPages, writePages } from "./build/pages.mjs";
import { makeRelative } from "./build/relative.mjs";

const PAGES = "out/site-pages";
const WORK = "out/site-work";
const SITE = "out/site";

process.chdir(new URL("..", import.meta.url).pathname);
if (!existsSync("dist/index.js")) throw new Error("there is no dist/; run npm run build first");
const said = (what) => console.log(`${(performance.now() / 1000).toFixed(1)} s: ${what}`);

const code = await keeper("out/site-kept/code", ["dist", "examples", "site/build"]);
const docs = await keeper("out/site-kept/api", ["src", "site/build"]);
await rm(PAGES, { recursive: true, force: true });
const { own, documents } = await readPages();
await checkNames(own);
const runnable = new Map([...own, ...galleryPages(), ...(await formatPages())]);
const executed = await executePages(runnable, { work: WORK, keep: code.keep });
said(`the code of ${runnable.size} pages has run`);
const api = await docs.keep(["typedoc.json"], apiPages);
const pages = new Map([...executed.pages, ...documents, ...api]);
said(`${pages.size} pages`);
const files = new Map([...executed.files, ...(await liveFiles())]);
await writePages(PAGES, { pages, files, menu: menuOf(pages), isThere: existsSync });
await build("site");
await makeRelative(SITE);
await Promise.all([code.prune(), docs.prune()]);
said(`wrote ${SITE}: put it on any web server, under any path`);
