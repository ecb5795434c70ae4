/**
 * Sums over bins whose npred is one number of their own times a common z: mu_i = row_i z. Of sum n ln mu only N ln z depends on z, so that bins which the
 * background alone reaches cost nothing. Plainly in `reference.ts`.
 */

/** cash truncates npred here. */
const TRUNCATION = 1e-25;

/** What does not depend on z. */
export interface OneColumn {
  /** sum n */
  readonly counts: number;
  /** sum n ln row */
  readonly logs: number;
  /** The smallest row. */
  readonly least: number;
}

/** Of counts n [bins] and rows [bins or more]. */
export function oneColumn(n: Float64Array, rows: Float64Array): OneColumn {
  let counts = 0;
  let logs = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < n.length; i++) {
    const row = rows[i]!;
    counts += n[i]!;
    logs += n[i]! * Math.log(row);
    if (row < least || Number.isNaN(row)) least = row; // stays NaN, so that no z is in range
  }
  return { counts, logs, least };
}

/** Whether all mu are above the truncation of cash, as the sum of logarithms demands. */
export const isAboveTruncation = ({ least }: OneColumn, z: number): boolean => least * z > TRUNCATION;

/** sum n ln mu */
export const logCountsOfOne = ({ counts, logs }: OneColumn, z: number): number => logs + counts * Math.log(z);
