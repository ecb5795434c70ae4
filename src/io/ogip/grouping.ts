/** GROUPING of a spectrum: channels put together into bins. */
import { backgroundMap, countsGeom, fitMask, isOnOff } from "../../datasets/facets.js";
import type { BinnedDataset, EDisp, MapDataset, OnOffDataset } from "../../datasets/types.js";
import { diagonalKernel } from "../../irf/edisp.js";
import { axisEdges, axisFromEdges, nBins } from "../../sky/index.js";
import type { MapAxis, MaskMap, RegionGeom, SkyMap } from "../../sky/types.js";
import { wstatCountsStatistics } from "../../stats/counts-statistics.js";
import { withoutUndefined } from "../map-dataset.js";

/** The channels that count in each bin. */
type Bins = readonly (readonly number[])[];

/** First channels of the bins: GROUPING -1 continues the bin of the channel before, all else begins one. */
export const groupStarts = (grouping: ArrayLike<number>): number[] =>
  Array.from(grouping).flatMap((g, i) => (i === 0 || g !== -1 ? [i] : []));

/**
 * The spectrum in the bins of GROUPING. Bad channels in a bin with good ones do not count in it, neither in the data nor in the response; a bin of bad channels
 * alone stays outside of mask_safe. alpha of a bin is the mean weighted by OFF counts.
 */
export function groupChannels<D extends BinnedDataset>(dataset: D, grouping: ArrayLike<number>): D {
  const { maskSafe, maskFit } = dataset;
  const channels = countsGeom(dataset)!.axes[0]!;
  const n = grouping.length;
  const starts = [...groupStarts(grouping), n];
  const isGood = (i: number) => maskSafe === undefined || maskSafe.data[i] === 1;
  const bins = starts.slice(1).map((stop, k) => {
    const all = Array.from({ length: stop - starts[k]! }, (_, i) => starts[k]! + i);
    return all.some(isGood) ? all.filter(isGood) : all;
  });
  const edges = axisEdges(channels);
  const { name, unit, interp } = channels;
  const axis = axisFromEdges(
    starts.map((i) => edges[i]!),
    { name, unit, interp },
  );
  const sum = (map: SkyMap | undefined) => map && onAxis(map, axis, sums(bins, map.data));
  const mask = (map: MaskMap | undefined) =>
    map &&
    onAxis(
      map,
      axis,
      Uint8Array.from(bins, (bin) => (bin.every((i) => map.data[i] === 1) ? 1 : 0)),
    );
  const left = bins.reduce((rest, bin) => rest - bin.length, n);
  return withoutUndefined<D>({
    ...dataset,
    counts: sum(dataset.counts),
    ...(isOnOff(dataset) ? offParts(dataset, bins, axis) : backgroundParts(dataset, sum)),
    edisp: groupKernel(dataset, bins, axis, left > 0),
    maskSafe: mask(maskSafe),
    maskFit: mask(maskFit),
  });
}

const backgroundParts = (
  dataset: BinnedDataset,
  sum: (map: SkyMap | undefined) => SkyMap | undefined,
): Partial<MapDataset> => ({
  background: sum(backgroundMap(dataset)),
});

function offParts(dataset: OnOffDataset, bins: Bins, axis: MapAxis): Partial<OnOffDataset> {
  const { acceptance, acceptanceOff: off, countsOff, counts } = dataset;
  /** Errors of channels add in quadrature. */
  const error = (map: SkyMap | undefined) => map && onAxis(map, axis, quadratureSums(bins, map.data));
  /** Systematic errors of channels are those of the instrument, the same for all: their parts are means over the counts. */
  const part = (map: SkyMap | undefined, of: SkyMap | undefined) =>
    map && onAxis(map, axis, weightedMeans(bins, map.data, of?.data));
  return {
    countsError: error(dataset.countsError),
    countsOffError: error(dataset.countsOffError),
    systematic: part(dataset.systematic, counts),
    systematicOff: part(dataset.systematicOff, countsOff),
    countsOff: countsOff && onAxis(countsOff, axis, sums(bins, countsOff.data)),
    acceptance: onAxis(acceptance, axis, means(bins, acceptance.data)),
    acceptanceOff: off && onAxis(off, axis, acceptanceOff(bins, dataset)),
  };
}

