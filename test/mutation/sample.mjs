/**
 * A checker for Stryker that lets a random sample of the mutants pass: the same ones for the same seed and source. What is left out has the status
 * CompileError in Stryker's report, which its score does not count.
 */
import { createHash } from "node:crypto";
import { relative } from "node:path";
import { declareFactoryPlugin, PluginKind } from "@stryker-mutator/api/plugin";
import { job } from "./job.mjs";

/** Where a mutant is and what it makes of it: the same on every machine, unlike the number that Stryker gives it. */
const nameOf = ({ fileName, location: { start, end }, replacement }) =>
  `${relative(process.cwd(), fileName)}:${start.line}:${start.column}-${end.line}:${end.column} ${replacement}`;

const order = (seed, mutant) =>
  createHash("sha256")
    .update(`${seed} ${nameOf(mutant)}`)
    .digest("hex");

function sampleChecker() {
  const { seed, count } = job();
  const sampled = new Set();
  return {
    async init() {},
    /** Sees all mutants at once: chooses, and leaves them in one group. */
    async group(mutants) {
      const sorted = mutants.map((m) => ({ id: m.id, key: order(seed, m) })).sort((a, b) => (a.key < b.key ? -1 : 1));
      for (const { id } of sorted.slice(0, count ?? undefined)) sampled.add(id);
      return mutants.length === 0 ? [] : [mutants.map(({ id }) => id)];
    },
    async check(mutants) {
      const answer = ({ id }) =>
        sampled.has(id) ? { status: "passed" } : { status: "compileError", reason: "not in the sample" };
      return Object.fromEntries(mutants.map((mutant) => [mutant.id, answer(mutant)]));
    },
  };
}
sampleChecker.inject = [];

export const strykerPlugins = [declareFactoryPlugin(PluginKind.Checker, "sample", sampleChecker)];
