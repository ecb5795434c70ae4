/** What happens to files that are replaced: their kind, mode and links, and the whole of a set when the writer is killed. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { nodeFiles } from "../../src/node/files.js";
import { readFont } from "../../src/node/font.js";
import { readPlugins } from "../../src/node/read-plugins.js";
import { writeFilesAtomically } from "../../src/node/write-files.js";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "gammats-write-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const bytes = (text: string) => new TextEncoder().encode(text);
const write = (name: string, text: string, overwrite = true) =>
  nodeFiles().write(join(folder, name), bytes(text), { overwrite });
const text = (name: string) => readFile(join(folder, name), "utf8");
/** Class, code and message of what is thrown. */
const codeOf = (work: Promise<unknown>): Promise<string[]> =>
  work.then(
    () => [],
    ({ name, code, message }) => [name, code, message],
  );

describe("folders that are missing", () => {
  it("are made, also by several writers at once", async () => {
    await Promise.all(["a", "b", "c"].map((name) => write(`x/y/z/${name}`, name)));
    expect((await readdir(join(folder, "x/y/z"))).sort()).toEqual(["a", "b", "c"]);
  });

  it("are refused where the file system makes none", async () => {
    // answers ENOENT to mkdir
    const [error, code] = await codeOf(nodeFiles().write("/proc/gammats/deep/file", bytes("new")));
    expect([error, code]).toEqual(["SpecError", "unwritable-file"]);
    await symlink("nowhere", join(folder, "dangling"));
    expect((await codeOf(write("dangling/file", "new"))).slice(0, 2)).toEqual(["SpecError", "unwritable-file"]);
  });
});

describe("what is no regular file", () => {
  it.each([[true], [false]])("is not replaced by a file (overwrite: %s)", async (overwrite) => {
    execFileSync("mkfifo", [join(folder, "pipe")]);
    await mkdir(join(folder, "sub"));
    await symlink("/dev/null", join(folder, "null"));
    const server = createServer().listen(join(folder, "socket"));
    await new Promise((resolve) => server.once("listening", resolve));
    for (const [name, kind] of [
      ["pipe", "a pipe \\(FIFO\\)"],
      ["sub", "a folder"],
      ["null", "a device"],
      ["socket", "a socket"],
    ] as const) {
      const [error, code, message] = await codeOf(write(name, "new", overwrite));
      expect([error, code]).toEqual(["SpecError", "unwritable-file"]);
      expect(message).toMatch(new RegExp(`${name}: this is ${kind}; give the name of a file`));
      // in a set neither, and the others stay away
      const set = ["a", name].map((one) => [join(folder, one), bytes("new")] as const);
      await expect(writeFilesAtomically(set, { overwrite })).rejects.toThrow(kind === "a folder" ? kind : /this is/);
    }
    server.close();
    expect((await readdir(folder)).sort()).toEqual(["null", "pipe", "sub"]);
    expect((await stat("/dev/null")).isCharacterDevice()).toBe(true);
    expect((await lstat(join(folder, "pipe"))).isFIFO()).toBe(true);
  });

  it("is not read either, and never waited for", async () => {
    execFileSync("mkfifo", [join(folder, "pipe")]);
    await symlink("/dev/zero", join(folder, "zero"));
    const [error, code, message] = await codeOf(nodeFiles().read(join(folder, "pipe")));
    expect([error, code]).toEqual(["FormatError", "unreadable-file"]);
    expect(message).toMatch(/pipe: this is a pipe \(FIFO\); write its bytes to a file first and name that/);
    await expect(nodeFiles().read(join(folder, "zero"))).rejects.toThrow(/zero: this is a device/);
    for (const read of [readFont, (path: string) => readPlugins([path])])
      await expect(read(join(folder, "pipe"))).rejects.toThrow(/pipe: this is a pipe/);
    // endless, and called empty by the system
    await expect(nodeFiles().read("/proc/kmsg")).rejects.toThrow(/may not be read|it is empty, and it is not/);
  });
});

