/** The checks on random inputs one after the other, each in a size: a table, and the cases that failed with the command that repeats them. */
import { python } from "../environment.js";
import { eventPulls, problemsOf, summary } from "../simulate/pulls.js";
import { runChanged } from "./changed.js";
import { runFuzz } from "./fuzz.js";
import type { Failure, Run } from "./report.js";
import { runRoundTrips } from "./roundtrip.js";
import { runStarts } from "./starts.js";
import { runSweep } from "./sweep/sweep.js";

interface Part {
  readonly name: string;
  readonly about: string;
  readonly small: number;
  readonly large: number;
  run(run: Run): Promise<{ readonly failures: readonly Failure[]; readonly notes: string }>;
}

export const parts: readonly Part[] = [
  {
    name: "fuzz",
    about: "damaged files",
    small: 10_000,
    large: 1_000_000,
    async run(given) {
      const { failures, counts, slowest, largest } = await runFuzz(given);
      const notes = `${counts.refused} refused, ${counts.kept} read and kept, ${counts.readOnly} read without a writer; ${slowest.toFixed(0)} ms and ${(largest / 1e6).toFixed(0)} MB at most`;
      return { failures, notes };
    },
  },
  {
    name: "changed",
    about: "one number changed in a data file",
    small: 1000,
    large: 100_000,
    run: async (given) => ({ failures: await runChanged(given), notes: "seen or refused" }),
  },
  {
    name: "roundtrip",
    about: "analyses written and read",
    small: 1000,
    large: 100_000,
    run: async (given) => ({ failures: await runRoundTrips(given), notes: "equal to the last bit" }),
  },
  {
    name: "starts",
    about: "analyses fitted from 20 starts each",
    small: 3,
    large: 30,
    async run(given) {
      const { failures, fits, elsewhere, refused, messages } = await Promise.resolve(runStarts(given));
      const reasons = Object.entries(messages).map(([reason, n]) => `${n} ${reason}`);
      return {
        failures,
        notes: `${fits} fits, ${elsewhere} at another minimum, ${refused} no success${reasons.length > 0 ? ` (${reasons.join(", ")})` : ""}`,
      };
    },
  },
  {
    name: "events",
    about: "event lists drawn, reduced and fitted: pulls",
    small: 300,
    large: 2000,
    run(given) {
      const found = eventPulls(given);
      const widths = Object.entries(found.pulls).map(([name, x]) => {
        const { mean, width } = summary(x);
        return `${name} ${mean.toFixed(3)} +- ${width.toFixed(3)}`;
      });
      const failures = problemsOf(found).map((problem) => ({ index: given.first, problem }));
      return Promise.resolve({ failures, notes: widths.join(", ") });
    },
  },
  {
    name: "sweep",
    about: "analyses predicted by Gammapy 2.1 too",
    small: 16,
    large: 3000,
    async run(given) {
      if (python === null) return { failures: [], notes: "not run: GAMMATS_PYTHON names no interpreter with Gammapy" };
      const { failures, numbers, refused } = await runSweep(given, python);
      const reasons = Object.entries(refused).map(([reason, n]) => `${n} ${reason}`);
      return { failures, notes: [`${numbers} numbers agree or are listed`, ...reasons].join("; ") };
    },
  },
];

/** One line of the table, and what failed. */
export async function report(part: Part, run: Run): Promise<{ readonly text: string; readonly failed: number }> {
  const start = performance.now();
  const { failures, notes } = await part.run(run);
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  const line = `| ${part.name} | ${part.about} | ${run.seed} | ${run.count} | ${failures.length} | ${notes} | ${seconds} s |`;
  const list = failures
    .slice(0, 20)
    .map(
      ({ index, problem }) =>
        `  npm run nightly -- ${part.name} --seed ${run.seed} --first ${index} --count 1\n    ${problem}`,
    );
  const more = failures.length > list.length ? [`  and ${failures.length - list.length} more`] : [];
  return { text: [line, ...list, ...more].join("\n"), failed: failures.length };
}
