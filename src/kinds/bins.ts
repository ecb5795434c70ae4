import type { BinnedDataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import { bindCalibration, calibrationOf } from "../fold/calibration.js";
import { fitMemory } from "../fold/memory.js";
import { allOf, type FoldedModels, foldModels } from "../fold/models.js";
import type { Response } from "../fold/response.js";
import type { BoundComponent, Component, MaskPixels, TermParameter } from "../fold/types.js";
import type { BinnedKind, CompileContext, JoinedTerm, KindContext, Predicted } from "../likelihood/kind.js";
import { modelsFor } from "../likelihood/kind.js";
import type { CompiledTerm } from "../likelihood/types.js";
import { requireMemory, withMemory } from "../memory.js";
import { createDeclarations } from "../models/lookup.js";
import { allParameters } from "../models/parameters.js";
import type { Model, Models } from "../models/types.js";
import { axisEdges, nBins } from "../sky/axis.js";
import { imageSize, nPix } from "../sky/pixels.js";
import type { SkyMap } from "../sky/types.js";

/** The likelihood of a binned dataset; `join` makes it from the folded models. */
export function compileBins<D extends BinnedDataset>(
  dataset: D,
  context: CompileContext,
  join: BinnedKind<D>["join"],
): CompiledTerm {
  const { models, registry, responses, maxBytes } = context;
  const applicable = modelsFor(models, dataset.name);
  const where = `the fit of dataset "${dataset.name}"`;
  const needs = () => fitMemory(dataset, applicable, registry);
  if (maxBytes !== undefined) requireMemory(where, needs(), maxBytes);
  return withMemory(where, needs, () => {
    const response = responses.of(dataset);
    const components = allOf(foldModels(dataset, applicable, response, context));
    const { backgroundNorm } = bindCalibration(dataset, context);
    const { mask } = response;
    const warnings = [
      ...response.warnings,
      ...components.flatMap((c) => c.warnings ?? []),
      ...heldBackground(applicable, response, models),
    ];
    const term = join(dataset, components, mask, registry, backgroundNorm);
    return { ...term, warnings: [...warnings, ...(term.warnings ?? [])] };
  });
}

/** The background of an image that nothing scales; neither a model of it nor a calibration says that this is meant. Spectra have theirs from a measurement. */
function heldBackground(applicable: readonly Model[], { name, background, geom }: Response, models: Models): string[] {
  if (nPix(geom) === 1 || background?.some((x) => x > 0) !== true) return [];
  const isSaid = applicable.some(({ type }) => type === "FoVBackgroundModel");
  // every calibration has the parameter; frozen at 1 it says nothing
  const norm = calibrationOf(models, name)?.parameters.find((p) => p.name === "background_norm");
  if (isSaid || (norm !== undefined && !(norm.frozen && norm.value === 1))) return [];
  return [
    `dataset "${name}" has a background and no model for it, so it is held as it is; add a FoVBackgroundModel to fit its norm, or one that is frozen to keep it`,
  ];
}

/** Counts, and bins to compare them with. */
export function requireBins(dataset: BinnedDataset, mask: MaskPixels): SkyMap {
  const { counts, name } = dataset;
  if (counts === undefined) {
    throw new SpecError(`dataset "${name}": no counts; simulate them or read a dataset that has them`);
  }
  if (mask.every((pixels) => pixels.length === 0)) {
    throw new SpecError(
      `dataset "${name}": no bin is left for the fit, mask_safe and mask_fit exclude all ${counts.data.length}; widen the masks or the energy range, or leave the dataset out`,
    );
  }
  return counts;
}

/** The models folded at their values, with nothing left free. */
export function foldFixed(
  dataset: BinnedDataset,
  applicable: readonly Model[],
  { models, registry, responses }: KindContext,
): FoldedModels & { readonly response: Response } {
  const response = responses.of(dataset);
  const context = {
    models,
    entries: allParameters(models),
    isFree: () => false,
    declarations: createDeclarations(registry),
  };
  return { ...foldModels(dataset, applicable, response, context), response };
}

/** Predicted counts of components at their values, in all bins. */
export function sumComponents(components: readonly Component[], response: Response): SkyMap {
  const { geom } = response;
  const data = new Float64Array(nBins(response.energy) * nPix(geom));
  for (const component of components) addCounts(component, response, data);
  return { geom, unit: "", data };
}

/** Rows times z, one image row of one energy bin after the other. What is not seen counts as 0, whatever the model is there. */
function addCounts(component: Component, response: Response, out: Float64Array): void {
  const { vector } = component;
  vector.update(new Float64Array(0), 0, 0);
  const [nx, ny] = imageSize(response.geom);
  const pixels = new Int32Array(nx);
  for (let r = 0, k = 0; r < nBins(response.energy); r++) {
    const columns = component.columns(r);
    const n = columns.length;
    const rows = new Float64Array(nx * n);
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++) pixels[x] = y * nx + x;
      component.rows(r, pixels, rows, n, 0);
      for (let x = 0; x < nx; x++, k++) {
        let mu = 0;
        for (let c = 0; c < n; c++) {
          const row = rows[x * n + c]!;
          if (row !== 0) mu += row * vector.s[columns[c]!]!;
        }
        out[k]! += mu;
      }
    }
  }
}

