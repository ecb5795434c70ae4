/**
 * The coverage study of docs/coverage.md; writes its tables and figure. After `npm run build`:
 *   npx rolldown scripts/coverage.ts --platform node -f esm -o out/coverage.mjs && node out/coverage.mjs 100000 dist/node/worker.js
 * Arguments: number of toys at each point, script of the threads (none: one thread).
 */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { toys } from "../src/api/estimators.js";
import { type CoverageFraction, coverage } from "../src/estimators/coverage.js";
import { serialExecutor } from "../src/execute/serial.js";
import type { Executor } from "../src/execute/types.js";
import { randomStream } from "../src/math/random.js";
import { threadsExecutor } from "../src/node/threads.js";
import { linePlot, type Series } from "../src/plot/line.js";
import { BINS, cashProblem, chi2Problem, type Problem, wstatProblem } from "./coverage-problems.js";

const SEED = 20260101;
const SIGNALS = [2, 5, 10, 20, 50, 100, 300, 1000, 3000];
const [count = "100000", worker] = process.argv.slice(2);
const n = Number(count);
const executor: Executor =
  worker === undefined ? serialExecutor() : threadsExecutor({ workers: 2, script: pathToFileURL(worker) });

interface Row {
  readonly signal: number;
  readonly failed: number;
  readonly hessian: CoverageFraction;
  readonly minos?: CoverageFraction;
  readonly pullMean: number;
  readonly pullWidth: number;
}

/** Rows are independent of each other. */
let row = 0;

async function study(problem: Problem, signal: number, id: string): Promise<Row> {
  const run = await toys(problem.datasets, problem.models, {
    n,
    seed: SEED + row++,
    minos: [id],
    executor,
    jobSize: 500,
  });
  const { hessian, minos, pullMean, pullWidth } = coverage(run).find((c) => c.id === id)!;
  return { signal, failed: n - hessian.n, hessian, minos, pullMean, pullWidth };
}

/** Flux points made from counts with the error sqrt(n) of the observed counts, empty bins left out: the weighted mean has a closed form. */
function rootN(signal: number): Row {
  const random = randomStream(SEED + row++, signal);
  const share = Array.from({ length: BINS }, (_, i) => (10 ** (-i / BINS) - 10 ** (-(i + 1) / BINS)) / 0.9);
  let covered = 0;
  let above = 0;
  let below = 0;
  let sum = 0;
  let squares = 0;
  let good = 0;
  for (let k = 0; k < n; k++) {
    // chi2 = sum (n - A mu)^2 / n is least at A = sum mu / sum (mu^2 / n)
    let a = 0;
    let b = 0;
    for (const s of share) {
      const mu = s * signal;
      const counts = random.poisson(mu);
      if (counts === 0) continue;
      a += mu;
      b += (mu * mu) / counts;
    }
    if (b === 0) continue;
    good++;
    const pull = (a / b - 1) * Math.sqrt(b);
    sum += pull;
    squares += pull * pull;
    if (pull > 1) above++;
    else if (pull < -1) below++;
    else covered++;
  }
  const fraction = covered / good;
  const error = Math.sqrt((fraction * (1 - fraction)) / good);
  const mean = sum / good;
  return {
    signal,
    failed: n - good,
    hessian: { covered, n: good, fraction, error, above: above / good, below: below / good },
    pullMean: mean,
    pullWidth: Math.sqrt(squares / good - mean * mean),
  };
}

const percent = (x: number) => (100 * x).toFixed(1);
const cell = (c: CoverageFraction | undefined) =>
  c === undefined ? "-" : `${(100 * c.fraction).toFixed(2)} +- ${(100 * c.error).toFixed(2)}`;

function table(rows: readonly Row[], first: string): string {
  const lines = rows.map(
    (r) =>
      `| ${r.signal} | ${cell(r.hessian)} | ${percent(r.hessian.above)} / ${percent(r.hessian.below)} | ${cell(r.minos)} | ${r.minos ? `${percent(r.minos.above)} / ${percent(r.minos.below)}` : "-"} | ${r.pullMean.toFixed(3)} | ${r.pullWidth.toFixed(3)} | ${r.failed} |`,
  );
  return [
    `| ${first} | Hessian, % | above / below, % | MINOS, % | above / below, % | pull mean | pull width | failed |`,
    "|---|---|---|---|---|---|---|---|",
    ...lines,
  ].join("\n");
}

