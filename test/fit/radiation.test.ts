import { expect, it } from "vitest";
import { fit } from "../../src/api/fit.js";
import { createSubmodel } from "../../src/api/models.js";
import { sedCurveOf } from "../../src/api/plot.js";
import { withEnergyRange } from "../../src/datasets/facets.js";
import { readOgip } from "../../src/io.js";
import { skyModel } from "../../src/models/create.js";
import { exampleFolder, nodeFiles } from "../../src/node.js";

const extra = { particle_distribution: "ExponentialCutoffPowerLaw" };
const run = (n: number) => readOgip(`${exampleFolder()}/joint-crab/spectra/hess/pha_obs${n}.fits`, nodeFiles());
const runs = await Promise.all([23523, 23526].map(run));

const fitted = (values: Parameters<typeof createSubmodel>[1]) => {
  const spectral = createSubmodel("ic", { distance: 2, ...values }, { extra });
  return fit(runs, { components: [skyModel({ name: "Crab", spectral })] });
};

// the default amplitude is some three times that of the nebula, where a first step goes beyond a cutoff of 0
it.each([
  [1e46, {}],
  [1e47, {}],
  [1e48, {}],
  [1e46, { min: 0.1 }],
])("finds the electrons from an amplitude of %s and a cutoff of %o", (amplitude, e_cutoff) => {
  const held = { value: 2.5, frozen: true };
  const [far, near] = [
    fitted({ amplitude, e_cutoff, alpha: held }),
    fitted({ amplitude: 3e45, e_cutoff: 20, alpha: held }),
  ];
  expect([far.success, near.success]).toEqual([true, true]);
  // 1e-6: edmGoal is 1e-9 of -2 ln L, and the last step is checked
  expect(Math.abs(far.totalStat - near.totalStat)).toBeLessThan(1e-6);
  expect(far.parameters.every(({ error }) => Number.isFinite(error))).toBe(true);
});

it("says first which errors are not confirmed", () => {
  const { success, reason, message } = fitted({});
  expect(success).toBe(false);
  expect(reason).toBe("errors not confirmed");
  expect(message).toMatch(/^The error of Crab\.e_cutoff, [0-9.]+ TeV, is not confirmed/);
});

it("refuses a start of another length, with the names of the parameters", () => {
  const models = { components: [skyModel({ name: "Crab", spectral: createSubmodel("pl") })] };
  expect(() => fit(runs, models, { start: Float64Array.of(2) })).toThrow(
    "start: found 1 values, expected 2, one for each free parameter: Crab.index, Crab.amplitude",
  );
});

it("refuses ranges of energy that do not rise", () => {
  const models = { components: [skyModel({ name: "Crab", spectral: createSubmodel("pl") })] };
  expect(() => sedCurveOf(models, "Crab", { energyRange: [10, 1] })).toThrow("energyRange is 10 to 1");
  expect(() => sedCurveOf(models, "Crab", { energyRange: [0, 1] })).toThrow("energyRange is 0 to 1");
  expect(() => withEnergyRange(runs[0]!, 10, 1)).toThrow("withEnergyRange: found 10 and 1, expected two energies");
  // as plain JavaScript may have it
  const inArray: (...given: unknown[]) => unknown = withEnergyRange as never;
  expect(() => inArray(runs[0], [10, 1])).toThrow("withEnergyRange: found 10,1 and undefined");
});

it("has limits for all that is a size", () => {
  const { parameters } = createSubmodel("ic", {}, { extra: { ...extra, seed_photon_fields: ["CMB", "FIR"] } });
  const limited = parameters.filter(({ min }) => min === 0).map(({ name }) => name);
  expect(limited).toEqual(["e_0", "e_cutoff", "beta", "FIR_temperature", "FIR_energy_density", "distance"]);
});
