/** Rows that start a process: the first fit in one, and whole commands from start to files written, with their peak memory. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { dataFolder, outFolder, writeJointCrab } from "../data.mjs";
import { measuresCpu } from "../measure.mjs";
import { peerScript, pythons } from "../peer.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const cli = here("../../dist/cli/main.js");

/** Runs a command; seconds, peak memory in MB (GNU time), and what it printed. */
async function runProcess(command, args) {
  const timer = "/usr/bin/time";
  const wrapped = existsSync(timer) ? [timer, ["-f", "peak %M kB, CPU %U %S", command, ...args]] : [command, args];
  const start = performance.now();
  const child = spawn(wrapped[0], wrapped[1], {
    env: { ...process.env, GAMMAPY_DATA: dataFolder(), MPLBACKEND: "agg" },
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (text) => (out += text));
  child.stderr.on("data", (text) => (err += text));
  const code = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  const seconds = (performance.now() - start) / 1e3;
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with exit code ${code}\n${err}`);
  const usage = /peak (\d+) kB, CPU ([\d.]+) ([\d.]+)/.exec(err);
  const [memory, cpu] =
    usage === null ? [null, Number.NaN] : [Number(usage[1]) / 1024, Number(usage[2]) + Number(usage[3])];
  return { seconds, cpu, memory, out };
}

/** Runs it in a folder of its own, which is removed afterwards. */
async function inFolder(use) {
  const folder = await mkdtemp(join(tmpdir(), "gammats-bench-"));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const firstFit = {
  name: "joint-fit-first",
  what: "joint Crab fit with errors, the first in its process (peer: warm)",
  goal: 400,
  peer: { name: "gammapy", row: "joint-fit" },
  /** The process measures the fit alone. */
  async ownSeconds() {
    return JSON.parse(
      (await runProcess(process.execPath, [here("../first-fit.mjs"), measuresCpu() ? "cpu" : "wall"])).out,
    );
  },
};

const whole = (name, what, goal, args, script, prepare) => ({
  name,
  what,
  goal,
  prepare,
  ownProcess: () => inFolder((folder) => runProcess(process.execPath, [cli, ...args(folder)])),
  peerProcess: pythons.gammapy
    ? () => inFolder((folder) => runProcess(pythons.gammapy, ["-W", "ignore", peerScript(script), folder, outFolder]))
    : undefined,
});

const coldFit = whole(
  "cold-fit",
  "gammats fit of the joint Crab, from process start to files written",
  40,
  (folder) => ["fit", `${outFolder}/joint/crab_datasets.yaml`, `${outFolder}/joint/crab_models.yaml`, "--out", folder],
  "cold_fit.py",
  writeJointCrab,
);

const coldCrab = whole(
  "cold-crab",
  "gammats crab: fit, flux points, pictures, from process start to files written",
  20,
  (folder) => ["crab", "--data", dataFolder(), "--out", folder],
  "cold_crab.py",
  async () => {},
);

export const processRows = [firstFit, coldFit, coldCrab];
