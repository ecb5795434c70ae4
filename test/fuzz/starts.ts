/** Small random analyses, each fitted from random starts: all fits end at the same minimum with the same errors, or say that they did not. */
import { simulate } from "../../src/api/datasets.js";
import { compileJoint } from "../../src/api/fit.js";
import { createSubmodel, fovBackground } from "../../src/api/models.js";
import type { Dataset } from "../../src/datasets/types.js";
import { fitJoint } from "../../src/fit/fit.js";
import type { Joint } from "../../src/fit/joint.js";
import type { FitResult } from "../../src/fit/result.js";
import { skyModel } from "../../src/models/create.js";
import type { Models, Submodel } from "../../src/models/types.js";
import { image } from "../fit/image.js";
import { fluxPointsDataset, onOffDataset, spectrumDataset } from "../fit/synthetic.js";
import { type Choices, choices } from "./random.js";
import type { Failure, Run } from "./report.js";

/** Fits of each analysis. */
export const STARTS = 20;
/** -2 ln L of one minimum agrees within this, parameters within this many errors, errors within this fraction. */
const SAME = { stat: 1e-3, value: 0.02, error: 0.02 };

interface Made {
  readonly kind: string;
  readonly datasets: readonly Dataset[];
  readonly models: Models;
}

function spectrum({ pick, between }: Choices): Submodel {
  const amplitude = 10 ** between(-12, -11);
  const index = between(1.8, 2.8);
  return pick([
    createSubmodel("pl", { amplitude, index }),
    createSubmodel("lp", { amplitude, alpha: index, beta: between(0.05, 0.2) }),
    createSubmodel("ecpl", { amplitude, index, lambda_: between(0.03, 0.2) }),
  ]);
}

const KINDS: readonly ((c: Choices) => Made)[] = [
  (c) => ({
    kind: "1D",
    datasets: [spectrumDataset("a"), fluxPointsDataset("b", (e) => 3e-12 * e ** -2.3)].slice(0, 1 + c.below(2)),
    models: { components: [skyModel({ name: "source", spectral: spectrum(c) })] },
  }),
  (c) => {
    // 80 to 800 counts: fainter ones with a free position have several minima, and a fit finds that of its start
    const amplitude = 10 ** c.between(-11, -10);
    return {
      kind: "3D",
      datasets: [image("map", c.between(0.5, 4))],
      models: {
        components: [
          skyModel({
            name: "source",
            spectral: createSubmodel("pl", { amplitude, index: { value: 2.3, frozen: true } }),
            spatial: createSubmodel("GaussianSpatialModel", {
              lon_0: c.between(83.3, 83.9),
              lat_0: c.between(21.7, 22.3),
              sigma: c.between(0.15, 0.35),
            }),
          }),
          fovBackground("map"),
        ],
      },
    };
  },
  (c) => ({
    kind: "low counts",
    datasets: [onOffDataset("a", { exposure: 10 ** c.between(11.5, 12.5), background: c.between(0.2, 2) })],
    models: {
      components: [
        skyModel({ name: "source", spectral: createSubmodel("pl", { amplitude: 3e-12, index: c.between(1.8, 2.6) }) }),
      ],
    },
  }),
];

/** Values around those that the data were made with, inside the limits. */
function randomStart(joint: Joint, c: Choices): Float64Array {
  return Float64Array.from(joint.parameters, ({ id, isNorm, value, min, max }) => {
    const moved = /\.l(on|at)_0$/.test(id)
      ? value + c.between(-0.1, 0.1)
      : isNorm || id.endsWith(".sigma")
        ? value * 10 ** c.between(-0.3, 0.3)
        : value + c.between(-0.3, 0.3);
    return Math.min(Number.isNaN(max) ? moved : max, Math.max(Number.isNaN(min) ? moved : min, moved));
  });
}

/** Whether another minimizer, started where a fit ended, stays there: the likelihood has a second minimum. */
function isMinimum(joint: Joint, { free, totalStat }: FitResult): boolean {
  const again = fitJoint(joint, { start: free.values, backend: "minuit" });
  return Math.abs(again.totalStat - totalStat) < SAME.stat;
}

const isAtBest = (best: FitResult, other: FitResult) => other.totalStat - best.totalStat <= SAME.stat;

/** How a fit differs from the best one, or undefined. */
function disagreement(best: FitResult, other: FitResult): string | undefined {
  if (!isAtBest(best, other)) return `-2 ln L is ${other.totalStat}, the best ${best.totalStat}: no minimum`;
  for (const [i, id] of best.free.ids.entries()) {
    const [x, y] = [best.free.values[i]!, other.free.values[i]!];
    const [s, t] = [best.free.errors[i]!, other.free.errors[i]!];
    if (Math.abs(x - y) > SAME.value * s) return `${id} is ${y}, at the best minimum ${x} +- ${s}`;
    if (Math.abs(s - t) > SAME.error * s) return `the error of ${id} is ${t}, at the best minimum ${s}`;
  }
  return undefined;
}

export interface StartsReport {
  readonly failures: readonly Failure[];
  readonly fits: number;
  /** Successes at another minimum, which the likelihood has in fact. */
  readonly elsewhere: number;
  /** Fits that said that they are no success. */
  readonly refused: number;
  /** Of these, by message. */
  readonly messages: Readonly<Record<string, number>>;
}

/** Cases are analyses, each fitted `STARTS` times. */
export function runStarts({ seed, first, count, onCase }: Run): StartsReport {
  const failures: Failure[] = [];
  const messages: Record<string, number> = {};
  let elsewhere = 0;
  for (let index = first; index < first + count; index++) {
    onCase?.(index);
    const c = choices(seed, index);
    const { kind, datasets: given, models } = KINDS[index % KINDS.length]!(c);
    const datasets = simulate(given, models, 1000 * seed + index);
    const joint = compileJoint(datasets, models);
    const results = Array.from({ length: STARTS }, () => fitJoint(joint, { start: randomStart(joint, c) }));
    const good = results.filter(({ success }) => success);
    for (const { reason } of results.filter(({ success }) => !success)) messages[reason] = (messages[reason] ?? 0) + 1;
    const best = good.reduce<FitResult | undefined>((a, b) => (a && a.totalStat <= b.totalStat ? a : b), undefined);
    for (const result of good) {
      if (!isAtBest(best!, result) && isMinimum(joint, result)) {
        elsewhere++;
        continue;
      }
      const problem = disagreement(best!, result);
      if (problem !== undefined) failures.push({ index, problem: `${kind}: a success, and ${problem}` });
    }
  }
  const refused = Object.values(messages).reduce((a, b) => a + b, 0);
  return { failures, fits: STARTS * count, elsewhere, refused, messages };
}
