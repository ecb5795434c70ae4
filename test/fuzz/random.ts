/** Choices of a seeded stream, and values that files have trouble with. */
import { type RandomStream, randomStream } from "../../src/math/random.js";

export interface Choices {
  readonly stream: RandomStream;
  /** 0 to n - 1 */
  below(n: number): number;
  pick<T>(from: readonly T[]): T;
  chance(probability: number): boolean;
  /** Between two numbers, linear. */
  between(low: number, high: number): number;
  /** n numbers of `make`. */
  list<T>(n: number, make: (i: number) => T): T[];
}

export function choices(seed: number, index: number): Choices {
  const stream = randomStream(seed, index);
  const below = (n: number) => Math.floor(stream.uniform() * n);
  return {
    stream,
    below,
    pick: (from) => from[below(from.length)]!,
    chance: (probability) => stream.uniform() < probability,
    between: (low, high) => low + (high - low) * stream.uniform(),
    list: (n, make) => Array.from({ length: n }, (_, i) => make(i)),
  };
}

/** Names that YAML, FITS or tables could take for something else. */
export const NAMES = [
  "Crab Nebula",
  "HESS J1825-137",
  "3C 279 (2015.6)",
  "a|b",
  "it's",
  'a "b"',
  "key: value",
  "# no comment",
  "- item",
  "yes",
  "null",
  "1e-12",
  "0x1f",
  "~",
  "ä€𝛾",
  "{a: b}",
  "[1, 2]",
  "&anchor",
  "*alias",
  "!tag",
  "100%",
  "@at",
  "a\\b",
  "$HOME",
  "constructor",
  "__proto__",
  "name/with/slashes",
  "..",
  "x".repeat(100),
];
