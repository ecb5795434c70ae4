import { columnTotals } from "../fold/component.js";
import type { MaskPixels } from "../fold/types.js";
import type { CompiledTerm } from "./types.js";

/**
 * Sums of npred of counts at p: over the bins in the fit, and over all `count` of the dataset. Undefined where the
 * second takes more than what the fit has made, or is not the sum of what its models predict.
 */
export function predictedTotals(
  { data, nBins, mask, components, total }: CompiledTerm,
  p: Float64Array,
  count: number,
): { readonly inFit: number; readonly all: number } | undefined {
  // ON/OFF data have a background of their own, sources of free place are folded for the bins in the fit
  if (mask === undefined || components === undefined || data.measured.length !== nBins) return undefined;
  // evaluates the components at p, too
  const inFit = total(p);
  if (components.some((c) => c.refresh !== undefined || c.vector.s.some((z) => !(z >= 0)))) return undefined;
  const nPix = count / mask.length;
  const outside = mask.map((pixels) => others(pixels, nPix));
  // fluxes are known as far as the energies of the fit need them
  if (outside.some((pixels, r) => pixels.length > 0 && mask[r]!.length === 0)) return undefined;
  const all = inFit + components.reduce((sum, c) => sum + totalOf(c, outside), 0);
  return Number.isFinite(all) ? { inFit, all } : undefined;
}

/** The pixels below n that are not among some, which increase. */
function others(pixels: Int32Array, n: number): Int32Array {
  const out = new Int32Array(n - pixels.length);
  for (let i = 0, k = 0, j = 0; i < n; i++) {
    if (pixels[k] === i) k++;
    else out[j++] = i;
  }
  return out;
}

function totalOf(component: NonNullable<CompiledTerm["components"]>[number], bins: MaskPixels): number {
  const { s } = component.vector;
  const totals = new Float64Array(s.length);
  columnTotals(component, bins, totals);
  return totals.reduce((sum, total, k) => sum + total * s[k]!, 0);
}
