/**
 * The notebooks run: their code cells in order, as one module of Deno. There is no Jupyter server: what the kernel would show of the last value of a cell is
 * asked for in the way in which it asks, by Symbol.for("Jupyter.display").
 */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { notebook } from "../../src/api/notebook.js";
import { histogramPlot } from "../../src/plot/histogram.js";
import { deno } from "../environment.js";
import { writeProject } from "./snippets.js";

interface Cell {
  readonly cell_type: string;
  readonly source: readonly string[];
}

/** The last expression of a cell that makes a picture is what the kernel asks. */
const shown = (code: string) =>
  code.replace(
    /^notebook\(.*$/m,
    (line) => `console.log(Object.keys(${line.slice(0, -1)}[Symbol.for("Jupyter.display")]()).join());`,
  );

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gammats-notebooks-"));
  await writeProject(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const names = (await readdir("examples/notebooks")).filter((name) => name.endsWith(".ipynb"));

describe.runIf(deno)("notebooks", () => {
  it.each(names)("%s", { timeout: 120_000 }, async (name) => {
    const { cells } = JSON.parse(await readFile(`examples/notebooks/${name}`, "utf8")) as { cells: Cell[] };
    const code = cells.filter((cell) => cell.cell_type === "code").map((cell) => shown(cell.source.join("")));
    const file = join(folder, name.replace(".ipynb", ".mjs"));
    await writeFile(file, code.join("\n").replaceAll("npm:gammats", "gammats"));
    const { stdout, stderr } = await promisify(execFile)(deno!, ["run", "-A", file], { cwd: folder });
    expect(stderr).not.toContain("Assertion failed");
    if (code.some((cell) => cell.includes("Jupyter.display"))) expect(stdout).toContain("image/svg+xml,text/html");
  });
});

describe("what notebooks are given", () => {
  const display = Symbol.for("Jupyter.display");

  it("of a picture is SVG, for each of them", () => {
    const svg = histogramPlot({ samples: [{ label: "a", values: Float64Array.of(1, 2, 2, 3) }], xLabel: "x" });
    const output = notebook(svg);
    expect(output.media["image/svg+xml"]).toBe(svg);
    expect(output.html).toBe(svg);
    expect((output as unknown as Record<symbol, () => unknown>)[display]!()).toBe(output.media);
  });

  it("of a table is HTML, and text where there is none", () => {
    const values = Float64Array.of(1.2345);
    const { media } = notebook({ name: "t", about: "a < b", columns: [{ kind: "numbers", name: "flux", values }] });
    expect(media["text/html"]).toContain("<caption>a &lt; b</caption><thead><tr><th>flux</th>");
    expect(media["text/html"]).toContain("<td>1.2345</td>");
    expect(media["text/plain"]).toMatch(/^ *flux/);
  });
});
