import { nameHint } from "../errors.js";
import { calibrationParameters } from "./calibration.js";
import type { ModelRegistry } from "./declaration.js";
import type { ModelProblem } from "./problem.js";
import type { Models } from "./types.js";
import { valueProblems } from "./validate-parameter.js";

/** What is wrong with the calibrations; `datasets` are the names of those at hand, if known. */
export function calibrationProblems(
  models: Models,
  datasets: readonly string[] | undefined,
  registry: ModelRegistry,
): ModelProblem[] {
  const names = new Set(models.components.map((model) => model.name));
  const taken = new Map<string, string>();
  return (models.calibration ?? []).flatMap(({ name, datasetsNames, parameters }, index) => {
    const problems: ModelProblem[] = [];
    const add = (path: readonly (string | number)[], message: string) =>
      problems.push({ path: ["calibration", index, ...path], message });
    if (names.has(name))
      add(["name"], `the name "${name}" is taken; give every model and calibration a name of its own`);
    names.add(name);
    if (datasetsNames.length === 0) add(["datasets_names"], "it is for no dataset; list the names of its datasets");
    for (const dataset of datasetsNames) {
      const other = taken.get(dataset);
      if (other !== undefined) {
        add(["datasets_names"], `the dataset "${dataset}" is in "${other}" as well; a dataset has one calibration`);
      }
      taken.set(dataset, name);
    }
    if (datasets !== undefined && !datasetsNames.some((dataset) => datasets.includes(dataset))) {
      const hint = nameHint(datasetsNames[0] ?? "", datasets);
      add(
        ["datasets_names"],
        `"${name}" is for ${datasetsNames.map((d) => `"${d}"`).join(", ")}, and there is no such dataset${hint}`,
      );
    }
    const expected = Object.keys(calibrationParameters);
    if (parameters.map((p) => p.name).join() !== expected.join()) {
      add(["parameters"], `found ${parameters.map((p) => p.name).join(", ")}, expected ${expected.join(", ")}`);
    }
    for (const parameter of parameters) {
      for (const p of valueProblems(parameter, registry)) add([parameter.name, ...p.path], p.message);
      if (parameter.unit !== "") {
        add(
          [parameter.name, "unit"],
          `found the unit "${parameter.unit}" of "${parameter.name}", which is a pure number`,
        );
      }
      const lowest = parameter.name === "energy_scale" ? -1 : 0;
      if (parameter.value <= lowest) {
        add(
          [parameter.name, "value"],
          `the value of "${parameter.name}" is ${parameter.value}; it must be above ${lowest}`,
        );
      }
    }
    return problems;
  });
}
