import type { Dataset } from "../datasets/types.js";
import { randomStream } from "../math/random.js";
import type { KindContext, SimulateOptions } from "./kind.js";
import { kindOf } from "./registry.js";

/** Draws all datasets anew: toy number `toy` of `seed` is the same in whatever order toys are drawn. */
export type Simulator = (seed: number, toy?: number) => Dataset[];

/** What to draw from is computed once. Each dataset has a random stream of its own. */
export function simulator(
  datasets: readonly Dataset[],
  context: KindContext,
  options: SimulateOptions = {},
): Simulator {
  const draws = datasets.map((d) => kindOf(d, context.registry).simulator(d, context, options));
  return (seed, toy = 0) =>
    draws.map((draw, i) => {
      const stream = randomStream(seed, toy);
      for (let k = 0; k < i; k++) stream.jump();
      return draw(stream);
    });
}

/** The dataset with exactly what the models predict: the fit of these models to it finds them again. */
export function asimov<D extends Dataset>(dataset: D, context: KindContext, options: SimulateOptions = {}): D {
  return kindOf(dataset, context.registry).simulator(dataset, context, options)(null) as D;
}
