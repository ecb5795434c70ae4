import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildScript } from "../execute/build.js";

/** Calls one function before and after the quick start ends, and prints the states of optimisation that V8 went through. */
const PROGRAM = `
import { startQuickly } from SCRIPT;
const native = (text) => new Function("f", text);
const stateOf = native("return %GetOptimizationStatus(f)");
const work = (n) => { let sum = 0; for (let i = 0; i < n; i++) sum += Math.sqrt(i); return sum; };
const states = (ms) => {
  const seen = new Set();
  for (const end = performance.now() + ms; performance.now() < end; work(1000)) seen.add(stateOf(work));
  return [...seen];
};
native("%NeverOptimizeFunction(f)")(states);
const end = startQuickly(VERSION);
const before = states(500);
end();
end();
console.log(JSON.stringify([before, states(1500)]));
`;

let script: URL;
beforeAll(async () => {
  script = await buildScript("../../src/cli/quick-start.ts");
});
afterAll(() => rm(dirname(fileURLToPath(script)), { recursive: true }));

async function states(version: string): Promise<[before: number[], after: number[]]> {
  const program = PROGRAM.replace("SCRIPT", JSON.stringify(script.href)).replace("VERSION", JSON.stringify(version));
  const flags = ["--allow-natives-syntax", "--input-type=module", "-e", program];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, flags);
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

it("does without the optimising compiler at first, and has it back in the end", async () => {
  const here = process.versions.node;
  // versions that it was not tried with are left as they are: there the last state is that of optimised code
  const [usual, last] = await states("27.0.0");
  expect(last).toEqual([usual.at(-1)]);
  const [before, after] = await states(here);
  const isTried = Number.parseInt(here, 10) >= 24;
  expect(before.includes(last[0]!)).toBe(!isTried);
  expect(after.at(-1)).toBe(last[0]);
});
