/** Workers behind a Redis server as users run them: the built program, in processes of its own. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cp, mkdir, readdir, readFile, symlink } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ended, hasLibraries, hasServer, redisServer } from "../execute/redis-server.js";
import { writeJoint } from "./joint.js";
import { temporaryFolder } from "./run.js";

const children: ChildProcess[] = [];
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let joint: [string, string];
beforeAll(async () => {
  folder = await temporaryFolder();
  joint = await writeJoint("examples/crab", folder.path("twin"));
});
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await Promise.all(children.map(ended));
  await folder.remove();
});

interface Running {
  readonly child: ChildProcess;
  /** Resolves when stderr says so. */
  says(text: string): Promise<void>;
  readonly done: Promise<{ status: number | null; stdout: string; stderr: string }>;
}

/** The build belongs to `npm ci`. */
function start(argv: readonly string[], program = "dist/cli/main.js"): Running {
  const child = spawn(process.execPath, [program, ...argv], {
    stdio: ["ignore", "pipe", "pipe"],
    // results say when they were made
    env: { ...process.env, SOURCE_DATE_EPOCH: "0" },
  });
  children.push(child);
  let stdout = "";
  let stderr = "";
  const heard: (() => void)[] = [];
  child.stdout!.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr!.on("data", (chunk) => {
    stderr += chunk;
    for (const listener of heard) listener();
  });
  return {
    child,
    says: (text) =>
      new Promise((resolve, reject) => {
        const look = () => stderr.includes(text) && resolve();
        heard.push(look);
        look();
        child.once("exit", () => reject(new Error(`ended without saying "${text}": ${stderr}`)));
      }),
    done: ended(child).then(() => ({ status: child.exitCode, stdout, stderr })),
  };
}

const startWorker = (url: string) => start(["worker", "--redis", url, "--workers", "1", "--patience", "2"]);

