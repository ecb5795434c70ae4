/**
 * Random analyses, written by us, read and predicted by Gammapy and by us: counts and statistics agree to 1e-6. A case is its seed and index; its files can be
 * kept (GAMMATS_SWEEP_KEEP names a folder).
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileDataset, npred } from "../../../src/api/datasets.js";
import { compileJoint } from "../../../src/api/fit.js";
import { readDatasets, writeDatasets } from "../../../src/api/io.js";
import { isBinned } from "../../../src/datasets/facets.js";
import type { BinnedDataset, Dataset } from "../../../src/datasets/types.js";
import { GammatsError } from "../../../src/errors.js";
import type { Models } from "../../../src/models/types.js";
import { nPix } from "../../../src/sky/index.js";
import { byGammapysRule } from "../../datasets/gammapys-rule.js";
import { asGammapy } from "../../datasets/oracle.js";
import { disk } from "../../io/disk.js";
import type { Failure, Run } from "../report.js";
import { sweepCase } from "./analysis.js";
import { type Reference, type ReferenceDataset, type ReferenceNumbers, startReference } from "./reference.js";

/** Agreement of sums and statistics, relative. */
const AGREEMENT = 1e-6;

/** Counts that are none, in units of the agreement. */
const NOTHING = 1e-6;

export interface SweepReport {
  readonly failures: readonly Failure[];
  /** Numbers compared. */
  readonly numbers: number;
  /** Cases that either program refuses, by the first words of what they say. */
  readonly refused: Readonly<Record<string, number>>;
}

const sums = (data: Float64Array, n: number, weight: (pixel: number) => number = () => 1): number[] =>
  Array.from({ length: data.length / n }, (_, r) => {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += data[r * n + k]! * weight(k);
    return sum;
  });

/** Names of numbers, ours, theirs, and what 1e-6 is relative to. */
type Pair = readonly [name: string, ours: number, theirs: number, scale: number];

/** Responses and extended sources on pixels as Gammapy has them; docs/differences.md says why ours are others. */
const byItsRules = () => ({ ...asGammapy, ...byGammapysRule() });

function statOf(dataset: Dataset, models: Models): number {
  return compileDataset(dataset, models, { free: () => false, ...byItsRules() }).term.value(new Float64Array(0));
}

function pairsOf(dataset: Dataset, models: Models, theirs: ReferenceDataset): Pair[] {
  const stat: Pair = [`${dataset.name} stat`, statOf(dataset, models), theirs.stat, Math.max(theirs.scale, 1)];
  if (!isBinned(dataset) || theirs.npred === undefined) return [stat];
  return [...countsPairs(dataset, models, theirs), stat];
}

function countsPairs(dataset: BinnedDataset, models: Models, theirs: ReferenceDataset): Pair[] {
  const n = nPix(dataset.counts!.geom);
  const total = npred(dataset, models, byItsRules()).data;
  const largest = Math.max(...theirs.size!);
  const pairs = (name: string, ours: readonly number[], expected: readonly number[], rounding: number): Pair[] =>
    ours.map((x, r) => [`${dataset.name} ${name}[${r}]`, x, expected[r]!, Math.abs(expected[r]!) + rounding + NOTHING]);
  return [
    ...Object.entries(theirs.sources!).flatMap(([model, expected]) => {
      // what transforms of the largest image leave
      const rounding = 1e-6 * Math.max(...expected.map(Math.abs));
      return pairs(model, sums(npred(dataset, models, { model, ...byItsRules() }).data, n), expected, rounding);
    }),
    ...pairs("npred", sums(total, n), theirs.npred!, 1e-6 * largest),
    ...pairs(
      "weighted",
      sums(total, n, (k) => 1 + (k % 7)),
      theirs.weighted!,
      1e-6 * largest,
    ),
  ];
}

/** What differs, in words. */
function compare(datasets: readonly Dataset[], models: Models, theirs: ReferenceNumbers) {
  const pairs = datasets.flatMap((dataset) => pairsOf(dataset, models, theirs.datasets![dataset.name]!));
  const joint = compileJoint(datasets, models, byItsRules());
  const scale = Object.values(theirs.datasets!).reduce((sum, d) => sum + d.scale, 1 + Math.abs(theirs.stat ?? 0));
  pairs.push(["total stat", joint.objective.value(joint.start), theirs.stat!, scale]);
  const wrong = pairs.filter(([, a, b, size]) => !(Math.abs(a - b) <= AGREEMENT * size));
  const problem = wrong.map(
    ([name, a, b, size]) => `${name}: ${a}, Gammapy ${b} (${((a - b) / size).toExponential(1)})`,
  );
  return { count: pairs.length, problem: problem.length > 0 ? problem.join("; ") : undefined };
}

type Outcome = { readonly count: number; readonly problem?: string | undefined; readonly refused?: string };

async function outcomeOf(seed: number, index: number, folder: string, reference: Reference): Promise<Outcome> {
  const { datasets: made, models: components } = sweepCase(seed, index);
  await writeDatasets({ datasets: made, models: { components } }, disk, { folder, prefix: "a" });
  const asked = reference.ask(folder);
  const modelsPath = join(folder, "a_models.yaml");
  const { datasets, models } = await readDatasets(join(folder, "a_datasets.yaml"), disk, { modelsPath });
  const theirs = await asked;
  if (theirs.error !== undefined) return { count: 0, refused: `Gammapy: ${theirs.error.slice(0, 60)}` };
  try {
    return compare(datasets, models, theirs);
  } catch (error) {
    if (!(error instanceof GammatsError)) throw error;
    return { count: 0, refused: error.message.replace(/"[^"]*"/g, "...").slice(0, 60) };
  }
}

/** `python`: an interpreter with Gammapy 2.1. */
export async function runSweep({ seed, first, count, onCase }: Run, python: string): Promise<SweepReport> {
  const failures: Failure[] = [];
  const refused: Record<string, number> = {};
  let numbers = 0;
  const keep = process.env.GAMMATS_SWEEP_KEEP;
  const root = keep ?? mkdtempSync(join(tmpdir(), "gammats-sweep-"));
  const script = join(process.cwd(), "test/oracle/sweep.py");
  const reference = startReference(python, script);
  for (let index = first; index < first + count; index++) {
    onCase?.(index);
    const folder = join(root, String(index));
    const found = await outcomeOf(seed, index, folder, reference).catch(
      (error: Error): Outcome => ({ count: 0, problem: error.stack ?? String(error) }),
    );
    numbers += found.count;
    if (found.refused !== undefined) refused[found.refused] = (refused[found.refused] ?? 0) + 1;
    if (found.problem !== undefined) failures.push({ index, problem: found.problem });
    if (keep === undefined) rmSync(folder, { recursive: true, force: true });
  }
  reference.close();
  if (keep === undefined) rmSync(root, { recursive: true, force: true });
  return { failures, numbers, refused };
}
