import { axisCenters } from "../sky/axis.js";
import type { FluxPoints, SedType } from "./types.js";

/** [n] TeV: the energies that dnde belongs to. */
export function referenceEnergies({ eRef, energy }: FluxPoints): Float64Array {
  return eRef ?? axisCenters(energy);
}

/** [n] TeV: where the bins begin and end; undefined where the points have none. */
export function energyBins({ energy, meta }: FluxPoints): readonly [low: Float64Array, high: Float64Array] | undefined {
  if (energy.nodeType === "edges") return [energy.nodes.slice(0, -1), energy.nodes.slice(1)];
  if (meta?.eMin instanceof Float64Array && meta.eMax instanceof Float64Array) return [meta.eMin, meta.eMax];
  return undefined;
}

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
