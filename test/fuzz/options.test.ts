/** The command line of `npm run nightly`. */
import { describe, expect, it } from "vitest";
import { type NightlyOptions, parseOptions, WrongUse } from "../../scripts/nightly/options.js";
import { parts } from "./nightly.js";

const of = (...argv: string[]) => parseOptions(argv, parts) as NightlyOptions;

describe("npm run nightly", () => {
  it("has help with every part", () => {
    for (const flag of ["--help", "-h"]) {
      const text = parseOptions(["fuzz", flag], parts);
      for (const { name } of parts) expect(text).toContain(`  ${name}`);
      expect(text).toContain("--room PATH");
    }
  });

  it("runs all parts, of small ones those on random inputs, or those that are named", () => {
    expect([of().wanted("fuzz"), of().wanted("mutation")]).toEqual([true, true]);
    expect([of("--small").wanted("fuzz"), of("--small").wanted("mutation")]).toEqual([true, false]);
    const named = of("roundtrip", "coverage", "--seed", "7", "--count", "3");
    expect([named.wanted("fuzz"), named.wanted("roundtrip"), named.wanted("coverage")]).toEqual([false, true, true]);
    expect(named).toMatchObject({ seed: 7, first: 0, count: 3 });
  });

  it.each([
    [["--nonsense"], "Unknown option '--nonsense'"],
    [["everything"], /^there is no part "everything"; there are fuzz, .*, mutation$/],
    [["--count", "many"], '--count "many": expected a whole number, 0 or more'],
    [["--seed"], /--seed/],
  ])("%j is one sentence, without a stack", (argv, message) => {
    expect(() => parseOptions(argv, parts)).toThrow(WrongUse);
    expect(() => parseOptions(argv, parts)).toThrow(message);
    expect(() => parseOptions(argv, parts)).not.toThrow("To specify");
  });
});
