/** The order of the pages: sections of the menu, each with its pages in the order in which they are read. Titles are those of the pages. */
export const SECTIONS = [
  { text: "Start", pages: ["start"] },
  {
    text: "Tutorials",
    pages: [
      "tutorials/joint-crab",
      "tutorials/own-spectra",
      "tutorials/fermi-region",
      "tutorials/region",
      "tutorials/hawc",
      "tutorials/systematics",
      "tutorials/upper-limit",
      "tutorials/light-curve",
      "tutorials/extension",
      "tutorials/ebl",
      "tutorials/priors",
      "tutorials/simulation",
      "tutorials/own-model",
      "tutorials/cluster",
    ],
  },
  { text: "How to", folder: "how-to", pages: [] },
  {
    text: "Models",
    folder: "models",
    pages: ["models/index", "docs/model-texts", "docs/models-yaml", "docs/catalogues", "docs/x-ray"],
    groups: {
      "Spectral models": "spectral-",
      "Spatial models": "spatial-",
      "Temporal models": "temporal-",
      Priors: "prior-",
    },
  },
  { text: "Formats", folder: "formats", pages: ["formats/index"] },
  {
    text: "Understand",
    pages: ["statistics", "errors", "docs/limits", "docs/differences", "docs/coverage", "docs/example"],
  },
  { text: "Coming from", folder: "coming-from", pages: ["docs/gammapy-classes"] },
  { text: "API", folder: "api", pages: ["api/index"] },
  {
    text: "Reference",
    pages: [
      "README",
      "docs/pictures",
      "docs/cluster",
      "docs/speed",
      "bench/results",
      "docs/architecture",
      "docs/versions",
      "CONTRIBUTING",
      "CHANGELOG",
    ],
  },
];

const titleOf = (page, text) => {
  const title = /^# (.+)$/m.exec(text)?.[1];
  if (title === undefined) throw new Error(`${page}.md: a page begins with its title, "# ..."`);
  return title.replaceAll("`", "").replaceAll("\\_", "_");
};

/** The menu of these pages (texts by name, without ".md"). */
export function menuOf(pages) {
  const itemOf = (page) => ({ text: titleOf(page, pages.get(page)), link: `/${page}` });
  const sections = SECTIONS.flatMap(({ text, pages: first, folder, groups = {} }) => {
    const more = folder === undefined ? [] : [...pages.keys()].filter((page) => page.startsWith(`${folder}/`)).sort();
    const names = [...new Set([...first.filter((page) => pages.has(page)), ...more])];
    const groupOf = (page) => Object.values(groups).find((start) => page.startsWith(`${folder}/${start}`));
    const grouped = Object.entries(groups).map(([title, start]) => ({
      text: title,
      collapsed: true,
      items: names.filter((page) => groupOf(page) === start).map(itemOf),
    }));
    const items = [...names.filter((page) => groupOf(page) === undefined).map(itemOf), ...grouped];
    return names.length === 0 ? [] : [{ text, collapsed: items.length > 6, items }];
  });
  const nav = sections
    .filter(({ text }) => ["Start", "Tutorials", "How to", "Models", "Formats", "API"].includes(text))
    .map(({ text, items }) => ({ text, link: items[0].link }));
  const linksOf = ({ link, items = [] }) => (link === undefined ? items.flatMap(linksOf) : [link.slice(1)]);
  const listed = new Set(sections.flatMap(linksOf));
  const lost = [...pages.keys()].filter((page) => page !== "index" && !listed.has(page));
  if (lost.length > 0) throw new Error(`pages that no section of site/build/menu.mjs has: ${lost.join(", ")}`);
  return { nav, sidebar: sections };
}
