import { didYouMean, GammatsError, nameHint } from "../errors.js";
import { conversionFactor, isConvertible, sameUnit } from "../units/index.js";
import type { ModelRegistry, SpatialDeclaration } from "./declaration.js";
import { declarationOf } from "./lookup.js";
import { allParameters, type ParameterEntry, submodelsOf } from "./parameters.js";
import type { ModelProblem } from "./problem.js";
import type { Model, Models, Parameter, Submodel } from "./types.js";
import { calibrationProblems } from "./validate-calibration.js";
import { expressionProblems, penaltyProblems } from "./validate-expressions.js";
import { messageOf, pathOf, valueProblems } from "./validate-parameter.js";

/** What models are checked against. */
export interface ValidateOptions {
  /** Names of the datasets at hand; where given, a model for none of them is a problem. */
  readonly datasets?: readonly string[];
}

/** Everything that is wrong with the models; an empty list if nothing is. */
export function validateModels(
  registry: ModelRegistry,
  given: Models | readonly Model[],
  options: ValidateOptions = {},
): ModelProblem[] {
  const models = "components" in given ? given : { components: given };
  const { components } = models;
  const problems: ModelProblem[] = [];
  components.forEach((model, i) => {
    for (const { kind, submodel } of submodelsOf(model)) {
      problems.push(...submodelProblems(submodel, kind, registry).map((p) => ({ ...p, path: [i, kind, ...p.path] })));
    }
    problems.push(...normProblems(model, i, registry), ...countsProblems(model, i));
  });
  return [
    ...nameProblems(components),
    ...problems,
    ...calibrationProblems(models, options.datasets, registry),
    ...linkProblems(models),
    ...expressionProblems(models),
    ...penaltyProblems(models),
    ...(options.datasets === undefined ? [] : datasetProblems(components, options.datasets)),
  ];
}

/** A source needs a flux, a background or a map of counts a pure factor; a source whose shape is a map of flux a factor too. */
function normProblems(model: Model, i: number, registry: ModelRegistry): ModelProblem[] {
  const { type, spectral } = model;
  const spatial = type === "SkyModel" ? model.spatial : undefined;
  const isNorm = attempted(() => declarationOf(spectral, "spectral", registry).isNorm === true);
  const onFlux = attempted(() => spatial !== undefined && declarationOf(spatial, "spatial", registry).flux === true);
  // what is wrong with one of them is said elsewhere
  if (isNorm === undefined || onFlux === undefined) return [];
  const needsFlux = type === "SkyModel" && !onFlux;
  if (isNorm !== needsFlux) return [];
  const [found, expected, example] = needsFlux
    ? ["a factor", "a flux", "PowerLawSpectralModel"]
    : ["a flux", "a factor", "PowerLawNormSpectralModel"];
  const whose = onFlux ? `${spatial!.type}, as its map is one of flux,` : `${type}`;
  const message = `${spectral.type} is ${found}, a ${whose} needs ${expected}, such as ${example}`;
  return [{ path: [i, "spectral"], message }];
}

/** What `run` gives; undefined where it throws. */
function attempted<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof GammatsError)) throw error;
    return undefined;
  }
}

/** A map of counts is one of pure numbers. */
function countsProblems(model: Model, i: number): ModelProblem[] {
  if (model.type !== "TemplateNPredModel" || model.resources.map.unit === "") return [];
  const { unit } = model.resources.map;
  const message = messageOf(() => conversionFactor(unit, "", "the map of counts"));
  return message === undefined ? [] : [{ path: [i, "filename"], message }];
}

function nameProblems(components: readonly Model[]): ModelProblem[] {
  const problems: ModelProblem[] = [];
  const seen = new Map<string, number>();
  const backgrounds = new Map<string, number>();
  components.forEach((model, i) => {
    const first = seen.get(model.name);
    if (model.type === "FoVBackgroundModel") {
      const [dataset] = model.datasetsNames;
      const other = backgrounds.get(dataset);
      if (other !== undefined) {
        const message = `the dataset "${dataset}" already has a background model, components[${other}]; keep one of them`;
        problems.push({ path: [i, "datasets_names"], message });
      } else if (first !== undefined) problems.push(duplicate(model.name, i, first));
      backgrounds.set(dataset, other ?? i);
    } else if (model.name === "") {
      problems.push({ path: [i, "name"], message: "the name is empty; give every model a name of its own" });
    } else if (first !== undefined) problems.push(duplicate(model.name, i, first));
    if (first === undefined) seen.set(model.name, i);
  });
  return problems;
}

function duplicate(name: string, i: number, first: number): ModelProblem {
  return {
    path: [i, "name"],
    message: `the name "${name}" is taken by components[${first}]; give every model a name of its own`,
  };
}

