import type { Dataset } from "../datasets/types.js";
import type { KindContext } from "../likelihood/kind.js";
import { compileLikelihood, type Likelihood, type LikelihoodOptions, likelihoodAt } from "../likelihood/likelihood.js";
import { createNewton, type Newton } from "../minimize/newton.js";
import type { Models } from "../models/types.js";
import { type ResultLayout, resultLayout } from "./result-layout.js";

/** A likelihood with what its fits share, made once. */
export interface Joint extends Likelihood {
  /** Work space of its fits. */
  readonly newton: Newton;
  /** What all its results have in common. */
  readonly layout: ResultLayout;
}

function forFits(likelihood: Likelihood): Joint {
  return { ...likelihood, newton: createNewton(likelihood.parameters.length), layout: resultLayout(likelihood) };
}

/**
 * The same likelihood at models that differ from its own in values and errors of what varies.
 * @throws SpecError where they differ in more than that.
 */
export function jointAt(joint: Joint, models: Models): Joint {
  const moved = likelihoodAt(joint, models);
  return { ...moved, layout: resultLayout(moved) };
}

export const compileJoint = (datasets: readonly Dataset[], context: KindContext, options?: LikelihoodOptions): Joint =>
  forFits(compileLikelihood(datasets, context, options));
