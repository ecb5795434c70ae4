/** Flux points for people and for machines. */
import { energyBins, inSedType, isUpperLimit, referenceEnergies } from "../datasets/flux-points.js";
import type { FluxPoints, SedType } from "../datasets/types.js";
import { fluxPointsTable, valuesIn } from "../io/table/flux-points.js";
import type { Column, Table } from "../io/table/types.js";

/** One object a point: energies in TeV, dnde in cm-2 s-1 TeV-1, e2dnde in erg cm-2 s-1. */
export function fluxPointRows(points: FluxPoints) {
  const [low, high] = energyBins(points) ?? [];
  const inErg = (norm: Float64Array | undefined) => valuesIn(points, norm, "e2dnde");
  const columns: Record<string, ArrayLike<number> | undefined> = {
    e_ref: referenceEnergies(points),
    e_min: low,
    e_max: high,
    norm: points.norm,
    dnde: inSedType(points, points.norm, "dnde"),
    dnde_err: inSedType(points, points.normErr, "dnde"),
    e2dnde: inErg(points.norm),
    e2dnde_err: inErg(points.normErr),
    e2dnde_errn: inErg(points.normErrn),
    e2dnde_errp: inErg(points.normErrp),
    e2dnde_ul: inErg(points.normUl),
    ts: points.ts,
    sqrt_ts: points.sqrtTs,
    npred: points.npred,
    npred_excess: points.npredExcess,
    counts: points.counts,
    stat: points.stat,
  };
  const given = Object.entries(columns).filter((entry): entry is [string, ArrayLike<number>] => entry[1] !== undefined);
  return Array.from(points.norm, (_, i) => ({
    ...(Object.fromEntries(given.map(([name, values]) => [name, values[i]!])) as Record<string, number>),
    is_ul: isUpperLimit(points, i),
    ...(points.remarks?.[i] && { remark: points.remarks[i] }),
  }));
}

/** What a terminal has no room for. */
const LONG = new Set(["ts", "npred_excess", "stat"]);

export function briefFluxPoints(points: FluxPoints, type: SedType = "e2dnde"): Table {
  const { name, columns } = fluxPointsTable(points, type);
  return { name, columns: columns.filter((c) => !LONG.has(c.name)).map(withoutSides) };
}

/** With one error for both sides, where there is one. */
export function withoutSides(column: Column): Column {
  if (column.kind !== "numbers" || column.err === undefined) return column;
  const { errn: _, errp: _1, ...rest } = column;
  return rest;
}
