/** The share of mutants that the tests find, from Stryker's report of a random sample. */

interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Mutant {
  readonly status: string;
  readonly replacement: string;
  readonly location: { readonly start: Place; readonly end: Place };
}

export interface Report {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
}

export interface Score {
  /** All mutants of the room. */
  readonly mutants: number;
  /** Those run, without those that change no result. */
  readonly run: number;
  /** Those run that are known to change no result: none finds them, and they do not count. */
  readonly equivalent: number;
  /** Those that a test failed with, or that did not end. */
  readonly found: number;
  readonly timeouts: number;
  readonly share: number;
  /** Standard error of the share, from sampling alone: 0 where all were run. */
  readonly error: number;
}

export function score({ files }: Report): Score {
  const all = Object.values(files).flatMap(({ mutants }) => mutants);
  const count = (...names: readonly string[]) => all.filter(({ status }) => names.includes(status)).length;
  const timeouts = count("Timeout");
  const found = timeouts + count("Killed");
  const equivalent = count("Ignored");
  // what is neither found nor left nor known is not in the sample (CompileError, see test/mutation/sample.mjs)
  const run = found + count("Survived", "NoCoverage");
  const share = found / run;
  const error = Math.sqrt(((share * (1 - share)) / run) * (1 - (run + equivalent) / all.length));
  return { mutants: all.length, run, equivalent, found, timeouts, share, error };
}

/** That of several rooms: each counts by its number of mutants, not by how many of them were run. */
export function sum(scores: readonly Score[]): Score {
  const total = (value: (s: Score) => number) => scores.reduce((before, s) => before + value(s), 0);
  const mutants = total((s) => s.mutants);
  return {
    mutants,
    run: total((s) => s.run),
    equivalent: total((s) => s.equivalent),
    found: total((s) => s.found),
    timeouts: total((s) => s.timeouts),
    share: total((s) => s.share * s.mutants) / mutants,
    error: Math.sqrt(total((s) => (s.error * s.mutants) ** 2)) / mutants,
  };
}
