/** A folder of made runs, as the examples name one. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { madeRun } from "../reduce/made-run.js";
import { type Folder, temporaryFolder } from "./run.js";

export async function writeMadeRuns(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [id, north] of [
    [23523, 0.5],
    [23526, -0.5],
  ] as const) {
    await writeFile(join(folder, `run_${id}.fits`), madeRun({ id, seed: id, north }).bytes);
  }
}

/** A temporary folder with made runs in `runs`, there while the tests of a file run. */
export function folderOfRuns(): { path(name: string): string; readonly runs: string } {
  let folder: Folder;
  beforeAll(async () => {
    folder = await temporaryFolder();
    await writeMadeRuns(folder.path("runs"));
  });
  afterAll(() => folder.remove());
  return {
    path: (name) => folder.path(name),
    get runs() {
      return folder.path("runs");
    },
  };
}
