/** Measures the rows, ours and the peer's in turns, and the separate parts: stages, growth, size. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { dataFolder, files } from "./data.mjs";
import { growth } from "./growth.mjs";
import { inTurns, measuresCpu, spread, warmBatch } from "./measure.mjs";
import { startPeer } from "./peer.mjs";
import { environment, line, markdown } from "./report.mjs";
import { browserRows } from "./rows/browser.mjs";
import { crabRows } from "./rows/crab.mjs";
import { estimatorRows } from "./rows/estimators.mjs";
import { processRows } from "./rows/processes.mjs";
import { reductionRows } from "./rows/reduction.mjs";
import { syntheticRows } from "./rows/synthetic.mjs";
import { toyRows } from "./rows/toys.mjs";
import { twoCoreRows } from "./rows/two-cores.mjs";
import { sizes } from "./size.mjs";

const rows = [
  // first: to start a process from one that holds a gigabyte takes 40 ms longer
  ...processRows,
  ...crabRows,
  ...estimatorRows,
  ...reductionRows,
  ...syntheticRows,
  ...toyRows,
  ...twoCoreRows,
  ...browserRows,
];
const parts = ["stages", "growth", "size"];
export const names = [...rows.map((row) => row.name), ...parts];

/** Seconds that a sample of ours lasts, and that the compiler gets before. */
const SAMPLE = 0.1;
const WARM = 0.5;

export async function measureAll({ quick, runs, peers, wants, log, write }) {
  const session = createPeers(peers);
  const settings = { quick, runs: runs ?? (quick ? 3 : 7), slowRuns: runs ?? (quick ? 1 : 3), session };
  const report = {
    ...environment(),
    data: process.env.GAMMAPY_DATA ? "real" : "simulated twin",
    quick,
    clock: measuresCpu() ? "CPU" : "wall",
    rows: [],
  };
  // first, while the machine is as it was found
  if (wants("stages")) report.stages = stages(quick);
  for (const row of rows.filter(({ name }) => wants(name))) {
    const measured = await measureRow(row, settings).catch((error) => ({ error: String(error.message ?? error) }));
    const result = { name: row.name, what: row.what, ...measured };
    report.rows.push(result);
    log(line(result));
  }
  if (wants("growth")) report.growth = await growth({ quick, draw: write !== undefined });
  if (wants("size")) report.size = await sizes();
  report.peers = session.versions();
  session.close();
  if (write !== undefined) await files.write(write, new TextEncoder().encode(markdown(report)), { overwrite: true });
  return report;
}

function createPeers(wanted) {
  const started = new Map();
  return {
    async get(name) {
      if (!wanted) return null;
      if (!started.has(name)) started.set(name, await startPeer(name, { GAMMAPY_DATA: dataFolder() }));
      return started.get(name);
    },
    versions: () => Object.fromEntries([...started].flatMap(([name, peer]) => (peer ? [[name, peer.versions]] : []))),
    close: () => {
      for (const peer of started.values()) peer?.close();
    },
  };
}

/** The peer's side of a row as a function that runs it once; its last answer stays in `last`. */
async function peerOf(row, session) {
  if (row.peer === undefined) return null;
  const peer = await session.get(row.peer.name);
  if (peer === null) return null;
  const { request } = row.peer;
  const given = typeof request === "function" ? await request() : request;
  const message = { row: row.peer.row ?? row.name, cpu: measuresCpu(), ...given };
  const out = { last: undefined };
  out.run = async () => {
    out.last = await peer.ask(message);
    return out.last.seconds;
  };
  return out;
}

