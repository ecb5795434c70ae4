/**
 * VitePress builds for one base path. The site is built for a base that stands for no folder, and the files are then changed so that they find their
 * place themselves: HTML gets relative addresses, scripts take the base that the page has found out (`window.siteBase`).
 */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { parseAst } from "rolldown/parseAst";

export const BASE = "/-site-base-/";

/**
 * Relative addresses would change their meaning when the page shows another address without being loaded anew: before the application starts,
 * the browser makes them absolute.
 */
const ABSOLUTE = `<script>for(const [q,k] of [["a","href"],["img","src"]])for(const e of document.querySelectorAll(q+"["+k+"]"))if(!/^(#|[a-z]+:)/.test(e.getAttribute(k))){const u=new URL(e[k]);e.setAttribute(k,u.pathname+u.search+u.hash)}</script>`;

export function relativeHtml(html, path) {
  const up = "../".repeat(path.split("/").length - 1) || "./";
  return html.replaceAll(BASE, up).replace("</body>", () => `${ABSOLUTE}</body>`);
}

/** Replaces the base inside of texts by an expression. */
export function relativeScript(code) {
  if (!code.includes(BASE)) return code;
  const edits = [];
  const visit = (node) => {
    if (node === null || typeof node !== "object") return;
    if (Array.isArray(node)) return node.forEach(visit);
    if (node.type === "Literal" && typeof node.value === "string" && node.value.includes(BASE)) {
      const parts = node.value.split(BASE).map((part) => JSON.stringify(part));
      edits.push({ start: node.start, end: node.end, text: `(${parts.join("+globalThis.siteBase+")})` });
    } else if (node.type === "TemplateElement" && node.value.raw.includes(BASE)) {
      const raw = node.value.raw;
      const start = code.indexOf(raw, node.start);
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is put into a template
      edits.push({ start, end: start + raw.length, text: raw.replaceAll(BASE, "${globalThis.siteBase}") });
    } else {
      for (const value of Object.values(node)) visit(value);
    }
  };
  visit(parseAst(code).body);
  let out = code;
  for (const { start, end, text } of edits.sort((a, b) => b.start - a.start)) {
    out = out.slice(0, start) + text + out.slice(end);
  }
  return out;
}

/** Changes every file of the built site. */
export async function makeRelative(folder) {
  for (const path of await readdir(folder, { recursive: true })) {
    const change = path.endsWith(".html") ? relativeHtml : path.endsWith(".js") ? relativeScript : null;
    if (change === null) continue;
    const text = await readFile(`${folder}/${path}`, "utf8");
    const changed = change(text, path);
    if (changed.includes(BASE)) throw new Error(`${path}: the base path is left: ${nearBase(changed)}`);
    if (changed !== text) await writeFile(`${folder}/${path}`, changed);
  }
}

function nearBase(text) {
  const at = text.indexOf(BASE);
  return text.slice(Math.max(0, at - 60), at + 60);
}
