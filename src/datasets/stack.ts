import { SpecError } from "../errors.js";
import { sameAxis } from "../sky/axis-groups.js";
import { sumOverAxes } from "../sky/map-operations.js";
import { describePixels, samePixels } from "../sky/pixels.js";
import type { Geom, MaskMap, SkyMap } from "../sky/types.js";
import { stackGti } from "../time/gti.js";
import { isOnOff } from "./facets.js";
import { edispWeights, psfWeights } from "./irf-weights.js";
import { stackIrf, withWeights } from "./stack-irf.js";
import type { EDisp, MapDataset, Meta, OnOffDataset, Psf } from "./types.js";

/** Datasets of counts in bins that can be stacked. */
export type Binned = MapDataset | OnOffDataset;
type MapKey = "counts" | "exposure" | "background" | "countsOff" | "acceptance" | "acceptanceOff";

/**
 * One dataset from several of the same type and geometry: what lies outside a dataset's mask_safe is left out, mask_safe and mask_fit are joined by "or".
 * Counts, background and exposure are sums, psf and edisp means weighted by exposure (Gammapy's Datasets.stack_reduce).
 * @throws SpecError where there are no datasets, or they differ in type, statistic, axes or pixels, or in which of their parts they have.
 * @example
 * ```ts
 * import { stackReduce } from "gammats";
 * import { readOgip } from "gammats/io";
 * import { exampleFolder, nodeFiles } from "gammats/node";
 * const run = (id: number) => readOgip(`${exampleFolder()}/joint-crab/spectra/hess/pha_obs${id}.fits`, nodeFiles());
 * const runs = await Promise.all([23523, 23526].map(run));
 * const stacked = stackReduce(runs, { name: "HESS" });
 * console.assert(stacked.livetime === runs[0].livetime! + runs[1].livetime!); // s
 * ```
 */
export function stackReduce<D extends Binned>(datasets: readonly D[], options: { readonly name?: string } = {}): D {
  const [first] = datasets;
  if (first === undefined) throw new SpecError("stackReduce: no datasets given; give at least one");
  for (const dataset of datasets) checkAlike(first, dataset);
  const withErrors = datasets.find((d) => isOnOff(d) && hasErrors(d));
  if (withErrors !== undefined) {
    throw new SpecError(
      `dataset "${withErrors.name}" has errors of its counts (STAT_ERR, SYS_ERR), which are not stacked; fit the datasets together instead`,
    );
  }
  const name = options.name ?? "stacked";
  const images = datasets.map((d) => d.maskSafe && sumOverAxes(d.maskSafe));
  const sum = (key: MapKey) => sumMaps(datasets, key, key === "exposure" ? images : datasets.map((d) => d.maskSafe));
  const edisp = present(datasets, "edisp");
  const psf = present(datasets, "psf");
  const parts = {
    counts: sum("counts"),
    exposure: sum("exposure"),
    ...(isOnOff(first) ? stackOff(datasets as readonly OnOffDataset[], sum) : { background: sum("background") }),
    edisp:
      edisp &&
      stackIrf(
        edisp,
        datasets.map((d, i) => edispWeights(d.maskSafe, images[i], edisp[i]!)),
        name,
      ),
    psf: psf && stackIrf(psf, psfWeights(images, psf), name),
    maskSafe: first.maskSafe && { geom: first.maskSafe.geom, data: joinMasks(datasets.map((d) => d.maskSafe)) },
    maskFit: stackMaskFit(datasets),
    gti: stackGti(datasets.flatMap((d) => d.gti ?? [])),
    livetime: stackLivetime(datasets, images),
    statistic: first.statistic,
    meta: commonMeta(datasets.map((d) => d.meta)),
  };
  const used = Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
  return { type: first.type, name, ...used } as unknown as D;
}

const hasErrors = ({ countsError, countsOffError, systematic, systematicOff }: OnOffDataset): boolean =>
  [countsError, countsOffError, systematic, systematicOff].some((map) => map !== undefined);

/** The dataset without what lies outside its mask_safe. */
export function toMasked<D extends Binned>(dataset: D, name = dataset.name): D {
  return stackReduce([dataset], { name });
}

function mapOf(dataset: Binned, key: MapKey | "maskSafe"): SkyMap | undefined {
  return (dataset as Partial<Record<string, SkyMap>> & Binned)[key as "counts"];
}

function checkAlike(a: Binned, b: Binned): void {
  const where = `datasets "${a.name}" and "${b.name}" cannot be stacked`;
  if (a.type !== b.type) throw new SpecError(`${where}: types ${a.type} and ${b.type}; stack datasets of one type`);
  if (a.statistic !== b.statistic) {
    throw new SpecError(
      `${where}: statistics ${a.statistic ?? "of the kind"} and ${b.statistic ?? "of the kind"}; give both the same`,
    );
  }
  for (const key of ["counts", "exposure", "background", "countsOff", "acceptance", "maskSafe"] as const) {
    const x = mapOf(a, key);
    const y = mapOf(b, key);
    if ((x === undefined) !== (y === undefined)) {
      throw new SpecError(`${where}: only "${x === undefined ? b.name : a.name}" has ${key}; both need it`);
    }
    if (x !== undefined && y !== undefined) checkGeom(x.geom, y.geom, `${where}: ${key}`);
  }
  for (const key of ["edisp", "psf"] as const) {
    if ((a[key] === undefined) !== (b[key] === undefined)) {
      throw new SpecError(`${where}: only "${a[key] === undefined ? b.name : a.name}" has ${key}; both need it`);
    }
    if (a[key] !== undefined && b[key] !== undefined) {
      checkGeom(a[key].map.geom, b[key].map.geom, `${where}: ${key}`);
    }
  }
}

