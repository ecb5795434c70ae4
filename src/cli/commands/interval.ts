import { calibratedInterval, expectedLimit } from "../../api/estimators.js";
import { SpecError } from "../../errors.js";
import type { IntervalSide } from "../../estimators/construction.js";
import { confidence, upperLimit } from "../../fit/intervals.js";
import { isMinimum } from "../../fit/search.js";
import { filesAnd } from "../arguments.js";
import { type ConfidenceOptions, confidenceOf } from "../confidence.js";
import type { Context } from "../context.js";
import { type ToyOptions, toyRunner } from "../executor.js";
import { type FitSettings, type FittedAnalysis, fitAnalysis, freeIds, notConverged } from "../fitted.js";
import {
  type Ends,
  type Found,
  intervalDocument,
  intervalPictures,
  intervalTable,
  printIntervals,
} from "../intervals.js";
import { parameterValues, wholeNumber } from "../numbers.js";
import { giveResults, refuseEarly } from "../results.js";

interface Options extends FitSettings, ToyOptions, ConfidenceOptions {
  readonly side: IntervalSide;
  readonly calibrated?: string;
  readonly values?: string;
  readonly expected?: string;
  readonly toys?: string;
  readonly overwrite?: boolean;
}

export async function run(context: Context, args: readonly string[], options: Options) {
  const { paths, words } = await filesAnd(context, args, ["parameter"], "interval");
  const { side } = options;
  const cl = confidenceOf(options, side === "both" ? 2 : 1)?.cl ?? (side === "both" ? 0.6827 : 0.95);
  const counts = checked(options);
  const runToys = toyRunner(context, options);
  let id = "";
  await refuseEarly(context, options, "interval.json");
  const fitted = await fitAnalysis(context, paths, options, (joint) => {
    id = freeIds(joint, words, "interval")[0]!;
  });
  const { joint, result } = fitted;
  if (!isMinimum(result)) return notConverged(context, result, "interval");
  const { unit } = joint.parameters.find((p) => p.id === id)!;
  const list = (text: string | undefined, option: string) =>
    text === undefined ? undefined : Float64Array.from(parameterValues(text, unit, option));
  const grid = list(options.values, "--values");
  const assumed = list(options.expected, "--expected");
  if (assumed !== undefined && assumed.length !== 1) {
    throw new SpecError(`--expected "${options.expected}": expected one value`);
  }

  const profile = fromLikelihood(context, fitted, id, cl, side);
  const calibrated =
    counts.calibrated === undefined
      ? undefined
      : await runToys("calibration", counts.calibrated * (grid?.length ?? 21), (work) =>
          calibratedInterval(joint.datasets, result.models, id, {
            ...work,
            ...context.using,
            n: counts.calibrated!,
            level: cl,
            side,
            grid,
          }),
        );
  const expected =
    assumed === undefined || side === "both"
      ? undefined
      : await runToys("expected limits", counts.toys, (work) =>
          expectedLimit(joint.datasets, result.models, id, {
            ...work,
            ...context.using,
            n: counts.toys,
            value: assumed[0]!,
            cl,
            side,
          }),
        );
  const found: Found = { id, unit, cl, side, fitted, profile, calibrated, expected };
  printIntervals(context, found);
  await giveResults(context, {
    overwrite: options.overwrite,
    name: "interval",
    document: intervalDocument(found, Number(options.seed), counts.calibrated),
    tables: { interval: () => intervalTable(found) },
    pictures: () => intervalPictures(found, context.look),
  });
  return profile.success ? 0 : 1;
}

function checked({ side, calibrated, values, expected, toys }: Options) {
  if (values !== undefined && calibrated === undefined) {
    throw new SpecError("--values are where the toys of --calibrated are drawn; give --calibrated with their number");
  }
  if (expected !== undefined && side === "both") {
    throw new SpecError("--expected is of a limit; give --side upper (or lower) with it");
  }
  if (toys !== undefined && expected === undefined) {
    throw new SpecError("--toys are for the expected limit; give --expected with the true value, or --calibrated");
  }
  return {
    calibrated: calibrated === undefined ? undefined : wholeNumber(calibrated, "--calibrated", 2),
    toys: toys === undefined ? 0 : wholeNumber(toys, "--toys", 2),
  };
}

/** Where the profile likelihood ends; the end that is not asked for stays away. */
function fromLikelihood(
  { signal }: Context,
  { joint, result }: FittedAnalysis,
  id: string,
  cl: number,
  side: IntervalSide,
): Ends {
  if (side === "both") {
    const { lower, upper, success, message } = confidence(joint, result, id, { cl, signal });
    const end = ({ status, value }: typeof lower) => (status === "not found" ? Number.NaN : value);
    return { lower: end(lower), upper: end(upper), delta: upper.delta, success, message };
  }
  const { limit, delta, message } = upperLimit(joint, result, id, { cl, side, signal });
  return { [side]: limit, delta, success: Number.isFinite(limit), message };
}
