/** The pages of the API, one for each entry of the package, from the docstrings. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Application } from "typedoc";

/** Texts by name of the page. */
export async function apiPages() {
  const folder = await mkdtemp(join(tmpdir(), "gammats-api-"));
  try {
    const app = await Application.bootstrapWithPlugins({
      options: "typedoc.json",
      plugin: ["typedoc-plugin-markdown"],
      logLevel: "Error",
      out: folder,
      router: "module",
      entryFileName: "index",
      hideBreadcrumbs: true,
      hidePageHeader: true,
      useCodeBlocks: true,
      parametersFormat: "table",
      interfacePropertiesFormat: "table",
      typeDeclarationFormat: "table",
      pageTitleTemplates: {
        index: "API",
        module: ({ name }) => (name === "index" ? "gammats" : `gammats/${name}`),
      },
    });
    const project = await app.convert();
    if (project === undefined) throw new Error("typedoc has read nothing");
    await app.generateOutputs(project);
    const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".md"));
    const pages = await Promise.all(
      names.map(async (name) => [`api/${name.slice(0, -3)}`, await readFile(join(folder, name), "utf8")]),
    );
    return new Map(pages);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
