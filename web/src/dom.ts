/** Elements from one call. */
type Child = Node | string | undefined | false;
type Listener = (event: Event) => void;

/** Attributes as they are written in HTML; functions are listeners (`onclick`), `false` and undefined are left out. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | number | boolean | Listener | undefined>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((c): c is Node | string => c !== undefined && c !== false));
  return element;
}

export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element "${id}"`);
  return found as T;
}

/** A table; the first column names the row. */
export function table(
  head: readonly string[],
  rows: readonly (readonly Child[])[],
  caption?: string,
): HTMLTableElement {
  return h(
    "table",
    {},
    caption !== undefined && h("caption", {}, caption),
    h("thead", {}, h("tr", {}, ...head.map((text) => h("th", { scope: "col" }, text)))),
    h(
      "tbody",
      {},
      ...rows.map(([name, ...cells]) =>
        h("tr", {}, h("th", { scope: "row" }, name), ...cells.map((c) => h("td", {}, c))),
      ),
    ),
  );
}

/** A number to five significant digits. */
export function shown(x: number, digits = 5): string {
  if (!Number.isFinite(x)) return "–";
  const size = Math.abs(x);
  return size !== 0 && (size < 1e-3 || size >= 1e6)
    ? x.toExponential(digits - 1)
    : String(Number(x.toPrecision(digits)));
}

/** As `shown`, with the last digit where the error has its second. */
export function shownWithin(x: number, error: number): string {
  if (!(error > 0) || !Number.isFinite(error)) return shown(x);
  const digits = Math.max(
    2,
    Math.min(12, 2 + Math.floor(Math.log10(Math.abs(x) || error)) - Math.floor(Math.log10(error))),
  );
  return shown(x, digits);
}