function submodelProblems(
  submodel: Submodel,
  kind: "spectral" | "spatial" | "temporal",
  registry: ModelRegistry,
): ModelProblem[] {
  const problems: ModelProblem[] = [];
  const attempt = (path: readonly (string | number)[], run: () => void) => {
    try {
      run();
    } catch (error) {
      if (!(error instanceof GammatsError)) throw error;
      problems.push({ path, message: error.message });
    }
  };
  attempt(["type"], () => {
    const declaration = declarationOf(submodel, kind, registry, "type");
    const declared = declaration.parameters;
    const own = kind === "spatial" ? (declaration as SpatialDeclaration).frame : undefined;
    if (own !== undefined && submodel.frame !== own) {
      const message = `found the frame ${submodel.frame}, but the data of the model are in ${own}; write that`;
      problems.push({ path: ["frame"], message });
    }
    const names = submodel.parameters.map((parameter) => parameter.name);
    for (const name of Object.keys(declared)) {
      if (!names.includes(name))
        problems.push({ path: [], message: `the parameter "${name}" of ${submodel.type} is missing` });
    }
    submodel.parameters.forEach((parameter, index) => {
      const { name, unit } = parameter;
      const declaration = Object.hasOwn(declared, name) ? declared[name] : undefined;
      if (declaration === undefined) {
        const message = `${submodel.type} has no parameter "${name}"${nameHint(name, Object.keys(declared))}`;
        problems.push({ path: [name, "name"], message });
        return;
      }
      if (names.indexOf(name) !== index) {
        problems.push({ path: [name, "name"], message: `the parameter "${name}" is given twice; remove one` });
      }
      attempt([name, "unit"], () => {
        if (!isConvertible(unit, declaration.unit)) {
          const message = `found the unit "${unit}" of "${name}", expected one that converts to "${declaration.unit}"`;
          problems.push({ path: [name, "unit"], message });
        }
      });
      problems.push(...valueProblems(parameter, registry).map((p) => ({ ...p, path: [name, ...p.path] })));
    });
  });
  return problems;
}

function linkProblems(models: Models): ModelProblem[] {
  const problems: ModelProblem[] = [];
  const entries = allParameters(models);
  const groups = new Map<string, typeof entries>();
  for (const entry of entries) {
    const { link, expression } = entry.parameter;
    const path = pathOf(entry);
    if (link !== undefined) groups.set(link, [...(groups.get(link) ?? []), entry]);
    if (expression !== undefined && !entry.parameter.frozen) {
      const message = `"${entry.id}" follows the expression "${expression}" and is free; write frozen: true`;
      problems.push({ path: [...path, "frozen"], message });
    }
    if (expression !== undefined && link !== undefined) {
      const message = `"${entry.id}" has both a link ("${link}") and an expression ("${expression}"); keep one of them`;
      problems.push({ path: [...path, "link"], message });
    }
  }
  for (const [label, group] of groups) {
    const [first, ...rest] = group;
    const path = (entry: ParameterEntry) => [...pathOf(entry), "link"];
    if (rest.length === 0) {
      const hint = didYouMean(
        label,
        [...groups.keys()].filter((other) => other !== label),
      );
      const message = `"${first!.id}" is linked by "${label}", and nothing else bears that label${hint}; add it to the other parameter or remove it`;
      problems.push({ path: path(first!), message });
    }
    for (const entry of rest) {
      const [a, b] = [first!.parameter, entry.parameter];
      // a unit that cannot be read is a problem of its own
      if (messageOf(() => isConvertible(a.unit, b.unit)) !== undefined) continue;
      if (!isConvertible(a.unit, b.unit)) {
        const message = `"${entry.id}" [${b.unit}] and "${first!.id}" [${a.unit}] are linked, but their units differ`;
        problems.push({ path: path(entry), message });
      } else if (a.frozen !== b.frozen || !sameValue(a, b)) {
        const message = `"${entry.id}" and "${first!.id}" are one parameter by the link "${label}", but their value or frozen differ; write the same in both`;
        problems.push({ path: path(entry), message });
      }
    }
  }
  return problems;
}

function sameValue(a: Parameter, b: Parameter): boolean {
  if (sameUnit(a.unit, b.unit)) return a.value === b.value;
  // other units: one value to the digits that people write
  const value = a.value * conversionFactor(a.unit, b.unit);
  return Math.abs(value - b.value) <= 1e-6 * Math.abs(value);
}

function datasetProblems(components: readonly Model[], datasets: readonly string[]): ModelProblem[] {
  return components.flatMap((model, i) => {
    const names = model.datasetsNames;
    if (names === undefined || names.some((name) => datasets.includes(name))) return [];
    const hint = nameHint(names[0] ?? "", datasets);
    const message = `"${model.name}" is for ${names.map((name) => `"${name}"`).join(", ") || "no dataset"}, and there is no such dataset${hint}`;
    return [{ path: [i, "datasets_names"], message }];
  });
}
