/** Dual averaging of ln(step): Hoffman & Gelman (2014) section 3.2, with their constants. */
export interface StepSize {
  /** The step to try next. */
  readonly step: number;
  /** The averaged step, to be kept. */
  readonly averaged: number;
  update(acceptance: number): void;
  restart(step: number): void;
}

const GAMMA = 0.05;
const T0 = 10;
const KAPPA = 0.75;

export function dualAveraging(initial: number, targetAcceptance: number): StepSize {
  let mu = 0;
  let count = 0;
  let error = 0;
  let logStep = 0;
  let logAveraged = 0;
  const adapt = {
    get step() {
      return Math.exp(logStep);
    },
    get averaged() {
      return Math.exp(logAveraged);
    },
    update(acceptance: number) {
      count++;
      error += (targetAcceptance - acceptance - error) / (count + T0);
      logStep = mu - (Math.sqrt(count) / GAMMA) * error;
      logAveraged += count ** -KAPPA * (logStep - logAveraged);
    },
    restart(step: number) {
      mu = Math.log(10 * step);
      count = 0;
      error = 0;
      logStep = logAveraged = Math.log(step);
    },
  };
  adapt.restart(initial);
  return adapt;
}

/** Running mean and covariance (Welford). */
export interface RunningCovariance {
  readonly mean: Float64Array;
  readonly count: number;
  add(x: Float64Array): void;
  /** Shrunk by 5 draws' worth of `prior` [n, n], whose scale is that of the draws; fills and returns `out`. */
  estimate(prior: Float64Array, out: Float64Array): Float64Array;
  clear(): void;
}

export function runningCovariance(n: number): RunningCovariance {
  const mean = new Float64Array(n);
  const products = new Float64Array(n * n);
  const delta = new Float64Array(n);
  let count = 0;
  return {
    mean,
    get count() {
      return count;
    },
    add(x) {
      count++;
      for (let i = 0; i < n; i++) {
        delta[i] = x[i]! - mean[i]!;
        mean[i]! += delta[i]! / count;
      }
      for (let i = 0; i < n; i++) {
        for (let j = 0; j <= i; j++) products[i * n + j]! += delta[i]! * (x[j]! - mean[j]!);
      }
    },
    estimate(prior, out) {
      const weight = count / (count + 5);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j <= i; j++) {
          const own = products[i * n + j]! / (count - 1);
          out[i * n + j] = out[j * n + i] = weight * own + (1 - weight) * 1e-3 * prior[i * n + j]!;
        }
      }
      return out;
    },
    clear() {
      count = 0;
      mean.fill(0);
      products.fill(0);
    },
  };
}

/**
 * Steps after which the metric is learnt anew, each from a window twice as long as the one before, between a start and an end in which only the
 * step size is: as in Stan (reference manual, "HMC algorithm parameters").
 */
export function metricUpdates(warmup: number): number[] {
  const [start, base, end] =
    warmup >= 150 ? [75, 25, 50] : [0.15 * warmup, 0.75 * warmup, 0.1 * warmup].map(Math.floor);
  const out: number[] = [];
  for (let from = start!, size = base!; size > 1; size *= 2) {
    const stop = warmup - end!;
    // the rest would be too short for another window
    const to = from + 3 * size > stop ? stop : from + size;
    out.push(to);
    if (to === stop) break;
    from = to;
  }
  return out;
}