/** A spectrum in bins of at least so many counts. */
export interface GroupedSpectrum<D> {
  readonly dataset: D;
  readonly bins: number;
  /** Channels that do not make a bin: at the end, and before channels that are not in the fit. */
  readonly left: readonly Remainder[];
}

/** Neighbouring channels with too few counts, in the energies (unit of the axis) from the edge `min` to the edge `max`. */
export interface Remainder {
  readonly channels: number;
  readonly counts: number;
  readonly min: number;
  readonly max: number;
  /** They are part of the bin before them. */
  readonly isJoined: boolean;
}

/** Whether the channels [first, stop) make a bin. */
export type IsEnough = (first: number, stop: number) => boolean;

/**
 * The spectrum in bins that are enough, as `grppha` and Sherpa's `group_counts` make them: channels in the fit are put together from the lowest energy on; those at
 * the end that are not enough (quality 2 there) lie outside of mask_safe, as after `ignore bad`, or with `join` in the bin before them, where there is one.
 * Channels that are not in the fit stay as they are, and no bin reaches over them (tab stops).
 */
export function groupUntil<D extends BinnedDataset>(
  dataset: D,
  isEnough: IsEnough,
  { join = false }: { readonly join?: boolean } = {},
): GroupedSpectrum<D> {
  const counts = dataset.counts!;
  const used = fitMask(dataset);
  const grouping = new Int16Array(used.length).fill(1);
  const safe = Uint8Array.from(dataset.maskSafe?.data ?? new Uint8Array(used.length).fill(1));
  const edges = axisEdges(counts.geom.axes[0]!);
  const left: Remainder[] = [];
  let bins = 0;
  /** Whether a bin ends before the channel in hand. */
  let follows = false;
  for (let i = 0; i < used.length; ) {
    const first = i;
    let isBin = false;
    while (i < used.length && used[i] === 1 && !isBin) isBin = isEnough(first, ++i);
    grouping.fill(-1, first + 1, Math.max(first + 1, i));
    if (isBin) bins++;
    else if (i > first) {
      const isJoined = join && follows;
      if (isJoined) grouping[first] = -1;
      else safe.fill(0, first, i);
      const sum = sumOf(counts.data, first, i);
      left.push({ channels: i - first, counts: sum, min: edges[first]!, max: edges[i]!, isJoined });
    }
    follows = isBin;
    // a channel that is not in the fit
    if (i === first || (!isBin && i < used.length)) i++;
  }
  const maskSafe: MaskMap = { geom: counts.geom, data: safe };
  return { dataset: groupChannels({ ...dataset, maskSafe }, grouping), bins, left };
}

const sumOf = (data: Float64Array, first: number, stop: number, power: 1 | 2 = 1): number => {
  let sum = 0;
  for (let i = first; i < stop; i++) sum += data[i]! ** power;
  return sum;
};

/** At least `min` (ON) counts, as `grppha`'s "group min". */
export const enoughCounts =
  ({ counts }: BinnedDataset, min: number): IsEnough =>
  (first, stop) =>
    sumOf(counts!.data, first, stop) >= min;

/** (ON) counts of `snr` times their error, as Sherpa's `group_snr`; whatever the background is. */
export function enoughSignal(dataset: BinnedDataset, snr: number): IsEnough {
  const { data } = dataset.counts!;
  const errors = isOnOff(dataset) ? dataset.countsError?.data : undefined;
  return (first, stop) => {
    const n = sumOf(data, first, stop);
    return n > 0 && n / Math.sqrt(errors === undefined ? n : sumOf(errors, first, stop, 2)) >= snr;
  };
}

