import { unknownName } from "../errors.js";
import type { ModelRegistry } from "../models/declaration.js";
import { dnde } from "../models/flux.js";
import { allParameters } from "../models/parameters.js";
import { standardModels } from "../models/registry.js";
import type { Model, Models } from "../models/types.js";
import { axisCenters, nBins } from "../sky/axis.js";
import type { Geom, SkyMap } from "../sky/types.js";
import { wstatBackground } from "../stats/wstat.js";
import { modelsFor } from "./compile.js";
import { type BinnedDataset, isBinned } from "./masks.js";
import { alphaOf } from "./on-off.js";
import { backgroundNormOf, bindCalibration, seen } from "./source/calibration.js";
import { modelComponents } from "./source/components.js";
import { createResponse, type Response } from "./source/response.js";
import type { Component } from "./terms/component.js";
import type { Dataset, FluxPointsDataset, OnOffDataset } from "./types.js";

export interface NpredOptions {
  readonly registry?: ModelRegistry;
  /** The dataset's instrument, if it was made before. */
  readonly response?: Response;
}

/**
 * Predicted counts `[energy, lat, lon]` of all bins, inside the masks and outside: sources and background, negative totals as 0. For ON/OFF data the
 * background is the one that wstat profiles. With `model`: the counts of that model alone, of either sign. Flux points: dnde at e_ref.
 */
export function npred(
  dataset: Dataset,
  models: Models,
  options: NpredOptions & { readonly model?: string } = {},
): SkyMap {
  const { model: name } = options;
  if (name === undefined) {
    if (!isBinned(dataset)) return npredSignal(dataset, models, options);
    const { sources, background, response } = bind(dataset, modelsFor(models, dataset.name), models, options);
    const signal = sum(sources, response);
    const total = signal.data;
    const other = isOnOff(dataset)
      ? profiledBackground(dataset, total, models)
      : background && sum([background], response).data;
    for (let i = 0; i < total.length; i++) total[i] = Math.max(0, total[i]! + (other?.[i] ?? 0));
    return signal;
  }
  const model = models.components.find((m) => m.name === name);
  if (model === undefined) {
    throw unknownName(
      "npred",
      "model",
      name,
      models.components.map((m) => m.name),
    );
  }
  const applies = modelsFor(models, dataset.name).includes(model) ? [model] : [];
  if (!isBinned(dataset)) return dndeAtPoints(dataset, applies, models, options);
  const { sources, background, response } = bind(dataset, applies, models, options);
  if (model.type !== "FoVBackgroundModel") return sum(sources, response);
  return sum(applies.length === 0 || background === undefined ? [] : [background], response);
}

/** Predicted counts of the sources alone, of either sign. Flux points: dnde at e_ref. */
export function npredSignal(dataset: Dataset, models: Models, options: NpredOptions = {}): SkyMap {
  const applicable = modelsFor(models, dataset.name);
  if (!isBinned(dataset)) return dndeAtPoints(dataset, applicable, models, options);
  const { sources, response } = bind(dataset, applicable, models, options);
  return sum(sources, response);
}

/** Predicted background counts: the background map times its model; for ON/OFF data alpha times the background that wstat profiles. */
export function npredBackground(dataset: BinnedDataset, models: Models, options: NpredOptions = {}): SkyMap {
  if (isOnOff(dataset)) {
    const signal = npredSignal(dataset, models, options);
    return { ...signal, data: profiledBackground(dataset, signal.data, models) };
  }
  const background = modelsFor(models, dataset.name).filter((m) => m.type === "FoVBackgroundModel");
  const { background: component, response } = bind(dataset, background, models, options);
  return sum(component === undefined ? [] : [component], response);
}

const isOnOff = (dataset: BinnedDataset): dataset is OnOffDataset => "acceptance" in dataset;

interface Bound {
  readonly sources: readonly Component[];
  readonly background: Component | undefined;
  readonly response: Response;
}

/** The compiled components with nothing left free. */
function bind(dataset: BinnedDataset, applicable: readonly Model[], models: Models, options: NpredOptions): Bound {
  const response = options.response ?? createResponse(dataset);
  const registry = options.registry ?? standardModels;
  const context = { models, entries: allParameters(models), isFree: () => false, registry };
  const components = modelComponents(dataset, applicable, response, context).map((bound) => bound.component);
  const nSources = applicable.filter((m) => m.type !== "FoVBackgroundModel").length;
  return { sources: components.slice(0, nSources), background: components[nSources], response };
}

function sum(components: readonly Component[], response: Response): SkyMap {
  const { geom } = response;
  const data = new Float64Array(nBins(response.energy) * geom.npix[0] * geom.npix[1]);
  for (const component of components) addCounts(component, response, data);
  return { geom, unit: "", data };
}

/** Rows times z, one image row of one energy bin after the other. What is not finite (no exposure) counts as 0. */
function addCounts(component: Component, response: Response, out: Float64Array): void {
  const { vector } = component;
  vector.update(new Float64Array(0), 0, 0);
  const [nx, ny] = response.geom.npix;
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
        for (let c = 0; c < n; c++) mu += rows[x * n + c]! * vector.s[columns[c]!]!;
        if (Number.isFinite(mu)) out[k]! += mu;
      }
    }
  }
}

/** alpha b of wstat, with the background norm in alpha, `signal` given; 0 where nothing was measured off the source. */
function profiledBackground(dataset: OnOffDataset, signal: Float64Array, models: Models): Float64Array {
  const { counts, countsOff } = dataset;
  if (counts === undefined || countsOff === undefined) return new Float64Array(signal.length);
  const norm = backgroundNormOf(models, dataset.name);
  return alphaOf(dataset).map((ratio, i) => {
    const alpha = norm * ratio;
    const mu = alpha * wstatBackground(counts.data[i]!, countsOff.data[i]!, alpha, signal[i]!);
    return Number.isFinite(mu) ? mu : 0;
  });
}

function dndeAtPoints(
  dataset: FluxPointsDataset,
  applicable: readonly Model[],
  models: Models,
  options: NpredOptions,
): SkyMap {
  const { registry = standardModels } = options;
  const axis = dataset.points.energy;
  const energies = axisCenters(axis);
  const data = new Float64Array(energies.length);
  const calibration = bindCalibration(dataset, { models, entries: allParameters(models), isFree: () => false });
  const z = calibration.energyScale.value;
  const factor = calibration.areaNorm.value / (1 + z);
  for (const model of applicable) {
    if (model.type !== "SkyModel") continue;
    const values = dnde(model.spectral, seen(energies, z), registry);
    for (let i = 0; i < data.length; i++) data[i]! += factor * values[i]!;
  }
  const geom: Geom = { kind: "region", regions: [], wcs: null, npix: [1, 1], axes: [axis] };
  return { geom, unit: "cm-2 s-1 TeV-1", data };
}