type Study = { readonly key: string; readonly label: string; readonly first: string; readonly rows: Row[] };
const amplitude = "source.amplitude";
const index = "source.index";
const studies: Study[] = [
  { key: "cash-1", label: "cash, amplitude", first: "signal counts", rows: [] },
  { key: "cash-2", label: "cash, index", first: "signal counts", rows: [] },
  { key: "wstat-1", label: "wstat, amplitude", first: "signal counts", rows: [] },
  { key: "wstat-2", label: "wstat, index", first: "signal counts", rows: [] },
  { key: "chi2-1", label: "chi2, known errors, amplitude", first: "error of a point, %", rows: [] },
  { key: "chi2-2", label: "chi2, known errors, index", first: "error of a point, %", rows: [] },
  { key: "chi2-n", label: "chi2, errors sqrt(n), amplitude", first: "signal counts", rows: [] },
];
const rowsOf = (key: string) => studies.find((s) => s.key === key)!.rows;
const start = performance.now();
const report = (key: string, row: Row) => {
  rowsOf(key).push(row);
  const time = ((performance.now() - start) / 1000).toFixed(0);
  process.stderr.write(
    `${time} s  ${key} ${row.signal}: ${cell(row.hessian)}  ${cell(row.minos)}  failed ${row.failed}\n`,
  );
};
for (const signal of SIGNALS) {
  // a background half as large as the signal
  report("cash-1", await study(cashProblem(signal, signal / 2), signal, amplitude));
  report("wstat-1", await study(wstatProblem(signal, signal / 2, 0.2), signal, amplitude));
  report("chi2-n", rootN(signal));
  if (signal < 20) continue;
  report("cash-2", await study(cashProblem(signal, signal / 2, true), signal, index));
  report("wstat-2", await study(wstatProblem(signal, signal / 2, 0.2, true), signal, index));
}
for (const relative of [50, 20, 5]) {
  report("chi2-1", await study(chi2Problem(relative / 100), relative, amplitude));
  report("chi2-2", await study(chi2Problem(relative / 100, true), relative, index));
}
await executor.close();

const nominal = { axis: "y" as const, value: 68.27, label: "68.27 %" };
const series = (key: string, which: "hessian" | "minos", label: string): Series => {
  const rows = rowsOf(key);
  const fractions = rows.map((r) => r[which]!);
  return {
    label,
    x: rows.map((r) => r.signal),
    y: fractions.map((f) => 100 * f.fraction),
    errn: fractions.map((f) => 100 * f.error),
    errp: fractions.map((f) => 100 * f.error),
    draw: "both",
  };
};
const svg = linePlot({
  title: "Coverage of 68.3 % intervals of the amplitude",
  xLabel: "expected signal counts",
  yLabel: "coverage [%]",
  xScale: "log",
  references: [nominal],
  series: [
    series("cash-1", "hessian", "cash, Hessian"),
    series("cash-1", "minos", "cash, MINOS"),
    series("wstat-1", "hessian", "wstat, Hessian"),
    series("wstat-1", "minos", "wstat, MINOS"),
    series("chi2-n", "hessian", "chi2, errors sqrt(n)"),
  ],
});
mkdirSync("docs/figures", { recursive: true });
writeFileSync("docs/figures/coverage.svg", svg);

/** The page keeps its text; the tables between the marks are this script's. */
const page = "docs/coverage.md";
let text = readFileSync(page, "utf8");
for (const { key, label, first, rows } of studies) {
  const mark = (end: string) => `<!-- ${end}${key} -->`;
  const a = text.indexOf(mark(""));
  const b = text.indexOf(mark("/"));
  if (a < 0 || b < a) throw new Error(`${page}: the marks ${mark("")} and ${mark("/")} are missing`);
  text = `${text.slice(0, a)}${mark("")}\n**${label}**, ${n} toys a row\n\n${table(rows, first)}\n${text.slice(b)}`;
}
writeFileSync(page, text);
