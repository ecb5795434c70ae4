import { expect, it } from "vitest";
import { parseModel } from "../../src/api/model-texts.js";
import { createSubmodel, energyFlux, flux, updateParameters } from "../../src/api/models.js";
import { skyModel } from "../../src/models/create.js";

const models = { components: [skyModel({ name: "source", spectral: createSubmodel("pl") })] };

it("names the unit that was found, and the one that was expected", () => {
  expect(() => createSubmodel("pl", { amplitude: "3e-12 m" })).toThrow(
    /found the unit "m" .*expected one that converts to "cm-2 s-1 TeV-1"/,
  );
});

it.each([
  [() => createSubmodel("pl", { index: Number.NaN }), 'PowerLawSpectralModel: the value of "index" is NaN'],
  [() => createSubmodel("pl", { amplitude: "inf TeV-1 cm-2 s-1" }), 'the value of "amplitude" is Infinity'],
  [() => createSubmodel("pl", { index: { min: 3, max: 1 } }), 'the limits of "index" are crossed'],
  [() => createSubmodel("pl", { index: { value: 4, max: 3 } }), 'the value 4 of "index" is outside its limits'],
  [
    () => updateParameters(models, { "source.index": Number.NaN }),
    'updateParameters: source.index: the value of "index"',
  ],
  [() => updateParameters(models, { "source.index": { min: 5 } }), 'the value 2 of "index" is outside its limits'],
  [() => parseModel("pl(index=nan)"), 'character 10: the value of "index" is NaN'],
  [() => parseModel("pl(index=2 [3..1])"), 'the limits of "index" are crossed'],
  [() => parseModel("pl(index=2 [3..4])"), 'the value 2 of "index" is outside its limits'],
  [
    () => createSubmodel("ic", {}, { extra: { particel_distribution: "PowerLaw" } }),
    'there is no key of extra "particel_distribution"; did you mean "particle_distribution"?',
  ],
  [
    () => createSubmodel("ic", { e_cutoff: 20 }),
    /no parameter "e_cutoff".*depend on extra\.particle_distribution \(PowerLaw, ExponentialCutoffPowerLaw, .* and extra\.seed_photon_fields/,
  ],
])("refuses %s where it is said", (run, message) => expect(run).toThrow(message));

it("takes the keys that a model has", () => {
  const extra = { radiative_model: "Synchrotron", particle_distribution: "PowerLaw", nEed: 50 };
  expect(createSubmodel("naima", { B: "3e-6 G" }, { extra }).extra).toEqual(extra);
});

it("leaves wrong numbers of a file as they are where others are changed", () => {
  const broken = { ...models.components[0]!.spectral.parameters[0]!, value: 9, max: 5 };
  const [first, ...rest] = models.components;
  const spectral = { ...first!.spectral, parameters: [broken, ...first!.spectral.parameters.slice(1)] };
  const read = { components: [{ ...first!, spectral }, ...rest] };
  expect(() => updateParameters(read, { "source.index": { frozen: true }, "source.amplitude": 2e-12 })).not.toThrow();
});

it.each([
  [[10], [1], /10 to 1 TeV in bin 0/],
  [1, 10, /found 1 and 10, expected two arrays/],
  [[1, 2], [10], /an array of 2 and an array of 1/],
])("refuses fluxes from %o to %o", (min, max, message) => {
  const spectral = createSubmodel("pl");
  expect(() => flux(spectral, min as number[], max as number[])).toThrow(message);
  expect(() => energyFlux(spectral, min as number[], max as number[])).toThrow(message);
});
