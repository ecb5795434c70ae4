import { SpecError } from "../errors.js";
import { integralVector, valueVector } from "../fold/flux/spectrum.js";
import { type FluxVector, packedLength } from "../fold/flux/types.js";
import type { ModelRegistry, SpectralFunction } from "../models/declaration.js";
import { dnde, energyFlux, findFluxSource, flux } from "../models/flux.js";
import { declarationOf } from "../models/lookup.js";
import { allParameters, type ParameterEntry, parameterVector, unitFactors } from "../models/parameters.js";
import type { Models, SkyModel } from "../models/types.js";

/** Where and what: differential at energies, or integrated between pairs of them; all in TeV. */
export type SpectralPoints =
  | { readonly quantity: "dnde" | "e2dnde"; readonly energy: ArrayLike<number> }
  | {
      readonly quantity: "flux" | "eflux";
      readonly energyMin: ArrayLike<number>;
      readonly energyMax: ArrayLike<number>;
    };

export const quantityUnits = {
  dnde: "cm-2 s-1 TeV-1",
  e2dnde: "TeV cm-2 s-1",
  flux: "cm-2 s-1",
  eflux: "TeV cm-2 s-1",
} as const;

/** A quantity of a source's spectrum as a function of those of its parameters that vary. */
export interface Quantity {
  /** The model's own values [m]. */
  readonly value: Float64Array;
  /** The parameters that vary [k], as indices in `allParameters`, and the factors from their units to those of `p`. */
  readonly entries: readonly number[];
  readonly factors: Float64Array;
  /** Values of those parameters [k], in the declaration's units. */
  readonly p: Float64Array;
  /** Which of them dnde is proportional to; -1: none. */
  readonly norm: number;
  /** Values and derivatives at other parameters. */
  readonly vector: FluxVector;
}

/** `varies`: which entries of `allParameters(models)` do. */
export function quantityOf(
  models: Models,
  source: string,
  points: SpectralPoints,
  varies: (entry: ParameterEntry, index: number) => boolean,
  registry: ModelRegistry,
): Quantity {
  const model = findFluxSource(models, source, points.quantity, registry);
  checkEnergies(points);
  const { spectral } = model;
  const all = allParameters(models);
  const own = all.flatMap((entry, index) =>
    entry.model === source && entry.kind === "spectral" ? [{ entry, index }] : [],
  );
  const free = own.flatMap(({ entry, index }, k) => (varies(entry, index) ? [k] : []));
  const f = declarationOf(spectral, "spectral", registry);
  const { norm } = f;
  const p = parameterVector(spectral, f);
  const factors = unitFactors(spectral, f);
  const value = ownValues(model, points, registry);
  return {
    value,
    entries: free.map((k) => own[k]!.index),
    factors: Float64Array.from(free, (k) => factors[k]!),
    p: Float64Array.from(free, (k) => p[k]!),
    norm: free.findIndex((k) => own[k]!.entry.name === norm),
    vector: vectorOf(f, p, free, points, value),
  };
}

function checkEnergies(points: SpectralPoints): void {
  const { quantity } = points;
  if (!(quantity in quantityUnits)) {
    throw new SpecError(
      `found the quantity ${JSON.stringify(quantity)}, expected ${Object.keys(quantityUnits).join(", ")}`,
    );
  }
  const needed = quantity === "dnde" || quantity === "e2dnde" ? ["energy"] : ["energyMin", "energyMax"];
  for (const key of needed) {
    const given = (points as Readonly<Record<string, unknown>>)[key];
    if (typeof (given as ArrayLike<number> | undefined)?.length === "number") continue;
    throw new SpecError(`${quantity}: found ${key} ${String(given)}, expected a list of energies in TeV`);
  }
  const bad = (e: ArrayLike<number>) => Array.from(e).find((v) => !(v > 0 && Number.isFinite(v)));
  const found = "energy" in points ? bad(points.energy) : (bad(points.energyMin) ?? bad(points.energyMax));
  if (found !== undefined) throw new SpecError(`${quantity}: found the energy ${found} TeV, expected positive numbers`);
  if ("energy" in points) return;
  const { energyMin, energyMax } = points;
  if (energyMin.length !== energyMax.length) {
    throw new SpecError(
      `${quantity}: found ${energyMin.length} energyMin and ${energyMax.length} energyMax, expected as many of both`,
    );
  }
  const k = Array.from(energyMin).findIndex((e, i) => !(e < energyMax[i]!));
  if (k >= 0) {
    throw new SpecError(
      `${quantity}: the bin ${energyMin[k]} TeV to ${energyMax[k]} TeV is empty; give the smaller energy first`,
    );
  }
}

