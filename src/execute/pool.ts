import { toError } from "../errors.js";
import type { StopSignal } from "../math/types.js";
import type { FromWorker, ToWorker } from "./messages.js";
import { createHoldings, createTasks, type Holdings, type Task } from "./pool-tasks.js";
import type { Executor, Task as Given } from "./types.js";

/** One worker as its pool sees it. */
export interface Port {
  post(message: ToWorker): void;
  /** While false, the worker does not keep the process alive. */
  setBusy(busy: boolean): void;
  terminate(): void;
}

export interface PortEvents {
  onMessage(message: FromWorker): void;
  /** The worker is gone, for whatever reason. */
  onEnd(why: string): void;
}

/** A job that ends its worker this many times is at fault itself. */
const MAX_CRASHES = 3;

interface Job {
  readonly task: Task;
  readonly index: number;
  crashes: number;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

interface Member {
  readonly port: Port;
  readonly holdings: Holdings;
  job: Job | undefined;
  alive: boolean;
}

/**
 * An executor over workers that `open` starts, when they are needed and again when one dies. `share` may put data where all workers see them; it is
 * called once for what several are sent.
 */
export function createPool(
  name: string,
  workers: number,
  open: (events: PortEvents) => Port,
  share: (value: object) => object = (value) => value,
): Executor {
  const members = new Set<Member>();
  const waiting: Job[] = [];
  const taskOf = createTasks(share);
  let closed = false;

  function start(): Member {
    const port = open({
      onMessage(message) {
        const { job } = member;
        if (job === undefined || !member.alive) return;
        member.job = undefined;
        port.setBusy(false);
        if ("error" in message) job.reject(toError(message.error));
        else job.resolve(message.result);
        assign();
      },
      onEnd: (why) => end(member, why),
    });
    const member: Member = { port, holdings: createHoldings((m) => port.post(m)), job: undefined, alive: true };
    members.add(member);
    return member;
  }

  function end(member: Member, why: string): void {
    if (!member.alive) return;
    member.alive = false;
    members.delete(member);
    const { job } = member;
    member.job = undefined;
    if (job !== undefined) {
      if (closed || ++job.crashes >= MAX_CRASHES) {
        const times = closed ? "" : ` ${job.crashes} times`;
        job.reject(new Error(`${name}: the worker of job ${job.index} ended${times} (${why})`));
      } else waiting.unshift(job);
    }
    assign();
  }

  function give(member: Member, job: Job): void {
    const { port, holdings } = member;
    holdings.give(job.task);
    member.job = job;
    port.setBusy(true);
    port.post({ type: "job", task: job.task.id, index: job.index });
  }

  function assign(): void {
    while (waiting.length > 0 && !closed) {
      let idle: Member | undefined;
      for (const m of members)
        if (m.job === undefined && (idle === undefined || m.holdings.holds(waiting[0]!.task))) idle = m;
      if (idle === undefined) {
        if (members.size >= workers) return;
        idle = start();
      }
      const job = waiting.shift()!;
      try {
        give(idle, job);
      } catch (error) {
        // a payload that cannot be cloned
        job.reject(error);
      }
    }
  }

  return {
    name,
    workers,
    inFlight: 2 * workers,
    job<P extends object, R, C>({ kind, payload }: Given<P, R, C>, index: number, signal?: StopSignal): Promise<R> {
      return new Promise<R>((resolve, reject) => {
        if (closed) throw new Error(`${name}: closed, it takes no more jobs`);
        signal?.throwIfAborted();
        const onAbort = () => {
          const at = waiting.indexOf(job);
          if (at >= 0) waiting.splice(at, 1);
          for (const member of members) {
            if (member.job !== job) continue;
            // nothing interrupts a computation but the end of its thread
            member.job = undefined;
            member.alive = false;
            members.delete(member);
            member.port.terminate();
          }
          reject(signal!.reason);
        };
        const job: Job = {
          task: taskOf(kind.name, payload),
          index,
          crashes: 0,
          resolve(result) {
            signal?.removeEventListener("abort", onAbort);
            resolve(result as R);
          },
          reject(error) {
            signal?.removeEventListener("abort", onAbort);
            reject(error);
          },
        };
        signal?.addEventListener("abort", onAbort, { once: true });
        waiting.push(job);
        assign();
      });
    },
    async close() {
      closed = true;
      for (const job of waiting.splice(0)) job.reject(new Error(`${name}: closed before job ${job.index} was run`));
      for (const member of [...members]) {
        member.port.terminate();
        end(member, "closed");
      }
    },
  };
}
