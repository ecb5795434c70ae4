/** Sources on the tiny dataset, and what they are compared by. */
import { expect } from "vitest";
import type { ContextOptions } from "../../src/api/context.js";
import { createSubmodel } from "../../src/api/models.js";
import type { MapDataset } from "../../src/datasets/types.js";
import { type ParameterInput, skyModel } from "../../src/models/create.js";
import type { Model, Models, SkyModel, Submodel } from "../../src/models/types.js";
import { countsByHand, placeOf, pointShare, powerLawFlux } from "./tiny.js";

export const INDEX = 2.3;
export const AMPLITUDE = 4e-11;
export type Values = Record<string, ParameterInput>;

export const held = (submodel: Submodel, ...free: string[]): Submodel => ({
  ...submodel,
  parameters: submodel.parameters.map((p) => ({ ...p, frozen: !free.includes(p.name) })),
});
const powerLaw = (...free: string[]) =>
  held(createSubmodel("pl", { index: INDEX, amplitude: AMPLITUDE }, { kind: "spectral" }), ...free);
export const spatialOf = (tag: string, values: Values, options: Partial<ContextOptions> = {}) =>
  createSubmodel(tag, values, { kind: "spatial", ...options });
export const point = (x = 2.3, y = 1.6) => {
  const { lon, lat } = placeOf(x, y);
  return held(spatialOf("point", { lon_0: lon, lat_0: lat }));
};
export const source = (given: Partial<SkyModel> = {}): SkyModel =>
  skyModel({ name: "src", spectral: powerLaw("index", "amplitude"), spatial: point(), ...given });
export const of = (...components: Model[]): Models => ({ components });

export function expectNear(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(found.length).toBe(expected.length);
  const peak = Math.max(...Array.from(expected, Math.abs));
  for (let k = 0; k < expected.length; k++) {
    expect(Math.abs(found[k]! - expected[k]!), `${k}: ${found[k]}, ${expected[k]}`).toBeLessThanOrEqual(
      tolerance * peak,
    );
  }
}

export const byHand = (dataset: MapDataset, factor: (t: number) => number = () => 1) =>
  countsByHand(dataset, {
    flux: (t) => powerLawFlux(INDEX, AMPLITUDE)(t) * factor(t),
    position: placeOf(2.3, 1.6),
    share: pointShare(2.3, 1.6),
  });
