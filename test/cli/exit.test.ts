/** The built command line as a process: its exit status and what it says on stderr. */
import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";

function run(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const options = { encoding: "utf8", env: { ...process.env, GAMMATS_DEBUG: "", ...env } } as const;
  return spawnSync(process.execPath, ["dist/cli/main.js", ...argv], options);
}

it("shows the lines of the sources in a stack, with GAMMATS_DEBUG alone", () => {
  const { status, stderr } = run(["info", "missing.fits"], { GAMMATS_DEBUG: "1" });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^FormatError: missing\.fits: no such file.*\n\s+at .*\bsrc\/node\/files\.ts:\d+:\d+\)/);
  const quiet = run(["info", "missing.fits"]);
  expect([quiet.status, quiet.stderr.split("\n").length]).toEqual([2, 2]);
});
