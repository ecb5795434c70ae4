import { expect, it } from "vitest";
import { fit } from "../../src/api/fit.js";
import { createSubmodel } from "../../src/api/models.js";
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

it("has limits for all that is a size", () => {
  const { parameters } = createSubmodel("ic", {}, { extra: { ...extra, seed_photon_fields: ["CMB", "FIR"] } });
  const limited = parameters.filter(({ min }) => min === 0).map(({ name }) => name);
  expect(limited).toEqual(["e_0", "e_cutoff", "beta", "FIR_temperature", "FIR_energy_density", "distance"]);
});
