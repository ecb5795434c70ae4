import { type CompiledTerm, compileDataset, modelsFor } from "../datasets/compile.js";
import { integralVector } from "../datasets/flux/spectrum.js";
import { scaledVector } from "../datasets/flux/types.js";
import { type BinnedDataset, type BinRange, cachedFitMask, maskPixels } from "../datasets/masks.js";
import { calibrationOf, seen } from "../datasets/source/calibration.js";
import type { Response } from "../datasets/source/response.js";
import { columnTotals } from "../datasets/terms/component.js";
import { bindTerm } from "../fit/bound-term.js";
import { createNewton } from "../minimize/newton.js";
import type { Objective } from "../minimize/types.js";
import type { ModelRegistry } from "../models/declaration.js";
import { spectralFunction } from "../models/lookup.js";
import { allParameters, parameterVector } from "../models/parameters.js";
import type { Models, SkyModel } from "../models/types.js";
import { axisEdges } from "../sky/axis.js";
import { groupTable } from "../sky/axis-groups.js";

export interface Slice {
  readonly bins: BinRange;
  readonly min: number;
  readonly max: number;
}

/** The whole energy bins of a dataset nearest to a range; null where there are none. */
export function sliceOf(dataset: BinnedDataset, range: readonly [number, number]): Slice | null {
  const axis = (dataset.counts ?? dataset.maskSafe)!.geom.axes[0]!;
  const edges = axisEdges(axis);
  if (range[1] <= edges[0]! || range[0] >= edges.at(-1)!) return null;
  try {
    const group = groupTable(axis, range).find((g) => g.type === "normal")!;
    return { bins: [group.start, group.stop], min: group.min, max: group.max };
  } catch {
    return null;
  }
}

/** A dataset's term in one energy bin, with the source's norm (entry -1) in place of its spectrum. */
export interface SliceTerm {
  readonly compiled: CompiledTerm;
  readonly dataset: BinnedDataset;
  readonly min: number;
  readonly max: number;
  readonly source: string;
}

export function compileSlice(
  dataset: BinnedDataset,
  models: Models,
  model: SkyModel,
  response: Response,
  slice: Slice,
  registry: ModelRegistry,
  reoptimize: boolean,
): SliceTerm | null {
  if (!modelsFor(models, dataset.name).includes(model)) return null;
  const component = models.components.indexOf(model);
  // the energy scale of the dataset, at its fitted value
  const scale = calibrationOf(models, dataset.name)?.parameters.find((p) => p.name === "energy_scale")?.value ?? 0;
  const flux = response.cached(`flux ${scale} ${JSON.stringify(model.spectral)}`, () => {
    const p = parameterVector(model.spectral, "spectral", registry);
    const edges = seen(axisEdges(response.energyTrue), scale);
    const vector = integralVector(spectralFunction(model.spectral, registry), p, [], edges);
    vector.update(new Float64Array(0), 0, 0);
    return vector.s.slice();
  });
  const spectra = new Map([[model, { vector: scaledVector(flux), parameters: [{ entry: -1, factor: 1 }] }]]);
  // where every bin of the slice is masked the point does not exist
  const mask = maskPixels(cachedFitMask(dataset, response), axisEdges(response.energy).length - 1, slice.bins);
  if (mask.every((pixels) => pixels.length === 0)) return null;
  const compiled = compileDataset(dataset, models, {
    registry,
    response,
    range: slice.bins,
    spectra,
    // calibrations stay as fitted: a single bin knows nothing of them
    free: (entry) =>
      reoptimize && !entry.parameter.frozen && entry.kind !== "calibration" && entry.component !== component,
  });
  return { compiled, dataset, min: slice.min, max: slice.max, source: model.name };
}

export interface SliceFit {
  /** Parameter 0 is the norm. */
  readonly objective: Objective;
  readonly start: Float64Array;
  readonly newton: ReturnType<typeof createNewton>;
}

export function joinSlices(terms: readonly SliceTerm[], models: Models): SliceFit {
  const entries = allParameters(models);
  const slots = new Map<number, number>([[-1, 0]]);
  const start = [1];
  const byLink = new Map<string, number>();
  for (const { entry } of terms.flatMap((t) => t.compiled.parameters)) {
    if (slots.has(entry)) continue;
    const { link, value } = entries[entry]!.parameter;
    const known = link === undefined ? undefined : byLink.get(link);
    slots.set(entry, known ?? start.length);
    if (known !== undefined) continue;
    if (link !== undefined) byLink.set(link, start.length);
    start.push(value);
  }
  const n = start.length;
  const bound = terms.map((t) =>
    bindTerm(
      t.compiled,
      n,
      (entry) => slots.get(entry)!,
      () => 1,
    ),
  );
  return {
    start: Float64Array.from(start),
    newton: createNewton(n),
    objective: {
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
    },
  };
}

/** Predicted counts inside the slice, of the source and of everything else, at the parameters of the last evaluation; and the counts. */
export function predictedCounts(term: SliceTerm): { source: number; others: number; counts: number } {
  const { components, mask } = term.compiled;
  let source = 0;
  let others = 0;
  for (const c of components!) {
    const totals = new Float64Array(c.vector.size);
    columnTotals(c, mask!, totals);
    const sum = totals.reduce((s, t, k) => s + t * c.vector.s[k]!, 0);
    if (c.name === term.source) source += sum;
    else others += sum;
  }
  const { counts } = term.dataset;
  const nPix = counts!.data.length / mask!.length;
  let n = 0;
  mask!.forEach((pixels, r) => {
    for (const i of pixels) n += counts!.data[r * nPix + i]!;
  });
  return { source, others, counts: n };
}
