import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, it } from "vitest";

/** What npm packs of what a reader may follow, beside package.json's `files`. */
const ALWAYS = ["README.md", "LICENSE", "package.json"];
const { files } = JSON.parse(readFileSync("package.json", "utf8")) as { files: string[] };
const isPacked = (path: string) => [...ALWAYS, ...files].some((own) => path === own || path.startsWith(`${own}/`));

const documents = [
  ...readdirSync(".").filter((name) => name.endsWith(".md")),
  ...readdirSync("docs", { recursive: true, encoding: "utf8" }).flatMap((name) =>
    name.endsWith(".md") ? [`docs/${name}`] : [],
  ),
];

it.each(documents)("every link of %s leads to a file that is in the package too", (path) => {
  const text = readFileSync(path, "utf8");
  const targets = Array.from(text.matchAll(/\]\(([^)\s]+)\)/g), ([, target]) => target!).filter(
    (target) => !/^(https?:|#)/.test(target),
  );
  const found = targets.map((target) => normalize(join(dirname(path), target.replace(/#.*$/, ""))));
  expect(found.filter((target) => !existsSync(target))).toEqual([]);
  expect(found.filter((target) => !isPacked(target))).toEqual([]);
});
