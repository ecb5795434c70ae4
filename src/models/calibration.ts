import { unknownName } from "../errors.js";
import { type ParameterInput, parameterOf } from "./create.js";
import type { ParameterDeclaration } from "./declaration.js";
import type { Calibration } from "./types.js";

/** The systematics of an instrument, in the order of `Calibration.parameters`. Pure numbers. */
export const calibrationParameters = {
  area_norm: {
    unit: "",
    value: 1,
    frozen: true,
    about: "factor on the effective area, and so on the flux that the dataset sees",
  },
  energy_scale: {
    unit: "",
    value: 0,
    frozen: true,
    about: "z: the dataset sees the flux dnde(E / (1 + z)) / (1 + z), its energies are too high by 1 + z",
  },
  background_norm: { unit: "", value: 1, frozen: true, about: "factor on the background of the dataset" },
} as const satisfies Readonly<Record<string, ParameterDeclaration>>;

/** Name of a calibration that has none of its own. */
export const calibrationName = (datasetsNames: readonly string[]): string => `calibration ${datasetsNames.join(" + ")}`;

/** The systematics of the datasets of one instrument; parameters that are not given are frozen at their defaults. */
export function calibration(
  datasetsNames: readonly string[],
  values: Readonly<Record<string, ParameterInput>> = {},
  name = calibrationName(datasetsNames),
): Calibration {
  const names = Object.keys(calibrationParameters);
  for (const key of Object.keys(values)) {
    if (!names.includes(key)) {
      throw unknownName(name, "parameter", key, names);
    }
  }
  return {
    name,
    datasetsNames,
    parameters: Object.entries(calibrationParameters).map(([key, declared]) =>
      parameterOf(key, declared, Object.hasOwn(values, key) ? values[key] : undefined, `${name}.${key}`),
    ),
  };
}
