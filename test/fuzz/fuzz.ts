/** Damaged files are read: they end in a typed error or in contents that survive being written, in time and within memory. */

import type { Dataset } from "../../src/datasets/types.js";
import { GammatsError } from "../../src/errors.js";
import type { Hdu } from "../../src/fits/index.js";
import { fitsText } from "../../src/fits/text.js";
import { freeKeywords } from "../../src/io/cards.js";
import type { Contents } from "../../src/io/formats/types.js";
import { intervalsInMjd } from "../../src/time/intervals.js";
import { formatUnit } from "../../src/units/index.js";
import { corpus, type Sample } from "./corpus.js";
import { mutated } from "./mutate.js";
import { choices } from "./random.js";
import type { Failure, Run } from "./report.js";
import { difference } from "./same.js";

/** ms of one input. */
const MAX_TIME = 1000;
/** Bytes that one input may take beside a hundred times its size. */
const MAX_BYTES = 64e6;

export interface FuzzReport {
  readonly failures: readonly Failure[];
  readonly counts: {
    readonly inputs: number;
    /** Ended in a typed error. */
    readonly refused: number;
    /** Read, and equal after having been written and read again. */
    readonly kept: number;
    /** Read, without a writer, or refused by it with a typed error. */
    readonly readOnly: number;
  };
  /** ms and bytes of the slowest and largest input. */
  readonly slowest: number;
  readonly largest: number;
}

type Outcome = "refused" | "kept" | "readOnly";

/** Texts of files and notes about them belong to the file, not to what it holds, and times may be counted in another scale. */
function content(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("contents" in value)) return value;
  const { warnings: _w, text: _t, lightCurve, intervals, map, ...parts } = value.contents as Contents;
  // flux points are written without the dataset around them
  const { datasets, ...others } = parts;
  return {
    ...(parts.fluxPoints ? others : parts),
    ...(datasets && !parts.fluxPoints && { datasets: datasets.map(withoutLayout) }),
    ...(lightCurve && { lightCurve: { ...lightCurve, time: intervalsInMjd(lightCurve.time, "tt") } }),
    ...(map && { map: { ...map, unit: sameUnit(map.unit) } }),
    ...(intervals && { intervals: intervalsInMjd(intervals, "tt") }),
  };
}

/** A unit as it is written: "cm-0 s-1" is "s-1". */
function sameUnit(unit: string): string {
  try {
    return formatUnit(unit);
  } catch {
    return unit;
  }
}

/** HDUs that are kept but not used, without the keywords that are made anew. */
function withoutLayout(dataset: Dataset): Dataset {
  const hdus = (dataset.meta?.hdus ?? []) as readonly Hdu[];
  const kept = hdus.map((hdu) => ({
    ...hdu,
    header: freeKeywords(hdu.header, /^$/),
    columns: undefined,
    data: undefined,
  }));
  return { ...dataset, meta: { ...dataset.meta, hdus: kept } };
}

const memory = () => {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

/** A typed error is an answer; any other is a fault of the program, and goes on. */
async function orRefused<T>(work: () => T | Promise<T>): Promise<T | GammatsError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof GammatsError && error.message.length > 0) return error;
    throw error;
  }
}

/** Regions stand in pixels; energies within 1e-6 of those that follow from the edges are taken for these, and fluxes are divided by references there. */
const ROUNDED = {
  regions: 1e-9,
  ...Object.fromEntries(["reference", "norm", "normErr", "normErrn", "normErrp", "normUl"].map((key) => [key, 1e-5])),
};

async function outcome(sample: Sample, files: ReadonlyMap<string, Uint8Array>): Promise<Outcome> {
  const { write, rounding, lost = [] } = sample;
  const contents = await orRefused(() => sample.read(files));
  if (contents instanceof GammatsError) return "refused";
  if (write === undefined) return "readOnly";
  const again = await orRefused(() => write(contents));
  if (again instanceof GammatsError || again.size === 0) return "readOnly";
  const once = content(contents);
  const twice = content(await sample.read(again));
  const changed = difference(once, twice, {
    // 0 and -0 are equal here: keywords have no sign of 0
    relative: rounding || Number.MIN_VALUE,
    below: ROUNDED,
    // keywords that the analysis does not use: damaged ones are changed or completed
    ignored: ["meta", ...lost],
    // a change to the letters that FITS has is said
    written: fitsText,
  });
  if (changed !== undefined) throw new Error(`written and read again it differs at ${changed}`);
  return "kept";
}

/** The files of a case: those of one sample, damaged. */
export function fuzzInput(samples: readonly Sample[], seed: number, index: number) {
  const c = choices(seed, index + 1);
  const sample = samples[index % samples.length]!;
  return { sample, files: mutated(sample.files, c) };
}

export async function runFuzz({ seed, first, count, onCase }: Run): Promise<FuzzReport> {
  const samples = await corpus(seed);
  const failures: Failure[] = [];
  const counts = { inputs: 0, refused: 0, kept: 0, readOnly: 0 };
  let [slowest, largest] = [0, 0];
  for (let index = first; index < first + count; index++) {
    onCase?.(index);
    const { sample, files } = fuzzInput(samples, seed, index);
    const size = [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0);
    const before = memory();
    const start = process.cpuUsage();
    const fail = (problem: string) => failures.push({ index, problem: `${sample.name}: ${problem}` });
    try {
      counts[await outcome(sample, files)]++;
    } catch (error) {
      fail((error as Error).stack ?? String(error));
    }
    const { user, system } = process.cpuUsage(start);
    const time = (user + system) / 1000;
    const taken = memory() - before;
    if (time > MAX_TIME) fail(`took ${time.toFixed(0)} ms`);
    if (taken > MAX_BYTES + 100 * size) fail(`took ${taken} bytes for files of ${size}`);
    counts.inputs++;
    slowest = Math.max(slowest, time);
    largest = Math.max(largest, taken);
  }
  return { failures, counts, slowest, largest };
}
