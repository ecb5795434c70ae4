/** The configuration of the tests, for the tests of one room. Mutated code is several times as slow; Stryker itself ends what takes too long. */
import { mergeConfig } from "vitest/config";
import all from "../../vitest.config.js";

const config = mergeConfig(all, {});
export default {
  ...config,
  test: {
    ...config.test,
    include: JSON.parse(process.env.GAMMATS_MUTANTS!).tests,
    reporters: [],
    testTimeout: 600_000,
  },
};
