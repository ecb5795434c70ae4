import type { Toys } from "./toys.js";

/** How often intervals hold the truth. */
export interface CoverageFraction {
  readonly covered: number;
  /** Toys that count: those whose fit converged and gave an error. */
  readonly n: number;
  readonly fraction: number;
  /** Binomial error of the fraction. */
  readonly error: number;
  /** Shares of toys whose interval lies wholly above, and wholly below, the truth. */
  readonly above: number;
  readonly below: number;
}

export interface ParameterCoverage {
  readonly id: string;
  /** value +- error from the Hessian. */
  readonly hessian: CoverageFraction;
  /** value - errn .. value + errp; a side without a crossing is open. Absent where MINOS errors were not wanted. */
  readonly minos?: CoverageFraction;
  /** Of the pulls (value - truth) / error: mean and standard deviation. */
  readonly pullMean: number;
  readonly pullWidth: number;
}

/** Coverage of the 68.3 % intervals of all parameters. */
export function coverage(run: Toys): ParameterCoverage[] {
  const { n, ids, truth, values, errors, errn, errp, success } = run;
  const k = ids.length;
  const m = run.minos.length;
  return ids.map((id, j) => {
    const at = run.minos.indexOf(j);
    const open = (length: number) => (Number.isNaN(length) ? Number.POSITIVE_INFINITY : length);
    const hessian = tally();
    const minos = tally();
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      if (success[i] === 0) continue;
      const value = values[i * k + j]!;
      const error = errors[i * k + j]!;
      const off = value - truth[j]!;
      if (at >= 0) minos.add(off, open(errn[i * m + at]!), open(errp[i * m + at]!));
      // no minimum in the middle of its surroundings: no error
      if (Number.isNaN(error)) continue;
      hessian.add(off, error, error);
      sum += off / error;
      squares += (off / error) ** 2;
    }
    const result = hessian.result();
    const pullMean = sum / result.n;
    return {
      id,
      hessian: result,
      ...(at >= 0 && { minos: minos.result() }),
      pullMean,
      pullWidth: Math.sqrt((squares - result.n * pullMean ** 2) / (result.n - 1)),
    };
  });
}

function tally() {
  let n = 0;
  let above = 0;
  let below = 0;
  return {
    add(off: number, errn: number, errp: number) {
      n++;
      if (off > errn) above++;
      else if (!(off >= -errp)) below++;
    },
    result(): CoverageFraction {
      const fraction = (n - above - below) / n;
      return {
        covered: n - above - below,
        n,
        fraction,
        error: Math.sqrt((fraction * (1 - fraction)) / n),
        above: above / n,
        below: below / n,
      };
    },
  };
}