function ownValues({ spectral }: SkyModel, points: SpectralPoints, registry: ModelRegistry): Float64Array {
  switch (points.quantity) {
    case "dnde":
      return dnde(spectral, points.energy, registry);
    case "e2dnde":
      return dnde(spectral, points.energy, registry).map((y, i) => y * points.energy[i]! ** 2);
    case "flux":
      return flux(spectral, points.energyMin, points.energyMax, registry);
    case "eflux":
      return energyFlux(spectral, points.energyMin, points.energyMax, registry);
  }
}

function vectorOf(
  f: SpectralFunction,
  p: Float64Array,
  free: readonly number[],
  points: SpectralPoints,
  value: Float64Array,
): FluxVector {
  if ("energy" in points) {
    const e = Float64Array.from(points.energy);
    const vector = valueVector(f, p, free, e);
    return points.quantity === "dnde" ? vector : joined(vector.n, [{ vector, factor: e.map((v) => v * v) }]);
  }
  const g = points.quantity === "flux" ? f : timesEnergy(f);
  const start = Float64Array.from(free, (k) => p[k]!);
  const bins = Array.from(points.energyMin, (lo, i) => {
    const vector = integralVector(g, p, free, Float64Array.of(lo, points.energyMax[i]!));
    // Gammapy's number of nodes depends on the other bins: the last 1e-5 of the value
    vector.update(start, 0, 0);
    const factor = value[i]! / vector.s[0]!;
    return { vector, factor: Float64Array.of(Number.isFinite(factor) ? factor : 1) };
  });
  return joined(free.length, bins);
}

/** E dnde, whose integral is the energy flux. */
function timesEnergy(f: SpectralFunction): SpectralFunction {
  const { energyFlux: closed, derivatives, logBasis } = f;
  return {
    evaluate: (e, p) => e * f.evaluate(e, p),
    ...(f.powerLawSegments !== undefined && { powerLawSegments: f.powerLawSegments }),
    ...(f.jumps !== undefined && { jumps: f.jumps }),
    ...(closed && { integral: closed.bind(f) }),
    ...(derivatives && {
      derivatives(e: number, p: Float64Array, g: Float64Array, h: Float64Array) {
        const value = derivatives.call(f, e, p, g, h);
        for (let i = 0; i < g.length; i++) g[i]! *= e;
        for (let i = 0; i < h.length; i++) h[i]! *= e;
        return e * value;
      },
    }),
    ...(logBasis && {
      logBasis(p: Float64Array, free: readonly boolean[]) {
        const basis = logBasis.call(f, p, free);
        if (basis === null) return null;
        return {
          norm: basis.norm,
          parameters: basis.parameters,
          along: (e: number, j: number, out: Float64Array) => {
            basis.along(e, j, out);
            if (j >= 0) return;
            out[0]! += Math.log(e);
            out[1]! += 1;
          },
          offset: (e: number) => Math.log(e) + basis.offset(e),
          basis: (e: number, j: number) => basis.basis(e, j),
        };
      },
    }),
  };
}

/** Several vectors of the same parameters as one, each element times its factor. */
function joined(n: number, parts: readonly { vector: FluxVector; factor: Float64Array }[]): FluxVector {
  const size = parts.reduce((sum, { vector }) => sum + vector.size, 0);
  const nn = packedLength(n);
  const s = new Float64Array(size);
  const ds = new Float64Array(size * n);
  const d2s = new Float64Array(size * nn);
  const copy = (from: Float64Array, to: Float64Array, at: number, width: number, factor: Float64Array) => {
    for (let i = 0; i < factor.length * width; i++) to[at * width + i] = from[i]! * factor[Math.floor(i / width)]!;
  };
  return {
    size,
    n,
    s,
    ds,
    d2s,
    update(p, offset, order) {
      let at = 0;
      for (const { vector, factor } of parts) {
        vector.update(p, offset, order);
        copy(vector.s, s, at, 1, factor);
        if (order > 0) copy(vector.ds, ds, at, n, factor);
        if (order > 1) copy(vector.d2s, d2s, at, nn, factor);
        at += vector.size;
      }
    },
  };
}
