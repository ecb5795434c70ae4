/** A point source shares its counts linearly between four pixels, so that the slope of -2 ln L jumps where it passes the middle of one. */
import { expect, it } from "vitest";
import { simulate } from "../../src/api/datasets.js";
import { compileJoint } from "../../src/api/fit.js";
import { createSubmodel, fovBackground } from "../../src/api/models.js";
import { fitJoint } from "../../src/fit/fit.js";
import { confidence } from "../../src/fit/intervals.js";
import { skyModel } from "../../src/models/create.js";
import type { Models } from "../../src/models/types.js";
import { image } from "./image.js";

const models = (lon: number, lat: number): Models => ({
  components: [
    skyModel({
      name: "src",
      spectral: createSubmodel("pl", {
        amplitude: { value: 3e-12 },
        index: { value: 2.3, frozen: true },
        reference: 1,
      }),
      spatial: createSubmodel(
        "point",
        { lon_0: { value: lon, frozen: false }, lat_0: { value: lat, frozen: false } },
        { kind: "spatial" },
      ),
    }),
    fovBackground("map"),
  ],
});

it("a fit that ends there is a success, at the minimum that a search without slopes finds, with the errors of the profile", () => {
  let jumps = 0;
  for (let seed = 1; seed <= 8; seed++) {
    const data = simulate(image("map"), models(83.6 + 0.013 * seed, 22.02), seed);
    const joint = compileJoint([data], models(83.63, 22.03));
    const result = fitJoint(joint);
    expect(result.message, `seed ${seed}`).toContain("Optimization terminated successfully");
    expect(result.totalStat).toBeLessThan(fitJoint(joint, { backend: "simplex" }).totalStat + 1e-4);
    const slot = result.parameters.findIndex((p) => p.errorStatus === "at kink");
    if (slot < 0) continue;
    jumps++;
    expect(result.message).toContain(`by ${result.parameters[slot]!.id} most, as where a point source passes`);
    const { errn, errp } = confidence(joint, result, result.parameters[slot]!.id);
    expect(result.parameters[slot]!.error).toBeCloseTo((errn + errp) / 2, 6);
  }
  // without a psf most of them end there
  expect(jumps).toBeGreaterThan(2);
});
