import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collectInflated, inflate } from "../../src/io/inflate.js";
import { nodeFiles } from "../../src/node/files.js";

const MB = 1e6;
const zeros = gzipSync(new Uint8Array(MB));
/** `n` MB in as many streams one after the other: the last one says 1 MB. */
const streams = (n: number) => Buffer.concat(Array.from({ length: n }, () => zeros));
const codeOf = (work: Promise<unknown>) => work.then(String, ({ code, message }) => `${code}: ${message}`);

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gammats-inflate-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a gzip stream", () => {
  it("is inflated whatever its trailer says", async () => {
    const data = Uint8Array.from({ length: 300_001 }, (_, i) => (i * 7919) >> 3);
    const whole = gzipSync(data);
    expect(await inflate(whole, "a.gz")).toEqual(data);
    async function* chunks(size: number) {
      for (let at = 0; at < data.length; at += size) yield data.slice(at, at + size);
    }
    for (const says of [0, 1, 299_999, 300_002, 2 ** 32 - 1]) {
      const lying = whole.slice();
      new DataView(lying.buffer, lying.byteOffset).setUint32(lying.length - 4, says, true);
      for (const size of [1000, 65_536, 1e6]) {
        expect(await collectInflated(lying, chunks(size), { where: "a.gz", maxBytes: 1e9 })).toEqual(data);
      }
    }
  });

  it("of several parts is read to its end on the disk", async () => {
    await writeFile(join(folder, "parts.gz"), streams(5));
    expect((await nodeFiles().read(join(folder, "parts.gz"))).length).toBe(5 * MB);
  });

  it("is refused where it says that it takes too much, and stopped where it does", async () => {
    const refused = "too-large: x.gz: inflated, the file takes more than the 2 MB of memory that may be taken; cut out";
    const limit = { maxBytes: 2 * MB };
    expect(await codeOf(inflate(gzipSync(new Uint8Array(3 * MB)), "x.gz", limit))).toContain(refused);
    let given = 0;
    async function* endless() {
      for (;;) {
        given += MB / 10;
        yield new Uint8Array(MB / 10);
      }
    }
    expect(await codeOf(collectInflated(zeros, endless(), { where: "x.gz", ...limit }))).toContain(refused);
    expect(given).toBeLessThan(2 * MB);
  });

  it("has a limit of 2 GB in a browser that says nothing", async () => {
    const bomb = gzipSync(new Uint8Array(2000 * 1024), { level: 1 });
    const lying = Buffer.concat([Buffer.alloc(3 * MB), bomb]).subarray(0);
    bomb.copy(lying);
    new DataView(lying.buffer, lying.byteOffset).setUint32(lying.length - 4, 2.1e9, true);
    expect(await codeOf(inflate(lying, "x.gz"))).toMatch(/^too-large: x\.gz: .*2 GB/);
  });

  it("that is cut or broken is damaged, not too large", async () => {
    expect(await codeOf(inflate(zeros.subarray(0, 500), "x.gz"))).toMatch(/^damaged: x\.gz: the gzip stream cannot/);
    await writeFile(join(folder, "cut.gz"), zeros.subarray(0, 500));
    expect(await codeOf(nodeFiles().read(join(folder, "cut.gz")))).toMatch(/^damaged: /);
  });
});

describe("the memory that inflating takes", () => {
  let module = "";
  beforeAll(async () => {
    const program = await rolldown({ input: "src/node/files.ts", platform: "node", logLevel: "silent" });
    const { output } = await program.generate({ format: "esm" });
    module = join(folder, "files.mjs");
    await writeFile(module, output[0].code);
  });

  /** Peak of a process that reads the file beyond one that reads a small one, MB, and what it says. */
  function peak(file: string, maxBytes: number) {
    const script = `import { nodeFiles } from ${JSON.stringify(module)};
      const say = (text) => console.log(JSON.stringify({ text, rss: process.resourceUsage().maxRSS / 1000 }));
      await nodeFiles({ maxBytes: ${maxBytes} }).read(${JSON.stringify(file)}).then((b) => say(String(b.length)), (e) => say(e.code));`;
    const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
    return JSON.parse(stdout) as { text: string; rss: number };
  }

  it("is that of the result, and of no more than the limit where it is too large", async () => {
    const [small, large, bomb] = ["small.gz", "large.gz", "bomb.gz"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await writeFile(small, zeros);
    await writeFile(large, gzipSync(new Uint8Array(400 * MB), { level: 1 }));
    await writeFile(bomb, streams(3000));
    const base = peak(small, 1e9);
    expect(base.text).toBe(String(MB));
    const whole = peak(large, 1e9);
    expect(whole.text).toBe(String(400 * MB));
    // the result once, and what streams hold on their way
    expect(whole.rss - base.rss).toBeLessThan(1.25 * 400);
    const stopped = peak(bomb, 400 * MB);
    expect(stopped.text).toBe("too-large");
    expect(stopped.rss - base.rss).toBeLessThan(400);
  });
});
