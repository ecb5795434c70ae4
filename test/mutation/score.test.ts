import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { byRoom } from "../../scripts/nightly/coverage.js";
import { type Mutant, score, sum } from "../../scripts/nightly/score.js";

const report = (statuses: Readonly<Record<string, number>>) => {
  const location = { start: { line: 1, column: 1 }, end: { line: 1, column: 2 } };
  const mutants = Object.entries(statuses).flatMap(([status, n]) =>
    Array.from({ length: n }, (): Mutant => ({ status, replacement: "", location })),
  );
  return {
    files: { "a.ts": { source: "", mutants: mutants.slice(3) }, "b.ts": { source: "", mutants: mutants.slice(0, 3) } },
  };
};

it("counts what a test failed with or what did not end, of those that were run", () => {
  const found = score(report({ Killed: 3, Timeout: 1, Survived: 1, NoCoverage: 1, CompileError: 4 }));
  expect(found).toMatchObject({ mutants: 10, run: 6, found: 4, timeouts: 1 });
  expect(found.share).toBeCloseTo(2 / 3, 14);
  // Cochran, Sampling techniques, 3rd edition, section 3.2, without replacement: sqrt(2/3 * 1/3 / 6 * (1 - 6/10))
  expect(found.error).toBeCloseTo(0.12171612, 8);
  // those that change no result do not count, but are no longer to be drawn: sqrt(2/3 * 1/3 / 6 * (1 - 8/12))
  const known = score(report({ Killed: 4, Survived: 2, Ignored: 2, CompileError: 4 }));
  expect(known).toMatchObject({ run: 6, found: 4, equivalent: 2 });
  expect(known.error).toBeCloseTo(0.11111111, 8);
  expect(score(report({ Killed: 8, Survived: 2 }))).toMatchObject({ share: 0.8, error: 0 });
});

it("weighs rooms by how many mutants they have", () => {
  const one = score(report({ Killed: 10, Survived: 10, CompileError: 80 }));
  const two = score(report({ Killed: 20, CompileError: 280 }));
  const all = sum([one, two]);
  expect(all).toMatchObject({ mutants: 400, run: 40, found: 30 });
  // (100 * 1/2 + 300 * 1) / 400
  expect(all.share).toBe(0.875);
  // a quarter of sqrt(1/4 / 20 * 0.8) = 0.1
  expect(all.error).toBeCloseTo(0.025, 14);
});

it("lists as equivalent only mutants of code that is there, each with a reason", () => {
  const list = JSON.parse(readFileSync("test/mutation/equivalent.json", "utf8"));
  for (const { file, code, replacement, reason } of list) {
    expect(readFileSync(file, "utf8"), file).toContain(code);
    expect(replacement).not.toBe(code);
    expect(reason.length, code).toBeGreaterThan(20);
  }
});

it("adds up the lines of each room", () => {
  const lines = (total: number, covered: number) => ({ lines: { total, covered } });
  const files = {
    total: lines(99, 99),
    "/x/src/stats/cash.ts": lines(10, 9),
    "/x/src/stats/deep/wstat.ts": lines(5, 5),
    "/x/src/errors.ts": lines(4, 2),
  };
  expect([...byRoom(files, "/x")]).toEqual([
    ["src", { total: 19, covered: 16 }],
    ["src/stats", { total: 15, covered: 14 }],
  ]);
});
