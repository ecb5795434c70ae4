import type { FluxPoints } from "../datasets/types.js";
import type { MapAxis } from "../sky/types.js";
import type { FluxPointRow, NormSettings } from "./norm.js";

/** Rows and the reference spectrum as a table. */
export function collectFluxPoints(
  rows: readonly FluxPointRow[],
  nodes: Float64Array,
  { dnde, e2dnde, flux, eflux }: FluxPoints["reference"],
  settings: NormSettings,
): FluxPoints {
  const energy: MapAxis = { name: "energy", unit: "TeV", interp: "log", nodeType: "edges", nodes };
  const column = (pick: (r: FluxPointRow) => number) => Float64Array.from(rows, pick);
  /** Values of a fit that failed are not shown. */
  const measured = (pick: (r: FluxPointRow) => number) => column((r) => (r.success ? pick(r) : Number.NaN));
  const m = settings.normScan.length;
  const scan = new Float64Array(rows.length * m);
  for (const [i, r] of rows.entries()) scan.set(r.statScan, i * m);
  const norms = new Float64Array(rows.length * m);
  for (let i = 0; i < rows.length; i++) norms.set(settings.normScan, i * m);
  const ts = column((r) => r.ts);
  const remarks = rows.map(({ remark = "" }) => remark);
  return {
    energy,
    sedType: "dnde",
    reference: { dnde, e2dnde, flux, eflux },
    norm: measured((r) => r.norm),
    normErr: measured((r) => r.normErr),
    normErrn: column((r) => r.normErrn),
    normErrp: column((r) => r.normErrp),
    normUl: column((r) => r.normUl),
    ts,
    sqrtTs: column((r) => Math.sqrt(Math.max(r.ts, 0)) * Math.sign(r.norm)),
    stat: column((r) => r.stat),
    statNull: column((r) => r.statNull),
    npred: column((r) => r.npred),
    npredExcess: column((r) => r.npredExcess),
    counts: column((r) => r.counts),
    success: Uint8Array.from(rows, (r) => (r.success ? 1 : 0)),
    normScan: norms,
    statScan: scan,
    nSigma: settings.nSigma,
    nSigmaUl: settings.nSigmaUl,
    ...(remarks.some((remark) => remark !== "") && { remarks }),
  };
}
