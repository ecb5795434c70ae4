import { describe, expect, it } from "vitest";
import type { ErrorFlaw } from "../../src/fit/error-flaw.js";
import {
  flawedErrorsInWords,
  flawInWords,
  levelInWords,
  lowerMinimumInWords,
  type Names,
  scanInWords,
  stopInWords,
  upperLimitInWords,
} from "../../src/fit/words.js";
import type { LevelEnd, LevelPoint } from "../../src/minimize/level.js";
import type { MinimizeResult, ReachedLimit, Stop } from "../../src/minimize/types.js";

/** A norm whose logarithm is the coordinate, and an index. */
const names: Names = {
  parameters: [
    { id: "crab.amplitude", unit: "cm-2 s-1 TeV-1" },
    { id: "crab.index", unit: "" },
  ],
  isLog: Uint8Array.of(1, 0),
};
const numbered: Names = { parameters: [] };

function result(stop: Stop, limits: readonly ReachedLimit[] = []): MinimizeResult {
  const success = stop.reason === "converged";
  const calls = { nfev: 9, ngrad: 9, nhess: 9 };
  return {
    x: Float64Array.of(Math.log(2e-11), 2.5),
    value: Number.NaN,
    success,
    stop,
    edm: 0.1,
    iterations: 8,
    ...calls,
    limits,
  };
}
const onLimit: ReachedLimit[] = [{ parameter: 1, side: "upper", value: 5 }];

describe("why a minimisation ended", () => {
  it("well", () => {
    expect(stopInWords(result({ reason: "converged" }), names)).toBe("Optimization terminated successfully.");
    expect(stopInWords(result({ reason: "converged" }, onLimit), names)).toBe(
      "Optimization terminated successfully; crab.index lies at its upper limit 5.",
    );
  });

  it("steps of a logarithm are told in the parameter and its unit", () => {
    const direction = [
      { parameter: 0, by: 1 },
      { parameter: 1, by: -0.25 },
    ];
    // d amplitude = amplitude d ln amplitude
    const moving = "moving crab.amplitude by 2e-11 cm-2 s-1 TeV-1 and crab.index by -0.25 together";
    const flat = stopInWords(result({ reason: "flat direction", direction }), names);
    expect(flat).toBe(
      `The function is flat: ${moving} does not change it, so the minimum is not unique. Fix one of these parameters, or add a prior or data that tell them apart.`,
    );
    expect(stopInWords(result({ reason: "non-positive curvature", direction }), names)).toBe(
      `The curvature is not positive where the gradient vanishes, ${moving}: this is a saddle or a kink, not a minimum. Start from other values or set limits.`,
    );
    expect(stopInWords(result({ reason: "flat direction", direction: direction.slice(1) }), numbered)).toMatch(
      /moving parameter 1 by -0.25 does not/,
    );
  });

  const cases: [Stop, ReachedLimit[], string][] = [
    [
      { reason: "call limit", maxCalls: 30 },
      [],
      "Call limit of 30 reached, estimated distance to the minimum 0.1. Continue from here, raise maxCalls, or start nearer.",
    ],
    [
      { reason: "call limit", maxCalls: 30 },
      onLimit,
      "Call limit of 30 reached, estimated distance to the minimum 0.1; crab.index lies at its upper limit 5. Continue from here, raise maxCalls, or start nearer.",
    ],
    [
      { reason: "no progress" },
      onLimit,
      'No further progress (crab.index lies at its upper limit 5): steps along the predicted descent lower the function hardly or not at all, estimated distance to the minimum 0.1. The function may have a kink or wrong derivatives here; try "simplex", or other start values.',
    ],
    [
      { reason: "non-finite" },
      [],
      "The function is NaN at the start values, or its derivatives are not finite there. Start inside the domain, or set limits that keep out of it.",
    ],
    [{ reason: "aborted" }, [], "Stopped by the caller before the minimum was reached."],
  ];
  it.each(cases)("%j %j", (stop, limits, words) => {
    expect(stopInWords(result(stop, limits), names)).toBe(words);
  });
});

