/** What the commands print that look at errors, by scans and by toys. */
import { matrix } from "../../io/fit-result-schema.js";
import {
  about,
  byName,
  flag,
  list,
  number,
  numberOrNull,
  oneOf,
  shape,
  text,
  texts,
  whole,
} from "../../io/json-schema.js";
import { type DocumentKeys, numbers, toyPValue, values } from "./parts.js";

const measuredInterval = shape({
  sigma: number,
  cl: number,
  ...values("errn", "errp"),
  success: flag,
  message: text,
});

export const profile: DocumentKeys = {
  always: {
    success: flag,
    total_stat: number,
    profiles: list(
      shape({
        parameter: text,
        unit: text,
        value: about("best fit", numberOrNull),
        reoptimized: about("the other parameters were fitted again at each value", flag),
        values: numbers,
        stat: numbers,
        delta_stat: about("rise of -2 ln L", numbers),
        parameters: about("the others at each value", byName(numbers)),
        messages: texts,
        intervals: list(measuredInterval),
      }),
    ),
  },
};

const axis = shape({ parameter: text, unit: text, value: numberOrNull });

export const contour: DocumentKeys = {
  always: {
    success: flag,
    total_stat: number,
    x: axis,
    y: axis,
    contours: list(
      shape({
        sigma: number,
        cl: about("probability of the region", number),
        delta_stat: number,
        x: numbers,
        y: numbers,
        statuses: texts,
        parameters: byName(numbers),
        success: flag,
        message: text,
      }),
    ),
  },
};

const prior = shape({
  kind: oneOf("flat", "model"),
  lower: about("null: none", numberOrNull),
  upper: about("null: none", numberOrNull),
  limits: oneOf("none", "parameter", "given", "fit error", "positive"),
});

export const sample: DocumentKeys = {
  always: {
    success: flag,
    sampler: oneOf("nuts", "ensemble", "nested"),
    seed: whole,
    chains: whole,
    samples: about("of each chain", whole),
    acceptance: numberOrNull,
    divergences: whole,
    calls: whole,
    quantile_levels: numbers,
    parameters: list(
      shape({
        parameter: text,
        unit: text,
        ...values("mean", "mean_error", "std"),
        quantiles: numbers,
        ...values("r_hat", "ess_bulk", "ess_tail", "autocorrelation_time"),
        prior,
      }),
    ),
    covariance: matrix,
    warnings: texts,
  },
  maybe: { evidence: shape(values("log_z", "log_z_error", "information")) },
};

export const toys: DocumentKeys = {
  always: {
    success: flag,
    n: whole,
    seed: whole,
    converged: whole,
    parameters: list(
      shape(
        {
          parameter: text,
          unit: text,
          ...values("truth", "mean", "std", "mean_error"),
          ...values("pull_mean", "pull_mean_error", "pull_width", "pull_width_error"),
          ...values("coverage", "coverage_error"),
          used: about("toys with a valid error", whole),
        },
        values("minos_coverage", "minos_coverage_error"),
      ),
    ),
  },
};

export const interval: DocumentKeys = {
  always: {
    success: flag,
    parameter: text,
    unit: text,
    value: numberOrNull,
    cl: number,
    side: oneOf("both", "lower", "upper"),
    profile: shape({ delta_stat: number, message: text }, values("lower", "upper")),
  },
  maybe: {
    calibrated: shape({
      n: { type: ["integer", "null"] },
      seed: whole,
      ...values("lower", "upper", "lower_error", "upper_error"),
      lower_open: flag,
      upper_open: flag,
      ...Object.fromEntries(
        ["values", "delta_stat", "critical", "critical_error", "p_value", "p_error", "failed"].map((name) => [
          name,
          numbers,
        ]),
      ),
    }),
    expected: shape({
      ...values("true_value", "asimov"),
      n: whole,
      n_failed: whole,
      seed: whole,
      sigma: numbers,
      quantiles: numbers,
    }),
  },
};

const criteria = { n_free: whole, n_bins: whole, ...values("aic", "aicc", "bic") };

export const compare: DocumentKeys = {
  always: {
    success: about("of all fits", flag),
    models: list(
      shape({
        name: text,
        success: flag,
        message: text,
        total_stat: numberOrNull,
        ...criteria,
        ...values("delta_aic", "delta_bic"),
      }),
    ),
    ratios: list(
      shape({
        null: text,
        alternative: text,
        nested: flag,
        reason: about("why there is no test", text),
        boundary: about("a parameter stands at its limit in the null hypothesis", flag),
        ...values("ts", "dof", "p_value", "significance"),
        message: text,
      }),
    ),
  },
};

export const test: DocumentKeys = {
  always: {
    success: flag,
    ts: numberOrNull,
    dof: whole,
    boundary: about("a norm is at its limit under the first hypothesis", flag),
    ...values("p_value", "significance"),
    message: text,
    hypotheses: list(shape({ name: text, total_stat: number, ...criteria })),
    parameters: list(shape({ parameter: text, unit: text, ...values("value", "error") })),
  },
  maybe: { toys: shape({ ...toyPValue, n_unconverged: whole }) },
};

const goodnessKeys = { deviance: numberOrNull, ...values("expected", "spread", "p_value"), message: text };

export const goodness: DocumentKeys = {
  always: {
    success: flag,
    total_stat: number,
    stat_saturated: about("of a model that predicts the data exactly", numberOrNull),
    ...goodnessKeys,
    dof: whole,
    ...criteria,
    datasets: list(shape({ name: text, n_bins: whole, ...goodnessKeys })),
  },
  maybe: { toys: shape(toyPValue) },
};
