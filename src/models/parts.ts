/** Models made of other models. */
import type { ModelData, ModelPart, Submodel } from "./types.js";

/** Names of the parameters of several models in one list: one that is taken is called `<name>_2`, or with the next number that is free. */
export function uniqueNames(all: readonly string[]): string[] {
  const names: string[] = [];
  for (const name of all) {
    let unique = name;
    for (let k = 2; names.includes(unique); k++) unique = `${name}_${k}`;
    names.push(unique);
  }
  return names;
}

/** The model of that type made of these, by the keys of its declaration, and of other data. */
export function joinParts(type: string, models: Readonly<Record<string, Submodel>>, data: ModelData = {}): Submodel {
  const all = Object.values(models).flatMap(({ parameters }) => parameters);
  const names = uniqueNames(all.map(({ name }) => name));
  const parts = Object.entries(models).map(([key, { parameters, ...part }]): [string, ModelPart] => [
    key,
    { ...part, names: parameters.map(({ name }) => name) },
  ]);
  return {
    type,
    parameters: all.map((parameter, i) => ({ ...parameter, name: names[i]! })),
    ...data,
    parts: Object.fromEntries(parts),
  };
}

/** The models that a model is made of, with their parameters. */
export function splitParts({ parameters, parts = {} }: Submodel): Readonly<Record<string, Submodel>> {
  let k = 0;
  const models = Object.entries(parts).map(([key, { names, ...part }]): [string, Submodel] => [
    key,
    { ...part, parameters: names.map((name) => ({ ...parameters[k++]!, name })) },
  ]);
  return Object.fromEntries(models);
}

/** Where each parameter of a submodel stands, as Gammapy names it: `index`, or `model1.index` in a compound. */
export function parameterPaths(submodel: Submodel): string[] {
  if (submodel.parts === undefined) return submodel.parameters.map(({ name }) => name);
  return Object.entries(splitParts(submodel)).flatMap(([key, part]) =>
    parameterPaths(part).map((path) => `${key}.${path}`),
  );
}
