import type { ModelRegistry, SpectralFunction } from "./declaration.js";
import { spectralFunction } from "./lookup.js";
import { parameterVector } from "./parameters.js";
import { standardModels } from "./registry.js";
import type { Submodel } from "./types.js";

/** dnde [cm-2 s-1 TeV-1] of a spectral model at energies in TeV. */
export function dnde(
  submodel: Submodel,
  energy: ArrayLike<number>,
  registry: ModelRegistry = standardModels,
): Float64Array {
  const f = spectralFunction(submodel, registry);
  const p = parameterVector(submodel, "spectral", registry);
  return Float64Array.from(energy, (e) => f.evaluate(e, p));
}

/** Flux [cm-2 s-1] between energies in TeV, by bin. */
export function flux(
  submodel: Submodel,
  energyMin: ArrayLike<number>,
  energyMax: ArrayLike<number>,
  registry: ModelRegistry = standardModels,
): Float64Array {
  const f = spectralFunction(submodel, registry);
  return byBin(f, 0, parameterVector(submodel, "spectral", registry), energyMin, energyMax);
}

/** Energy flux [TeV cm-2 s-1] between energies in TeV, by bin. */
export function energyFlux(
  submodel: Submodel,
  energyMin: ArrayLike<number>,
  energyMax: ArrayLike<number>,
  registry: ModelRegistry = standardModels,
): Float64Array {
  const f = spectralFunction(submodel, registry);
  return byBin(f, 1, parameterVector(submodel, "spectral", registry), energyMin, energyMax);
}

function byBin(f: SpectralFunction, power: 0 | 1, p: Float64Array, lo: ArrayLike<number>, hi: ArrayLike<number>) {
  const n = segmentNodes(lo, hi);
  const closed = power === 0 ? f.integral : f.energyFlux;
  return Float64Array.from(lo, (e0, i) =>
    closed !== undefined
      ? closed.call(f, e0, hi[i]!, p)
      : integrateLogLog((e) => e ** power * f.evaluate(e, p), e0, hi[i]!, n),
  );
}

/**
 * Number of nodes that Gammapy takes in each of these bins: 100 a decade of the widest one, at least 2. The 1e-9 keeps bins of exactly
 * 0.1 dex at 10 whatever the rounding of their edges.
 */
export function segmentNodes(energyMin: ArrayLike<number>, energyMax: ArrayLike<number>): number {
  let decades = 0;
  for (let i = 0; i < energyMin.length; i++) decades = Math.max(decades, Math.log10(energyMax[i]! / energyMin[i]!));
  return Math.max(2, Math.trunc(100 * decades + 1e-9));
}

/** Integral of f over [a, b], taken as a power law between n geometric nodes. */
export function integrateLogLog(f: (x: number) => number, a: number, b: number, n: number): number {
  const step = Math.log(b / a) / (n - 1);
  let sum = 0;
  let x0 = a;
  let y0 = f(a);
  for (let k = 1; k < n; k++) {
    const x1 = k === n - 1 ? b : a * Math.exp(k * step);
    const y1 = f(x1);
    // int of a power law through both ends = x0 y0 ln(x1/x0) (e^u - 1) / u, u = ln(x1 y1 / (x0 y0))
    const u = Math.log((x1 * y1) / (x0 * y0));
    const piece = x0 * y0 * step * (Math.abs(u) < 1e-300 ? 1 : Math.expm1(u) / u);
    if (!Number.isNaN(piece)) sum += piece;
    x0 = x1;
    y0 = y1;
  }
  return sum;
}
