import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import ts from "typescript";
import { afterEach, expect, it, vi } from "vitest";

const root = new URL("../../", import.meta.url).pathname;

afterEach(() => {
  vi.restoreAllMocks();
});

/** Runs examples/joint-analysis.ts into a new folder; what it printed, and the files there. */
async function runJointAnalysis(): Promise<{ text: string; files: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), "gammats-"));
  const argv = process.argv;
  let text = "";
  vi.spyOn(console, "log").mockImplementation((line) => {
    text += `${line}\n`;
  });
  try {
    process.argv = [argv[0]!, "joint-analysis.ts", folder];
    vi.resetModules();
    await import("../../examples/joint-analysis.js");
    return { text, files: await readdir(folder) };
  } finally {
    process.argv = argv;
    await rm(folder, { recursive: true });
  }
}

it("follows the tutorial from files to the figure", async () => {
  const { text, files } = await runJointAnalysis();
  expect(text).toContain("success    : True");
  expect(text).toMatch(/Crab Nebula\s+alpha\s+1\.\d+e\+00/);
  expect(files).toEqual(
    expect.arrayContaining([
      "crab_10GeV_100TeV_datasets.yaml",
      "crab_10GeV_100TeV_models.yaml",
      "crab-sed.svg",
      "crab-sed.png",
    ]),
  );
  // the total of issue text and reference: -12697.23 with float32 convolution or without
  if (process.env.GAMMAPY_DATA !== undefined) expect(text).toContain("total stat : -12697.23");
});

it("runs the code of the README as it stands there", async () => {
  const readme = await readFile(join(root, "README.md"), "utf8");
  const code = await readFile(join(root, "examples/quick-start.mjs"), "utf8");
  expect(readme).toContain(`\`\`\`js\n${code}\`\`\``);
  const { stdout } = await promisify(execFile)(process.execPath, ["examples/quick-start.mjs"], { cwd: root });
  expect(stdout).toContain("Optimization terminated successfully.");
  expect(stdout).toMatch(/Float64Array\(3\) \[\s+0\.9998/);
});

it("has types without errors for the code of the README, as strict as they come", () => {
  const file = join(root, "examples/quick-start.mjs");
  const program = ts.createProgram([file], {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    allowJs: true,
    checkJs: true,
    noEmit: true,
    skipLibCheck: true,
    types: ["node"],
    paths: { gammats: [join(root, "src/index.ts")], "gammats/*": [join(root, "src/*.ts")] },
  });
  const found = program
    .getSemanticDiagnostics(program.getSourceFile(file))
    .map((d) => ts.flattenDiagnosticMessageText(d.messageText, "\n"));
  expect(found).toEqual([]);
});
