/** GROUPING of a spectrum: channels put together into bins. */
import type { EDisp, OnOffDataset } from "../../datasets/types.js";
import { diagonalKernel } from "../../irf/edisp.js";
import { axisEdges, axisFromEdges } from "../../sky/index.js";
import type { MapAxis, MaskMap, RegionGeom, SkyMap } from "../../sky/types.js";
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
export function groupChannels(dataset: OnOffDataset, grouping: ArrayLike<number>): OnOffDataset {
  const { acceptance, maskSafe, maskFit } = dataset;
  const channels = acceptance.geom.axes[0]!;
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
  return withoutUndefined<OnOffDataset>({
    ...dataset,
    counts: sum(dataset.counts),
    countsOff: sum(dataset.countsOff),
    acceptance: onAxis(acceptance, axis, means(bins, acceptance.data)),
    acceptanceOff: dataset.acceptanceOff && onAxis(dataset.acceptanceOff, axis, acceptanceOff(bins, dataset)),
    edisp: groupKernel(dataset, bins, axis, left > 0),
    maskSafe: mask(maskSafe),
    maskFit: mask(maskFit),
  });
}

function onAxis<M extends SkyMap | MaskMap>(map: M, axis: MapAxis, data: M["data"]): M {
  return { ...map, geom: { ...map.geom, axes: [axis, ...map.geom.axes.slice(1)] }, data };
}

const sums = (bins: Bins, data: Float64Array): Float64Array =>
  Float64Array.from(bins, (bin) => bin.reduce((sum, i) => sum + data[i]!, 0));

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
function groupKernel(
  { edisp, exposure, acceptance }: OnOffDataset,
  bins: Bins,
  axis: MapAxis,
  isPartial: boolean,
): EDisp | undefined {
  const channels = acceptance.geom.axes[0]!;
  const trueAxis = edisp?.map.geom.axes[1] ?? exposure?.geom.axes[0];
  if (trueAxis === undefined || (edisp === undefined && !isPartial)) return edisp;
  const data = edisp?.map.data ?? diagonalKernel(trueAxis, channels).data;
  const n = acceptance.data.length;
  const rows = data.length / n;
  const grouped = new Float64Array(rows * bins.length);
  for (let t = 0; t < rows; t++) grouped.set(sums(bins, data.subarray(t * n, (t + 1) * n)), t * bins.length);
  const geom = (edisp?.map.geom ?? exposure!.geom) as RegionGeom;
  return { ...edisp, map: { geom: { ...geom, axes: [axis, trueAxis] }, unit: "", data: grouped } };
}
