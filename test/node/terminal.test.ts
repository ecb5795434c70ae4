import { spawn } from "node:child_process";
import { once } from "node:events";
import { rolldown } from "rolldown";
import { describe, expect, it } from "vitest";
import { onInterrupt } from "../../src/node/interrupt.js";
import { progressLine } from "../../src/node/progress.js";

function terminal(isTTY: boolean) {
  const written: string[] = [];
  return { written, stream: { isTTY, columns: 60, write: (text: string) => written.push(text) } };
}

describe("progressLine", () => {
  it("draws one line on a terminal and removes it", () => {
    const { written, stream } = terminal(true);
    const line = progressLine("flux points", { stream, delay: 0 });
    line.update(1, 4);
    line.update(1, 4);
    line.update(4, 4);
    line.end();
    expect(written).toEqual([
      `\r\x1b[2Kflux points ${"█".repeat(6)}${"░".repeat(18)} 25 %`,
      `\r\x1b[2Kflux points ${"█".repeat(24)} 100 %`,
      "\r\x1b[2K",
    ]);
  });

  it("counts where there is no end in sight", () => {
    const { written, stream } = terminal(true);
    const line = progressLine("jobs done:", { stream, delay: 0 });
    line.update(7, Number.POSITIVE_INFINITY);
    expect(written).toEqual(["\r\x1b[2Kjobs done: 7"]);
  });

  it("is silent elsewhere, and where the task is quick", () => {
    for (const [isTTY, delay] of [
      [false, 0],
      [true, 10_000],
    ] as const) {
      const { written, stream } = terminal(isTTY);
      const line = progressLine("x", { stream, delay });
      line.update(1, 2);
      line.end();
      expect(written).toEqual([]);
    }
  });
});

describe("onInterrupt", () => {
  it("aborts at the first Ctrl-C", () => {
    const before = process.listenerCount("SIGINT");
    const { signal, dispose } = onInterrupt();
    expect(signal.aborted).toBe(false);
    process.emit("SIGINT");
    expect(signal.aborted).toBe(true);
    expect(signal.reason).toMatchObject({ name: "AbortError" });
    dispose();
    expect(process.listenerCount("SIGINT")).toBe(before);
  });

  it("lets Ctrl-C end the process while a computation keeps it from listening", async () => {
    const program = await rolldown({ input: "src/node/interrupt.ts", platform: "node", logLevel: "silent" });
    const { output } = await program.generate({ format: "esm" });
    const script = `${output[0].code}
      import { writeSync } from "node:fs";
      const interrupt = onInterrupt();
      const sum = interrupt.compute(() => 1 + 1);
      if (process.listenerCount("SIGINT") !== sum / 2) process.exit(4);
      interrupt.compute(() => {
        writeSync(1, "computing");
        for (const end = Date.now() + 60_000; Date.now() < end; );
      });`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script]);
    await once(child.stdout, "data");
    child.kill("SIGINT");
    const [status, signal] = await once(child, "exit");
    expect([status, signal]).toEqual([null, "SIGINT"]);
  });
});
