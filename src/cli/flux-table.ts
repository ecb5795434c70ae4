/** Flux points for people and for machines. */
import { energyBins, inSedType, isUpperLimit, referenceEnergies } from "../datasets/flux-points.js";
import type { FluxPoints } from "../datasets/types.js";
import { conversionFactor } from "../units/index.js";
import { textTable } from "./table.js";

/** One object a point: energies in TeV, dnde in cm-2 s-1 TeV-1, e2dnde in erg cm-2 s-1. */
export function fluxPointRows(points: FluxPoints) {
  const [low, high] = energyBins(points) ?? [];
  const erg = conversionFactor("TeV cm-2 s-1", "erg cm-2 s-1");
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
  function inErg(norm: Float64Array | undefined): Float64Array | undefined {
    return inSedType(points, norm, "e2dnde")?.map((x) => x * erg);
  }
  const given = Object.entries(columns).filter((entry): entry is [string, ArrayLike<number>] => entry[1] !== undefined);
  return Array.from(points.norm, (_, i) => ({
    ...(Object.fromEntries(given.map(([name, values]) => [name, values[i]!])) as Record<string, number>),
    is_ul: isUpperLimit(points, i),
  }));
}

export function fluxPointsTable(points: FluxPoints): string {
  const shown = ["e_min", "e_max", "e_ref", "e2dnde", "e2dnde_err", "e2dnde_ul", "sqrt_ts", "counts", "npred"];
  const rows = fluxPointRows(points) as (Record<string, number> & { is_ul: boolean })[];
  const names = shown.filter((name) => rows[0]?.[name] !== undefined);
  const units: Record<string, string> = { e_min: " [TeV]", e_max: " [TeV]", e_ref: " [TeV]", e2dnde: " [erg/cm2/s]" };
  return textTable(
    [...names.map((name) => name + (units[name] ?? "")), "limit"],
    rows.map((row) => [...names.map((name) => row[name]!), row.is_ul ? "yes" : "no"]),
  );
}
