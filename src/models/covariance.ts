import { SpecError } from "../errors.js";
import { allParameters, updateParameters } from "./parameters.js";
import type { Covariance, Models } from "./types.js";

/**
 * The models with this covariance, and with its diagonal as errors. Its names are the ids of all parameters in model order.
 * @throws SpecError where the covariance is not of all parameters of these models.
 */
export function withCovariance(models: Models, covariance: Covariance): Models {
  const entries = allParameters(models);
  const n = entries.length;
  if (covariance.matrix.length !== n * n || entries.some((entry, i) => entry.id !== covariance.names[i])) {
    throw new SpecError(
      `the covariance is of ${covariance.names.length} parameters (${covariance.names.join(", ")}), the models have ${n} (${entries.map((entry) => entry.id).join(", ")}); take the covariance of these models`,
    );
  }
  // Of linked parameters the first counts: Gammapy leaves the rows of the others at 0.
  const seen = new Set<string>();
  const errors = entries.flatMap((entry, i) => {
    const { link } = entry.parameter;
    if (link !== undefined && seen.has(link)) return [];
    if (link !== undefined) seen.add(link);
    return [[entry.id, { error: Math.sqrt(covariance.matrix[i * n + i]!) }]];
  });
  return { ...updateParameters(models, Object.fromEntries(errors)), covariance };
}

/** The covariance of the models; where they have none, the squares of the errors on the diagonal. */
export function covarianceOf(models: Models): Covariance {
  if (models.covariance !== undefined) return models.covariance;
  const entries = allParameters(models);
  const n = entries.length;
  const matrix = new Float64Array(n * n);
  entries.forEach(({ parameter }, i) => {
    matrix[i * n + i] = parameter.error ** 2;
  });
  return { names: entries.map((entry) => entry.id), matrix };
}