describe("why a search did not end on its level", () => {
  const failure = result({ reason: "aborted" });
  const cases: [LevelEnd, string][] = [
    [{ status: "ok" }, ""],
    [{ status: "aborted" }, "stopped by the caller"],
    [{ status: "at limit", parameter: 1 }, "crab.index reaches its limit, where the function has risen by 0.3333 of 4"],
    // the value of the parameter, not of its logarithm
    [
      { status: "not found", reason: "no rise", parameter: 0 },
      "the function rises only by 0.3333 of 4 as far as crab.amplitude = 2e-11",
    ],
    [
      { status: "not found", reason: "jump", parameter: 1 },
      "the function jumps across the level at crab.index = 2.34568 (edge of its domain, or another minimum of the others)",
    ],
    [
      { status: "not found", reason: "others", failure },
      "the others could not be re-optimised: Stopped by the caller before the minimum was reached.",
    ],
  ];
  it.each(cases)("%j", (end, words) => {
    const point: LevelPoint = { end, x: Float64Array.of(Math.log(2e-11), 2.345678), t: 1, delta: 1 / 3, wanted: 4 };
    expect(levelInWords(point, names)).toBe(words);
  });
});

describe("what else is wrong", () => {
  it("with points, scans and errors", () => {
    expect(flawInWords({ flaw: "off level", by: 0.012345 }, names)).toBe("the point is off its level by 0.0123 of it");
    expect(flawInWords({ flaw: "not at minimum", parameter: 1 }, names)).toBe("crab.index is not at its minimum there");
    expect(lowerMinimumInWords(0.123456)).toBe("a lower minimum was met, by 0.1235: fit again from there");
    const failure = result({ reason: "aborted" });
    expect(scanInWords({ isOutside: true, failure, value: Number.NaN }, names)).toBe(
      "outside the limits; Stopped by the caller before the minimum was reached.; the function is NaN here",
    );
    expect(scanInWords({ isOutside: true, failure: undefined, value: undefined }, names)).toBe("outside the limits");
    const flaws: ErrorFlaw[] = [
      { slot: 1, flaw: "no error", reason: "flat" },
      { slot: 2, flaw: "no error", reason: "non-finite" },
    ];
    const advice = "Freeze such parameters, set limits or priors, or give an interval from the profile.";
    expect(flawedErrorsInWords(flaws, new Float64Array(3), names)).toEqual([
      "No error can be given for crab.index (flat), parameter 2 (non-finite).",
      advice,
    ]);
    const errors = Float64Array.of(3e-12, 19.63, 0);
    expect(flawedErrorsInWords([{ slot: 0, flaw: "rise", below: Number.NaN, above: 2e4 / 3 }], errors, names)).toEqual([
      "The error of crab.amplitude, 3e-12 cm-2 s-1 TeV-1, is not confirmed: one error away -2 ln L has risen by 6667 above, expected 1.",
      advice,
    ]);
    expect(flawedErrorsInWords([{ slot: 1, flaw: "size", most: { size: 2.5, of: "map" } }], errors, names)).toEqual([
      "The error of crab.index, 19.63, is larger than the map (2.5).",
      advice,
    ]);
    // no advice: what else was fitted is right
    expect(flawedErrorsInWords([{ slot: 1, flaw: "not measured", rise: 0.10738 }], errors, names)).toEqual([
      "crab.index is not measured: over a turn -2 ln L rises by 0.1074 at most, so it has no error.",
    ]);
    expect(upperLimitInWords({ id: "src.sigma", unit: "deg", limit: 0.02134567, cl: 0.95 }, 0)).toBe(
      "src.sigma is compatible with its lower limit 0 deg: it is below 0.02135 deg (95 %).",
    );
  });

  it("nothing, where all is well", () => {
    expect(flawedErrorsInWords([], new Float64Array(3), names)).toEqual([]);
  });
});
