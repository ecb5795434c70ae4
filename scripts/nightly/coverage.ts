/** Line coverage of src by the tests, room by room: `npm run nightly -- coverage`. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
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

/** Runs all tests that this machine can run. What runs in processes and threads of its own, such as `dist/cli/main.js`, is not counted. */
export function measureCoverage(): { readonly text: string; readonly failed: number } {
  const argv = ["node_modules/vitest/vitest.mjs", "run", "--coverage.enabled", "--coverage.reportOnFailure"];
  const { status } = spawnSync(process.execPath, argv, { stdio: ["ignore", process.stderr, "inherit"] });
  const rooms = byRoom(JSON.parse(readFileSync(SUMMARY, "utf8")), process.cwd());
  const rows = Array.from(rooms, ([room, lines]) => `| ${room} | ${lines.total} | ${percent(lines).toFixed(1)} |`);
  const failed = percent(rooms.get("src")!) < LEAST ? 1 : 0;
  const said = [
    ...(failed === 0 ? [] : [`line coverage is below ${LEAST} %`]),
    ...(status === 0 ? [] : [`the tests ended with status ${status}: npm test`]),
  ];
  const text = ["| room | lines | run by tests in % |", "|---|---|---|", ...rows.sort(), ...said].join("\n");
  return { text, failed: failed + (status === 0 ? 0 : 1) };
}
