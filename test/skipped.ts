/** A reporter that names the tests that were skipped, and what to install or set so that they run. */
import type { Reporter, TestModule } from "vitest/node";
import { missing } from "./environment.js";

export default class SkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const names = modules.flatMap((module) => {
      const groups = new Map<string, number>();
      for (const test of module.children.allTests("skipped")) {
        const name = test.fullName.split(" > ").slice(0, -1).join(" > ") || test.name;
        groups.set(name, (groups.get(name) ?? 0) + 1);
      }
      return Array.from(groups, ([name, count]) => `  ${module.relativeModuleId}: ${name} (${count})`);
    });
    if (names.length === 0) return;
    process.stderr.write(`\nSkipped:\n${names.join("\n")}\n${missing().join("\n")}\n`);
    // on machines that have everything, a skipped test is a mistake
    if (process.env.GAMMATS_REQUIRE_ALL === "1") {
      process.stderr.write("GAMMATS_REQUIRE_ALL=1: no test may be skipped\n");
      process.exitCode = 1;
    }
  }
}
