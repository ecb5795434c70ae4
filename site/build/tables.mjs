/** Tables of markdown. */

const cell = (value) =>
  String(value)
    .replaceAll("|", "\\|")
    .replaceAll("\n", " ")
    .replace(/<(?!\/?(a|img|code)\b)/g, "&lt;");

/** A table of these columns and rows. */
export function fieldsTable(columns, rows) {
  const line = (cells) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(columns), `|${"---|".repeat(columns.length)}`, ...rows.map(line)].join("\n");
}
