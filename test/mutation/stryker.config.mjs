/** Options of Stryker for one room, its tests and a random sample of its mutants. */
import { job } from "./job.mjs";

const { mutate, report } = job();

export default {
  testRunner: "vitest",
  plugins: ["@stryker-mutator/vitest-runner", "./test/mutation/sample.mjs"],
  vitest: { configFile: "test/mutation/vitest.config.ts", related: false },
  checkers: ["sample"],
  mutate,
  // against a mutant run the tests that reach it, in one process
  coverageAnalysis: "perTest",
  concurrency: 1,
  // a mutant that takes 1.5 times as long as its tests do without it, and 30 s (other programs may be busy), loops
  timeoutFactor: 1.5,
  timeoutMS: 30_000,
  dryRunTimeoutMinutes: 60,
  disableTypeChecks: false,
  ignorePatterns: ["/out", "/web", "/bench", "/examples/crab"],
  tempDirName: "out/stryker",
  reporters: ["json", "progress-append-only"],
  jsonReporter: { fileName: report },
  allowConsoleColors: false,
};
