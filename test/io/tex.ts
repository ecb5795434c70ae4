import { expect } from "vitest";

/** What LaTeX would stop at: braces and dollars without a partner, rows of other lengths, environments that do not end, characters that it obeys. */
export function checkTex(text: string): void {
  const plain = text.replace(/\\[\\#$%&_{}]/g, "");
  let depth = 0;
  for (const c of plain) {
    if (c === "{") depth++;
    if (c === "}") depth--;
    expect(depth, text).toBeGreaterThanOrEqual(0);
  }
  expect(depth, text).toBe(0);
  const open: string[] = [];
  for (const [, what, name] of text.matchAll(/\\(begin|end)\{(\w+)\}/g)) {
    if (what === "begin") open.push(name!);
    else expect(open.pop()).toBe(name);
  }
  expect(open).toEqual([]);
  const columns = /\\begin\{tabular\}\{([lcr ]+)\}/.exec(text)![1]!.split(" ").length;
  const rows = text.split("\n").filter((line) => line.endsWith("\\\\"));
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) {
    expect(row.replace(/\\&/g, "").split("&").length, row).toBe(columns);
    // _ and ^ mean something in formulas alone
    const outside = row.replace(/\\[#$%&_{}]/g, "").replace(/\$[^$]*\$/g, "");
    expect(outside, row).not.toMatch(/[$#%_^]/);
  }
}
