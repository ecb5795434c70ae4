/** Whether models are a special case of others: what makes a likelihood ratio a test. It follows from the declarations. */
import { isSame } from "../math/snapshot.js";
import { conversionFactor } from "../units/index.js";
import type { Declaration, ModelRegistry, Reduction } from "./declaration.js";
import { declarationOf, type SubmodelKind } from "./lookup.js";
import { submodelsOf } from "./parameters.js";
import { splitParts } from "./parts.js";
import type { Model, Models, Parameter, Submodel } from "./types.js";

/** How the first models are a special case of the second ones. */
export interface Nesting {
  /** Why they are not, as far as the declarations of the models say; empty where they are. */
  readonly reason: string;
  /** Parameters that are free in the second models, and what the first ones hold them at: a value in the unit of the parameter, or another parameter. */
  readonly held: readonly HeldParameter[];
  /** Parameters that are free in the second models, and mean nothing in the first ones. */
  readonly meaningless: readonly string[];
}

/** A parameter that a null hypothesis holds. */
export interface HeldParameter {
  /** `<model>.<parameter>` */
  readonly id: string;
  readonly value: number | string;
  /** The value is a limit of the parameter. */
  readonly atLimit: boolean;
}

interface Found {
  readonly held: HeldParameter[];
  readonly meaningless: string[];
  readonly registry: ModelRegistry;
}

/** Whether `nullModels` are a special case of `alternative`. Models are told by their names; two sources that are alone may have any. */
export function nestingOf(nullModels: Models, alternative: Models, registry: ModelRegistry): Nesting {
  const found: Found = { held: [], meaningless: [], registry };
  const reasons = [...componentReasons(nullModels, alternative, found), ...restReasons(nullModels, alternative, found)];
  return { reason: reasons[0] ?? "", held: found.held, meaningless: found.meaningless };
}

const named = (models: readonly Model[], name: string) => models.find((model) => model.name === name);

function componentReasons({ components: a }: Models, { components: b }: Models, found: Found): string[] {
  const restA = a.filter(({ name }) => named(b, name) === undefined);
  const restB = b.filter(({ name }) => named(a, name) === undefined);
  // the same source by another name
  const isOne = restA.length === 1 && restB.length === 1 && restA[0]!.type === restB[0]!.type;
  const pairs = isOne ? [[restA[0]!, restB[0]!] as const] : [];
  for (const model of a) {
    const other = named(b, model.name);
    if (other !== undefined) pairs.push([model, other]);
  }
  const lost = isOne ? [] : restA.map(({ name }) => `"${name}" is not among the other models`);
  const more = isOne ? [] : restB.flatMap((model) => withoutComponent(model, found));
  return [...pairs.flatMap(([one, other]) => pairOfModels(one, other, found)), ...lost, ...more];
}

function pairOfModels(a: Model, b: Model, found: Found): string[] {
  const { name } = b;
  if (a.type !== b.type) return [`"${name}" is of another type`];
  if (!isSame(sorted(a.datasetsNames), sorted(b.datasetsNames))) return [`"${name}" is for other datasets`];
  const [partsA, partsB] = [submodelsOf(a), submodelsOf(b)];
  if (partsA.map(({ kind }) => kind).join() !== partsB.map(({ kind }) => kind).join()) {
    return [`"${name}" has a ${partsA.length < partsB.length ? "" : "missing "}part that the other has not`];
  }
  return partsB.flatMap(({ kind, submodel }, i) =>
    pairOfSubmodels(partsA[i]!.submodel, submodel, { kind, name, found }),
  );
}

const sorted = (names: readonly string[] | undefined) => names && [...names].sort();

/** A component that only the alternative has: a source of norm 0, a background as its dataset has it. */
function withoutComponent(model: Model, { held, meaningless, registry }: Found): string[] {
  const { spectral, name } = model;
  const declaration = declarationOf(spectral.type, "spectral", registry);
  const isBackground = model.type === "FoVBackgroundModel";
  const others = submodelsOf(model).flatMap(({ submodel }) => submodel.parameters);
  const norm = spectral.parameters.find((p) => p.name === declaration.norm);
  if (norm === undefined || norm.frozen) return [`"${name}" is in one of them alone, and has no free norm`];
  if (isBackground) {
    return spectral.parameters.flatMap((p) => hold(p, declaration.parameters[p.name]?.value ?? 0, name, held));
  }
  meaningless.push(...others.filter((p) => p !== norm && !p.frozen).map((p) => `${name}.${p.name}`));
  return hold(norm, 0, name, held);
}

interface Pair {
  readonly kind: SubmodelKind;
  /** Of the component. */
  readonly name: string;
  readonly found: Found;
}