/** Same axes and pixels; regions may differ, as the bins of spectra have no other place. */
function checkGeom(a: Geom, b: Geom, where: string): void {
  if (a.axes.length !== b.axes.length || a.axes.some((axis, k) => !sameAxis(axis, b.axes[k]!))) {
    const text = (g: Geom) =>
      g.axes.map((x) => `${x.name}: ${x.nodes.length} nodes ${x.nodes[0]} to ${x.nodes.at(-1)}`);
    throw new SpecError(`${where} on different axes, (${text(a)}) and (${text(b)}); bring them to one binning first`);
  }
  if (!samePixels(a, b)) {
    const text = (g: Geom) => `${describePixels(g)}, CRVAL ${("wcs" in g && g.wcs?.crval.join(", ")) || "none"}`;
    throw new SpecError(`${where} on different pixels, ${text(a)} and ${text(b)}; stack maps of one geometry`);
  }
}

/** sum of weight x value; values that are not finite count as 0. */
function sumMaps(
  datasets: readonly Binned[],
  key: MapKey,
  weights: readonly (MaskMap | undefined)[],
): SkyMap | undefined {
  const maps = datasets.flatMap((d) => mapOf(d, key) ?? []);
  if (maps.length === 0) return undefined;
  const data = new Float64Array(maps[0]!.data.length);
  for (const [i, map] of maps.entries()) addWeighted(data, map.data, weights[i]?.data);
  return { ...maps[0]!, data };
}

function addWeighted(out: Float64Array, values: Float64Array, weights: Uint8Array | undefined): void {
  for (let k = 0; k < out.length; k++) {
    const value = values[k]!;
    if (weights !== undefined && weights[k % weights.length] === 0) continue;
    if (Number.isFinite(value)) out[k]! += value;
  }
}

/** OFF counts and acceptances such that acceptance / acceptance_off is the mean alpha weighted by OFF counts (numerics.md section 6). */
function stackOff(datasets: readonly OnOffDataset[], sum: (key: MapKey) => SkyMap | undefined) {
  const acceptance = sum("acceptance");
  const countsOff = sum("countsOff");
  if (countsOff === undefined || acceptance === undefined) return { acceptance };
  const background = new Float64Array(countsOff.data.length);
  for (const { acceptance: on, acceptanceOff: off, countsOff: n, maskSafe } of datasets) {
    addWeighted(
      background,
      on.data.map((a, k) => (off === undefined ? Number.NaN : (a / off.data[k]!) * n!.data[k]!)),
      maskSafe?.data,
    );
  }
  const total = (x: Float64Array) => x.reduce((s, v) => s + v, 0);
  // bins without OFF counts take the mean over all bins; without any OFF count at all, what the acceptances say
  const mean = total(background) / total(countsOff.data);
  const plain = sum("acceptanceOff");
  const data = acceptance.data.map((a, k) => {
    const n = countsOff.data[k]!;
    if (n !== 0) return (a * n) / background[k]!;
    return mean > 0 ? a / mean : (plain?.data[k] ?? 0);
  });
  return { acceptance, countsOff, acceptanceOff: { ...acceptance, data } };
}

function present<K extends "edisp" | "psf">(
  datasets: readonly Binned[],
  key: K,
): readonly (K extends "edisp" ? EDisp : Psf)[] | undefined {
  const found = datasets.flatMap((d) => (d[key] === undefined ? [] : [withWeights(d[key], d.exposure)]));
  return found.length === 0 ? undefined : found;
}

function joinMasks(masks: readonly (MaskMap | undefined)[]): Uint8Array {
  const given = masks.flatMap((m) => (m === undefined ? [] : [m.data]));
  return given[0]!.map((_, k) => (given.some((m) => m[k] === 1) ? 1 : 0));
}

/** Joined over the datasets that have one, as in Gammapy. */
function stackMaskFit(datasets: readonly Binned[]): MaskMap | undefined {
  const first = datasets.find((d) => d.maskFit !== undefined)?.maskFit;
  return first && { geom: first.geom, data: joinMasks(datasets.map((d) => d.maskFit)) };
}

/** Sum over the datasets with anything inside their mask_safe; unknown where one of them is. */
function stackLivetime(datasets: readonly Binned[], images: readonly (MaskMap | undefined)[]): number | undefined {
  let sum = 0;
  for (const [i, { livetime }] of datasets.entries()) {
    if (images[i] !== undefined && !images[i].data.some((x) => x === 1)) continue;
    if (livetime === undefined) return undefined;
    sum += livetime;
  }
  return sum;
}

/** The keywords that all datasets share. */
function commonMeta(metas: readonly (Meta | undefined)[]): Meta | undefined {
  const [first, ...rest] = metas;
  if (first === undefined) return undefined;
  const shared = Object.entries(first).filter(([key, value]) => rest.every((m) => m !== undefined && m[key] === value));
  return shared.length === 0 ? undefined : Object.fromEntries(shared);
}
