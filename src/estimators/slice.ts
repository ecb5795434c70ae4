import { binsInside } from "../datasets/energy-edges.js";
import type { BinnedDataset } from "../datasets/types.js";
import { backgroundNormOf, calibrationOf, seen } from "../fold/calibration.js";
import { columnTotals } from "../fold/component.js";
import { integralsAt } from "../fold/flux/spectrum.js";
import { scaledVector } from "../fold/flux/types.js";
import { allOf, foldModels } from "../fold/models.js";
import { withinBins } from "../fold/pixels.js";
import type { Response } from "../fold/response.js";
import type { Component, MaskPixels } from "../fold/types.js";
import { type BoundTerm, bindDirectly } from "../likelihood/bound-term.js";
import type { JoinedTerm, KindContext } from "../likelihood/kind.js";
import { modelsFor } from "../likelihood/kind.js";
import { isNorm } from "../likelihood/parameters.js";
import { kindOf } from "../likelihood/registry.js";
import type { Objective } from "../minimize/types.js";
import type { ModelRegistry } from "../models/declaration.js";
import { createDeclarations, declarationOf } from "../models/lookup.js";
import { allParameters, parameterVector } from "../models/parameters.js";
import type { Models, SkyModel } from "../models/types.js";
import { axisEdges } from "../sky/axis.js";
import { type Folded, foldComponents, foldedComponents } from "./folded.js";
import type { JoinedSlices, PredictedCounts } from "./slice-fit.js";
import type { SourceFluxes } from "./source-fluxes.js";

/** A dataset's term in one energy bin, with the source's norm (entry -1) in place of its spectrum. */
export interface SliceTerm {
  readonly compiled: JoinedTerm;
  readonly source: string;
}

/** Cuts a dataset: its term in the bins inside an energy range, for the source's flux times `sign`; null where they hold nothing of the fit. */
export type Slicer = (range: readonly [number, number], sign: number) => SliceTerm | null;

interface SlicerOptions {
  /** The source. */
  readonly model: SkyModel;
  readonly reoptimize: boolean;
  /** Without the source's change with time. */
  readonly steady: boolean;
  readonly fluxes: SourceFluxes;
}

/** What all slices of a dataset share is made once; null where the source does not apply to the dataset. */
export function createSlicer(
  dataset: BinnedDataset,
  { models, registry, responses }: KindContext,
  { model, reoptimize, steady, fluxes }: SlicerOptions,
): Slicer | null {
  const applicable = modelsFor(models, dataset.name);
  if (!applicable.includes(model)) return null;
  const { binned } = kindOf(dataset, registry);
  if (binned === undefined) return null;
  const response = responses.of(dataset);
  const entries = allParameters(models);
  const component = models.components.indexOf(model);
  const declarations = createDeclarations(registry);
  const bind = (sign: number) =>
    allOf(
      foldModels(dataset, applicable, response, {
        models,
        entries,
        declarations,
        spectra: new Map([[model, unitSpectrum(sign)]]),
        steady: steady ? model : undefined,
        // calibrations stay as fitted: a single bin knows nothing of them
        isFree: (entry) =>
          reoptimize && !entry.parameter.frozen && entry.kind !== "calibration" && entry.component !== component,
      }),
    );
  const unitSpectrum = (sign: number) => {
    const values = sourceFluxes(dataset, models, model, response, registry, fluxes);
    return { vector: scaledVector(sign > 0 ? values : values.map((v) => -v)), parameters: [{ entry: -1, factor: 1 }] };
  };
  let folded: Folded | null | undefined;
  return ([min, max], sign) => {
    const bins = binsInside(response.energy, min, max);
    // where every bin of the slice is masked the point does not exist
    const mask = withinBins(response.mask, bins);
    if (mask.every((pixels) => pixels.length === 0)) return null;
    if (folded === undefined) folded = foldComponents(bind(1));
    // without negative fluxes every sign is positive
    const components = folded === null ? bind(sign) : foldedComponents(folded, model.name, mask);
    return {
      compiled: binned.join(dataset, components, mask, registry, { value: backgroundNormOf(models, dataset.name) }),
      source: model.name,
    };
  };
}