function pairOfSubmodels(a: Submodel, b: Submodel, pair: Pair): string[] {
  const { kind, name, found } = pair;
  const declaration: Declaration = declarationOf(b.type, kind, found.registry);
  const same: Reduction = { type: b.type, when: {} };
  const reduction = [same, ...(declaration.reductions ?? [])].find(({ type }) => type === a.type);
  if (reduction === undefined) return [`"${name}": ${a.type} is not known as a case of ${b.type}`];
  if (a.frame !== b.frame) return [`"${name}": the places are in other frames`];
  if (reduction === same) {
    if (!isSame(a.extra ?? {}, b.extra ?? {}) || !isSame(a.resources ?? {}, b.resources ?? {})) {
      return [`"${name}": the data of the ${b.type} are others`];
    }
    if (b.parts !== undefined) return pairOfParts(a, b, pair);
  }
  return pairOfParameters(a, b, { ...pair, reduction, declaration });
}

function pairOfParts(a: Submodel, b: Submodel, pair: Pair): string[] {
  const [partsA, partsB] = [splitParts(a), splitParts(b)];
  return Object.entries(partsB).flatMap(([key, part]) =>
    partsA[key] === undefined ? [`"${pair.name}": ${key} is missing`] : pairOfSubmodels(partsA[key], part, pair),
  );
}

interface Reduced extends Pair {
  readonly reduction: Reduction;
  readonly declaration: Declaration;
}

function pairOfParameters(a: Submodel, b: Submodel, reduced: Reduced): string[] {
  const { kind, name, found, reduction, declaration } = reduced;
  const { as = {}, when, without = [] } = reduction;
  const inB = (key: string) => b.parameters.find((p) => p.name === key);
  const pivot = freePivot(a, declarationOf(a.type, kind, found.registry));
  const partner = new Set<string>();
  const reasons: string[] = [];
  for (const p of a.parameters) {
    const other = inB(as[p.name] ?? p.name);
    if (other !== undefined) partner.add(other.name);
    if (p.name === pivot && other?.frozen !== false) continue;
    if (other === undefined) reasons.push(`"${name}": ${p.name} is none of the ${b.type}`);
    else reasons.push(...pairOfValues(p, other, name, found));
  }
  for (const p of b.parameters.filter((one) => !partner.has(one.name))) {
    const value = when[p.name];
    if (typeof value === "number") {
      reasons.push(
        ...hold(p, value * conversionFactor(declaration.parameters[p.name]!.unit, p.unit), name, found.held),
      );
    } else if (value !== undefined) reasons.push(...holdEqual(p, inB(value)!, name, found.held));
    else if (without.includes(p.name) && !p.frozen) found.meaningless.push(`${name}.${p.name}`);
  }
  return reasons;
}

/** The parameter whose value does not matter, as others are free that take it up. */
function freePivot({ parameters }: Submodel, { pivot }: Declaration): string | undefined {
  if (pivot === undefined) return undefined;
  const isFree = (name: string) => parameters.some((p) => p.name === name && !p.frozen);
  return pivot.free.every(isFree) && !isFree(pivot.name) ? pivot.name : undefined;
}

function pairOfValues(a: Parameter, b: Parameter, model: string, { held }: Found): string[] {
  const id = `${model}.${b.name}`;
  if (a.link !== b.link || a.expression !== b.expression) return [`${id} is tied to another parameter in one of them`];
  if (a.expression !== undefined) return [];
  if (!isSame(a.prior, b.prior)) return [`${id} has another prior`];
  const value = a.value * conversionFactor(a.unit, b.unit);
  if (a.frozen) return hold(b, value, model, held);
  if (b.frozen) return [`${id} is free in the models with fewer free parameters alone`];
  return value < b.min || value > b.max ? [outside(id, value)] : [];
}

/** Rounding of values that went through a file or a unit. */
const isEqual = (a: number, b: number) => Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b));

/** Puts a parameter of the alternative at a value, in its unit. */
function hold(p: Parameter, value: number, model: string, held: HeldParameter[]): string[] {
  const id = `${model}.${p.name}`;
  if (p.frozen) return isEqual(p.value, value) ? [] : [`${id} is held at ${p.value}, not at ${value}`];
  if (value < p.min || value > p.max) return [outside(id, value)];
  held.push({ id, value, atLimit: value === p.min || value === p.max });
  return [];
}

const outside = (id: string, value: number) => `${id} cannot be ${value}, which is outside of its limits`;

function holdEqual(p: Parameter, other: Parameter, model: string, held: HeldParameter[]): string[] {
  const id = `${model}.${p.name}`;
  if (!p.frozen) {
    held.push({ id, value: `${model}.${other.name}`, atLimit: false });
    return [];
  }
  const isSame = other.frozen && isEqual(p.value, other.value * conversionFactor(other.unit, p.unit));
  return isSame ? [] : [`${id} is held, and not the same as ${model}.${other.name}`];
}

/** Calibrations and penalties. */
function restReasons(a: Models, b: Models, found: Found): string[] {
  if (!isSame(a.penalties ?? [], b.penalties ?? [])) return ["the penalties are others"];
  const [own, other] = [a.calibration ?? [], b.calibration ?? []];
  const shape = (list: typeof own) => list.map(({ name, datasetsNames }) => ({ name, datasetsNames }));
  if (!isSame(shape(own), shape(other))) return ["the calibrations are others"];
  return own.flatMap(({ parameters }, i) =>
    parameters.flatMap((p, j) => pairOfValues(p, other[i]!.parameters[j]!, other[i]!.name, found)),
  );
}
