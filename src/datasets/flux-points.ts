import type { FluxPoints, SedType } from "./types.js";

/** Whether point i is a limit: as stored; else sqrt(ts) < 2 where ts and a limit exist; else a limit exists; else there is no value. */
export function isUpperLimit(points: FluxPoints, i: number): boolean {
  if (points.isUlStored !== undefined) return points.isUlStored[i] === 1;
  const ul = points.normUl?.[i];
  if (ul === undefined) return Number.isNaN(points.norm[i]!);
  const sqrtTs = sqrtTsOf(points)?.[i];
  if (sqrtTs !== undefined && !Number.isNaN(ul)) return sqrtTs < 2;
  return Number.isFinite(ul);
}

/** sqrt(max(ts, 0)) with the sign of the norm; undefined where there is no ts. */
export function sqrtTsOf(points: FluxPoints): Float64Array | undefined {
  if (points.sqrtTs !== undefined) return points.sqrtTs;
  return points.ts?.map((ts, i) => Math.sqrt(Math.max(ts, 0)) * Math.sign(points.norm[i]!));
}

/** A norm-like column as an SED quantity: times the reference of that type. */
export function inSedType(
  points: FluxPoints,
  norm: Float64Array | undefined,
  type: Exclude<SedType, "likelihood">,
): Float64Array | undefined {
  return norm?.map((x, i) => x * points.reference[type][i]!);
}

/** The symmetric error of norm i: as stored, else the mean of errn and errp. */
export function normError(points: FluxPoints, i: number): number {
  const { normErr, normErrn, normErrp } = points;
  const err = normErr?.[i];
  if (err !== undefined && !Number.isNaN(err)) return err;
  return ((normErrn?.[i] ?? Number.NaN) + (normErrp?.[i] ?? Number.NaN)) / 2;
}