describe("a symbolic link", () => {
  it("stays, and what it leads to gets the bytes", async () => {
    await mkdir(join(folder, "data"));
    await writeFile(join(folder, "data", "target.txt"), "old");
    await symlink("data/target.txt", join(folder, "one.txt"));
    await symlink("one.txt", join(folder, "two.txt"));
    await write("two.txt", "new");
    expect(await text("data/target.txt")).toBe("new");
    for (const name of ["one.txt", "two.txt"]) expect((await lstat(join(folder, name))).isSymbolicLink()).toBe(true);
    expect((await readdir(folder)).sort()).toEqual(["data", "one.txt", "two.txt"]);
    expect(await readdir(join(folder, "data"))).toEqual(["target.txt"]);
  });

  it("that leads to no file yet makes one, but only where files may be replaced", async () => {
    await symlink("later.txt", join(folder, "link.txt"));
    expect((await codeOf(write("link.txt", "new", false)))[1]).toBe("existing-file");
    await write("link.txt", "new");
    expect(await text("later.txt")).toBe("new");
    expect((await lstat(join(folder, "link.txt"))).isSymbolicLink()).toBe(true);
  });

  it("is followed where the way leads up through another link", async () => {
    await mkdir(join(folder, "deep", "er"), { recursive: true });
    await symlink("deep/er", join(folder, "short"));
    await symlink("../target.txt", join(folder, "deep", "er", "link.txt"));
    await write("short/link.txt", "new");
    expect(await text("deep/target.txt")).toBe("new");
  });

  it("in a circle is said so", async () => {
    await symlink("b", join(folder, "a"));
    await symlink("a", join(folder, "b"));
    await expect(write("a", "new")).rejects.toThrow(/a: it cannot be written: symbolic links lead round in a circle/);
  });

  it("of a set goes to its own folder, and two names of one file are refused", async () => {
    await mkdir(join(folder, "data"));
    await writeFile(join(folder, "data", "target.txt"), "old");
    await symlink("data/target.txt", join(folder, "link.txt"));
    const set = ["a.txt", "b.txt", "link.txt"].map((name) => [join(folder, name), bytes("new")] as const);
    await writeFilesAtomically(set, { overwrite: true });
    expect(await Promise.all(["a.txt", "b.txt", "data/target.txt"].map(text))).toEqual(["new", "new", "new"]);
    await symlink("a.txt", join(folder, "same.txt"));
    const twice = ["a.txt", "same.txt"].map((name) => [join(folder, name), bytes("newer")] as const);
    await expect(writeFilesAtomically(twice, { overwrite: true })).rejects.toThrow(/are one file/);
    expect(await text("a.txt")).toBe("new");
  });
});

describe("the mode of a file", () => {
  it("is kept where it is replaced, alone or in a set; new files follow the umask", async () => {
    for (const [name, mode] of [
      ["private.txt", 0o600],
      ["open.txt", 0o666],
      ["script", 0o755],
    ] as const) {
      await write(name, "old");
      await chmod(join(folder, name), mode);
      await write(name, "new");
      expect((await stat(join(folder, name))).mode & 0o7777).toBe(mode);
      const set = [name, `new-${name}`].map((one) => [join(folder, one), bytes("newer")] as const);
      await writeFilesAtomically(set, { overwrite: true });
      expect((await stat(join(folder, name))).mode & 0o7777).toBe(mode);
      expect((await stat(join(folder, `new-${name}`))).mode & 0o7777).toBe(0o666 & ~process.umask());
    }
  });

  it.runIf(process.getuid?.() === 0)("and its owner, where the user may give files away", async () => {
    await write("a.txt", "old");
    execFileSync("chown", ["1234:5678", join(folder, "a.txt")]);
    await write("a.txt", "new");
    expect(await stat(join(folder, "a.txt"))).toMatchObject({ uid: 1234, gid: 5678 });
  });
});

describe("names", () => {
  it("may be as long as the system allows, alone and in a set; longer ones are refused", async () => {
    const long = "x".repeat(255);
    await write(long, "one");
    await writeFilesAtomically(
      [long, "y".repeat(255)].map((name) => [join(folder, name), bytes("two")] as const),
      { overwrite: true },
    );
    expect(await text(long)).toBe("two");
    await expect(write(`${long}x`, "one")).rejects.toThrow(/the name is longer than the disk allows/);
  });
});

