/** Pictures and tables as notebooks show them. */
import { tableCells, tableText } from "../io/table/text.js";
import type { Table } from "../io/table/types.js";
import { escapeXml } from "../plot/svg.js";

/** How the kernel of Deno asks a value for what is shown of it. */
const JUPYTER = Symbol.for("Jupyter.display");

/** A picture or a table in the forms that notebooks take. */
export interface NotebookOutput {
  /** By media type, the richest first: `image/svg+xml` of a picture, `text/html` and `text/plain` of both. */
  readonly media: Readonly<Record<string, string>>;
  /** For `tslab.display.html`, and for an element of one's own. */
  readonly html: string;
  /** An element of the page, in Observable and other notebooks of a browser. */
  element(): unknown;
}

/**
 * A picture (SVG) or a table as the last value of a cell: the kernel of Deno shows it as it is. In tslab `display.html(notebook(svg).html)` does, in Observable
 * `notebook(svg).element()`.
 * @example
 * ```ts
 * import { histogramPlot, notebook } from "gammats/plot";
 * const { media } = notebook(histogramPlot({ samples: [{ label: "toys", values: Float64Array.of(1, 2, 2, 3) }], xLabel: "x" }));
 * console.assert(media["image/svg+xml"].startsWith("<svg"));
 * ```
 */
export function notebook(value: string | Table): NotebookOutput {
  const media: Record<string, string> =
    typeof value === "string"
      ? { "image/svg+xml": value, "text/html": value, "text/plain": "a picture (SVG)" }
      : { "text/html": htmlOf(value), "text/plain": tableText(value) };
  const html = media["text/html"]!;
  const output = {
    media,
    html,
    element() {
      const frame = globalThis.document.createElement("div");
      frame.innerHTML = html;
      return frame;
    },
    [JUPYTER]: () => media,
  };
  return output;
}

function htmlOf(table: Table): string {
  const { heads, rows } = tableCells(table);
  const line = (cells: readonly string[], tag: "th" | "td") =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeXml(cell)}</${tag}>`).join("")}</tr>`;
  const caption = table.about === undefined ? "" : `<caption>${escapeXml(table.about)}</caption>`;
  const body = rows.map((row) => line(row, "td")).join("");
  return `<table>${caption}<thead>${line(heads, "th")}</thead><tbody>${body}</tbody></table>`;
}
