/** A folder of made runs, as the examples name one. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { madeRun } from "../reduce/made-run.js";

export async function writeMadeRuns(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [id, north] of [
    [23523, 0.5],
    [23526, -0.5],
  ] as const) {
    await writeFile(join(folder, `run_${id}.fits`), madeRun({ id, seed: id, north }).bytes);
  }
}
