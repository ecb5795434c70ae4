import { describe, expect, it } from "vitest";
import { md5 } from "../../../src/io/yaml/md5.js";
import { gammapyChecksum, withChecksum } from "../../../src/io/yaml/pyyaml.js";
import oracle from "../../oracle/yaml_checksums.json" with { type: "json" };

describe("the checksum that Gammapy verifies", () => {
  it("is that of what PyYAML writes, of any layout", () => {
    const found = oracle.cases.map(({ text }) => gammapyChecksum(text));
    const known = found.flatMap((sum, i) => (sum === undefined ? [] : [i]));
    expect(known.map((i) => found[i])).toEqual(known.map((i) => oracle.cases[i]!.sum));
    // keys of long or quoted texts, of which nothing is said
    expect(known.length).toBeGreaterThan(0.8 * found.length);
  });

  it("is of the data: comments, quotes and the checksum itself do not count", () => {
    const plain = "a:\n-   b: 1.0e-05\n    c: text\n";
    expect(gammapyChecksum(plain)).toBe(md5(plain));
    expect(gammapyChecksum(`# note\na: [{b: 0.00001, "c": 'text'}] # more\nchecksum: 0123\n`)).toBe(md5(plain));
    expect(withChecksum(plain)).toBe(`${plain}checksum: ${md5(plain)}\n`);
    expect(withChecksum("a: 1")).toBe(`a: 1\nchecksum: ${md5("a: 1\n")}\n`);
  });

  it.each([
    ["an alias", "a: &x {b: 1}\nc: *x\n"],
    ["a time", "a: 2026-01-02 03:04:05\n"],
    ["a number to the base 60", "a: 1:30\n"],
    ["a text of several lines", "a: |\n  one\n  two\n"],
    ["a tag", 'a: !!float "1"\n'],
    ["no place for a line of its own: all in brackets", "{a: 1}\n"],
    ["no place for a line of its own: indented", "  a: 1\n"],
    ["no place for a line of its own: ended", "a: 1\n...\n"],
    ["something that is not YAML", "a: [1\n"],
  ])("is left out with %s", (_, text) => {
    expect(withChecksum(text)).toBe(text);
  });
});
