import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const built = existsSync("dist/index.js");

/** Runs rows once each, without peers; what they measure is not looked at here. */
async function bench(...args: string[]) {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["bench/run.mjs", "--quick", "--no-peer", "--runs", "1", "--json", ...args],
    { maxBuffer: 1e7 },
  );
  return JSON.parse(stdout);
}

it.runIf(built)("prints one row as one JSON object", { timeout: 120_000 }, async () => {
  const row = await bench("--only", "joint-fit");
  expect(row).toMatchObject({ name: "joint-fit", peer_s: null, ratio: null, goal: 20000 });
  expect(row.ours_s).toBeGreaterThan(0);
  expect(Number.isFinite(row.ours_value)).toBe(true);
});

it.runIf(built)("runs several rows and says where and when", { timeout: 120_000 }, async () => {
  const report = await bench("--only", "evaluation,minos,contour,ten-datasets");
  expect(report.rows.map((row: { name: string }) => row.name)).toEqual([
    "evaluation",
    "minos",
    "contour",
    "ten-datasets-gammapy",
    "ten-datasets-threeml",
  ]);
  for (const row of report.rows) expect(row.error).toBeUndefined();
  expect(report).toMatchObject({ node: process.version, quick: true });
});

it.runIf(built)("names the rows there are", { timeout: 60_000 }, async () => {
  await expect(bench("--only", "nonsense")).rejects.toThrow(/there is no row "nonsense"; the rows are evaluation, /);
});
