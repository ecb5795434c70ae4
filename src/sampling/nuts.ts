import { type RandomStream, randomStream } from "../math/random.js";
import { dualAveraging, metricUpdates, runningCovariance, type StepSize } from "./adaptation.js";
import { type Dynamics, dynamics } from "./dynamics.js";
import { factorOf, shapeOf, startingPoint } from "./guess.js";
import { coordinatesOf } from "./logarithms.js";
import { transitions } from "./trajectory.js";
import type { Chains, Guess, Sampling, Target } from "./types.js";

export interface NutsOptions {
  readonly seed: number;
  /** Kept steps of each chain. */
  readonly samples: number;
  /** Default 4. */
  readonly chains?: number;
  /** Steps of each chain in which step size and metric are learnt; default 500. */
  readonly warmup?: number;
  /** Learn the metric; false: keep that of the guessed covariance. Default true. */
  readonly adaptMetric?: boolean;
  /** Mean acceptance probability that the step size aims at; default 0.8. Higher: smaller steps, fewer divergences. */
  readonly targetAcceptance?: number;
  /** Longest trajectory: 2^maxDepth steps; default 10. */
  readonly maxDepth?: number;
}

/** No-U-turn sampler with a dense metric. Chain k depends on the seed and k alone. Limits are walls that reflect. */
export function* nuts(target: Target, guess: Guess, options: NutsOptions): Sampling<Chains> {
  const space = coordinatesOf(target, guess, "nuts");
  const { n } = space.objective;
  const { samples, chains = 4, warmup = 500, adaptMetric = true, targetAcceptance = 0.8, maxDepth = 10 } = options;
  const shape = shapeOf(space.guess, n, "nuts");
  const updates = new Set(adaptMetric ? metricUpdates(warmup) : []);
  const firstWindow = warmup >= 150 ? 75 : Math.floor(0.15 * warmup);
  const chain = new Float64Array(chains * samples * n);
  const value = new Float64Array(chains * samples);
  const y = new Float64Array(n);
  const x = new Float64Array(n);
  const learnt = new Float64Array(n * n);
  const seen = runningCovariance(n);
  const each = warmup + samples;
  let [acceptance, divergences, calls] = [0, 0, 0];

  for (let k = 0; k < chains; k++) {
    const stream = randomStream(options.seed, k);
    startingPoint(space, space.guess, shape, stream, y, "nuts");
    const d = dynamics(space, space.guess.start, shape);
    d.place(y);
    d.refresh();
    const next = transitions(d, maxDepth);
    const size = dualAveraging(reasonableStep(d, stream), targetAcceptance);
    seen.clear();
    for (let s = 0; s < each; s++) {
      const isWarmup = s < warmup;
      const t = next(isWarmup ? size.step : size.averaged, stream);
      d.toY(y);
      if (isWarmup) {
        size.update(t.acceptance);
        if (adaptMetric && s >= firstWindow) seen.add(y);
        if (updates.has(s + 1)) {
          learnMetric(d, y, seen.estimate(space.guess.covariance, learnt), seen.mean, size, stream);
          seen.clear();
        }
      } else {
        const row = k * samples + s - warmup;
        const logJacobian = space.toX(y, x);
        chain.set(x, row * n);
        value[row] = 2 * (t.potential + logJacobian);
        acceptance += t.acceptance;
        if (t.divergent) divergences++;
      }
      yield { done: k * each + s + 1, total: chains * each, stage: isWarmup ? "warmup" : "sampling" };
    }
    calls += d.calls;
  }
  acceptance /= chains * samples;
  return { n, chains, samples, chain, value, acceptance, divergences, calls };
}

function learnMetric(
  d: Dynamics,
  y: Float64Array,
  covariance: Float64Array,
  centre: Float64Array,
  size: StepSize,
  stream: RandomStream,
): void {
  const l = factorOf(covariance, y.length);
  // a chain that has not moved teaches nothing
  if (l === undefined) return;
  d.setMetric(centre, l);
  d.place(y);
  d.refresh();
  size.restart(reasonableStep(d, stream));
}

/** The step whose single leap crosses an acceptance of 0.8, from 1 by factors of 2: Hoffman & Gelman, algorithm 4. */
function reasonableStep(d: Dynamics, stream: RandomStream): number {
  const start = { z: d.z.slice(), g: d.g.slice(), potential: d.potential };
  const accepts = (step: number) => {
    d.drawMomentum(stream);
    const h0 = d.energy();
    d.leap(step);
    const good = h0 - d.energy() > Math.log(0.8);
    d.z.set(start.z);
    d.g.set(start.g);
    d.potential = start.potential;
    return good;
  };
  let step = 1;
  if (accepts(step)) {
    while (step < 1e3 && accepts(2 * step)) step *= 2;
  } else {
    while (step > 1e-10 && !accepts(step)) step /= 2;
  }
  return step;
}
