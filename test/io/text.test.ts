import { describe, expect, it } from "vitest";
import { decodeText } from "../../src/io/text.js";

const decode = (bytes: readonly number[]) => decodeText(Uint8Array.from(bytes), "a.yaml");
const codes = (text: string) => [...new TextEncoder().encode(text)];

describe("text of files", () => {
  it("is UTF-8, with or without a byte order mark", () => {
    expect(decode(codes("name: Crabe à μ 🦀\n"))).toBe("name: Crabe à μ 🦀\n");
    expect(decode([0xef, 0xbb, 0xbf, ...codes("a: 1")])).toBe("a: 1");
    expect(decode([])).toBe("");
  });

  // the sequences are those of the Unicode Standard 15.0, section 3.9, table 3-7: what it does not list is ill-formed
  it.each([
    ["Latin-1", [0xe9, 0x0a], "E9"],
    ["a lone continuation", [0x80], "80"],
    ["a byte that is in no text", [0xff, 0xfe], "FF"],
    ["an overlong form", [0xc0, 0xaf], "C0"],
    ["half of a surrogate pair", [0xed, 0xa0, 0x80], "ED"],
    ["a character that the end cuts", [0xf0, 0x9f, 0xa6], "F0"],
    ["a character that another one cuts", [0xe2, 0x82, 0x41], "E2"],
  ])("is refused with its place: %s", (_, bytes, found) => {
    const start = codes("a: 1\nb: à");
    expect(() => decode([...start, ...bytes])).toThrow(
      `a.yaml:2: found the byte 0x${found} at offset ${start.length}, expected UTF-8; save the file in that encoding`,
    );
  });
});
