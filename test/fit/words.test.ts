import { expect, it } from "vitest";
import { errorsInWords } from "../../src/fit/words.js";

it("says which parameters have no error, and why", () => {
  const names = { parameters: ["amplitude", "index"].map((id) => ({ id: `crab.${id}`, unit: "" })) };
  expect(errorsInWords(["ok", "flat", "non-finite", "fixed"], names)).toBe(
    "No error can be given for crab.index (flat), parameter 2 (non-finite): fix them, or set limits or priors.",
  );
  expect(errorsInWords(["ok", "at lower limit", "fixed"], names)).toBe("");
});
