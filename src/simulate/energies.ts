/** True energies of the events of a source, before the instrument. */
import { SpecError } from "../errors.js";
import { integralsAt } from "../fold/flux/spectrum.js";
import type { SpectralDeclaration } from "../models/declaration.js";
import { axisCenters, axisEdges } from "../sky/axis.js";
import type { MapAxis } from "../sky/types.js";

/** A spectrum in bins that are a power law each. */
export interface EnergyBins {
  /** TeV [n + 1] */
  readonly edges: Float64Array;
  /** cm-2 s-1 [n], of a factor on a map of flux: TeV */
  readonly flux: Float64Array;
  /** TeV: of a uniform number in bin k. */
  draw(k: number, u: number): number;
}

/** Bins a decade at least. */
const PER_DECADE = 50;

/** Edges [TeV] of bins in which an effective area is linear in ln E: those of the nodes of its axis, divided. */
export function fineEdges(axis: MapAxis): Float64Array {
  const outer = axisEdges(axis).filter((e) => e > 0);
  const nodes = [outer[0]!, ...axisCenters(axis), outer.at(-1)!].filter((e) => e > 0).sort((a, b) => a - b);
  const edges = [nodes[0]!];
  for (const to of nodes.slice(1)) {
    const from = edges.at(-1)!;
    if (!(to > from)) continue;
    const parts = Math.max(1, Math.ceil(PER_DECADE * Math.log10(to / from) - 1e-9));
    for (let k = 1; k < parts; k++) edges.push(from * (to / from) ** (k / parts));
    edges.push(to);
  }
  return Float64Array.from(edges);
}

/**
 * The spectrum in bins, with the integrals that predicted counts have; within a bin it is the power law through the values at its ends.
 * @throws SpecError where it is negative or not finite.
 */
export function energyBins(f: SpectralDeclaration, p: Float64Array, edges: Float64Array, where: string): EnergyBins {
  const flux = integralsAt(f, p, edges);
  const ends = edges.map((e) => f.evaluate(e, p));
  const bad = flux.findIndex((x) => !(x >= 0 && x < Infinity));
  if (bad >= 0) {
    throw new SpecError({
      where,
      found: `a flux of ${flux[bad]} from ${edges[bad]} to ${edges[bad + 1]} TeV`,
      expected: "a spectrum that is finite and not below 0 at the energies of the effective area",
    });
  }
  const powers = flux.map((_, k) => {
    const [low, high] = [ends[k]!, ends[k + 1]!];
    // 1 more than the index of dnde
    return low > 0 && high > 0 ? 1 + Math.log(high / low) / Math.log(edges[k + 1]! / edges[k]!) : 1;
  });
  return {
    edges,
    flux,
    draw(k, u) {
      const ratio = Math.log(edges[k + 1]! / edges[k]!);
      const t = powers[k]! * ratio;
      return edges[k]! * Math.exp(Math.abs(t) < 1e-9 ? u * ratio : Math.log1p(u * Math.expm1(t)) / powers[k]!);
    },
  };
}