/** Waits until the server holds so many results of jobs. */
async function results(url: string, n: number): Promise<void> {
  while (count(url) < n) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Results of jobs that the server holds. */
function count(url: string): number {
  const redis = (...args: string[]) => execFileSync("redis-cli", ["-u", url, ...args], { encoding: "utf8" }).trim();
  const keys = redis("--scan", "--pattern", "gammats:result:*").split("\n");
  return keys.reduce((sum, key) => (key === "" ? 0 : sum + Number(redis("hlen", key))), 0);
}

describe.runIf(hasServer && hasLibraries)("gammats worker", () => {
  let server: Awaited<ReturnType<typeof redisServer>>;
  beforeAll(async () => {
    server = await redisServer();
  });
  afterAll(() => server?.stop());

  it("gives the same to the bit as one thread, with a worker killed and the server restarted half way", async () => {
    const { url } = server;
    const argv = ["toys", ...joint, "3000", "--minos", "alpha", "--seed", "5"];
    const [here, there] = [folder.path("here"), folder.path("there")];
    const expected = await start([...argv, "--workers", "1", "--out", here]).done;
    expect([expected.status, expected.stderr]).toEqual([0, ""]);

    const [first, second] = [startWorker(url), startWorker(url)];
    await Promise.all([first.says("ready, 1 thread"), second.says("ready, 1 thread")]);
    const running = start([...argv, "--executor", url, "--out", there]);
    // 3000 toys are 125 jobs of 24
    await results(url, 15);
    first.child.kill("SIGKILL");
    await results(url, 40);
    await server.restart();
    const found = await running.done;
    expect([found.status, found.stderr]).toEqual([0, ""]);
    expect(found.stdout.replaceAll(there, here)).toBe(expected.stdout);
    for (const name of await readdir(here)) {
      expect(await readFile(`${there}/${name}`), name).toEqual(await readFile(`${here}/${name}`));
    }

    second.child.kill("SIGTERM");
    const left = await second.done;
    expect([left.status, left.stdout]).toEqual([0, expect.stringMatching(/^\d+ jobs done$/m)]);
    // all results are there, so no worker is needed
    const again = await start([...argv, "--executor", url]).done;
    expect(again.stdout).toBe(expected.stdout.replace(/^Wrote.*\n/m, ""));
  }, 240_000);

  it.each([
    ["test", ["--hold", "Crab Nebula.beta=0.062", "--toys", "60"]],
    ["goodness", ["--toys", "60"]],
    ["interval", ["Fermi-LAT-bkg.norm", "--side", "upper", "--calibrated", "20", "--expected", "1", "--toys", "60"]],
    ["profile", ["alpha", "--points", "21"]],
    ["contour", ["alpha", "beta", "--sigma", "1", "--points", "16"]],
    ["flux-points", ["--dataset", "HESS", "--range", "1 TeV,15 TeV", "--bins", "4"]],
    ["light-curve", ["--dataset", "HESS"]],
  ])("runs the jobs of %s, and leaves at Ctrl-C", async (command, rest) => {
    const argv = [command, ...joint, ...rest, "--json"];
    const worker = startWorker(server.url);
    const [found, expected] = await Promise.all([
      start([...argv, "--executor", server.url]).done,
      start([...argv, "--workers", "2"]).done,
    ]);
    expect(found).toEqual({ status: expected.status, stdout: expected.stdout, stderr: expected.stderr });
    expect(expected.status).toBe(0);
    worker.child.kill("SIGINT");
    expect((await worker.done).status).toBe(0);
  });

  it("maps test statistics, and a worker that is killed loses none of them", async () => {
    const argv = ["ts-map", ...joint, "--remove", "Crab Nebula"];
    const expected = await start([...argv, "--workers", "2", "--json"]).done;
    expect(expected.status).toBe(0);
    // the same is said, and no more
    expect(expected.stderr.match(/dataset "\w+" is left out: it has no counts on a map/g)).toHaveLength(2);
    const [first, second] = [startWorker(server.url), startWorker(server.url)];
    await Promise.all([first.says("ready, 1 thread"), second.says("ready, 1 thread")]);
    const before = count(server.url);
    const running = start([...argv, "--executor", server.url, "--json"]);
    // of 8 jobs
    await results(server.url, before + 2);
    first.child.kill("SIGKILL");
    expect(await running.done).toEqual(expected);
    second.child.kill("SIGTERM");
    await second.done;
  });

  it("is asked for where there is none, and the caller can leave", async () => {
    const running = start(["toys", ...joint, "100", "--seed", "9", "--executor", server.url]);
    await running.says(`no worker has answered yet; start some: gammats worker --redis ${server.url}`);
    running.child.kill("SIGINT");
    const { status, stdout, stderr } = await running.done;
    expect([status, stdout]).toEqual([130, ""]);
    expect(stderr).toContain("what was done is kept in the Redis server");
  });
});

describe("without bullmq and ioredis", () => {
  it("worker and --executor say what to install", async () => {
    const home = folder.path("plain");
    await mkdir(`${home}/node_modules`, { recursive: true });
    await cp("dist", `${home}/dist`, { recursive: true });
    await cp("package.json", `${home}/package.json`);
    const packages = (await readdir("node_modules")).filter((name) => !/^\.|bullmq|ioredis/.test(name));
    for (const name of packages) await symlink(`${process.cwd()}/node_modules/${name}`, `${home}/node_modules/${name}`);
    const url = "redis://127.0.0.1:1";
    for (const argv of [
      ["worker", "--redis", url],
      ["toys", ...joint, "10", "--executor", url],
    ]) {
      const { status, stdout, stderr } = await start(argv, `${home}/dist/cli/main.js`).done;
      expect(stderr).toMatch(/^gammats: redis: the package "bullmq" cannot be loaded.*npm install bullmq ioredis$/m);
      expect([status, stdout]).toEqual([2, ""]);
    }
  });
});