/** The counts that sources alone predict, or one model alone, of either sign. */
export function predictModels(
  dataset: BinnedDataset,
  predicted: Exclude<Predicted, "all" | "background">,
  context: KindContext,
): SkyMap {
  const all = modelsFor(context.models, dataset.name);
  const chosen = predicted === "signal" ? all : all.filter((model) => model.name === predicted.model);
  const { sources, background, response } = foldFixed(dataset, chosen, context);
  const scaled = predicted !== "signal" && chosen.some((model) => model.type === "FoVBackgroundModel");
  const components = scaled && background !== undefined ? [background] : sources;
  return sumComponents(
    components.map((bound) => bound.component),
    response,
  );
}

/** ": npred is NaN in energy bin 3 (1 TeV to 1.2 TeV), pixel 17", of the term at p. */
export function blameBin(
  { term }: Pick<CompiledTerm, "term">,
  mask: MaskPixels,
  counts: SkyMap,
  p: Float64Array,
): string {
  const edges = axisEdges(counts.geom.axes[0]!);
  const number = (v: number) => String(Number(v.toPrecision(4)));
  const npred = term.npred(p);
  const bad = npred.findIndex((mu) => !Number.isFinite(mu));
  if (bad < 0) return ": npred is finite in all bins, look for values that are not finite in counts and background";
  let r = 0;
  let first = 0;
  while (bad >= first + mask[r]!.length) first += mask[r++]!.length;
  const pixel = nPix(counts.geom) > 1 ? `, pixel ${mask[r]![bad - first]}` : "";
  return `: npred is ${npred[bad]} in energy bin ${r} (${number(edges[r]!)} TeV to ${number(edges[r + 1]!)} TeV)${pixel}`;
}

/** The term of joined components with all that does not depend on the kind. */
export const joined = (
  term: Omit<JoinedTerm, "parameters" | "nBins" | "mask" | "components">,
  components: readonly BoundComponent[],
  mask: MaskPixels,
  own: readonly TermParameter[] = [],
): JoinedTerm => ({
  ...term,
  parameters: [...components.flatMap((c) => c.parameters), ...own],
  nBins: mask.reduce((n, pixels) => n + pixels.length, 0),
  mask,
  components: components.map((c) => c.component),
});

/** Negative means within this share of the largest are rounding. */
const ROUNDING = 1e-6;

/** Predicted counts as means of draws: negative ones as 0, and `onNote` is told of them. */
export function drawnMeans(mu: Float64Array, where: string, onNote?: (note: string) => void): Float64Array {
  const least = -ROUNDING * mu.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0);
  const negative = mu.reduce((count, x) => count + Number(x < least), 0);
  if (negative > 0) {
    const [bins, have] = negative === 1 ? ["bin", "has"] : ["bins", "have"];
    onNote?.(`${where}: ${negative} ${bins} of ${mu.length} ${have} negative predicted counts, drawn as 0`);
  }
  return mu.map((x) => Math.max(0, x));
}
