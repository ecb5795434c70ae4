import { readFileSync } from "node:fs";
import { expect } from "vitest";

/** The worked example stands in CONTRIBUTING word for word. */
export function expectQuoted(file: string): void {
  expect(readFileSync("CONTRIBUTING.md", "utf8")).toContain(`\`\`\`js\n${readFileSync(file, "utf8")}\`\`\``);
}
