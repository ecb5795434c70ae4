/** Files and folders that exist while something is written: their names say whose they are, so that those of a dead process can be removed. */
import { createHash, randomBytes } from "node:crypto";
import { readFileSync, readlinkSync, rmSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";

/** `.gammats-<place>-<pid>-<random>.tmp`; short, whatever the name of the file that is written. */
const TEMPORARY = /^\.gammats-([0-9a-f]{8})-(\d+)-[0-9a-f]{8}\.tmp$/;

/** Those of this process; removed when it ends in the middle of a write. */
const pending = new Set<string>();
let watching = false;

/** A name in `folder` that nobody else takes. `forget` it when it has another name or is gone. */
export function temporaryIn(folder: string): string {
  if (!watching) process.once("exit", removePending);
  watching = true;
  const path = join(folder, `.gammats-${placeOfProcesses()}-${process.pid}-${randomBytes(4).toString("hex")}.tmp`);
  pending.add(path);
  return path;
}

/** Removes what is left of a temporary file or folder. */
export async function forget(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch(() => undefined);
  pending.delete(path);
}

function removePending(): void {
  for (const path of pending) {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // it stays until the next write there
    }
  }
}

/** Removes the temporaries that processes of this machine left in `folder` and that no longer run. */
export async function removeStale(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!isOfDeadProcess(name)) continue;
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Whether the process that took this name certainly runs no more. */
export function isOfDeadProcess(name: string): boolean {
  const [, place, pid] = TEMPORARY.exec(name) ?? [];
  return place === placeOfProcesses() && isGone(Number(pid));
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/** Where a process number means one process: the machine since its start and, on Linux, the namespace of a container. */
function placeOfProcesses(): string {
  const parts = [
    hostname,
    () => readFileSync("/proc/sys/kernel/random/boot_id", "utf8"),
    () => readlinkSync("/proc/self/ns/pid"),
  ];
  const hash = createHash("sha256");
  for (const part of parts) {
    try {
      hash.update(part());
    } catch {
      // only Linux has it
    }
  }
  return hash.digest("hex").slice(0, 8);
}
