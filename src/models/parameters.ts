import { SpecError, unknownName } from "../errors.js";
import { conversionFactor } from "../units/index.js";
import type { SpectralDeclaration } from "./declaration.js";
import { type Dependent, followExpressions, inOrder, readDependent } from "./dependents.js";
import { type SubmodelKind, submodelKinds } from "./lookup.js";
import type { Model, Models, Parameter, SkyModel, Submodel } from "./types.js";

/** A parameter with its place in the models. */
export interface ParameterEntry {
  /** `<model>.<parameter>`; where a model has two of that name (a Gaussian line of a Gaussian source), `<model>.<kind>.<parameter>`. */
  readonly id: string;
  readonly model: string;
  readonly kind: SubmodelKind | "calibration";
  readonly name: string;
  readonly parameter: Parameter;
  /** Positions: component (or calibration), and parameter in its submodel. */
  readonly component: number;
  readonly index: number;
}

/** The parts of a model in the order of its parameters: spectral, spatial, temporal. */
export function submodelsOf(model: Model): { readonly kind: SubmodelKind; readonly submodel: Submodel }[] {
  return submodelKinds.flatMap((kind) => {
    const submodel = (model as Partial<Record<SubmodelKind, Submodel>>)[kind];
    return submodel === undefined ? [] : [{ kind, submodel }];
  });
}

/** All parameters in model order, linked ones repeated, then those of the calibrations: the order of `Covariance`. */
export function allParameters(models: Models | readonly Model[]): ParameterEntry[] {
  const components = "components" in models ? models.components : models;
  const calibration = ("components" in models ? models.calibration : undefined) ?? [];
  const nuisances = calibration.flatMap(({ name: model, parameters }, component) =>
    parameters.map((parameter, index) => {
      const { name } = parameter;
      return { id: `${model}.${name}`, model, kind: "calibration" as const, name, parameter, component, index };
    }),
  );
  return components
    .flatMap<ParameterEntry>((model, component) => {
      const parts = submodelsOf(model);
      const count = new Map<string, number>();
      for (const { submodel } of parts) {
        for (const { name } of submodel.parameters) count.set(name, (count.get(name) ?? 0) + 1);
      }
      return parts.flatMap(({ kind, submodel }) =>
        submodel.parameters.map((parameter, index) => {
          const { name } = parameter;
          const id = count.get(name) === 1 ? `${model.name}.${name}` : `${model.name}.${kind}.${name}`;
          return { id, model: model.name, kind, name, parameter, component, index };
        }),
      );
    })
    .concat(nuisances);
}

/** The parameters that follow expressions, in the order in which they can be evaluated. */
export function dependentsOf(entries: readonly ParameterEntry[]): Dependent[] {
  const find = (id: string, where: string) => entries.indexOf(findParameter(entries, id, where));
  return inOrder(
    entries.flatMap(({ id, parameter }, i) =>
      parameter.expression === undefined ? [] : [readDependent(i, id, parameter.expression, find)],
    ),
  );
}

/**
 * The parameter called `id`, in either form of the name.
 * @throws SpecError where there is none, with the nearest name.
 */
export function findParameter(entries: readonly ParameterEntry[], id: string, where = "parameter"): ParameterEntry {
  const found = entries.find((entry) => entry.id === id || `${entry.model}.${entry.kind}.${entry.name}` === id);
  if (found !== undefined) return found;
  const clashes = entries.filter((entry) => `${entry.model}.${entry.name}` === id);
  if (clashes.length === 0) {
    throw unknownName(
      where,
      "parameter",
      id,
      entries.map((entry) => entry.id),
    );
  }
  throw new SpecError(
    `${where}: there is no parameter "${id}"; write ${clashes.map((entry) => `"${entry.id}"`).join(" or ")}`,
    { code: "unknown-name", where },
  );
}

/** The source of that name. Throws SpecError with the nearest name. */
export function findSource({ components }: Models, name: string, where: string): SkyModel {
  const sources = components.filter((model): model is SkyModel => model.type === "SkyModel");
  const found = sources.find((model) => model.name === name);
  if (found !== undefined) return found;
  throw unknownName(
    where,
    "source",
    name,
    sources.map((model) => model.name),
  );
}

/** A new value in the parameter's own unit, or some of its fields. */
export type ParameterChange = number | Partial<Omit<Parameter, "name">>;

/** New models with some parameters changed; linked ones change together, and those that follow expressions follow. */
export function updateParameters(models: Models, changes: Readonly<Record<string, ParameterChange>>): Models {
  const entries = allParameters(models);
  const next = entries.map((entry) => entry.parameter);
  for (const [id, change] of Object.entries(changes)) {
    const target = findParameter(entries, id, "updateParameters");
    const fields = typeof change === "number" ? { value: change } : change;
    const { link } = target.parameter;
    entries.forEach((entry, i) => {
      if (entry === target) next[i] = { ...next[i]!, ...fields };
      else if (link !== undefined && entry.parameter.link === link) {
        const factor = conversionFactor(fields.unit ?? target.parameter.unit, entry.parameter.unit, entry.id);
        next[i] = { ...next[i]!, ...scaled(fields, factor), unit: entry.parameter.unit };
      }
    });
  }
  const dependents = dependentsOf(entries.map((entry, i) => ({ ...entry, parameter: next[i]! })));
  if (dependents.length > 0) {
    const values = next.map((parameter) => parameter.value);
    followExpressions(dependents, values);
    for (const { entry } of dependents) next[entry] = { ...next[entry]!, value: values[entry]! };
  }
  let k = 0;
  const components = models.components.map((model) => {
    const parts = submodelsOf(model).map(({ kind, submodel }) => [
      kind,
      { ...submodel, parameters: submodel.parameters.map(() => next[k++]!) },
    ]);
    return { ...model, ...Object.fromEntries(parts) } as Model;
  });
  const calibration = models.calibration?.map((c) => ({ ...c, parameters: c.parameters.map(() => next[k++]!) }));
  return { ...models, components, ...(calibration !== undefined && { calibration }) };
}

function scaled(fields: Partial<Omit<Parameter, "name">>, factor: number): Partial<Omit<Parameter, "name">> {
  const numbers = (["value", "error", "min", "max"] as const).flatMap((key) => {
    const x = fields[key];
    return x === undefined ? [] : [[key, x * factor]];
  });
  return { ...fields, ...Object.fromEntries(numbers) };
}

/** What of a declaration says the units of its parameters. */
type Declared = Pick<SpectralDeclaration, "parameters">;

/** By parameter: the factor from its unit to the declaration's unit. */
export function unitFactors(submodel: Submodel, { parameters }: Declared): Float64Array {
  return Float64Array.from(submodel.parameters, ({ name, unit }) => {
    const target = parameters[name]?.unit ?? unit;
    return unit === target ? 1 : conversionFactor(unit, target, `${submodel.type}.${name}`);
  });
}

/** The values in the declaration's units and order, as its functions take them. */
export function parameterVector(submodel: Submodel, declaration: Declared): Float64Array {
  const factors = unitFactors(submodel, declaration);
  return Float64Array.from(submodel.parameters, ({ value }, i) => value * factors[i]!);
}
