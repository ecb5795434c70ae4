import { cholesky } from "../math/linalg.js";
import { readDependent } from "./dependents.js";
import { allParameters, findParameter, updateParameters } from "./parameters.js";
import type { ModelProblem } from "./problem.js";
import type { Models, Penalty } from "./types.js";
import { messageOf, pathOf } from "./validate-parameter.js";

/** Each expression on its own first; only if all can be read, whether they run in a circle or give no number. */
export function expressionProblems(models: Models): ModelProblem[] {
  const entries = allParameters(models);
  const bearers = entries.filter((entry) => entry.parameter.expression !== undefined);
  if (bearers.length === 0) return [];
  const path = (i: number) => [...pathOf(bearers[i]!), "expression"];
  const find = (id: string, where: string) => entries.indexOf(findParameter(entries, id, where));
  const problems = bearers.flatMap((entry, i): ModelProblem[] => {
    const message = messageOf(() => readDependent(entries.indexOf(entry), entry.id, entry.parameter.expression!, find));
    return message === undefined ? [] : [{ path: path(i), message }];
  });
  if (problems.length > 0) return problems;
  const message = messageOf(() => updateParameters(models, {}));
  if (message === undefined) return [];
  const named = bearers.findIndex(({ id }) => message.startsWith(`expression of "${id}":`));
  return [{ path: path(Math.max(named, 0)), message }];
}

export function penaltyProblems(models: Models): ModelProblem[] {
  const entries = allParameters(models);
  return (models.penalties ?? []).flatMap((penalty, index) => {
    const problems: ModelProblem[] = [];
    const add = (key: string, message: string) => problems.push({ path: ["penalties", index, key], message });
    penalty.parameters.forEach((id, i) => {
      const message = messageOf(() => findParameter(entries, id, "penalty"));
      if (message !== undefined) add("parameters", message);
      if (penalty.parameters.indexOf(id) !== i) add("parameters", `"${id}" is given twice; remove one`);
    });
    const n = penalty.parameters.length;
    if (n === 0) add("parameters", "there are none; list the ids of the parameters");
    if (penalty.mean.length !== n)
      add("mean", `found ${penalty.mean.length} numbers for ${n} parameters; give one each`);
    else if (!penalty.mean.every(Number.isFinite))
      add("mean", `found ${penalty.mean.join(", ")}, expected finite numbers`);
    if (!(penalty.weight > 0)) add("weight", `found ${penalty.weight}, expected a number above 0`);
    const message = covarianceProblem(penalty, n);
    if (message !== undefined) add("covariance", message);
    return problems;
  });
}

function covarianceProblem({ covariance }: Penalty, n: number): string | undefined {
  const wrong = covariance.find((row) => row.length !== n);
  if (covariance.length !== n || wrong !== undefined) {
    const found = wrong === undefined ? `${covariance.length} rows` : `a row of ${wrong.length} numbers`;
    return `found ${found}, expected ${n} rows of ${n} numbers, one for each parameter`;
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const [a, b] = [covariance[i]![j]!, covariance[j]![i]!];
      if (!Number.isFinite(a)) return `row ${i}, column ${j} is ${a}; give a finite number`;
      if (Math.abs(a - b) > 1e-9 * Math.abs(a)) {
        return `it is not symmetric: row ${i}, column ${j} is ${a}, row ${j}, column ${i} is ${b}`;
      }
    }
  }
  const negative = covariance.findIndex((row, i) => !(row[i]! > 0));
  if (negative >= 0) return `the variance in row ${negative} is ${covariance[negative]![negative]}; it must be above 0`;
  const correlation = covariance.flatMap((row, i) =>
    row.map((x, j) => x / Math.sqrt(covariance[i]![i]! * covariance[j]![j]!)),
  );
  if (cholesky(Float64Array.from(correlation), n, new Float64Array(n * n))) return undefined;
  return "it is not positive definite, so no set of errors has it; check the correlations";
}
