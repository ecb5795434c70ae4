/** What the names of a short text mean: from its words to the parts of models. */
import { didYouMean, GammatsError, nameHint } from "../../errors.js";
import type { Frame } from "../../sky/types.js";
import { createSubmodel, type ParameterInput } from "../create.js";
import type { ModelRegistry, ResourceNeed } from "../declaration.js";
import { declarationOf, type SubmodelKind, submodelKinds } from "../lookup.js";
import { resourceNouns } from "../resources.js";
import { combineSpectra } from "../spectral/compound.js";
import type { ModelData, Resource, Submodel } from "../types.js";
import { checkNumbers } from "../validate-parameter.js";
import { frameOf, inputOf, plainValue, unknownKey } from "./arguments.js";
import { hintOfOtherName } from "./other-names.js";
import { resourceKey } from "./resource-key.js";
import { errorAt, placeAt } from "./scan.js";
import type { Argument, ModelNode, ModelPair, ModelWord, TextSource } from "./types.js";
import { type Declaration, type Unsaid, unsaidOf } from "./unsaid.js";

/** What texts are read with. */
export interface TextContext {
  readonly registry: Pick<ModelRegistry, "spectral" | "spatial" | "temporal" | "priors">;
  /** What the files hold that the texts name, by the names in `filesOfNode`. */
  readonly resources: Readonly<Record<string, Resource>>;
  /** Told how a text was understood that can be read in two ways. */
  onNote(note: string): void;
}

type TextKind = SubmodelKind;

/** What a part is called, and the option that it stands in. */
const KINDS: Readonly<Record<TextKind, { readonly noun: string; readonly other: string }>> = {
  spectral: { noun: "spectrum", other: "a spectrum: give it with --model" },
  spatial: { noun: "shape", other: "a shape on the sky: give it with --shape" },
  temporal: { noun: "model of time", other: "a change with time: give it with --time" },
};

/** A part of a model, with what its text leaves open. */
export interface BuiltPart {
  readonly submodel: Submodel;
  /** A pure number, not a flux. */
  readonly isNumber: boolean;
  readonly unsaid: readonly Unsaid[];
}

const namesOf = ({ type, tag, aliases }: Declaration) => [tag, ...(aliases === undefined ? [] : [aliases.tag]), type];

/** The declaration that a word names. */
function declarationOfWord(
  { name, at }: ModelWord,
  kind: TextKind,
  registry: TextContext["registry"],
  source: TextSource,
): Declaration {
  const all: readonly Declaration[] = registry[kind];
  const found = all.find((declaration) => namesOf(declaration).includes(name));
  if (found !== undefined && (found.parts === undefined || found.parts.length === 0)) return found;
  if (found !== undefined) throw errorAt(source, at, `"${name}" is written as what it is made of, like pl + lp`);
  const known = all.filter(({ parts = [] }) => parts.length === 0).map(({ tag, aliases }) => aliases?.tag ?? tag);
  const other = submodelKinds.find(
    (one) => one !== kind && registry[one].some((declaration: Declaration) => namesOf(declaration).includes(name)),
  );
  const elsewhere = kind === "spectral" ? hintOfOtherName(name, known) : "";
  const hint = elsewhere || (other === undefined ? nameHint(name, known) : `; it is ${KINDS[other].other}`);
  const word = KINDS[kind].noun;
  const minus = /^([A-Za-z_]\w*)-/.exec(name)?.[1];
  const isDifference = minus !== undefined && all.some((declaration) => namesOf(declaration).includes(minus));
  const difference = isDifference ? '; for a difference write spaces around "-"' : "";
  throw errorAt(source, at, `there is no ${word} "${name}"${hint}${difference}`, name);
}

/** The need for data that a key of the text fills, and the name of the file. */
function fileOfArgument(
  declaration: Declaration,
  argument: Argument,
  source: TextSource,
): readonly [ResourceNeed, string] | undefined {
  for (const need of Object.values(declaration.resources ?? {})) {
    if (argument.key === need.from || argument.key === "file") return [need, argument.value];
    if (need.known?.key !== argument.key) continue;
    const { files } = need.known;
    if (!Object.hasOwn(files, argument.value)) {
      const names = Object.keys(files);
      const what = `there is no ${argument.key} "${argument.value}"${didYouMean(argument.value, names)}`;
      throw errorAt(
        source,
        argument.valueAt,
        `${what}; known are ${names.join(", ")}, or give a file=...`,
        argument.value,
      );
    }
    return [need, `${need.folder}/${files[argument.value]}`];
  }
  return undefined;
}

/** A file that a text names, or needs. */
export interface FileOfText {
  readonly need: ResourceNeed;
  readonly name: string;
  readonly at: number;
}

function filesOfWord(word: ModelWord, declaration: Declaration, source: TextSource): FileOfText[] {
  return Object.values(declaration.resources ?? {}).map((need): FileOfText => {
    const named = word.arguments
      .map((argument) => ({ argument, file: fileOfArgument(declaration, argument, source) }))
      .filter(({ file }) => file?.[0] === need);
    const [first, second] = named;
    if (second !== undefined) throw errorAt(source, second.argument.at, "a second file; give one");
    if (first !== undefined) return { need, name: first.file![1], at: first.argument.valueAt };
    if (need.known !== undefined) {
      return { need, name: `${need.folder}/${need.known.files[need.known.standard]}`, at: word.at };
    }
    throw errorAt(source, word.at, `"${word.name}" needs a ${resourceNouns[need.kind]}: ${need.about}; give file=...`);
  });
}

