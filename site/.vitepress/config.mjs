/** The pages that site/build/pages.mjs has put together, as a VitePress site. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";
import { BASE } from "../build/relative.mjs";
import { liveBlocks } from "../live/blocks.mjs";

const out = fileURLToPath(new URL("../../out/", import.meta.url));
const { nav, sidebar } = JSON.parse(readFileSync(`${out}site-pages/menu.json`, "utf8"));

export default defineConfig({
  title: "GammaTS",
  description: "Joint likelihood modelling, fitting and serialization of gamma-ray data",
  base: BASE,
  srcDir: `${out}site-pages`,
  outDir: `${out}site`,
  cacheDir: `${out}site-cache`,
  // a link that leads nowhere is an error
  ignoreDeadLinks: false,
  metaChunk: true,
  appearance: true,
  // where the site lies, in front of every other script
  head: [
    ["script", {}, `window.siteBase=new URL("${BASE}",location.href).pathname`],
    ["link", { rel: "icon", href: "data:," }],
  ],
  markdown: { config: (md) => md.use(liveBlocks) },
  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag === "live-code" } } },
  vite: {
    build: { chunkSizeWarningLimit: 2000, assetsInlineLimit: 0 },
    logLevel: "warn",
  },
  themeConfig: {
    nav,
    sidebar,
    outline: { level: [2, 3] },
    search: { provider: "local" },
    docFooter: { prev: "Before", next: "Next" },
  },
});