/** An excess over the OFF counts of this significance (Li & Ma 1983, ApJ 272, 317, equation 17). */
export function enoughSignificance(
  { counts, countsOff, acceptance, acceptanceOff }: OnOffDataset,
  sigma: number,
): IsEnough {
  const [on, off] = [counts!.data, countsOff!.data];
  const scaled = off.map((m, i) => (m * acceptance.data[i]!) / acceptanceOff!.data[i]!);
  return (first, stop) => {
    const m = sumOf(off, first, stop);
    // without OFF counts the ratio of the first channel
    const alpha = m > 0 ? sumOf(scaled, first, stop) / m : acceptance.data[first]! / acceptanceOff!.data[first]!;
    return wstatCountsStatistics(sumOf(on, first, stop), m, alpha).sqrtTs >= sigma;
  };
}

/** So many channels. */
export const enoughChannels =
  (width: number): IsEnough =>
  (first, stop) =>
    stop - first >= width;

function onAxis<M extends SkyMap | MaskMap>(map: M, axis: MapAxis, data: M["data"]): M {
  return { ...map, geom: { ...map.geom, axes: [axis, ...map.geom.axes.slice(1)] }, data };
}

const sums = (bins: Bins, data: Float64Array): Float64Array =>
  Float64Array.from(bins, (bin) => bin.reduce((sum, i) => sum + data[i]!, 0));

const quadratureSums = (bins: Bins, data: Float64Array): Float64Array =>
  Float64Array.from(bins, (bin) => Math.hypot(...bin.map((i) => data[i]!)));

/** Means with these weights; plain ones where their sum is not above 0. */
const weightedMeans = (bins: Bins, data: Float64Array, weights: Float64Array | undefined): Float64Array =>
  Float64Array.from(bins, (bin) => {
    const total = bin.reduce((sum, i) => sum + (weights?.[i] ?? 0), 0);
    if (!(total > 0)) return bin.reduce((sum, i) => sum + data[i]!, 0) / bin.length;
    return bin.reduce((sum, i) => sum + data[i]! * weights![i]!, 0) / total;
  });

const isConstant = (bin: readonly number[], data: Float64Array): boolean => bin.every((i) => data[i] === data[bin[0]!]);

/** The values themselves where a bin has the same in all channels. */
const means = (bins: Bins, data: Float64Array): Float64Array =>
  sums(bins, data).map((sum, k) => (isConstant(bins[k]!, data) ? data[bins[k]![0]!]! : sum / bins[k]!.length));

/** Such that acceptance / acceptance_off is the mean alpha, weighted by the OFF counts where there are any. */
function acceptanceOff(bins: Bins, { acceptance: on, acceptanceOff: off, countsOff }: OnOffDataset): Float64Array {
  const [a, b] = [means(bins, on.data), means(bins, off!.data)];
  return b.map((mean, k) => {
    const bin = bins[k]!;
    const n = bin.reduce((sum, i) => sum + countsOff!.data[i]!, 0);
    if (n === 0 || (isConstant(bin, on.data) && isConstant(bin, off!.data))) return mean;
    return (a[k]! * n) / bin.reduce((sum, i) => sum + (on.data[i]! / off!.data[i]!) * countsOff!.data[i]!, 0);
  });
}

/** The energy dispersion into the bins; `isPartial`: they do not hold all of their channels, which makes one even where the file has none. */
function groupKernel(dataset: BinnedDataset, bins: Bins, axis: MapAxis, isPartial: boolean): EDisp | undefined {
  const { edisp, exposure } = dataset;
  const channels = countsGeom(dataset)!.axes[0]!;
  const trueAxis = edisp?.map.geom.axes[1] ?? exposure?.geom.axes[0];
  if (trueAxis === undefined || (edisp === undefined && !isPartial)) return edisp;
  const data = edisp?.map.data ?? diagonalKernel(trueAxis, channels).data;
  const n = nBins(channels);
  const rows = data.length / n;
  const grouped = new Float64Array(rows * bins.length);
  for (let t = 0; t < rows; t++) grouped.set(sums(bins, data.subarray(t * n, (t + 1) * n)), t * bins.length);
  const geom = (edisp?.map.geom ?? exposure!.geom) as RegionGeom;
  return { ...edisp, map: { geom: { ...geom, axes: [axis, trueAxis] }, unit: "", data: grouped } };
}
