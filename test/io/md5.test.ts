import { expect, it } from "vitest";
import { md5 } from "../../src/io/yaml/md5.js";

// The test suite of RFC 1321, section A.5.
it.each([
  ["", "d41d8cd98f00b204e9800998ecf8427e"],
  ["abc", "900150983cd24fb0d6963f7d28e17f72"],
  ["abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"],
  [
    "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
    "57edf4a22be3c955ac49da2e2107b67a",
  ],
])("md5 of %j", (text, expected) => {
  expect(md5(text)).toBe(expected);
});