/** The files that a text needs, in its order. */
export function filesOfNode(
  node: ModelNode,
  kind: TextKind,
  registry: TextContext["registry"],
  source: TextSource,
): FileOfText[] {
  if (node.kind === "pair") {
    return [node.left, node.right].flatMap((part) => filesOfNode(part, kind, registry, source));
  }
  return filesOfWord(node, declarationOfWord(node, kind, registry, source), source);
}

/** The spectrum, the shape or the change with time that a text describes. */
export function buildPart(node: ModelNode, kind: TextKind, context: TextContext, source: TextSource): BuiltPart {
  if (node.kind === "model") return buildWord(node, kind, context, source);
  if (kind !== "spectral") {
    const what = kind === "spatial" ? "shapes" : "models of time";
    throw errorAt(source, node.at, `${what} are not added or multiplied; give a source for each`);
  }
  return buildPair(node, context, source);
}

function buildPair(node: ModelPair, context: TextContext, source: TextSource): BuiltPart {
  const [left, right] = [node.left, node.right].map((part) => buildPart(part, "spectral", context, source)) as [
    BuiltPart,
    BuiltPart,
  ];
  let { operator } = node;
  if (operator === "add" && left.isNumber !== right.isNumber) {
    // a flux and a factor have no sum: XSPEC's way to write a product of components in a list
    operator = "mul";
    const factor = left.isNumber ? node.left : node.right;
    context.onNote(`${source.where} "${source.text}": ${shown(factor)} is a factor, so "+" is read as "*"`);
  }
  const dimension = [left, right].map(({ isNumber }) => (isNumber ? 0 : 1)) as [number, number];
  const sum =
    operator === "mul"
      ? dimension[0] + dimension[1]
      : operator === "truediv"
        ? dimension[0] - dimension[1]
        : dimension[0];
  const isPossible = operator === "sub" ? left.isNumber === right.isNumber : sum === 0 || sum === 1;
  if (!isPossible) {
    throw errorAt(
      source,
      node.at,
      `${shown(node.left)} ${SIGNS[operator]} ${shown(node.right)} is neither a flux nor a factor; a product needs a norm model such as pl-norm`,
    );
  }
  const { length } = left.submodel.parameters;
  return {
    submodel: combineSpectra(left.submodel, operator, right.submodel),
    isNumber: sum === 0,
    unsaid: [...left.unsaid, ...right.unsaid.map((open) => ({ ...open, index: open.index + length }))],
  };
}

const SIGNS = { add: "+", sub: "-", mul: "*", truediv: "/" } as const;

const shown = (node: ModelNode): string =>
  node.kind === "model" ? node.name : `(${shown(node.left)} ${SIGNS[node.operator]} ${shown(node.right)})`;

function buildWord(word: ModelWord, kind: TextKind, context: TextContext, source: TextSource): BuiltPart {
  const declaration = declarationOfWord(word, kind, context.registry, source);
  const { data, rest } = dataOfWord(word, declaration, context, source);
  const bound = boundWord(word, declaration, data, kind, context, source);
  const values: Record<string, ParameterInput> = {};
  let frame: Frame | undefined;
  for (const argument of rest) {
    const { key } = argument;
    const name = declaration.aliases?.parameters[key] ?? key;
    const declared = bound.parameters[name];
    if (declared !== undefined) values[name] = inputOf(argument, declared, placeAt(source, argument.valueAt));
    else if (kind === "spatial" && key === "frame") frame = frameOf(argument, source);
    else throw unknownKey(bound, argument, source);
  }
  const submodel = createSubmodel(context.registry, declaration.type, values, {
    kind,
    ...(frame !== undefined && { frame }),
    ...data,
  });
  for (const argument of rest) {
    const name = declaration.aliases?.parameters[argument.key] ?? argument.key;
    const given = submodel.parameters.find((parameter) => parameter.name === name);
    // one that is not said is chosen later, within its limits
    if (given !== undefined && argument.value !== "") checkNumbers(given, placeAt(source, argument.valueAt));
  }
  const isNumber = "isNorm" in bound && bound.isNorm === true;
  return { submodel, isNumber, unsaid: unsaidOf(submodel, bound, values) };
}

/** What the text says beside parameters: files and other keys; and the arguments that are left. */
function dataOfWord(
  word: ModelWord,
  declaration: Declaration,
  context: TextContext,
  source: TextSource,
): { readonly data: ModelData; readonly rest: readonly Argument[] } {
  const extra: Record<string, unknown> = {};
  const rest: Argument[] = [];
  for (const argument of word.arguments) {
    const { key, value } = argument;
    if (fileOfArgument(declaration, argument, source) !== undefined) continue;
    if (Object.hasOwn(declaration.extra ?? {}, key)) extra[key] = plainValue(value);
    else rest.push(argument);
  }
  const files = filesOfWord(word, declaration, source);
  const resources: Record<string, Resource> = {};
  for (const [name, need] of Object.entries(declaration.resources ?? {})) {
    const file = files.find((found) => found.need === need)!;
    extra[need.from] = file.name;
    const given = [resourceKey(need.kind, file.name), file.name].find((key) => Object.hasOwn(context.resources, key));
    if (given !== undefined) resources[name] = context.resources[given]!;
  }
  const data = { ...(Object.keys(extra).length > 0 && { extra }), ...(files.length > 0 && { resources }) };
  return { data, rest };
}

/** The declaration with the data of the text in it, on which parameters may depend. */
function boundWord(
  word: ModelWord,
  { type }: Declaration,
  data: ModelData,
  kind: TextKind,
  { registry }: TextContext,
  source: TextSource,
): Declaration {
  try {
    return declarationOf({ type, ...data }, kind, registry);
  } catch (error) {
    if (error instanceof GammatsError) throw errorAt(source, word.at, error.message);
    throw error;
  }
}
