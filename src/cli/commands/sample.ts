import { SpecError } from "../../errors.js";
import type { Posterior, Sampler } from "../../fit/posterior.js";
import { sample } from "../../fit/sample.js";
import { numbers, whole } from "../../io/table/columns.js";
import { shortNumber } from "../../io/table/digits.js";
import { columnsOf } from "../../io/table/rows.js";
import type { Table } from "../../io/table/types.js";
import { cornerPlot } from "../../plot/corner.js";
import { tracePlot } from "../../plot/trace.js";
import { drawsOf, QUANTILE_LEVELS } from "../../sampling/index.js";
import type { Context } from "../context.js";
import { type FitSettings, fitAnalysis, freeIds, notConverged } from "../fitted.js";
import { axisLabel, labelOf, numberOf, wholeNumber } from "../numbers.js";
import { giveResults, refuseEarly } from "../results.js";
import { showTable } from "../tables.js";

interface Options extends FitSettings {
  readonly sampler: Sampler;
  readonly samples: string;
  readonly seed: string;
  readonly range?: readonly string[];
  readonly chains?: string;
  readonly warmup?: string;
  readonly live?: string;
  readonly overwrite?: boolean;
}

export async function run(context: Context, paths: readonly string[], options: Options) {
  const { sampler } = options;
  const samples = wholeNumber(options.samples, "--samples", 100);
  const seed = wholeNumber(options.seed, "--seed", 0);
  const [chains, warmup, live] = (["chains", "warmup", "live"] as const).map((name) => {
    const text = options[name];
    return text === undefined ? undefined : wholeNumber(text, `--${name}`, name === "warmup" ? 0 : 1);
  });
  let ranges: Record<string, [number, number]> = {};
  await refuseEarly(context, options, "posterior.json");
  const { joint, result } = await fitAnalysis(context, paths, options, (j) => {
    ranges = Object.fromEntries(
      (options.range ?? []).map((text) => {
        const at = text.lastIndexOf("=");
        const ends = text.slice(at + 1).split(",");
        if (at < 1 || ends.length !== 2) {
          throw new SpecError(`--range "${text}": expected a parameter and two numbers, like --range "alpha=1,2"`);
        }
        const [min, max] = ends.map((end) => numberOf(end, `--range "${text}":`, "numbers", Number.isFinite));
        return [freeIds(j, [text.slice(0, at)], "--range")[0]!, [min!, max!]];
      }),
    );
  });
  if (!result.success) return notConverged(context, result, "sample");

  const progress = context.progress(`sample (${sampler})`);
  const posterior = await sample(joint, result, {
    sampler,
    samples,
    seed,
    ranges,
    chains,
    warmup,
    live,
    signal: context.signal,
    onProgress: ({ done, total }) => progress.update(done, total),
  });
  progress.end();
  print(context, posterior);
  await giveResults(context, {
    overwrite: options.overwrite,
    name: "posterior",
    document: documentOf(posterior),
    tables: {
      samples: () => samplesTable(posterior),
      quantiles: () => quantilesTable(posterior, (p) => p.id),
    },
    pictures: () => ({
      corner: cornerPlot({
        parameters: posterior.parameters.map((p, i) => ({
          label: axisLabel(p, result.free.ids),
          samples: allDraws(posterior, i),
        })),
        ...context.look,
      }),
      trace: tracePlot({
        parameters: posterior.parameters.map((p, i) => ({
          label: axisLabel(p, result.free.ids),
          chains: drawsOf(posterior, i).slice(0, SHOWN_CHAINS),
        })),
        ...context.look,
      }),
    }),
  });
  return posterior.warnings.length === 0 ? 0 : 1;
}

/** More than six lines hide each other. */
const SHOWN_CHAINS = 6;

