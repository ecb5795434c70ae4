import type { Objective } from "../minimize/types.js";
import type { SkyPosition } from "../sky/types.js";
import { measureNorm } from "./norm.js";
import type { NormStatistic } from "./norm-statistic.js";
import { QUANTITIES } from "./ts-map-table.js";
import type { TsTerm } from "./ts-term.js";

export interface TsSettings {
  readonly nSigma: number;
  readonly nSigmaUl: number;
}

/** Puts the source at a position and writes what is measured there, in the order of `QUANTITIES`, from out[at] on. */
export function measureTs(
  { terms, objective }: NormStatistic,
  position: SkyPosition,
  { nSigma, nSigmaUl }: TsSettings,
  out: Float64Array,
  at: number,
): void {
  const total = terms.reduce((sum, term) => sum + term.place(position), 0);
  if (!(total > 0)) {
    // seen by no dataset
    out.fill(Number.NaN, at, at + QUANTITIES.length);
    out[at + QUANTITIES.indexOf("success")] = 0;
    return;
  }
  const background = terms.reduce((sum, term) => sum + term.backgroundTotal, 0);
  objective.gather(background, total);
  const g = new Float64Array(1);
  const h = new Float64Array(1);
  const statNull = objective.hessian(Float64Array.of(0), g, h);
  const floor = Math.max(...terms.map((term) => term.floor()));
  const seen = terms.some((term) => term.signal.some((s, i) => s > 0 && term.counts[i]! > 0));
  const row = seen ? fitted() : withoutCounts();
  QUANTITIES.forEach((name, i) => {
    out[at + i] = row[name];
  });

  function fitted() {
    const start = bestStart(objective, [1, -g[0]! / h[0]!, countsOf(terms) / total], floor);
    const slice = {
      objective,
      start,
      lower: Float64Array.of(floor),
      upper: Float64Array.of(Number.POSITIVE_INFINITY),
    };
    const settings = { nSigma, nSigmaUl, normScan: new Float64Array(0) };
    const found = measureNorm(slice, () => ({ counts: 0, npred: 0, excess: 0, negative: 0 }), [0, 0], settings);
    const { norm, ts, stat } = found;
    return {
      ts,
      sqrt_ts: Math.sqrt(Math.max(ts, 0)) * Math.sign(norm),
      norm,
      norm_err: found.normErr,
      norm_errn: found.normErrn,
      norm_errp: found.normErrp,
      norm_ul: found.normUl,
      stat,
      stat_null: statNull,
      npred: background + norm * total,
      npred_excess: norm * total,
      success: found.success ? 1 : 0,
    };
  }

  /** No counts where the source is seen: -2 ln L is a straight line, which ends where a bin would be predicted negative. */
  function withoutCounts() {
    const ts = -2 * floor * total;
    const rise = (delta: number) => delta / (2 * total);
    return {
      ts,
      sqrt_ts: -Math.sqrt(ts),
      norm: floor,
      norm_err: Number.NaN,
      norm_errn: Number.NaN,
      norm_errp: rise(nSigma * nSigma),
      norm_ul: floor + rise(nSigmaUl * nSigmaUl),
      stat: statNull - ts,
      stat_null: statNull,
      npred: background + floor * total,
      npred_excess: floor * total,
      success: 1,
    };
  }
}

const countsOf = (terms: readonly TsTerm[]) =>
  terms.reduce((sum, { counts, signal }) => sum + counts.reduce((n, x, i) => n + (signal[i]! > 0 ? x : 0), 0), 0);

/** Of some norms the one of the lowest statistic. */
function bestStart(objective: Required<Objective>, candidates: readonly number[], floor: number): Float64Array {
  const x = new Float64Array(1);
  let best = 0;
  let lowest = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    x[0] = candidate;
    if (!(candidate > floor && Number.isFinite(candidate))) continue;
    const value = objective.value(x);
    if (value >= lowest) continue;
    lowest = value;
    best = candidate;
  }
  return Float64Array.of(best);
}
