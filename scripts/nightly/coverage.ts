/** Line coverage of src by the tests, room by room: `npm run nightly -- coverage`. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { relative } from "node:path";

/** Percent of the lines that have to be run. */
const LEAST = 95;
const SUMMARY = "out/coverage/coverage-summary.json";

interface Lines {
  readonly total: number;
  readonly covered: number;
}

const percent = ({ total, covered }: Lines): number => (total === 0 ? 100 : (100 * covered) / total);

/** Lines of each room of src, and of all. */
export function byRoom(files: Readonly<Record<string, { readonly lines: Lines }>>, root: string): Map<string, Lines> {
  const rooms = new Map<string, Lines>([["src", { total: 0, covered: 0 }]]);
  const add = (room: string, { total, covered }: Lines) => {
    const sum = rooms.get(room) ?? { total: 0, covered: 0 };
    rooms.set(room, { total: sum.total + total, covered: sum.covered + covered });
  };
  for (const [file, { lines }] of Object.entries(files)) {
    if (file === "total") continue;
    const [, room, ...rest] = relative(root, file).split("/");
    if (rest.length > 0) add(`src/${room}`, lines);
    add("src", lines);
  }
  return rooms;
}

/** The tests are run in so many parts, each of which leaves a report: a night that ends early is gone on with. */
const PARTS = 8;
const REPORTS = "out/coverage-parts";
const report = (part: number): string => `${REPORTS}/${part + 1}.json`;

/** vitest with these arguments; 0 where all tests passed. */
function vitest(...given: readonly string[]): number | null {
  const argv = ["node_modules/vitest/vitest.mjs", "run", "--coverage.enabled", "--coverage.reportOnFailure", ...given];
  return spawnSync(process.execPath, argv, { stdio: ["ignore", process.stderr, "inherit"] }).status;
}

export interface CoverageOptions {
  /** Parts to run, from 0 on; without a count all that follow. What others left before is taken with them. */
  readonly first: number;
  readonly count: number | undefined;
}

function runParts({ first, count = PARTS }: CoverageOptions): void {
  if (first === 0) rmSync(REPORTS, { recursive: true, force: true });
  for (let part = first; part < Math.min(first + count, PARTS); part++) {
    vitest(
      "--reporter=default",
      "--reporter=blob",
      `--outputFile.blob=${report(part)}`,
      `--shard=${part + 1}/${PARTS}`,
    );
  }
}

/** Runs all tests that this machine can run. What runs in processes and threads of its own, such as `dist/cli/main.js`, is not counted. */
export function measureCoverage(options: CoverageOptions): { readonly text: string; readonly failed: number } {
  runParts(options);
  const missing = Array.from({ length: PARTS }, (_, part) => part).filter((part) => !existsSync(report(part)));
  const status = vitest(`--merge-reports=${REPORTS}`);
  const rooms = byRoom(JSON.parse(readFileSync(SUMMARY, "utf8")), process.cwd());
  const rows = Array.from(rooms, ([room, lines]) => `| ${room} | ${lines.total} | ${percent(lines).toFixed(1)} |`);
  const said = [
    ...(percent(rooms.get("src")!) < LEAST ? [`line coverage is below ${LEAST} %`] : []),
    ...(status === 0 ? [] : [`the tests ended with status ${status}: npm test`]),
    ...missing.map((part) => `part ${part} has not been run: npm run nightly -- coverage --first ${part} --count 1`),
  ];
  const text = ["| room | lines | run by tests in % |", "|---|---|---|", ...rows.sort(), ...said].join("\n");
  return { text, failed: said.length };
}
