/** Flux points as a table. */
import { energyBins, inSedType, isUpperLimit, referenceEnergies, sqrtTsOf } from "../../datasets/flux-points.js";
import type { FluxPoints, SedType } from "../../datasets/types.js";
import { normalSf } from "../../math/special.js";
import { conversionFactor } from "../../units/index.js";
import { logicals, numbers } from "./columns.js";
import type { Column, NumberColumn, Table } from "./types.js";

/** Of the columns for machines. */
const UNITS: Readonly<Record<SedType, string>> = {
  dnde: "cm-2 s-1 TeV-1",
  e2dnde: "erg cm-2 s-1",
  flux: "cm-2 s-1",
  eflux: "erg cm-2 s-1",
  likelihood: "",
};

const TEX: Readonly<Record<SedType, string>> = {
  dnde: "$\\mathrm{d}N/\\mathrm{d}E$",
  e2dnde: "$E^2\\,\\mathrm{d}N/\\mathrm{d}E$",
  flux: "$F$",
  eflux: "$F_E$",
  likelihood: "Norm",
};

/** In the units of the columns. */
export function valuesIn(points: FluxPoints, norm: Float64Array | undefined, type: SedType): Float64Array | undefined {
  if (type === "likelihood" || norm === undefined) return norm;
  const factor = type === "e2dnde" || type === "eflux" ? conversionFactor("TeV", "erg") : 1;
  return inSedType(points, norm, type)!.map((x) => x * factor);
}

/** "95.45 %": how sure the limits are, where it is known. */
export function limitConfidence({ normUl, nSigmaUl }: FluxPoints): string {
  if (normUl === undefined || nSigmaUl === undefined) return "";
  return `${Number((100 * (1 - 2 * normalSf(nSigmaUl))).toPrecision(4))} %`;
}

/** Energies, the quantity with its errors and limits, and what it was measured from. */
export function fluxPointColumns(points: FluxPoints, type: SedType): Column[] {
  const name = type === "likelihood" ? "norm" : type;
  const [low, high] = energyBins(points) ?? [];
  const { success, norm, normErr, normErrn, normErrp, normUl, remarks } = points;
  const reason = Array.from(norm, (_, i) => {
    if (success === undefined) return "the file has none";
    return success[i] === 1 ? "none was found" : remarks?.[i] || "the fit did not converge";
  });
  const confidence = limitConfidence(points);
  const limit = confidence === "" ? "Limit" : `Limit (${confidence.replace(" %", "\\,\\%")})`;
  const of = (values: Float64Array | undefined) => valuesIn(points, values, type);
  const unit = UNITS[type];
  const more = (key: string, values: Float64Array | undefined, settings: Partial<NumberColumn> = {}) =>
    values === undefined ? [] : [numbers(key, values, { reason, ...settings })];
  const energy = (key: string, values: Float64Array | undefined, tex: string) =>
    more(key, values, { unit: "TeV", tex });
  return [
    ...energy("e_min", low, "$E_{\\min}$"),
    ...energy("e_max", high, "$E_{\\max}$"),
    ...energy("e_ref", referenceEnergies(points), "$E_{\\mathrm{ref}}$"),
    numbers(name, of(norm)!, {
      unit,
      reason,
      tex: TEX[type],
      err: of(normErr),
      errn: of(normErrn),
      errp: of(normErrp),
    }),
    ...more(`${name}_ul`, of(normUl), { unit, tex: limit, scale: of(normUl)?.map((x) => Math.abs(x) / 20) }),
    ...more("ts", points.ts, { decimals: 2, inTex: false }),
    ...more("sqrt_ts", sqrtTsOf(points), { decimals: 2, tex: "$\\sqrt{\\mathrm{TS}}$" }),
    ...more("npred", points.npred, { decimals: 2, inTex: false }),
    ...more("npred_excess", points.npredExcess, { decimals: 2, inTex: false }),
    ...more("counts", points.counts, { whole: true, inTex: false }),
    ...more("stat", points.stat, { decimals: 2, inTex: false }),
    logicals(
      "is_ul",
      Array.from(norm, (_, i) => isUpperLimit(points, i)),
      { tex: "Is limit", inTex: false },
    ),
  ];
}

/**
 * Flux points as a table for `writeTable`: energies in TeV, the quantity (cm-2 s-1 TeV-1, erg cm-2 s-1 ...) with its errors and limits, TS, counts. `type`: which
 * quantity; absent: that of the points. A value that is missing has its reason. FITS and ECSV as Gammapy reads them: `writeFluxPoints`.
 * @throws SpecError where the points have no reference for this quantity.
 * @example
 * ```ts
 * import { estimateFluxPoints } from "gammats";
 * import { fluxPointsTable, writeTable } from "gammats/io";
 * import { exampleFolder, nodeFiles, readCrab } from "gammats/node";
 * const { datasets, models } = await readCrab(exampleFolder(), nodeFiles());
 * const points = estimateFluxPoints(datasets, models, { source: "Crab Nebula", energyEdges: [0.01, 0.1, 1] });
 * const csv = new TextDecoder().decode(writeTable(fluxPointsTable(points, "e2dnde"), "csv"));
 * console.assert(csv.includes("e_ref [TeV],e2dnde [erg cm-2 s-1]"));
 * ```
 */
export function fluxPointsTable(points: FluxPoints, type: SedType = points.sedType): Table {
  return { name: "flux_points", about: "Flux points", columns: fluxPointColumns(points, type) };
}
