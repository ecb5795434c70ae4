/**
 * Derivatives by central differences with Richardson extrapolation (Ridders 1982, Adv. Eng. Software 4, 75). They check exact derivatives and
 * stand in where a function has none. Each comes with an error estimate; a function that is not finite gives error Infinity.
 */

const levels = 7;
const shrink = 1.6;

/** Derivative (order 1 or 2) of f at x; `step` is the largest one tried, about the scale on which f changes. */
export function differentiate(
  f: (x: number) => number,
  x: number,
  step: number,
  order: 1 | 2 = 1,
): { value: number; error: number } {
  const table = new Float64Array(levels * levels);
  const centre = order === 2 ? f(x) : 0;
  const weight = shrink * shrink;
  let h = step;
  let value = Number.NaN;
  let error = Number.POSITIVE_INFINITY;
  for (let i = 0; i < levels; i++, h /= shrink) {
    // The step that float64 makes of h.
    const up = x + h;
    const down = x - h;
    const width = (up - down) / 2;
    table[i] = order === 1 ? (f(up) - f(down)) / (2 * width) : (f(up) - 2 * centre + f(down)) / (width * width);
    if (!Number.isFinite(table[i]!)) continue;
    let factor = weight;
    for (let j = 1; j <= i; j++, factor *= weight) {
      const finer = table[(j - 1) * levels + i]!;
      const coarser = table[(j - 1) * levels + i - 1]!;
      const better = (finer * factor - coarser) / (factor - 1);
      table[j * levels + i] = better;
      const e = Math.max(Math.abs(better - finer), Math.abs(better - coarser));
      if (e <= error) {
        error = e;
        value = better;
      }
    }
  }
  return { value, error };
}

/** Fills g [n] and, if given, `errors` [n] with the gradient of f at x; `steps` [n] as in `differentiate`. x is not changed. */
export function gradientByDifferences(
  f: (x: Float64Array) => number,
  x: Float64Array,
  steps: Float64Array,
  g: Float64Array,
  errors?: Float64Array,
): void {
  const y = x.slice();
  for (let i = 0; i < x.length; i++) {
    const along = (value: number) => {
      y[i] = value;
      return f(y);
    };
    const d = differentiate(along, x[i]!, steps[i]!);
    y[i] = x[i]!;
    g[i] = d.value;
    if (errors !== undefined) errors[i] = d.error;
  }
}

/** Fills h [n, n] and, if given, `errors` [n, n] with the Hessian of f at x. Off the diagonal: differences along the two diagonals of each pair. */
export function hessianByDifferences(
  f: (x: Float64Array) => number,
  x: Float64Array,
  steps: Float64Array,
  h: Float64Array,
  errors?: Float64Array,
): void {
  const n = x.length;
  const y = x.slice();
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      // Second derivative along s = t (step_i e_i +- step_j e_j): the difference of the two is 4 step_i step_j h_ij.
      const along = (sign: number) =>
        differentiate(
          (t) => {
            y[i] = x[i]! + t * steps[i]!;
            if (j !== i) y[j] = x[j]! + sign * t * steps[j]!;
            return f(y);
          },
          0,
          1,
          2,
        );
      const plus = along(1);
      const minus = i === j ? plus : along(-1);
      y[i] = x[i]!;
      y[j] = x[j]!;
      const scale = i === j ? 1 / (steps[i]! * steps[i]!) : 1 / (4 * steps[i]! * steps[j]!);
      h[i * n + j] = h[j * n + i] = scale * (i === j ? plus.value : plus.value - minus.value);
      if (errors !== undefined)
        errors[i * n + j] = errors[j * n + i] = scale * (i === j ? plus.error : plus.error + minus.error);
    }
  }
}

/** Step in ln E of `alongLogarithm`; its error is below 1e-9 of a derivative for functions that bend over 0.3 in ln E or more. */
export const LOG_STEP = 0.03;
/** Points of `alongLogarithm`, at E exp((k - 3) LOG_STEP). */
export const LOG_POINTS = 7;
const FIRST = [-1 / 60, 3 / 20, -3 / 4, 0, 3 / 4, -3 / 20, 1 / 60];
const SECOND = [1 / 90, -3 / 20, 3 / 2, -49 / 18, 3 / 2, -3 / 20, 1 / 90];

/** First and second derivative by ln E from the values at seven points around E, by central differences. */
export function alongLogarithm(at: (k: number) => number): readonly [first: number, second: number] {
  let first = 0;
  let second = 0;
  for (let k = 0; k < LOG_POINTS; k++) {
    const y = at(k);
    first += FIRST[k]! * y;
    second += SECOND[k]! * y;
  }
  return [first / LOG_STEP, second / (LOG_STEP * LOG_STEP)];
}
