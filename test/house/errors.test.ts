import { expect, it } from "vitest";
import {
  FormatError,
  GammatsError,
  hasCode,
  nameHint,
  plainError,
  SpecError,
  toError,
  UnsupportedError,
  unknownName,
} from "../../src/errors.js";

it("makes messages from fields", () => {
  const where = "a.yaml:3 components[0]";
  const text = (fields: ConstructorParameters<typeof SpecError>[0]) => new SpecError(fields).message;
  expect(text({ where, found: '"x"', expected: "a number", remedy: "write 1" })).toBe(
    'a.yaml:3 components[0]: found "x", expected a number; write 1',
  );
  expect(text({ where, found: "nothing" })).toBe("a.yaml:3 components[0]: found nothing");
  expect(text({ what: "no counts", found: "nothing", remedy: "add them" })).toBe("no counts; add them");
});

it("keeps a whole sentence, with the code of the class unless another is given", () => {
  expect(new FormatError("a.fits: cut")).toMatchObject({ name: "FormatError", message: "a.fits: cut" });
  expect([FormatError, SpecError, UnsupportedError, GammatsError].map((Kind) => new Kind("x").code)).toEqual([
    "wrong-format",
    "wrong-value",
    "unsupported",
    "wrong-value",
  ]);
  const error = new FormatError("a.fits: cut", { code: "damaged", where: "a.fits" });
  expect([error.code, error.where]).toEqual(["damaged", "a.fits"]);
  expect(error).toBeInstanceOf(GammatsError);
});

it("comes through a clone with class, code, fields, problems and stack", () => {
  const inner = new UnsupportedError({ code: "too-large", where: "b.fits", what: "4 GB" });
  const error = new FormatError("two", { code: "several", problems: [inner, new SpecError("c")] });
  const back = toError(structuredClone(plainError(error))) as FormatError;
  expect(back).toBeInstanceOf(FormatError);
  expect(back.stack).toBe(error.stack);
  expect(plainError(back)).toEqual(plainError(error));
  expect(back.problems![0]).toBeInstanceOf(UnsupportedError);
  expect([hasCode(back, "several"), hasCode(back, "too-large"), hasCode(back, "damaged")]).toEqual([true, true, false]);
});

it("takes errors of others, and what is no error, as they are", () => {
  const back = toError(plainError(new TypeError("x is not a function")));
  expect(back).not.toBeInstanceOf(GammatsError);
  expect([back.name, back.message]).toEqual(["TypeError", "x is not a function"]);
  expect(toError(plainError("text")).message).toBe("text");
  // no class for a name that every object has
  expect(toError({ name: "constructor", message: "x" }).message).toBe("x");
  expect(hasCode(new TypeError("x"), "wrong-value")).toBe(false);
});

it("names what may have been meant, else what there is", () => {
  expect(unknownName("fit", "source", "Crab Nebul", ["Crab Nebula", "Vela"])).toMatchObject({
    message: 'fit: there is no source "Crab Nebul"; did you mean "Crab Nebula"?',
    code: "unknown-name",
    found: "Crab Nebul",
    expected: "Crab Nebula, Vela",
  });
  expect(nameHint("zzzzzz", ["a", "b"])).toBe("; there are a, b");
  expect(nameHint("zzzzzz", ["a"])).toBe("; there is a");
  expect(nameHint("zzzzzz", [])).toBe("; there are none");
  const many = Array.from({ length: 30 }, (_, i) => `p${i}`);
  expect(nameHint("zzzzzz", many)).toMatch(/^; there are p0, .*p19 and 10 more$/);
});