function print(context: Context, posterior: Posterior): void {
  const { parameters, sampler, chains, samples, acceptance, calls, evidence } = posterior;
  const isNested = evidence !== undefined;
  context.print(
    `${sampler}: ${chains * samples} samples${chains > 1 ? ` of ${chains} chains` : ""}, acceptance ${acceptance.toFixed(2)}, ${calls} evaluations`,
  );
  showTable(context, quantilesTable(posterior, labelOf));
  if (evidence !== undefined) {
    context.print(
      `ln evidence: ${evidence.logZ.toFixed(3)} +- ${evidence.logZError.toFixed(3)}, information ${evidence.information.toFixed(2)} nats`,
    );
    context.print("It depends on the ranges of the priors:");
  }
  for (const { id, prior } of parameters) {
    if (!isNested && prior.limits === "none") continue;
    const kind = prior.kind === "model" ? "its own prior" : "flat";
    const from = Number.isFinite(prior.lower) ? ` from ${shortNumber(prior.lower)}` : "";
    const to = Number.isFinite(prior.upper) ? ` to ${shortNumber(prior.upper)}` : "";
    context.print(`  ${id}: ${kind}${from}${to} (${WHY[prior.limits]})`);
  }
  for (const warning of posterior.warnings) context.fail(`gammats: ${warning}`);
}

const WHY: Readonly<Record<Posterior["parameters"][number]["prior"]["limits"], string>> = {
  none: "no limits",
  parameter: "limits of the parameter",
  given: "--range",
  "fit error": "8 errors of the fit",
  positive: "a norm well above 0",
};

function documentOf(posterior: Posterior): object {
  const { sampler, seed, chains, samples, acceptance, divergences, calls, parameters, evidence, warnings } = posterior;
  return {
    success: warnings.length === 0,
    sampler,
    seed,
    chains,
    samples,
    acceptance,
    divergences,
    calls,
    quantile_levels: QUANTILE_LEVELS,
    parameters: parameters.map((p) => ({
      parameter: p.id,
      unit: p.unit,
      mean: p.mean,
      mean_error: p.meanError,
      std: p.std,
      quantiles: p.quantiles,
      r_hat: p.rHat,
      ess_bulk: p.essBulk,
      ess_tail: p.essTail,
      autocorrelation_time: p.autocorrelationTime,
      prior: p.prior,
    })),
    covariance: matrixOf(posterior),
    ...(evidence && {
      evidence: { log_z: evidence.logZ, log_z_error: evidence.logZError, information: evidence.information },
    }),
    warnings,
  };
}

/** By the names of the parameters, as in fit-result.yaml. */
function matrixOf({ parameters, covariance, n }: Posterior): Record<string, Record<string, number>> {
  const row = (i: number) => Object.fromEntries(parameters.map((q, j) => [q.id, covariance[i * n + j]!]));
  return Object.fromEntries(parameters.map((p, i) => [p.id, row(i)]));
}

const allDraws = (posterior: Posterior, i: number): Float64Array =>
  Float64Array.from({ length: posterior.chains * posterior.samples }, (_, k) => posterior.chain[k * posterior.n + i]!);

const LEVELS = ["2.3 %", "15.9 %", "median", "84.1 %", "97.7 %"];

/** Means and quantiles, one row a parameter. */
function quantilesTable(
  { parameters, evidence }: Posterior,
  nameOf: (p: Posterior["parameters"][number]) => string,
): Table {
  const { text, number, whole: count } = columnsOf(parameters);
  const scale = (p: Posterior["parameters"][number]) => p.std;
  return {
    name: "quantiles",
    about: "Posterior",
    columns: [
      text("parameter", nameOf),
      number("mean", (p) => p.mean, { scale }),
      number("std", scale, { scale }),
      ...LEVELS.map((level, k) => number(level, (p) => p.quantiles[k], { scale })),
      ...(evidence === undefined ? [number("R-hat", (p) => p.rHat, { decimals: 4 })] : []),
      count("ESS", (p) => Math.floor(Math.min(p.essBulk, p.essTail))),
    ],
  };
}

function samplesTable(posterior: Posterior): Table {
  const { parameters, chains, samples, value, sampler, seed } = posterior;
  const chain = Array.from({ length: chains * samples }, (_, k) => Math.floor(k / samples));
  return {
    name: "samples",
    about: "Samples of the posterior, chains one after the other",
    columns: [
      whole("chain", chain),
      ...parameters.map((p, i) => numbers(p.id, allDraws(posterior, i), { unit: p.unit })),
      numbers("stat", value, { about: "-2 ln(L prior)" }),
    ],
    meta: { SAMPLER: sampler, SEED: seed },
  };
}
