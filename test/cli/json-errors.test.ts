/** Errors of commands with --json: one line on stderr, nothing on stdout. */
import { writeFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { fermi, gammats, temporaryFolder } from "./run.js";

async function errorOf(argv: readonly string[], env = {}) {
  const { status, stdout, stderr } = await gammats([...argv, "--json"], env);
  expect(stdout).toBe("");
  expect(stderr).toMatch(/^\{.*\}\n$/);
  const { error, ...rest } = JSON.parse(stderr);
  expect(rest).toEqual({});
  return { status, error };
}

it("have a code, a message and a place", async () => {
  expect(await errorOf(["info", "none.fits"])).toMatchObject({
    status: 2,
    error: { code: "missing-file", where: "none.fits", message: expect.stringMatching(/^none\.fits: no such file; /) },
  });
});

it("have what was found and what there is", async () => {
  const argv = ["fit", `${fermi}_datasets.yaml`, `${fermi}_models.yaml`, "--set", "Crab Nebula.alfa=1"];
  const { status, error } = await errorOf(argv);
  expect(status).toBe(2);
  expect(error).toMatchObject({ code: "unknown-name", where: "--set", found: "Crab Nebula.alfa" });
  expect(error.expected).toContain("Crab Nebula.alpha");
  expect(Object.keys(error)).toEqual(["code", "message", "where", "found", "expected"]);
});

it("list the problems of files, each with its place", async () => {
  const folder = await temporaryFolder();
  const path = folder.path("datasets.yaml");
  await writeFile(
    path,
    "datasets:\n- {name: a, type: MapDatset, filename: a.fits}\n- {name: b, type: MapDataset, filename: b.fits}\n",
  );
  const { status, error } = await errorOf(["fit", path, `${fermi}_models.yaml`]);
  expect([status, error.code, error.where]).toEqual([2, "several", path]);
  expect(error.problems).toMatchObject([
    { code: "unknown-name", where: `${path}:2 datasets[0]` },
    { code: "missing-file", where: `${path}:3 datasets[1].filename`, found: "b.fits" },
  ]);
  await folder.remove();
});

it("are of wrong use too", async () => {
  expect(await errorOf(["fit"])).toEqual({
    status: 2,
    error: { code: "wrong-use", message: "missing required argument 'files'" },
  });
  expect((await errorOf(["fit", "a", "b", "--backend", "migrad"])).error.code).toBe("wrong-use");
});

it("have their stack with GAMMATS_DEBUG", async () => {
  const { error } = await errorOf(["info", "none.fits"], { GAMMATS_DEBUG: "1" });
  expect(error.stack).toMatch(/^FormatError: none\.fits: no such file.*\n\s+at /);
});
