/** Time of a call, ours and the peer's in turns. */

/** Median, quartiles and number of samples. */
export function spread(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (q) => {
    const x = q * (sorted.length - 1);
    const i = Math.floor(x);
    return sorted[i] + (x - i) * ((sorted[i + 1] ?? sorted[i]) - sorted[i]);
  };
  return { median: at(0.5), low: at(0.25), high: at(0.75), n: sorted.length };
}

/** What calls return goes here, so that none can be optimised away. */
let sink = 0;
export const consumed = () => sink;

function consume(result) {
  sink = sink * 0.5 + (typeof result === "number" ? result : Number(result?.check ?? 0));
}

let onlyCpu = false;
/** From now on measure this process's CPU seconds in place of those on the wall: for a machine that others use as well. */
export function measureCpu() {
  onlyCpu = true;
}
export const measuresCpu = () => onlyCpu;

/** Milliseconds of the clock in use. */
export function now() {
  if (!onlyCpu) return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
}

/** Seconds a call, over `batch` calls; `run` may return a promise. */
export async function timeCalls(run, batch) {
  const start = now();
  for (let i = 0; i < batch; i++) {
    const result = run(i);
    consume(result instanceof Promise ? await result : result);
  }
  return (now() - start) / 1e3 / batch;
}

/** How many calls last `seconds`, after the compiler has seen as many calls as it likes to see. */
export async function warmBatch(run, seconds, warmSeconds) {
  let batch = 1;
  const end = now() + warmSeconds * 1e3;
  let last = await timeCalls(run, batch);
  while (now() < end || last * batch < seconds) {
    batch = Math.min(Math.max(1, Math.round(seconds / last)), batch * 4);
    last = await timeCalls(run, batch);
    if (last > seconds && now() > end) break;
  }
  return Math.max(1, Math.round(seconds / last));
}

/**
 * Samples of ours and theirs in turns: [ours, theirs, ours, theirs, ...]. Ours goes on where the peer has fewer runs.
 * `theirs()` measures one call on its own side and resolves to seconds.
 */
export async function inTurns({ ours, batch, runs, theirs, peerRuns }) {
  const own = [];
  const peer = [];
  for (let k = 0; k < Math.max(runs, theirs ? peerRuns : 0); k++) {
    if (k < runs) own.push(await timeCalls(ours, batch));
    if (theirs && k < peerRuns) peer.push(await theirs());
  }
  return { own, peer };
}
