import { Document, Scalar, type ScalarTag } from "yaml";
import { SpecError } from "../../errors.js";
import { calibrationParameters } from "../../models/calibration.js";
import { defaultParameter } from "../../models/create.js";
import type { ModelRegistry, ParameterDeclaration } from "../../models/declaration.js";
import { declarationOf, type SubmodelKind } from "../../models/lookup.js";
import { submodelsOf } from "../../models/parameters.js";
import { splitParts } from "../../models/parts.js";
import { isStandard } from "../../models/registry.js";
import { fileOf, needsOf, resourceNouns } from "../../models/resources.js";
import type { Calibration, Model, ModelData, Models, Parameter, Penalty, Submodel } from "../../models/types.js";
import { formatUnit } from "../../units/index.js";
import { schemaLine } from "../json-schema.js";
import { yamlFloat } from "./numbers.js";
import { printed } from "./plain-text.js";

/** Numbers of parameters; whole numbers elsewhere stay as they are. */
class Float extends Scalar<number> {}

const float: ScalarTag = {
  tag: "tag:yaml.org,2002:float",
  default: true,
  identify: (value) => typeof value === "number",
  test: /^[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?$/,
  resolve: Number,
  stringify: (item) => {
    const x = (item as Scalar<number>).value;
    return !(item instanceof Float) && Number.isInteger(x) ? String(x) : yamlFloat(x);
  },
};

/** Whether two numbers are the same, NaN being the same as NaN. */
export const same = (a: number, b: number): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b));

/** A new models.yaml in Gammapy's current form. `top` follows after the components (covariance, metadata). */
export function composeModels(models: Models, registry: ModelRegistry, top: Readonly<Record<string, unknown>>): string {
  const { components, calibration: instruments, penalties } = models;
  const data = {
    components: components.map((model) => component(model, registry)),
    ...(instruments !== undefined && { calibration: instruments.map((c) => composeCalibration(c, registry)) }),
    ...(penalties !== undefined && { penalties: penalties.map(composePenalty) }),
    ...top,
  };
  // compat: quote texts such as yes or 1_000, which YAML 1.1 takes for something else.
  const document = new Document(data, {
    customTags: (tags) => [float, ...tags],
    compat: "yaml-1.1",
    aliasDuplicateObjects: false,
  });
  // models of one's own are not in the schema that is published
  return `${isStandard(registry) ? schemaLine("models") : ""}${printed(document)}`;
}

function component(model: Model, registry: ModelRegistry): Record<string, unknown> {
  const parts = Object.fromEntries(
    submodelsOf(model).map(({ kind, submodel }) => [kind, composeSubmodel(submodel, kind, registry)]),
  );
  const datasets = model.datasetsNames === undefined ? {} : { datasets_names: [...model.datasetsNames] };
  switch (model.type) {
    case "SkyModel": {
      const { applyIrf: irf } = model;
      const partial = irf !== undefined && !(irf.exposure && irf.psf && irf.edisp);
      return { name: model.name, type: model.type, ...(partial && { apply_irf: { ...irf } }), ...datasets, ...parts };
    }
    case "FoVBackgroundModel":
      return { type: model.type, ...datasets, ...parts };
    case "TemplateNPredModel":
      return {
        name: model.name,
        type: model.type,
        ...parts,
        ...composeExtra(model, "component", registry),
        ...datasets,
      };
  }
}

function composeCalibration(c: Calibration, registry: ModelRegistry): Record<string, unknown> {
  const declared: Readonly<Record<string, ParameterDeclaration>> = calibrationParameters;
  return {
    name: c.name,
    datasets_names: [...c.datasetsNames],
    parameters: c.parameters.map((p) => composeParameter(p, defaultParameter(p.name, declared[p.name]!), registry)),
    ...expressionsOf(c.parameters),
  };
}

function composePenalty({ parameters, mean, covariance, weight }: Penalty): Record<string, unknown> {
  const floats = (xs: readonly number[]) => xs.map((x) => new Float(x));
  return {
    parameters: [...parameters],
    mean: floats(mean),
    covariance: covariance.map(floats),
    weight: new Float(weight),
  };
}

