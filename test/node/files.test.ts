import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { nodeFiles } from "../../src/node/files.js";
import { writeFilesAtomically } from "../../src/node/write-files.js";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "gammats-files-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const bytes = (text: string) => new TextEncoder().encode(text);

describe("reading", () => {
  it("gives the bytes, inflated where they are a gzip stream whatever the name", async () => {
    await writeFile(join(folder, "a.fits"), gzipSync("plain text"));
    await writeFile(join(folder, "b.fits.gz"), "plain text");
    for (const name of ["a.fits", "b.fits.gz"]) {
      expect(new TextDecoder().decode(await nodeFiles().read(join(folder, name)))).toBe("plain text");
    }
  });

  it("says what is wrong with a missing file, a folder and a truncated gzip stream", async () => {
    const files = nodeFiles();
    await expect(files.read(join(folder, "none.fits"))).rejects.toThrow(/none\.fits: no such file; check the name/);
    await expect(files.read(folder)).rejects.toThrow(/this is a folder/);
    await writeFile(join(folder, "cut.gz"), gzipSync("x".repeat(10_000)).subarray(0, 20));
    await expect(files.list!(join(folder, "cut.gz"))).rejects.toThrow(/cut\.gz: this is a file, and no folder/);
    await expect(files.read(join(folder, "cut.gz"))).rejects.toThrow(/cannot be inflated.*fetch it again/);
    const codeOf = (name: string) => files.read(join(folder, name)).catch(({ name: kind, code }) => [kind, code]);
    expect(await codeOf("none.fits")).toEqual(["FormatError", "missing-file"]);
    expect(await codeOf("")).toEqual(["FormatError", "unreadable-file"]);
    expect(await codeOf("cut.gz")).toEqual(["FormatError", "damaged"]);
  });

  it("knows what exists, and variables", async () => {
    const files = nodeFiles({ env: { GAMMAPY_DATA: "/data" } });
    expect(await files.exists(folder)).toBe(true);
    expect(await files.exists(join(folder, "none"))).toBe(false);
    expect(files.env("GAMMAPY_DATA")).toBe("/data");
    expect(files.env("NONE")).toBeUndefined();
  });
});

describe("writing", () => {
  it("makes folders, and leaves the file and nothing else", async () => {
    const path = join(folder, "a", "b", "c.txt");
    await nodeFiles().write(path, bytes("one"));
    expect(await readFile(path, "utf8")).toBe("one");
    expect(await readdir(join(folder, "a", "b"))).toEqual(["c.txt"]);
  });

  it("refuses to replace a file unless told to", async () => {
    const files = nodeFiles();
    const path = join(folder, "c.txt");
    await files.write(path, bytes("one"));
    await expect(files.write(path, bytes("two"))).rejects.toMatchObject({
      name: "SpecError",
      message: expect.stringContaining("exists already"),
    });
    expect(await readFile(path, "utf8")).toBe("one");
    await files.write(path, bytes("two"), { overwrite: true });
    expect(await readFile(path, "utf8")).toBe("two");
    expect(await readdir(folder)).toEqual(["c.txt"]);
  });

  it("never replaces a file that two writers want, and one of them wins", async () => {
    const path = join(folder, "c.txt");
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) => nodeFiles().write(path, bytes(`writer ${i}`))),
    );
    expect(results.filter((r) => r.status === "fulfilled")).toHaveLength(1);
    expect(await readdir(folder)).toEqual(["c.txt"]);
  });

  it("writes all files of a set or changes none", async () => {
    const [first, second, third] = ["a.txt", "b.txt", "c.txt"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await writeFile(first, "old");
    await mkdir(third);
    const set = [first, second, third].map((path) => [path, bytes("new")] as const);
    await expect(writeFilesAtomically(set, { overwrite: true })).rejects.toThrow(/c\.txt: this is a folder/);
    expect(await readFile(first, "utf8")).toBe("old");
    expect((await readdir(folder)).sort()).toEqual(["a.txt", "c.txt"]);
    await writeFilesAtomically(set.slice(0, 2), { overwrite: true });
    expect(await Promise.all([first, second].map((path) => readFile(path, "utf8")))).toEqual(["new", "new"]);
    expect((await readdir(folder)).sort()).toEqual(["a.txt", "b.txt", "c.txt"]);
  });

  it("leaves the old file alone when it is aborted", async () => {
    const path = join(folder, "c.txt");
    await writeFile(path, "old");
    const controller = new AbortController();
    const writing = nodeFiles({ signal: controller.signal }).write(path, new Uint8Array(50_000_000), {
      overwrite: true,
    });
    setTimeout(() => controller.abort(), 1);
    await expect(writing).rejects.toMatchObject({ name: "AbortError" });
    expect(await readFile(path, "utf8")).toBe("old");
    expect(await readdir(folder)).toEqual(["c.txt"]);
  });

  it("removes its temporary file when the process ends in the middle", async () => {
    const program = await rolldown({ input: "src/node/files.ts", platform: "node", logLevel: "silent" });
    const { output } = await program.generate({ format: "esm" });
    const target = join(folder, "out");
    await mkdir(target);
    await writeFile(
      join(folder, "run.mjs"),
      `${output[0].code}
      import { readdirSync } from "node:fs";
      const folder = ${JSON.stringify(target)};
      void nodeFiles().write(folder + "/big.bin", new Uint8Array(200_000_000));
      const look = () => (readdirSync(folder).length === 0 ? setImmediate(look) : process.exit(3));
      look();`,
    );
    const { status, stderr } = spawnSync(process.execPath, [join(folder, "run.mjs")], { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(status).toBe(3);
    expect(await readdir(target)).toEqual([]);
  });

  it("says why a folder cannot be written to", async () => {
    const files = nodeFiles();
    await writeFile(join(folder, "file"), "");
    await expect(files.write(join(folder, "file", "x.txt"), bytes(""))).rejects.toThrow(/a file of that name stands/);
    await mkdir(join(folder, "sub"));
    await expect(files.write(join(folder, "sub"), bytes(""), { overwrite: true })).rejects.toThrow(/this is a folder/);
  });

  it("says that a folder is not writable", async () => {
    // root may write anywhere but to folders of the kernel's
    const locked = process.getuid?.() === 0 ? "/sys" : join(folder, "locked");
    if (locked !== "/sys") await mkdir(locked, { mode: 0o500 });
    await expect(nodeFiles().write(join(locked, "x.txt"), bytes(""))).rejects.toMatchObject({
      name: "SpecError",
      message: expect.stringMatching(/the folder .* is not writable \(\w+\); choose another/),
    });
  });
});
