import type { FluxPoints } from "../datasets/types.js";
import type { ModelRegistry } from "../models/declaration.js";
import { dnde, energyFlux, flux } from "../models/flux.js";
import type { Submodel } from "../models/types.js";
import type { MapAxis } from "../sky/types.js";
import type { FluxPointRow, NormSettings } from "./norm.js";

type Reference = FluxPoints["reference"];

/** The reference spectrum in all SED types, of bins by their edges; those of the last edges are kept, as all intervals of a light curve share them. */
export function referenceFluxes(spectrum: Submodel, registry: ModelRegistry): (nodes: Float64Array) => Reference {
  let last: { readonly nodes: Float64Array; readonly values: Reference } | undefined;
  return (nodes) => {
    if (last?.nodes.length !== nodes.length || !nodes.every((e, i) => e === last!.nodes[i])) {
      const [lo, hi] = [nodes.subarray(0, -1), nodes.subarray(1)];
      const centres = lo.map((e, i) => Math.sqrt(e * hi[i]!));
      const reference = dnde(spectrum, centres, registry);
      last = {
        nodes,
        values: {
          dnde: reference,
          e2dnde: reference.map((y, i) => y * centres[i]! * centres[i]!),
          flux: flux(spectrum, lo, hi, registry),
          eflux: energyFlux(spectrum, lo, hi, registry),
        },
      };
    }
    return last!.values;
  };
}

/** Rows and the reference spectrum as a table. */
export function collectFluxPoints(
  rows: readonly FluxPointRow[],
  reference: (nodes: Float64Array) => Reference,
  settings: NormSettings,
): FluxPoints {
  const lo = Float64Array.from(rows, (r) => r.min);
  const hi = Float64Array.from(rows, (r) => r.max);
  // where rounding to the data's edges left a gap or an overlap, the upper edge of a point is the lower one of the next
  const nodes = Float64Array.from([...lo, hi.at(-1)!]);
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
  return {
    energy,
    sedType: "dnde",
    reference: reference(nodes),
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
