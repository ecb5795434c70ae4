/** One number of a data file is another: what is read differs, or is refused. Nothing is taken for what it was. */
import { GammatsError } from "../../src/errors.js";
import { type Column, type Hdu, readFits, writeFits } from "../../src/fits/index.js";
import { corpus, type Sample } from "./corpus.js";
import { type Choices, choices } from "./random.js";
import type { Failure, Run } from "./report.js";
import { difference } from "./same.js";

/** An array of numbers in a file that readers use: pixels of images, the data of regions, columns of flux points. */
interface Place {
  readonly hdu: number;
  readonly column?: string;
}

const isFloats = (data: unknown): data is Float64Array => data instanceof Float64Array && data.length > 0;

function places(hdus: readonly Hdu[]): Place[] {
  return hdus.flatMap((hdu, i): Place[] => {
    if (hdu.kind === "image") return isFloats(hdu.data) ? [{ hdu: i }] : [];
    if (
      !/^(COUNTS|EXPOSURE|BACKGROUND|EDISP|ACCEPTANCE|FLUXPOINTS)/.test(hdu.name) ||
      /_(BANDS|REGION)$/.test(hdu.name)
    )
      return [];
    return hdu.columns.flatMap(({ name, data }) => (isFloats(data) ? [{ hdu: i, column: name }] : []));
  });
}

function withChange(hdus: readonly Hdu[], { hdu: at, column }: Place, c: Choices): Hdu[] {
  const change = (data: unknown) => {
    const out = (data as Float64Array).slice();
    const i = c.below(out.length);
    const old = out[i]!;
    const changed = old * c.pick([0.5, 1.001, 3]);
    // NaN, 0 and what is within rounding of 0 stay the same when they are multiplied
    out[i] = Number.isNaN(old) || changed === old ? 1 : changed;
    return out;
  };
  return hdus.map((hdu, i): Hdu => {
    if (i !== at) return hdu;
    if (hdu.kind === "image") return { ...hdu, data: change(hdu.data) };
    const columns = hdu.columns.map((old): Column => (old.name === column ? { ...old, data: change(old.data) } : old));
    return { ...hdu, columns };
  });
}

const contents = async (sample: Sample, files: ReadonlyMap<string, Uint8Array>): Promise<unknown> => {
  try {
    const read = await sample.read(files);
    return (read as { contents?: unknown }).contents ?? read;
  } catch (error) {
    if (error instanceof GammatsError) return error.message;
    throw error;
  }
};

/** Cases of one number changed in one FITS file of a sample. */
export async function runChanged({ seed, first, count, onCase }: Run): Promise<readonly Failure[]> {
  const samples = await corpus(seed);
  const given = await Promise.all(
    samples.flatMap((sample) =>
      [...sample.files].flatMap(([path, bytes]) => {
        if (Buffer.from(bytes.subarray(0, 6)).toString("latin1") !== "SIMPLE") return [];
        const hdus = readFits(bytes);
        const found = places(hdus);
        return found.length === 0
          ? []
          : [contents(sample, sample.files).then((base) => ({ sample, path, hdus, found, base }))];
      }),
    ),
  );
  const failures: Failure[] = [];
  for (let index = first; index < first + count; index++) {
    onCase?.(index);
    const c = choices(seed + 1, index);
    const { sample, path, hdus, found, base } = given[index % given.length]!;
    const place = c.pick(found);
    const bytes = writeFits(withChange(hdus, place, c));
    const read = await contents(sample, new Map(sample.files).set(path, bytes)).catch((error: Error) => error);
    const where = `${sample.name}, ${path}, HDU ${hdus[place.hdu]!.name} ${place.column ?? ""}`;
    if (read instanceof Error) failures.push({ index, problem: `${where}: ${read.stack}` });
    else if (difference(base, read) === undefined)
      failures.push({ index, problem: `${where}: a changed number was not seen` });
  }
  return failures;
}
