/** A Python process that runs the same work: a JSON line {"row", ...} in, a JSON line {"seconds", ...} out. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const peerScript = (name) => fileURLToPath(new URL(`./peers/${name}`, import.meta.url));

export const pythons = {
  gammapy: process.env.GAMMATS_PEER_PYTHON ?? process.env.GAMMATS_PYTHON,
  threeml: process.env.GAMMATS_THREEML_PYTHON,
};

/** Starts the peer `name`; null where there is no Python for it. The first answer holds its versions. */
export async function startPeer(name, env = {}) {
  const python = pythons[name];
  if (!python) return null;
  const child = spawn(python, ["-W", "ignore", peerScript(`${name}_peer.py`)], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, OMP_NUM_THREADS: "1", ...env },
  });
  let noise = "";
  child.stderr.on("data", (text) => {
    noise = (noise + text).slice(-4000);
  });
  const waiting = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (line.startsWith("{")) waiting.shift()?.resolve(JSON.parse(line));
  });
  const fail = (why) => {
    for (const request of waiting.splice(0)) request.reject(new Error(`${name} peer: ${why}\n${noise}`));
  };
  child.on("error", (error) => fail(String(error)));
  child.on("exit", (code) => fail(`ended with exit code ${code}`));
  const answer = () => new Promise((resolve, reject) => waiting.push({ resolve, reject }));
  const versions = await answer();
  return {
    name,
    versions,
    async ask(request) {
      const result = answer();
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const reply = await result;
      if (reply.error) throw new Error(`${name} peer, ${request.row}: ${reply.error}`);
      return reply;
    },
    close: () => child.stdin.end(),
  };
}
