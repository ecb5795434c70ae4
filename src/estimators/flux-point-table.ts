import type { FluxPoints } from "../datasets/types.js";
import type { ModelRegistry } from "../models/declaration.js";
import { dnde, energyFlux, flux } from "../models/flux.js";
import type { Submodel } from "../models/types.js";
import type { MapAxis } from "../sky/types.js";
import type { FluxPointRow, NormSettings } from "./norm.js";

/** Rows and the reference spectrum, in all SED types, as a table. */
export function collectFluxPoints(
  rows: readonly FluxPointRow[],
  spectrum: Submodel,
  registry: ModelRegistry,
  settings: NormSettings,
): FluxPoints {
  const lo = Float64Array.from(rows, (r) => r.min);
  const hi = Float64Array.from(rows, (r) => r.max);
  // where rounding to the data's edges left a gap or an overlap, the upper edge of a point is the lower one of the next
  const nodes = Float64Array.from([...lo, hi.at(-1)!]);
  const energy: MapAxis = { name: "energy", unit: "TeV", interp: "log", nodeType: "edges", nodes };
  const ref = lo.map((e, i) => Math.sqrt(e * nodes[i + 1]!));
  const reference = dnde(spectrum, ref, registry);
  const column = (pick: (r: FluxPointRow) => number) => Float64Array.from(rows, pick);
  /** Values of a fit that failed are not shown. */
  const measured = (pick: (r: FluxPointRow) => number) => column((r) => (r.success ? pick(r) : Number.NaN));
  const m = settings.normScan.length;
  const scan = new Float64Array(rows.length * m);
  for (const [i, r] of rows.entries()) scan.set(r.statScan, i * m);
  const norms = new Float64Array(rows.length * m);
  for (let i = 0; i < rows.length; i++) norms.set(settings.normScan, i * m);
  const ts = column((r) => r.ts);
  return {
    energy,
    sedType: "dnde",
    reference: {
      dnde: reference,
      e2dnde: reference.map((y, i) => y * ref[i]! * ref[i]!),
      flux: flux(spectrum, lo, nodes.subarray(1), registry),
      eflux: energyFlux(spectrum, lo, nodes.subarray(1), registry),
    },
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
  };
}
