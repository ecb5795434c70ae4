import { expect, it } from "vitest";
import { fingerprint } from "../../src/math/fingerprint.js";
import { randomStream } from "../../src/math/random.js";

it("a fingerprint follows the data, not the object", () => {
  const make = () => ({ name: "a", counts: { data: Float64Array.of(1, 2, 3) }, edges: [1, 2], livetime: undefined });
  const first = fingerprint(make());
  expect(fingerprint(make())).toBe(first);
  const others = [
    { ...make(), name: "b" },
    { ...make(), counts: { data: Float64Array.of(1, 3, 2) } },
    { ...make(), counts: { data: Float64Array.of(1, 2) } },
    { ...make(), edges: [1, 2, 3] },
    { ...make(), livetime: 0 },
    { ...make(), counts: { data: Uint8Array.of(1, 2, 3) } },
  ].map(fingerprint);
  expect(new Set([first, ...others]).size).toBe(7);
  // a view within a buffer, whole words or not
  const { buffer } = Uint8Array.from({ length: 40 }, (_, i) => i);
  const views = [new Uint8Array(buffer, 1, 8), new Uint8Array(buffer, 4, 8), new Uint8Array(buffer, 4, 9)];
  expect(new Set(views.map(fingerprint)).size).toBe(3);
});

it("few counts that change in place never leave it the same", () => {
  const random = randomStream(1);
  const counts = new Float64Array(400);
  const prints = new Set<string>();
  const n = 20000;
  for (let k = 0; k < n; k++) {
    // small whole numbers differ in few, high bits
    for (let i = 0; i < counts.length; i++) counts[i] = random.uniform() < 0.1 ? 1 : 0;
    prints.add(fingerprint(counts));
  }
  expect(prints.size).toBe(n);
});
