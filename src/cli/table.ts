/** Cells in columns: numbers to the right, texts to the left. */
export function textTable(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === "number" ? shortNumber(cell) : cell)));
  const right = header.map((_, j) => cells.length > 0 && cells.every((row) => NUMBER.test(row[j]!)));
  const widths = header.map((name, j) => Math.max(name.length, ...cells.map((row) => row[j]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, j) => (right[j] ? cell.padStart(widths[j]!) : cell.padEnd(widths[j]!)))
      .join("  ")
      .trimEnd();
  return `${[header, widths.map((w) => "-".repeat(w)), ...cells].map((row) => line(row)).join("\n")}\n`;
}

const NUMBER = /^(-|-?[\d.]+(e[+-]\d+)?)$/;

/** Whole numbers as they are, others with five digits. */
export function shortNumber(x: number): string {
  if (Number.isNaN(x)) return "-";
  if (Number.isInteger(x) && Math.abs(x) < 1e15) return String(x);
  const size = Math.abs(x);
  if (size >= 1e5 || size < 1e-3) return x.toExponential(4);
  return String(Number(x.toPrecision(5)));
}
