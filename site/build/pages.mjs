/** Puts the pages together: those of site/, the documents of the repository as they are, and what other parts of the build have made. */
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";

/** Documents of the repository that are pages, and what they lie in. */
const DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "bench/results.md"];

const markdownIn = async (folder) =>
  (await readdir(folder, { recursive: true }))
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".md"));

/** Texts of pages by name without ".md". `own`: those of site/, whose code is run; `documents`: the repository's. */
export async function readPages() {
  const texts = async (files) =>
    new Map(
      await Promise.all(files.map(async ([page, file]) => [page.replace(/\.md$/, ""), await readFile(file, "utf8")])),
    );
  const docs = (await markdownIn("docs")).filter((path) => !path.startsWith("api/")).map((path) => `docs/${path}`);
  return {
    own: await texts((await markdownIn("site")).map((path) => [path, `site/${path}`])),
    documents: await texts([...docs, ...DOCUMENTS].map((path) => [path, path])),
  };
}

/** Files of the repository that documents link to or show (pictures, examples): they lie beside the pages under the same path. */
function linkedFiles(pages, isThere) {
  const found = new Set();
  for (const [page, text] of pages) {
    for (const [, target] of text.matchAll(/\]\(([^)\s#]+)[^)\s]*\)/g)) {
      const path = normalize(join(dirname(page), target)).replaceAll("\\", "/");
      if (!/^(\w+:|\/)/.test(target) && !path.endsWith(".md") && isThere(path)) found.add(path);
    }
  }
  return [...found];
}

/** Writes all pages and what they need into `folder`. `files`: bytes by path of what the build itself has made. */
export async function writePages(folder, { pages, files, menu, isThere }) {
  const put = async (path, bytes) => {
    await mkdir(dirname(`${folder}/${path}`), { recursive: true });
    await writeFile(`${folder}/${path}`, bytes);
  };
  for (const [page, text] of pages) await put(`${page}.md`, text);
  for (const [path, bytes] of files) await put(path, bytes);
  for (const path of linkedFiles(pages, isThere)) {
    // pictures are taken from beside the page, other files are copied as they are
    for (const target of path.endsWith(".svg") ? [path] : [`public/${path}`]) {
      await mkdir(dirname(`${folder}/${target}`), { recursive: true });
      await copyFile(path, `${folder}/${target}`);
    }
  }
  await put("menu.json", JSON.stringify(menu));
}
