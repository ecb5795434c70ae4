import { SpecError } from "../errors.js";
import { cutNodes } from "../math/cuts.js";
import { integratePowerLaw, NODES_OF_JUMPS, nodeCount, powerLawSegment } from "../math/quadrature.js";
import type { ModelRegistry, SpectralFunction } from "./declaration.js";
import { jumpsAt } from "./jumps.js";
import { declarationOf } from "./lookup.js";
import { findSource, parameterVector } from "./parameters.js";
import type { Models, SkyModel, Submodel } from "./types.js";

/** The sources whose spectrum is a flux; that of others is a factor on a map of flux. */
export function fluxSources({ components }: Models, registry: ModelRegistry): SkyModel[] {
  return components.filter(
    (model): model is SkyModel =>
      model.type === "SkyModel" && declarationOf(model.spectral, "spectral", registry).isNorm !== true,
  );
}

/** The source of that name, whose spectrum must be a flux. */
export function findFluxSource(models: Models, name: string, where: string, registry: ModelRegistry): SkyModel {
  const source = findSource(models, name, where);
  if (fluxSources({ components: [source] }, registry).length > 0) return source;
  throw new SpecError(
    `${where}: the spectrum of "${name}" (${source.spectral.type}) is a factor on its map of flux, and no flux of its own; take another source`,
  );
}

/** dnde [cm-2 s-1 TeV-1] of a spectral model at energies in TeV. */
export function dnde(submodel: Submodel, energy: ArrayLike<number>, registry: ModelRegistry): Float64Array {
  const f = declarationOf(submodel, "spectral", registry);
  const p = parameterVector(submodel, f);
  return Float64Array.from(energy, (e) => f.evaluate(e, p));
}

/** Flux [cm-2 s-1] between energies in TeV, by bin. */
export function flux(
  submodel: Submodel,
  energyMin: ArrayLike<number>,
  energyMax: ArrayLike<number>,
  registry: ModelRegistry,
): Float64Array {
  checkBins("flux", energyMin, energyMax);
  const f = declarationOf(submodel, "spectral", registry);
  return byBin(f, 0, parameterVector(submodel, f), energyMin, energyMax);
}

/** Energy flux [TeV cm-2 s-1] between energies in TeV, by bin. */
export function energyFlux(
  submodel: Submodel,
  energyMin: ArrayLike<number>,
  energyMax: ArrayLike<number>,
  registry: ModelRegistry,
): Float64Array {
  checkBins("energyFlux", energyMin, energyMax);
  const f = declarationOf(submodel, "spectral", registry);
  return byBin(f, 1, parameterVector(submodel, f), energyMin, energyMax);
}

/** Energy [erg] in the particles that radiate as a spectral model says. */
export function particleEnergy(
  submodel: Submodel,
  { min, max }: { readonly min?: number; readonly max?: number },
  registry: ModelRegistry,
): number {
  const f = declarationOf(submodel, "spectral", registry);
  if (f.particleEnergy !== undefined) return f.particleEnergy(parameterVector(submodel, f), min, max);
  throw new SpecError(
    `particleEnergy: ${submodel.type} has no particles; take a radiation model, such as InverseComptonSpectralModel`,
  );
}

/** Pairs of energies: arrays of one length, each e_max at or above its e_min. */
function checkBins(where: string, lo: ArrayLike<number>, hi: ArrayLike<number>): void {
  if (typeof lo?.length !== "number" || typeof hi?.length !== "number" || lo.length !== hi.length) {
    const found = [lo, hi].map((x) => (typeof x?.length === "number" ? `an array of ${x.length}` : String(x)));
    const expected = "two arrays of one length, the lower and the upper energies in TeV";
    throw new SpecError({ where, found: found.join(" and "), expected, remedy: `write ${where}(spectrum, [1], [10])` });
  }
  for (let i = 0; i < lo.length; i++) {
    if (lo[i]! <= hi[i]!) continue;
    throw new SpecError({ where, found: `${lo[i]} to ${hi[i]} TeV in bin ${i}`, expected: "the smaller energy first" });
  }
}

function byBin(f: SpectralFunction, power: 0 | 1, p: Float64Array, lo: ArrayLike<number>, hi: ArrayLike<number>) {
  const closed = power === 0 ? f.integral : f.energyFlux;
  // One number of nodes for all bins, as in Gammapy.
  let n = 2;
  if (closed === undefined)
    for (let i = 0; i < lo.length; i++) n = Math.max(n, nodeCount([lo[i]!, hi[i]!], f.jumps && NODES_OF_JUMPS));
  const jumps = f.jumps && jumpsAt(f.jumps, p);
  return Float64Array.from(lo, (e0, i) =>
    closed !== undefined
      ? closed.call(f, e0, hi[i]!, p)
      : integrateBetweenJumps((e) => e ** power * f.evaluate(e, p), [e0, hi[i]!], n, jumps),
  );
}

function integrateBetweenJumps(
  f: (e: number) => number,
  [e0, e1]: readonly [number, number],
  n: number,
  jumps: Float64Array | undefined,
): number {
  const cut = jumps && cutNodes(e0, e1, n, jumps);
  if (cut === undefined) return integratePowerLaw(f, e0, e1, n);
  const { nodes, at } = cut;
  let sum = 0;
  let left = f(at[0]!);
  for (let k = 1; k < nodes.length; k++) {
    const right = f(at[k]!);
    if (nodes[k]! > nodes[k - 1]!) sum += powerLawSegment(nodes[k - 1]!, nodes[k]!, left, right);
    left = right;
  }
  return sum;
}