/** Fluxes [cm-2 s-1] of the source at norm 1 by true-energy bin, at the energy scale fitted for the dataset. */
export function sourceFluxes(
  dataset: BinnedDataset,
  models: Models,
  model: SkyModel,
  response: Response,
  registry: ModelRegistry,
  shared: SourceFluxes = (edges, make) => make(edges),
): Float64Array {
  const scale = calibrationOf(models, dataset.name)?.parameters.find((p) => p.name === "energy_scale")?.value ?? 0;
  const declaration = declarationOf(model.spectral, "spectral", registry);
  return shared(seen(axisEdges(response.energyTrue), scale), (edges) =>
    integralsAt(declaration, parameterVector(model.spectral, declaration), edges),
  );
}

export function joinSlices(
  terms: readonly SliceTerm[],
  models: Models,
  registry: ModelRegistry,
  norm = 1,
): JoinedSlices {
  const { slots, ...parameters } = commonParameters(terms, models, registry, norm);
  const n = parameters.start.length;
  const bound = terms.map((t) => bindDirectly(t.compiled, n, (entry) => ({ slot: slots.get(entry)!, factor: 1 })));
  return {
    ...parameters,
    objective: n === 1 && terms.length === 1 ? terms[0]!.compiled.term : sumOfTerms(bound, n),
    predicted(x) {
      const sums = terms.map((term, i) => predictedCounts(term, bound[i]!.parameters(x)));
      const total = (pick: (s: PredictedCounts) => number) => sums.reduce((sum, s) => sum + pick(s), 0);
      return {
        counts: total((s) => s.counts),
        npred: total((s) => s.npred),
        excess: total((s) => s.excess),
        negative: total((s) => s.negative),
      };
    },
  };
}

/** The norm, then the other free parameters of the terms, linked ones once; and the slot of each entry. */
function commonParameters(terms: readonly SliceTerm[], models: Models, registry: ModelRegistry, norm: number) {
  const slots = new Map<number, number>([[-1, 0]]);
  const start = [norm];
  const lower = [Number.NEGATIVE_INFINITY];
  const upper = [Number.POSITIVE_INFINITY];
  const byLink = new Map<string, number>();
  const others = terms.flatMap((t) => t.compiled.parameters).filter((p) => p.entry !== -1);
  const entries = others.length === 0 ? [] : allParameters(models);
  for (const { entry } of others) {
    if (slots.has(entry)) continue;
    const { link, value, min, max } = entries[entry]!.parameter;
    const known = link === undefined ? undefined : byLink.get(link);
    slots.set(entry, known ?? start.length);
    if (known !== undefined) continue;
    if (link !== undefined) byLink.set(link, start.length);
    start.push(value);
    // few counts would drive a background below zero, where bins without counts cost nothing
    const least = value > 0 && isNorm(models, entries[entry]!, registry) ? 0 : Number.NEGATIVE_INFINITY;
    lower.push(Number.isNaN(min) ? least : min);
    upper.push(Number.isNaN(max) ? Number.POSITIVE_INFINITY : max);
  }
  return {
    slots,
    start: Float64Array.from(start),
    lower: Float64Array.from(lower),
    upper: Float64Array.from(upper),
  };
}

function sumOfTerms(bound: readonly BoundTerm[], n: number): Required<Objective> {
  return {
    n,
    value: (x) => bound.reduce((sum, t) => sum + t.value(x), 0),
    gradient(x, g) {
      g.fill(0);
      return bound.reduce((sum, t) => sum + t.gradient(x, g), 0);
    },
    hessian(x, g, h, fisher) {
      g.fill(0);
      h.fill(0);
      fisher?.fill(0);
      return bound.reduce((sum, t) => sum + t.hessian(x, g, h, fisher), 0);
    },
  };
}

/** Of one slice at its parameters p. */
function predictedCounts({ compiled, source }: SliceTerm, p: Float64Array): PredictedCounts {
  const { components, mask, data, nBins, total } = compiled;
  // ON counts come first in ON/OFF data
  let counts = 0;
  for (let i = 0; i < nBins; i++) counts += data.measured[i]!;
  let excess = 0;
  let first = 0;
  for (const component of components) {
    if (component.name === source) excess += npredOf(component, mask, p, first);
    first += component.vector.n;
  }
  return { counts, npred: total(p), excess, negative: compiled.negativeWithCounts?.(p) ?? 0 };
}

/** Sum of what a component predicts in the mask; its parameters begin at `first`. */
function npredOf(component: Component, mask: MaskPixels, p: Float64Array, first: number): number {
  const { vector } = component;
  vector.update(p, first, 0);
  const totals = new Float64Array(vector.size);
  columnTotals(component, mask, totals);
  return totals.reduce((sum, total, k) => sum + total * vector.s[k]!, 0);
}
