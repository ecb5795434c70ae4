import { GammatsError, nameHint, SpecError } from "../errors.js";
import type { ModelRegistry } from "./declaration.js";
import { declarationOf } from "./lookup.js";
import type { ParameterEntry } from "./parameters.js";
import type { ModelProblem } from "./problem.js";
import type { Parameter } from "./types.js";

/** Path of a parameter. */
export const pathOf = ({ kind, component, name }: ParameterEntry) =>
  kind === "calibration" ? [kind, component, name] : [component, kind, name];

/** What `run` says is wrong; undefined if nothing is. */
export function messageOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (!(error instanceof GammatsError)) throw error;
    return error.message;
  }
}

/** What is wrong with value, limits, error and prior of a parameter. */
export function valueProblems(parameter: Parameter, registry: ModelRegistry): ModelProblem[] {
  const { name, error } = parameter;
  const problems: ModelProblem[] = priorProblems(parameter, registry).map((message) => ({ path: ["prior"], message }));
  problems.push(...numberProblems(parameter));
  if (error < 0) problems.push({ path: ["error"], message: `the error of "${name}" is negative: ${error}` });
  return problems;
}

/** What is wrong with value and limits. */
function numberProblems({ name, value, min, max }: Parameter): ModelProblem[] {
  const problems: ModelProblem[] = [];
  if (!Number.isFinite(value)) {
    problems.push({ path: ["value"], message: `the value of "${name}" is ${value}; give a finite number` });
  }
  if (min > max) {
    problems.push({ path: ["min"], message: `the limits of "${name}" are crossed: min ${min} is above max ${max}` });
  } else if (value < min || value > max) {
    const limits = `[${Number.isNaN(min) ? "none" : min}, ${Number.isNaN(max) ? "none" : max}]`;
    problems.push({
      path: ["value"],
      message: `the value ${value} of "${name}" is outside its limits ${limits}; change the value or the limits`,
    });
  }
  return problems;
}

/** @throws SpecError where the value is no finite number or outside of its limits, or these are crossed. */
export function checkNumbers(parameter: Parameter, where: string): void {
  const [problem] = numberProblems(parameter);
  if (problem !== undefined) throw new SpecError({ where, what: problem.message });
}

function priorProblems({ prior }: Parameter, registry: ModelRegistry): string[] {
  if (prior === undefined) return [];
  let declared: ReturnType<typeof declarationOf<"priors">>;
  try {
    declared = declarationOf(prior, "priors", registry, "prior");
  } catch (error) {
    if (!(error instanceof GammatsError)) throw error;
    return [error.message];
  }
  const known = Object.keys(declared.parameters);
  const problems = prior.parameters.flatMap((p) => {
    if (!known.includes(p.name)) return [`${prior.type} has no parameter "${p.name}"${nameHint(p.name, known)}`];
    if (!Number.isFinite(p.value)) return [`${p.name} of ${prior.type} is ${p.value}; give a finite number`];
    if (declared.parameters[p.name]!.positive === true && !(p.value > 0)) {
      return [`${p.name} of ${prior.type} is ${p.value}; it must be above 0`];
    }
    return [];
  });
  if (!(prior.weight > 0)) {
    problems.push(
      `the weight of ${prior.type} is ${prior.weight}; it must be above 0, remove the prior to be without it`,
    );
  }
  const p = known.map(
    (name) => prior.parameters.find((q) => q.name === name)?.value ?? declared.parameters[name]!.value,
  );
  const limits = declared.limits?.(Float64Array.from(p));
  if (problems.length === 0 && limits !== undefined && !(limits[0] < limits[1])) {
    problems.push(`${prior.type} is empty: min ${limits[0]} is not below max ${limits[1]}`);
  }
  return problems;
}