function expressionsOf(parameters: readonly Parameter[]): Record<string, unknown> {
  const list = parameters.flatMap(({ name, expression }) => (expression === undefined ? [] : [[name, expression]]));
  return list.length === 0 ? {} : { expressions: Object.fromEntries(list) };
}

function composeSubmodel(submodel: Submodel, kind: SubmodelKind, registry: ModelRegistry): Record<string, unknown> {
  if (submodel.parts !== undefined) return composeWhole(submodel, kind, registry);
  const declaration = declarationOf(submodel, kind, registry);
  const parameters = submodel.parameters.map((parameter) => {
    const declared = declaration.parameters[parameter.name]!;
    return composeParameter(parameter, defaultParameter(parameter.name, declared), registry);
  });
  return {
    type: submodel.type,
    ...(submodel.frame !== undefined && { frame: submodel.frame }),
    parameters,
    ...expressionsOf(submodel.parameters),
    ...(kind === "temporal" && { scale: "utc" }),
    ...composeExtra(submodel, kind, registry),
  };
}

/** A model made of others. Expressions name the parameters of the whole. */
function composeWhole(whole: Submodel, kind: SubmodelKind, registry: ModelRegistry): Record<string, unknown> {
  const parts = Object.entries(splitParts(whole)).map(([key, { parameters, ...part }]) => {
    const own = parameters.map(({ expression: _, ...parameter }) => parameter);
    return [key, composeSubmodel({ ...part, parameters: own }, kind, registry)];
  });
  return { type: whole.type, ...Object.fromEntries(parts), ...whole.extra, ...expressionsOf(whole.parameters) };
}

/** Whether a file name means the same in every folder. */
export const isFoundAnywhere = (filename: string): boolean => /^(\$|\/|[A-Za-z]:)/.test(filename);

/** Keys beside the parameters: file names that are found from anywhere; of the others the data themselves, where they can stand in a YAML. */
function composeExtra(
  data: ModelData & { readonly type: string },
  kind: SubmodelKind | "component",
  registry: ModelRegistry,
): Record<string, unknown> {
  const extra: Record<string, unknown> = { ...data.extra };
  for (const [name, need] of Object.entries(needsOf(data.type, kind, registry))) {
    const [found, file] = [data.resources?.[name], fileOf(data, need)];
    if (found === undefined) continue;
    const isKept = isFoundAnywhere(file ?? "");
    if (need.inline !== undefined && (!isKept || need.inlineKeys !== undefined)) {
      if (!isKept) delete extra[need.from];
      Object.assign(extra, floats(need.inline(found)));
    } else if (file === undefined) {
      throw new SpecError(
        `${data.type}: its ${resourceNouns[need.kind]} has no file; name one as extra.${need.from}, or write datasets and models together`,
      );
    }
  }
  return extra;
}

/** Plain data with every number written as a float, typed arrays as lists. */
function floats(value: unknown): unknown {
  if (typeof value === "number") return new Float(value);
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array, (x) => new Float(x));
  if (Array.isArray(value)) return value.map(floats);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, floats(inner)]));
}

/** Gammapy's rules: what equals the default is left out; the unit too, where the default is a pure number. */
function composeParameter(p: Parameter, standard: Parameter, registry: ModelRegistry): Record<string, unknown> {
  const numbers = (["error", "min", "max"] as const).flatMap((key) =>
    same(p[key], standard[key]) && p.unit === standard.unit ? [] : [[key, new Float(p[key])]],
  );
  return {
    name: p.name,
    value: new Float(p.value),
    ...((standard.unit !== "" || p.unit !== "") && { unit: formatUnit(p.unit) }),
    ...Object.fromEntries(numbers),
    ...(p.frozen !== standard.frozen && { frozen: p.frozen }),
    ...p.extra,
    ...(p.link !== undefined && { link: p.link }),
    ...(p.prior !== undefined && { prior: composePrior(p.prior, registry) }),
  };
}

function composePrior(prior: NonNullable<Parameter["prior"]>, registry: ModelRegistry): Record<string, unknown> {
  return {
    type: declarationOf(prior, "priors", registry).type,
    parameters: prior.parameters.map((q) => ({ name: q.name, value: new Float(q.value), unit: q.unit })),
    weight: prior.weight,
  };
}
