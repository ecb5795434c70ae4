import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/api/model-texts.js";
import type { OnOffDataset } from "../../src/datasets/types.js";
import { compileJoint, confidence, fit, updateParameters } from "../../src/index.js";
import { axisFromEdges } from "../../src/sky/axis.js";
import type { MapAxis, SkyMap } from "../../src/sky/types.js";

const energy = axisFromEdges([1, 2, 4], { name: "energy", unit: "TeV", interp: "log" });
const map = (axis: MapAxis, unit: string, data: number[]): SkyMap => ({
  geom: { kind: "region", regions: [], wcs: null, axes: [axis] },
  unit,
  data: Float64Array.from(data),
});

/** Counts per amplitude of 1e-12 are 1/2 and 1/4: an exposure of 1e12 cm2 s over E^-2. */
const dataset: OnOffDataset = {
  type: "SpectrumDatasetOnOff",
  name: "a",
  counts: map(energy, "", [3, 0]),
  countsOff: map(energy, "", [10, 0]),
  acceptance: map(energy, "", [1, 1]),
  acceptanceOff: map(energy, "", [5, 5]),
  exposure: map({ ...energy, name: "energy_true" }, "cm2 s", [1e12, 1e12]),
};

/** 1 sigma ends, in 1e-12, of test/oracle/kink_of_data.py (scipy). */
const ERRP = 2.6452945699662007;
const ERRN = 0.3415543327383759;

describe("a source that is not seen, where bins have no OFF counts", () => {
  const models = parseModel("source = pl(index=2 frozen, amplitude=1e-12)");
  const result = fit([dataset], models);
  const joint = compileJoint([dataset], result.models);

  it("is a minimum at 0, and says so", () => {
    expect(result).toMatchObject({ success: true });
    expect(result.message).toContain("source.amplitude is 0, where -2 ln L has a kink");
    expect(result.parameters.find((p) => p.name === "amplitude")!.value).toBe(0);
  });

  it("is the same minimum from other starts, also from 0", () => {
    for (const value of [0, 1e-20, 1e-13, -1e-12, 3e-12]) {
      const again = fit([dataset], updateParameters(models, { "source.amplitude": value }));
      expect(again.success).toBe(true);
      const found = again.parameters.find((p) => p.name === "amplitude")!;
      expect(found.value).toBe(0);
      expect(found.error / 1e-12).toBeCloseTo((ERRP + ERRN) / 2, 5);
    }
  });

  it("has the errors of the profile on either side", () => {
    // to the digits of the minimisation in the script
    const interval = confidence(joint, result, "source.amplitude");
    expect(interval.errp / 1e-12).toBeCloseTo(ERRP, 5);
    expect(interval.errn / 1e-12).toBeCloseTo(ERRN, 5);
    expect(result.parameters.find((p) => p.name === "amplitude")!.error / 1e-12).toBeCloseTo((ERRP + ERRN) / 2, 5);
  });
});
