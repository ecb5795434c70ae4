/** Mutation score of the rooms whose numbers everything rests on, by Stryker on a random sample: `npm run nightly -- mutation`. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { WrongUse } from "./options.js";
import { type Mutant, type Report, type Score, score, sum } from "./score.js";

/** Percent of the mutants that the tests have to find. */
const LEAST = 80;

interface Room {
  readonly path: string;
  /** Folders of test whose tests are run against its mutants. */
  readonly tests: readonly string[];
  /** Mutants taken, of the 500 to 5000 that there are. */
  readonly count: number;
}

const rooms: readonly Room[] = [
  { path: "src/stats", tests: ["stats", "likelihood"], count: 100 },
  { path: "src/likelihood/kernels", tests: ["likelihood"], count: 100 },
  { path: "src/minimize", tests: ["minimize"], count: 100 },
  { path: "src/fold", tests: ["fold"], count: 100 },
];

interface Equivalent {
  readonly file: string;
  readonly code: string;
  readonly replacement: string;
  readonly reason: string;
}

const equivalents: readonly Equivalent[] = JSON.parse(readFileSync("test/mutation/equivalent.json", "utf8"));

/** Whether it is one of those that change no result; lines may move, so it is known by the code that it replaces. */
function isEquivalent(file: string, code: string, { replacement }: Mutant): boolean {
  return equivalents.some((e) => e.file === file && e.code === code && e.replacement === replacement);
}

const isLeft = ({ status }: Mutant): boolean => status === "Survived" || status === "NoCoverage";

function textOf(source: string, { location: { start, end } }: Mutant): string {
  const lines = source.split("\n").slice(start.line - 1, end.line);
  lines[lines.length - 1] = lines.at(-1)!.slice(0, end.column - 1);
  lines[0] = lines[0]!.slice(start.column - 1);
  return lines.join("\n");
}

/** The report with those that change no result marked as Ignored. */
function withoutEquivalent({ files }: Report): Report {
  const marked = Object.entries(files).map(([file, { source, mutants }]) => {
    const mark = (mutant: Mutant) =>
      isLeft(mutant) && isEquivalent(file, textOf(source, mutant), mutant) ? { ...mutant, status: "Ignored" } : mutant;
    return [file, { source, mutants: mutants.map(mark) }] as const;
  });
  return { files: Object.fromEntries(marked) };
}

function survivors({ files }: Report): string[] {
  return Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants.filter(isLeft).map((m) => `  ${file}:${m.location.start.line} ${textOf(source, m)} -> ${m.replacement}`),
  );
}

function mutate({ path, tests, count }: Room, seed: number, all: boolean): Report {
  const report = `out/mutation/${path.replaceAll("/", "-")}.json`;
  const job = {
    seed,
    report,
    count: all ? null : count,
    mutate: [`${path}/**/*.ts`],
    tests: tests.map((folder) => `test/${folder}/*.test.ts`),
  };
  const argv = ["node_modules/@stryker-mutator/core/bin/stryker.js", "run", "test/mutation/stryker.config.mjs"];
  const env = { ...process.env, GAMMATS_MUTANTS: JSON.stringify(job) };
  // what Stryker says of its progress is no part of the report
  const { status } = spawnSync(process.execPath, argv, { env, stdio: ["ignore", process.stderr, "inherit"] });
  if (status !== 0) throw new Error(`Stryker ended with status ${status} in ${path}`);
  return JSON.parse(readFileSync(report, "utf8"));
}

export interface MutationOptions {
  readonly seed: number;
  /** Mutants taken of each room. */
  readonly count: number | undefined;
  /** All mutants. */
  readonly all: boolean;
  /** One room alone. */
  readonly room: string | undefined;
}

const row = (name: string, { mutants, run, equivalent, found, timeouts, share, error }: Score): string =>
  `| ${name} | ${mutants} | ${run + equivalent} | ${equivalent} | ${found} | ${timeouts} | ${(100 * share).toFixed(1)} ± ${(100 * error).toFixed(1)} |`;

export function measureMutation({ seed, count, all, room }: MutationOptions) {
  const wanted = rooms.filter(({ path }) => room === undefined || path === room);
  if (wanted.length === 0)
    throw new WrongUse(`there is no room "${room}"; there are ${rooms.map(({ path }) => path).join(", ")}`);
  const found = wanted.map((room) => {
    const report = withoutEquivalent(mutate({ ...room, count: count ?? room.count }, seed, all));
    return { path: room.path, score: score(report), left: survivors(report) };
  });
  const low = found.filter(({ score }) => 100 * score.share < LEAST);
  const text = [
    "| room | mutants | run | change no result | found | of these by time | score in % |",
    "|---|---|---|---|---|---|---|",
    ...found.map(({ path, score }) => row(path, score)),
    row("all of these", sum(found.map(({ score }) => score))),
    `not found (seed ${seed}):`,
    ...found.flatMap(({ left }) => left),
    ...low.map(({ path }) => `the mutation score of ${path} is below ${LEAST} %`),
  ].join("\n");
  return { text, failed: low.length };
}
