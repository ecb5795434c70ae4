/** A Redis server on a free port of this machine, and how its tests wait for processes. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));
export const hasLibraries = ["bullmq", "ioredis"].every((name) => existsSync(join(modules, name)));
export const hasServer = (() => {
  try {
    execFileSync("redis-server", ["--version"]);
    return true;
  } catch {
    return false;
  }
})();

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export const ended = (child: ChildProcess) =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise<void>((resolve) => child.once("exit", () => resolve()));

/** A server that keeps an append-only file; it can be killed and started again. */
export async function redisServer(more: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "gammats-redis-"));
  const port = await freePort();
  const options = { bind: "127.0.0.1", appendonly: "yes", appendfsync: "always", save: "", dir: folder, ...more };
  const args = Object.entries({ port: String(port), ...options }).flatMap(([k, v]) => [`--${k}`, v]);
  let child = spawn("redis-server", args, { stdio: "ignore" });
  return {
    url: `redis://127.0.0.1:${port}`,
    async restart() {
      child.kill("SIGKILL");
      await ended(child);
      await new Promise((resolve) => setTimeout(resolve, 300));
      child = spawn("redis-server", args, { stdio: "ignore" });
    },
    async stop() {
      child.kill("SIGKILL");
      await ended(child);
    },
  };
}
