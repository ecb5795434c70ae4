/** Every snippet of the documentation has right types, for users of the oldest and the newest TypeScript and of Deno, all checks switched on. */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { deno, typescriptLowest } from "../environment.js";
import { writeProject } from "./snippets.js";

let folder: string;
let count: number;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gammats-snippets-"));
  count = await writeProject(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const settings = { timeout: 300_000 };
/** What a compiler says; nothing where all is right. */
async function said(program: string, argv: readonly string[]): Promise<string> {
  const env = { ...process.env, NO_COLOR: "1" };
  return promisify(execFile)(program, argv, { cwd: folder, env }).then(
    () => "",
    ({ stdout, stderr }) => `${stdout}${stderr}`,
  );
}

it("finds the snippets", () => {
  expect(count).toBeGreaterThan(50);
});

const tsc = (path: string) => said(process.execPath, [path, "-p", "."]);

it("TypeScript of this project", settings, async () => {
  expect(await tsc(resolve("node_modules/typescript/bin/tsc"))).toBe("");
});

it.runIf(typescriptLowest)("TypeScript 5.0, the oldest that is supported", settings, async () => {
  expect(await tsc(typescriptLowest!)).toBe("");
});

it.runIf(deno)("Deno", settings, async () => {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".ts"));
  expect(await said(deno!, ["check", ...files])).toBe("");
});