describe("a set of files", () => {
  let module = "";
  beforeAll(async () => {
    const program = await rolldown({ input: "src/node/write-files.ts", platform: "node", logLevel: "silent" });
    const { output } = await program.generate({ format: "esm" });
    const place = await mkdtemp(join(tmpdir(), "gammats-module-"));
    module = join(place, "write-files.mjs");
    await writeFile(module, output[0].code);
    return () => rm(place, { recursive: true });
  });

  const names = ["datasets.yaml", "models.yaml", "models_covariance.dat", "fit-result.yaml"];
  const script = fileURLToPath(new URL("killed-writer.mjs", import.meta.url));
  const writer = (step: number, content: string, which = names) =>
    spawnSync(process.execPath, [script, module, folder, String(step), content, ...which], { encoding: "utf8" });
  /** The first words of the files: which set they are of. */
  const wordsOf = async (read: (name: string) => Promise<string>) =>
    new Set((await Promise.all(names.map(read))).map((one) => one.split(" ")[0]));
  const readAs = (name: string) =>
    nodeFiles()
      .read(join(folder, name))
      .then((found) => new TextDecoder().decode(found));

  it("is all old or all new for whoever reads it after a kill at any step, and leaves nothing behind", async () => {
    const seen = new Set<string | undefined>();
    for (let step = 0; ; step++) {
      for (const name of names) await writeFile(join(folder, name), `old ${name}`);
      const { signal, stderr } = writer(step, "new");
      expect(stderr).toBe("");
      // one reader is enough: then the files are whole for any program
      const [first] = await wordsOf(readAs);
      expect(await wordsOf(readAs)).toEqual(new Set([first]));
      expect(await wordsOf(text)).toEqual(new Set([first]));
      seen.add(first);
      await write("other.txt", `after step ${step}`);
      expect((await readdir(folder)).sort()).toEqual([...names, "other.txt"].sort());
      if (signal === null) break;
      expect(signal).toBe("SIGKILL");
      if (step > 200) throw new Error("no end");
    }
    expect(seen).toEqual(new Set(["old", "new"]));
  }, 120_000);

  it("is finished by the next writer before its own, whichever files that has", async () => {
    for (const which of [names, ["datasets.yaml"], ["a.txt", "b.txt"]]) {
      for (let step = 8; ; step++) {
        for (const name of names) await writeFile(join(folder, name), `old ${name}`);
        const { signal } = writer(step, "new");
        expect(writer(10_000, "newer", which)).toMatchObject({ status: 0, stderr: "" });
        const rest = names.filter((name) => !which.includes(name));
        const words = await Promise.all(rest.map(async (name) => (await text(name)).split(" ")[0]));
        expect(new Set(words).size).toBeLessThan(2);
        for (const name of which) expect(await text(name)).toBe(`newer ${name}`);
        expect((await readdir(folder)).every((name) => !name.startsWith("."))).toBe(true);
        if (signal === null) break;
        step++;
      }
    }
  }, 120_000);

  it("is read as a whole by somebody who may not move it", async () => {
    const left = join(folder, ".gammats-new");
    for (const name of names) await writeFile(join(folder, name), "old");
    await mkdir(left);
    await writeFile(join(left, "models.yaml"), "new");
    // a folder below it that cannot be moved stands for missing permissions, which root always has
    await mkdir(join(folder, "models_covariance.dat.d"));
    await rm(join(folder, "models.yaml"));
    await mkdir(join(folder, "models.yaml"));
    expect(await readAs("models.yaml")).toBe("new");
    expect(await nodeFiles().exists(join(folder, "models.yaml"))).toBe(true);
    await expect(write("models.yaml", "newer")).rejects.toThrow(/this is a folder/);
  });

  it("of several writers at once is that of one of them", async () => {
    for (let round = 0; round < 20; round++) {
      await Promise.all(
        Array.from({ length: 5 }, (_, i) =>
          writeFilesAtomically(
            names.map((name) => [join(folder, name), bytes(`writer${i} ${name}`)] as const),
            { overwrite: true },
          ),
        ),
      );
      expect((await wordsOf(text)).size).toBe(1);
      expect((await readdir(folder)).sort()).toEqual([...names].sort());
    }
  });

  it("that may not replace anything goes to one of several writers", async () => {
    for (let round = 0; round < 20; round++) {
      const place = join(folder, String(round));
      const results = await Promise.allSettled(
        Array.from({ length: 5 }, (_, i) =>
          writeFilesAtomically(names.map((name) => [join(place, name), bytes(`writer${i}`)] as const)),
        ),
      );
      expect(results.filter((one) => one.status === "fulfilled")).toHaveLength(1);
      for (const one of results) if (one.status === "rejected") expect(one.reason.code).toBe("existing-file");
      const found = await Promise.all(names.map((name) => readFile(join(place, name), "utf8")));
      expect(new Set(found).size).toBe(1);
      expect((await readdir(place)).sort()).toEqual([...names].sort());
    }
  });

  it("stays as it was where it is stopped before its first file has its name", async () => {
    for (const name of names) await writeFile(join(folder, name), "old");
    const controller = new AbortController();
    const set = names.map((name) => [join(folder, name), new Uint8Array(20_000_000)] as const);
    const writing = writeFilesAtomically(set, { overwrite: true, signal: controller.signal });
    setTimeout(() => controller.abort(), 5);
    await expect(writing).rejects.toMatchObject({ name: "AbortError" });
    expect(await wordsOf(text)).toEqual(new Set(["old"]));
    expect((await readdir(folder)).sort()).toEqual([...names].sort());
  });
});

describe("temporary files", () => {
  it("of dead processes of this machine go with the next write, all others stay", async () => {
    const dead = spawnSync(process.execPath, ["-e", ""]).pid!;
    await write("a.txt", "one");
    // the name that this process would take
    const { temporaryIn, forget } = await import("../../src/node/temporaries.js");
    const own = temporaryIn(folder);
    const named = (pid: number) => own.replace(`-${process.pid}-`, `-${pid}-`);
    const elsewhere = named(dead).replace(/gammats-\w{8}/, "gammats-00000000");
    await mkdir(named(dead));
    await writeFile(join(named(dead), "models.yaml"), "half");
    await writeFile(own, "under way");
    await writeFile(elsewhere, "of another machine");
    await writeFile(join(folder, ".gammats-notes.tmp"), "of the user");
    await write("a.txt", "two");
    const left = (await readdir(folder)).map((name) => join(folder, name));
    expect(left.sort()).toEqual(
      [".gammats-notes.tmp", "a.txt"]
        .map((name) => join(folder, name))
        .concat(own, elsewhere)
        .sort(),
    );
    await forget(own);
  });
});
