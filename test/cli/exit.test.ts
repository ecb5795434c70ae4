/** The built command line as a process: its exit status and what it says on stderr. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";

function run(argv: readonly string[], env: Readonly<Record<string, string>> = {}, flags: readonly string[] = []) {
  const options = { encoding: "utf8", env: { ...process.env, GAMMATS_DEBUG: "", ...env } } as const;
  return spawnSync(process.execPath, [...flags, "dist/cli/main.js", ...argv], options);
}

it("shows the lines of the sources in a stack, with GAMMATS_DEBUG alone", () => {
  const { status, stderr } = run(["info", "missing.fits"], { GAMMATS_DEBUG: "1" });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^FormatError: missing\.fits: no such file.*\n\s+at .*\bsrc\/node\/file-errors\.ts:\d+:\d+\)/);
  const quiet = run(["info", "missing.fits"]);
  expect([quiet.status, quiet.stderr.split("\n").length]).toEqual([2, 2]);
});

/** Makes the first text on stdout start a fault that no command catches. */
const faulty = (fault: string) => {
  const script = `process.stdout.write = () => (setImmediate(() => { ${fault} }), true);`;
  return ["--import", `data:text/javascript,${encodeURIComponent(script)}`];
};

it.each([
  ["an uncaught exception", 'throw new TypeError("made\\nfor a test")'],
  ["an unhandled rejection", 'void Promise.reject(new TypeError("made\\nfor a test"))'],
])("ends with status 70 and one line for %s", (_, fault) => {
  const argv = ["info", "examples/crab/hawc_crab/HAWC19_flux_points.fits"];
  const { status, stderr } = run(argv, {}, faulty(fault));
  expect(stderr).toBe(
    "gammats: this should not happen: TypeError: made; please report it with the output of GAMMATS_DEBUG=1 gammats ...\n",
  );
  expect(status).toBe(70);
  const debugged = run(argv, { GAMMATS_DEBUG: "1" }, faulty(fault));
  expect(debugged.stderr).toMatch(/this should not happen[^\n]*\nTypeError: made\nfor a test\n\s+at /);
  expect(debugged.status).toBe(70);
});

it("gives a fault as JSON where results are JSON", () => {
  const { status, stdout, stderr } = run(["models", "--json"], {}, faulty('throw new TypeError("made for a test")'));
  expect([status, stdout]).toEqual([70, ""]);
  const message = expect.stringMatching(/^this should not happen: TypeError: made for a test; please report/);
  expect(JSON.parse(stderr)).toEqual({ error: { code: "fault", message } });
});

it("ends with status 70 where something is thrown that is no error", () => {
  const { status, stderr } = run(["models"], {}, faulty("void Promise.reject(undefined)"));
  expect(stderr).toMatch(/^gammats: this should not happen: .*undefined.*\n$/);
  expect(status).toBe(70);
});

it("keeps its exit status where nobody reads what it has to say", async () => {
  const child = spawn(process.execPath, ["dist/cli/main.js", "info", "missing.fits"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  child.stderr!.destroy();
  const [status] = await once(child, "exit");
  expect(status).toBe(2);
});

it("says that the working folder has gone, before it computes anything", async () => {
  const gone = await mkdtemp(join(tmpdir(), "gammats-gone-"));
  const script = `cd "${gone}" && rmdir "${gone}" && exec "${process.execPath}" "$@"`;
  const argv = ["-c", script, "sh", join(process.cwd(), "dist/cli/main.js"), "models", "--out", "models.csv"];
  const { status, stdout, stderr } = spawnSync("sh", argv, { encoding: "utf8" });
  expect([status, stdout, stderr]).toEqual([
    2,
    "",
    "gammats: the working folder no longer exists; go to another (cd)\n",
  ]);
});
