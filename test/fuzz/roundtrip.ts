/** Random analyses, written, read, written and read again: nothing may change, to the last bit. */
import { readDatasets, writeDatasets } from "../../src/api/io.js";
import type { Dataset } from "../../src/datasets/types.js";
import { memoryFiles } from "../../src/io/files.js";
import type { Models } from "../../src/models/types.js";
import { KINDS, randomDataset } from "./datasets.js";
import { randomModels } from "./models.js";
import { type Choices, choices, NAMES } from "./random.js";
import type { Failure, Run } from "./report.js";
import { difference } from "./same.js";

export interface RandomAnalysis {
  readonly datasets: readonly Dataset[];
  readonly models: Models;
}

export function randomAnalysis(c: Choices): RandomAnalysis {
  const names = new Set(c.list(1 + c.below(3), () => c.pick(NAMES)));
  const datasets = [...names].map((name) => randomDataset(c, c.pick(KINDS), name));
  return { datasets, models: randomModels(c, datasets) };
}

async function written({ datasets, models }: RandomAnalysis) {
  const files = memoryFiles();
  await writeDatasets({ datasets, models }, files, { folder: "out", prefix: "a" });
  return files;
}

async function read(
  files: Awaited<ReturnType<typeof written>>,
): Promise<RandomAnalysis & { warnings: readonly string[] }> {
  const { datasets, models, warnings } = await readDatasets("out/a_datasets.yaml", files, {
    modelsPath: "out/a_models.yaml",
  });
  return { datasets, models, warnings };
}

/** Regions stand in pixels of their WCS in a file, so that degrees are rounded. */
const ROUNDED = { below: { regions: 1e-12 } };

/** What is wrong with case `index`, or undefined. */
export async function roundTrip(seed: number, index: number): Promise<string | undefined> {
  const given = randomAnalysis(choices(seed, index));
  const first = await written(given);
  const { warnings, ...once } = await read(first);
  if (warnings.length > 0) return `read with the warning: ${warnings[0]}`;
  const changed = difference(given, once, ROUNDED);
  if (changed !== undefined) return `given and read differ at ${changed}`;
  const second = await written(once);
  const { warnings: _, ...twice } = await read(second);
  const again = difference(once, twice, ROUNDED) ?? sameFiles(first.entries, second.entries);
  return again === undefined ? undefined : `read once and twice differ at ${again}`;
}

/** Files with regions may differ in their last digits. */
function sameFiles(a: ReadonlyMap<string, Uint8Array>, b: ReadonlyMap<string, Uint8Array>): string | undefined {
  const text = (files: typeof a) => Object.fromEntries([...files].filter(([name]) => !name.endsWith(".fits")));
  const names = difference([...a.keys()], [...b.keys()]);
  return names ?? difference(text(a), text(b));
}

/** Cases first to first + count - 1. */
export async function runRoundTrips({ seed, first, count, onCase }: Run): Promise<readonly Failure[]> {
  const failures: Failure[] = [];
  for (let index = first; index < first + count; index++) {
    onCase?.(index);
    const problem = await roundTrip(seed, index).catch((error: Error) => error.stack ?? String(error));
    if (problem !== undefined) failures.push({ index, problem });
  }
  return failures;
}
