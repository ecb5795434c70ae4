/** Texts that somebody wrote to do harm, or by a slip of the hand: an error with a place, soon. */
import { describe, expect, it } from "vitest";
import type { Node } from "yaml";
import { readModels } from "../../../src/api/io.js";
import { openYaml } from "../../../src/io/yaml/open.js";
import { readPlain } from "../../../src/io/yaml/source.js";

const problemsOf = (text: string) => openYaml(text, "a.yaml").problems.map(({ message }) => message);

function plain(text: string): unknown {
  const source = openYaml(text, "a.yaml");
  expect(source.problems).toEqual([]);
  return readPlain(source, source.document.contents as Node | null);
}

describe("aliases", () => {
  it("stand for the anchor of their name that was last before them", () => {
    expect(plain("a: &x 1\nb: *x\nc: &y {d: *x}\ne: &x [*y]\nf: *x\n*x : g\n")).toEqual({
      a: 1,
      b: 1,
      c: { d: 1 },
      e: [{ d: 1 }],
      f: [{ d: 1 }],
      '[{"d":1}]': "g",
    });
  });

  it("repeat something", () => {
    expect(problemsOf("a: 1\nb: [*x, 2]\nc: &x 1\n")).toEqual([
      "a.yaml:2: the alias *x repeats nothing: no anchor of that name is before it",
    ]);
  });

  it.each(["a: 1\nb: &m {c: *m}\n", "a: 1\nb: &m [1, [*m]]\n", "a: 1\nb: &m {c: {*m : 1}}\n"])(
    "do not stand inside of what they repeat: %j",
    (text) => {
      expect(problemsOf(text)).toEqual(["a.yaml:2: the alias *m stands inside of what it repeats"]);
    },
  );

  it("may be many, but do not make a text grow without limit", () => {
    const many = Array.from({ length: 1000 }, (_, i) => `m${i}: [*p, *p]\n`);
    expect(problemsOf(`p: &p {name: index, value: 2.0}\n${many.join("")}`)).toEqual([]);
    const grow = (levels: number) =>
      Array.from({ length: levels }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`)}]\n`);
    // 10 + 100 + 1000 and 10 + ... + 10^13 values
    expect(problemsOf(`a0: &a0 x\n${grow(3).join("")}`)).toEqual([]);
    expect(problemsOf(`a0: &a0 x\n${grow(13).join("")}`)).toEqual([
      expect.stringMatching(/^a\.yaml:1: with its aliases the text has 1\d{13} values in 14 levels/),
    ]);
  });

  it("do not make a text deeper than it may be written", () => {
    const deep = Array.from({ length: 120 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}]\n`);
    expect(problemsOf(`a0: &a0 x\n${deep.join("")}`)).toEqual([expect.stringMatching(/ values in 12\d levels/)]);
  });
});

describe("texts", () => {
  it.each([
    ["lists", `a: ${"[".repeat(101)}${"]".repeat(101)}\n`],
    ["mappings", `${Array.from({ length: 102 }, (_, i) => `${" ".repeat(i)}a:\n`).join("")}`],
    ["100 000 brackets", `a: ${"[".repeat(100_000)}`],
    ["100 000 lists in lines", `${"- ".repeat(100_000)}1\n`],
  ])("are not deeper than 100 levels: %s", (_, text) => {
    expect(problemsOf(text)[0]).toContain("found more than 100 lists and mappings in each other; write it flatter");
  });

  it("may be 90 levels deep", () => {
    expect(problemsOf(`a: ${"[".repeat(90)}${"]".repeat(90)}\n`)).toEqual([]);
  });

  it("have each key once and are one document", () => {
    expect(problemsOf("a: 1\nb: 2\na: 3\n")).toEqual(['a.yaml:3: this is not YAML: the key "a" is given twice']);
    expect(problemsOf("a: 1\n---\nb: 2\n")).toEqual([
      expect.stringMatching(/^a\.yaml:[23]: .*found a second document/),
    ]);
  });

  it("may hold names that every object has", () => {
    const read = plain("__proto__: {polluted: true}\nconstructor: 1\n") as object;
    expect(Object.keys(read)).toEqual(["__proto__", "constructor"]);
    expect("polluted" in read).toBe(false);
  });
});

const power = (name: string) => `components:
- name: a
  type: SkyModel
  spectral:
    type: PowerLawSpectralModel
    parameters:
    - {name: ${name}, value: 2.0}
    - {name: amplitude, value: 1.0e-12, unit: cm-2 s-1 TeV-1}
    - {name: reference, value: 1.0, unit: TeV}
`;

describe("models", () => {
  it.each(["constructor", "__proto__", "toString"])("have no parameter %s", (name) => {
    expect(() => readModels(power(name), { where: "m.yaml" })).toThrow(
      `m.yaml:7 components[0].spectral.parameters[0]: PowerLawSpectralModel has no parameter "${name}"`,
    );
  });

  it.each(["constructor", "__proto__"])("are of no type %s", (name) => {
    const typed = power("index").replace("SkyModel", name);
    expect(() => readModels(typed, { where: "m.yaml" })).toThrow(/unknown|no model/);
    const spectral = power("index").replace("PowerLawSpectralModel", name);
    expect(() => readModels(spectral, { where: "m.yaml" })).toThrow(`"${name}"`);
  });

  it("do not take the number behind an alias that leads nowhere for a limit that is not set", () => {
    const text = power("index").replace("value: 2.0", "value: 2.0, min: *nope");
    expect(() => readModels(text, { where: "m.yaml" })).toThrow("m.yaml:7: the alias *nope repeats nothing");
  });
});
