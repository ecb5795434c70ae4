/** The smallest flux that would be seen in each energy bin. */
import type { OnOffDataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import { bracketRoot, brentRoot } from "../math/roots.js";
import { wstatCountsStatistics } from "../stats/index.js";

/** Conditions that a detection has to meet. */
export interface SensitivityOptions {
  /** Significance (Li & Ma 1983) of the excess; default 5. */
  readonly nSigma?: number;
  /** Least number of events above the background; default 10. */
  readonly minExcess?: number;
  /** Least excess, as a part of the background; default 0.05. */
  readonly backgroundFraction?: number;
}

/** Counts of a detection by energy bin, arrays [n]. */
export interface DetectableExcess {
  /** Counts above the background that a detection takes; NaN where there are no OFF counts, or the bin is not safe. */
  readonly excess: Float64Array;
  /** Background counts in the ON region. */
  readonly background: Float64Array;
  /** Which condition decides; "" where there is no excess. */
  readonly criterion: readonly ("significance" | "events" | "background" | "")[];
}

/**
 * The excess of each bin that meets all conditions, of the background that the OFF counts have: as Gammapy's SensitivityEstimator, but with significances whose root is
 * looked for between bounds that hold it.
 */
export function detectableExcess(dataset: OnOffDataset, options: SensitivityOptions = {}): DetectableExcess {
  const { nSigma = 5, minExcess = 10, backgroundFraction = 0.05 } = options;
  const { countsOff, acceptance, acceptanceOff, maskSafe, name } = dataset;
  if (countsOff === undefined || acceptanceOff === undefined) {
    throw new SpecError({
      where: `dataset "${name}": sensitivity`,
      found: "no OFF counts",
      expected: "counts ON and OFF the source",
    });
  }
  const n = countsOff.data.length;
  const [excess, background] = [new Float64Array(n).fill(Number.NaN), new Float64Array(n).fill(Number.NaN)];
  const criterion: DetectableExcess["criterion"][number][] = new Array(n).fill("");
  for (let k = 0; k < n; k++) {
    const [off, alpha] = [countsOff.data[k]!, acceptance.data[k]! / acceptanceOff.data[k]!];
    background[k] = alpha * off;
    if (!(off > 0) || maskSafe?.data[k] === 0) continue;
    const found = {
      significance: excessOf(nSigma, off, alpha),
      events: minExcess,
      background: backgroundFraction * alpha * off,
    };
    for (const [rule, value] of Object.entries(found) as ["significance" | "events" | "background", number][]) {
      if (excess[k]! >= value) continue;
      [excess[k], criterion[k]] = [value, rule];
    }
  }
  return { excess, background, criterion };
}

/** The excess that has a significance, for these OFF counts. */
function excessOf(nSigma: number, off: number, alpha: number): number {
  const f = (x: number) => wstatCountsStatistics(alpha * off + x, off, alpha).sqrtTs - nSigma;
  const bracket = bracketRoot(f, 0, nSigma * Math.sqrt(alpha * off + 1) + 1);
  return brentRoot(f, bracket.a, bracket.b).x;
}