async function measureRow(row, { quick, runs, slowRuns, session }) {
  const peerRuns = row.peer?.slow ? slowRuns : runs;
  if (row.pair !== undefined) return pairs(row, quick, slowRuns);
  if (row.ownProcess !== undefined) return commands(row, runs, slowRuns);
  const peer = await peerOf(row, session);
  const extra = {};
  let batch = 1;
  let check;
  let ours;
  if (row.ownSeconds !== undefined) ours = null;
  else {
    ours = await row.prepare();
    check = ours();
    batch = await warmBatch(ours, quick ? SAMPLE / 4 : SAMPLE, quick ? WARM / 4 : WARM);
  }
  // the first answer of a peer includes what it does once: reading, a fit before, compiling
  if (peer !== null && !(quick && row.peer.slow)) await peer.run();
  const { own, peer: theirs } =
    ours === null
      ? await turnsOfProcesses(row, peer, runs, peerRuns, quick, (got) => {
          check = got.check;
          Object.assign(extra, got.extra);
        })
      : await inTurns({ ours, batch, runs, theirs: peer?.run, peerRuns });
  return { ...compare(row, own, theirs), ...agreement(row, check, peer), ...extra };
}

async function turnsOfProcesses(row, peer, runs, peerRuns, quick, take) {
  const own = [];
  const theirs = [];
  for (let k = 0; k < runs; k++) {
    const got = await row.ownSeconds({ quick });
    take(got);
    own.push(got.seconds);
    if (peer !== null && k < peerRuns) theirs.push(await peer.run());
  }
  return { own, peer: theirs };
}

async function pairs(row, quick, runs) {
  const own = [];
  const peer = [];
  for (let k = 0; k < runs; k++) {
    const pair = await row.pair({ quick });
    own.push(pair.own);
    peer.push(pair.peer);
  }
  return compare(row, own, peer);
}

async function commands(row, runs, slowRuns) {
  await row.prepare();
  const own = [];
  const peer = [];
  for (let k = 0; k < runs; k++) {
    own.push(await row.ownProcess());
    if (row.peerProcess && k < slowRuns) peer.push(await row.peerProcess());
  }
  const memory = (all) => (all.length === 0 || all[0].memory === null ? null : spread(all.map((r) => r.memory)).median);
  const seconds = (all) => all.map((r) => (measuresCpu() ? r.cpu : r.seconds));
  return { ...compare(row, seconds(own), seconds(peer)), ours_mb: memory(own), peer_mb: memory(peer) };
}

/** Medians, quartiles, their ratio, and the range of the ratios of neighbouring runs. */
function compare(row, own, theirs) {
  const ours = spread(own);
  const goal = row.goal === undefined ? {} : { goal: row.goal };
  const out = { ours_s: ours.median, ours_range: [ours.low, ours.high], ours_runs: ours.n, ...goal };
  if (row.goalSeconds !== undefined)
    Object.assign(out, { goal_s: row.goalSeconds, met: ours.median <= row.goalSeconds });
  if (theirs.length === 0) return { ...out, peer_s: null, ratio: null };
  const peer = spread(theirs);
  const ratio = peer.median / ours.median;
  const each = theirs.map((t, k) => t / own[Math.min(k, own.length - 1)]);
  return {
    ...out,
    peer: row.peer?.name ?? row.against ?? "gammapy",
    peer_s: peer.median,
    peer_range: [peer.low, peer.high],
    peer_runs: peer.n,
    ratio,
    ratio_range: [Math.min(...each), Math.max(...each)],
    ...(row.goal !== undefined && { met: ratio >= row.goal }),
  };
}

/** Both say what they found, so that equal work is compared. */
function agreement(row, check, peer) {
  if (check === undefined) return {};
  const theirs = peer?.last?.check;
  if (theirs === undefined || theirs === null || row.comparable === false) return { ours_value: check };
  return { ours_value: check, peer_value: theirs };
}

function stages(quick) {
  const script = fileURLToPath(new URL("./stages.mjs", import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, [script, quick ? "3" : "7"], { encoding: "utf8" });
  if (status !== 0) throw new Error(`bench: stages ended with exit code ${status}\n${stderr}`);
  return JSON.parse(stdout);
}
