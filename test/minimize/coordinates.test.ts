import fc from "fast-check";
import { expect, it } from "vitest";
import { differentiate } from "../../src/math/differences.js";
import { guessScale } from "../../src/minimize/derivatives.js";
import { createCoordinates, setDerivatives, toExternal, toInternal } from "../../src/minimize/minuit/coordinates.js";
import { vec } from "./problems.js";

const inf = Number.POSITIVE_INFINITY;
/** Without limits, above 2, below 7, between 2 and 7; steps of 0.5. */
const create = (x0: Float64Array) =>
  createCoordinates(x0, { lower: vec(-inf, 2, -inf, 2), upper: vec(inf, inf, 7, 7), steps: vec(0.5, 0.5, 0.5, 0.5) });

it("are those of the Minuit manual (version 94.1, section 1.2.1), in units of a step beside one limit", () => {
  const c = create(vec(3, 3, 3, 3));
  const x = new Float64Array(4);
  // sqrt(0.75^2 + 1) = 1.25, and sin(pi / 6) = 1/2
  toExternal(c, vec(0.75, 0.75, 0.75, Math.PI / 6), x);
  expect([...x]).toEqual([0.375, 2.125, 6.875, expect.closeTo(5.75, 14)]);
  const u = new Float64Array(4);
  toInternal(c, vec(0.375, 2.125, 6.875, 5.75), u);
  expect([...u]).toEqual([0.75, expect.closeTo(0.75, 14), expect.closeTo(0.75, 14), expect.closeTo(Math.PI / 6, 14)]);
});

it("lead back to the same place, with the derivatives of the way there", () => {
  const [x, u, back, first, second] = Array.from({ length: 5 }, () => new Float64Array(4));
  const inside = fc.double({ min: 2.2, max: 6.8, noNaN: true });
  fc.assert(
    fc.property(fc.tuple(inside, inside, inside, inside), (place) => {
      x!.set(place);
      const c = create(x!);
      toInternal(c, x!, u!);
      toExternal(c, u!, back!);
      setDerivatives(c, u!, first!, second!);
      for (let i = 0; i < 4; i++) {
        expect(back![i]).toBeCloseTo(place[i]!, 12);
        const along = (v: number) => {
          const [moved, there] = [u!.slice(), new Float64Array(4)];
          moved[i] = v;
          toExternal(c, moved, there);
          return there[i]!;
        };
        // differences of numbers below 10: rounding over the step, and over its square
        expect(Math.abs(first![i]! - differentiate(along, u![i]!, 0.05).value)).toBeLessThan(1e-8);
        expect(Math.abs(second![i]! - differentiate(along, u![i]!, 0.05, 2).value)).toBeLessThan(1e-6);
      }
    }),
    { numRuns: 50, seed: 11 },
  );
});

it("leave a limit on which they start, where the function would seem flat, and stay in a box without room", () => {
  const u = new Float64Array(4);
  toInternal(create(vec(2, 2, 7, 2)), vec(2, 2, 7, 2), u);
  expect([...u].slice(1)).toEqual([0.1, 0.1, -1.5]);
  toInternal(create(vec(2, 2, 7, 7)), vec(2, 1, 8, 7.5), u);
  expect([...u].slice(1)).toEqual([0.1, 0.1, 1.5]);
  const fixed = createCoordinates(vec(3), { lower: vec(3), upper: vec(3) });
  const [one, x] = [new Float64Array(1), new Float64Array(1)];
  toInternal(fixed, vec(3), one);
  expect(one[0]).toBe(0);
  toExternal(fixed, vec(1), x);
  expect(x[0]).toBe(3);
});

it("take for a step what is given, else a tenth of the value or of the room, and never more than a quarter of the room", () => {
  const cases: [number, number | undefined, number, number, number][] = [
    [5, 0.3, -inf, inf, 0.3],
    [-5, undefined, -inf, inf, 0.5],
    [5, 0, -inf, inf, 0.5],
    [5, -1, -inf, inf, 0.5],
    [5, inf, -inf, inf, 0.5],
    [0, undefined, -inf, inf, 0.1],
    [0, undefined, 0, inf, 0.1],
    [0, undefined, 0, 8, 0.8],
    [0, undefined, 0, 0, 0.1],
    [100, undefined, 98, 102, 1],
    [100, 3, 98, 102, 1],
    [99, 0.5, 98, 102, 0.5],
  ];
  for (const [x, step, lower, upper, expected] of cases) {
    expect(guessScale(x, step, lower, upper), `${x} ${step} ${lower} ${upper}`).toBeCloseTo(expected, 14);
  }
});
