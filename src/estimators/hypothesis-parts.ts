/** What the pairs of nested models are made of. */
import { SpecError } from "../errors.js";
import { createSubmodel } from "../models/create.js";
import type { ModelRegistry } from "../models/declaration.js";
import { allParameters, dependentsOf, submodelsOf } from "../models/parameters.js";
import type { Models, Parameter, SkyModel, Submodel } from "../models/types.js";

/** Frozen there, without link and prior. */
export function fixedAt({ link: _, prior: _1, ...rest }: Parameter, value: number): Parameter {
  const { min, max } = rest;
  return { ...rest, value, frozen: true, min: value < min ? Number.NaN : min, max: value > max ? Number.NaN : max };
}

/** The submodel as another type, with the parameters that both have; the others get their defaults or those of `values`. */
export function asType(
  registry: ModelRegistry,
  submodel: Submodel,
  type: string,
  values: Readonly<Record<string, number>>,
): Submodel {
  const given = (p: Parameter) => submodel.parameters.find((q) => q.name === p.name) ?? p;
  return { ...submodel, type, parameters: createSubmodel(registry, type, values).parameters.map(given) };
}

export function changeParameters(source: SkyModel, change: (parameter: Parameter) => Parameter): SkyModel {
  const parts = submodelsOf(source).map(({ kind, submodel }) => [
    kind,
    { ...submodel, parameters: submodel.parameters.map(change) },
  ]);
  return { ...source, ...Object.fromEntries(parts) };
}

/** The source of that name in place of the one there; a covariance would be of other parameters. */
export function replaceModel({ covariance: _, ...models }: Models, source: SkyModel): Models {
  return { ...models, components: models.components.map((model) => (model.name === source.name ? source : model)) };
}

/**
 * Of `parameters` of a source, which the null hypothesis holds, the one in `question` must not be linked, and none of them may be followed by an expression of
 * another or be in a penalty: these would mean something else in the null hypothesis.
 */
export function refuseTies(
  models: Models,
  source: SkyModel,
  parameters: readonly Parameter[],
  where: string,
  question: string,
): void {
  const link = parameters.find((p) => p.name === question)?.link;
  if (link !== undefined) {
    throw new SpecError(
      `${where}: "${source.name}.${question}" is linked ("${link}"); give it a value of its own for this test`,
    );
  }
  const entries = allParameters(models);
  const asked = entries.filter((e) => parameters.includes(e.parameter));
  for (const { id, entry, references } of dependentsOf(entries)) {
    const found = asked.find((e) => [...references.values()].includes(entries.indexOf(e)));
    if (found !== undefined && !asked.includes(entries[entry]!)) {
      throw new SpecError(`${where}: "${id}" follows "${found.id}"; give it a value of its own for this test`);
    }
  }
  const held = models.penalties?.flatMap((penalty) => penalty.parameters).find((id) => asked.some((e) => e.id === id));
  if (held !== undefined) {
    throw new SpecError(`${where}: a penalty holds "${held}"; take it out of the penalties for this test`);
  }
}
