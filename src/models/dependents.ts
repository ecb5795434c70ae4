import { SpecError } from "../errors.js";
import { type Expression, evaluateExpression, parseExpression, referencesOf } from "./expression.js";

/** A parameter that follows an expression, and the entries that its references mean. */
export interface Dependent {
  /** Entry of `allParameters`. */
  readonly entry: number;
  readonly id: string;
  readonly text: string;
  readonly expression: Expression;
  readonly references: ReadonlyMap<string, number>;
}

/** Reads the expression of parameter `id`; `find` gives the entry of a reference or throws. */
export function readDependent(
  entry: number,
  id: string,
  text: string,
  find: (reference: string, where: string) => number,
): Dependent {
  const where = `expression of "${id}"`;
  const expression = parseExpression(text, where);
  const references = new Map(referencesOf(expression).map((reference) => [reference, find(reference, where)]));
  if ([...references.values()].includes(entry)) {
    throw new SpecError(`${where}: "${text}" refers to the parameter itself; write it with other parameters`);
  }
  return { entry, id, text, expression, references };
}

/** The same dependents, each after those that it refers to. */
export function inOrder(dependents: readonly Dependent[]): Dependent[] {
  const byEntry = new Map(dependents.map((d) => [d.entry, d]));
  const done = new Set<Dependent>();
  const path: Dependent[] = [];
  const visit = (d: Dependent): void => {
    if (done.has(d)) return;
    const start = path.indexOf(d);
    if (start >= 0) {
      const circle = [...path.slice(start), d].map((x) => x.id).join(" -> ");
      throw new SpecError(
        `expression of "${d.id}": it depends on itself, ${circle}; give one of them a value of its own`,
      );
    }
    path.push(d);
    for (const entry of d.references.values()) {
      const next = byEntry.get(entry);
      if (next !== undefined) visit(next);
    }
    path.pop();
    done.add(d);
  };
  dependents.forEach(visit);
  return [...done];
}

/** Fills the values [entry] of dependents given in order; with `check`, one that is not finite is an error. */
export function followExpressions(
  dependents: readonly Dependent[],
  values: number[] | Float64Array,
  check = true,
): void {
  for (const { entry, id, text, expression, references } of dependents) {
    const value = evaluateExpression(expression, (reference) => values[references.get(reference)!]!);
    if (check && !Number.isFinite(value)) {
      const at = [...references].map(([name, i]) => `${name} = ${values[i]}`).join(", ");
      throw new SpecError(
        `expression of "${id}": "${text}" is ${value}${at === "" ? "" : ` at ${at}`}; it must be a finite number`,
      );
    }
    values[entry] = value;
  }
}
