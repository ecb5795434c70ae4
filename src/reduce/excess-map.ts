/** Excess and significance of each place of a map, of the counts within a radius. */
import { isOnOff } from "../datasets/facets.js";
import type { MapDataset, OnOffDataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import { nBins } from "../sky/axis.js";
import { squashAxis } from "../sky/axis-groups.js";
import { pixelScales } from "../sky/geom.js";
import { imageGeom, nPix } from "../sky/pixels.js";
import type { SkyMap } from "../sky/types.js";
import { cashCountsStatistics, wstatCountsStatistics } from "../stats/index.js";
import { diskKernel, kernelSums } from "./pixel-kernel.js";

/** Options of `excessMaps`. */
export interface ExcessMapOptions {
  /** Radius within which counts are added up, deg; default 0.1. */
  readonly radius?: number;
  /** Counts predicted of known sources, `[energy, ...pixels]`, which are no excess. */
  readonly signal?: SkyMap;
  /** Add up all energies (default), or keep them. */
  readonly allEnergies?: boolean;
}

/** Maps `[energy, lat, lon]`, of one energy bin unless asked otherwise. NaN where no pixel in reach is safe. */
export interface ExcessMaps {
  readonly counts: SkyMap;
  readonly background: SkyMap;
  readonly excess: SkyMap;
  /** Root of the test statistic, with the sign of the excess (Li & Ma 1983 for ON and OFF counts, Cash else). */
  readonly sqrtTs: SkyMap;
}

/**
 * Counts, background and excess of the safe bins whose middle is within a radius of the middle of each pixel. Of ON and OFF counts, alpha is that of the sum: alpha OFF
 * counts over OFF counts, both added up (as in Gammapy's ExcessMapEstimator).
 * @throws UnsupportedError where the data are no image.
 */
export function excessMaps(dataset: MapDataset | OnOffDataset, options: ExcessMapOptions = {}): ExcessMaps {
  const { radius = 0.1, signal, allEnergies = true } = options;
  const where = `dataset "${dataset.name}": excess map`;
  if (dataset.counts === undefined) throw new SpecError({ where, found: "no counts", expected: "a map of counts" });
  const geom = imageGeom(dataset.counts.geom, where);
  const [nx, ny] = geom.npix;
  const n = nPix(geom);
  const energy = geom.axes[0]!;
  const nE = nBins(energy);
  const kernel = diskKernel(radius / pixelScales(geom)[0]);
  const sums = (values: ArrayLike<number> | undefined): Float64Array => {
    const images = new Float64Array((allEnergies ? 1 : nE) * n);
    for (let k = 0; k < nE * n; k++) {
      if ((dataset.maskSafe?.data[k] ?? 1) && (dataset.maskFit?.data[k] ?? 1))
        images[allEnergies ? k % n : k]! += values?.[k] ?? 0;
    }
    const out = new Float64Array(images.length);
    for (let from = 0; from < out.length; from += n)
      out.set(kernelSums(images.subarray(from, from + n), nx, ny, kernel), from);
    return out;
  };
  const found = statistics(dataset, sums, signal);
  const seen = sums(new Float64Array(nE * n).fill(1));
  const axis = allEnergies ? squashAxis(energy) : energy;
  const map = (value: (k: number) => number): SkyMap => ({
    geom: { ...geom, axes: [axis] },
    unit: "",
    data: Float64Array.from(seen, (n, k) => (n > 0 ? value(k) : Number.NaN)),
  });
  return {
    counts: map((k) => found.counts[k]!),
    background: map((k) => found.at(k).background),
    excess: map((k) => found.at(k).excess),
    sqrtTs: map((k) => found.at(k).sqrtTs),
  };
}

interface Place {
  readonly background: number;
  readonly excess: number;
  readonly sqrtTs: number;
}

function statistics(
  dataset: MapDataset | OnOffDataset,
  sums: (values: ArrayLike<number> | undefined) => Float64Array,
  signal: SkyMap | undefined,
) {
  const counts = sums(dataset.counts!.data);
  const known = sums(signal?.data);
  if (!isOnOff(dataset)) {
    if (dataset.background === undefined) {
      throw new SpecError({
        where: `dataset "${dataset.name}": excess map`,
        found: "no background",
        expected: "a background, or OFF counts",
      });
    }
    const background = sums(dataset.background.data);
    const at = (k: number): Place => {
      const b = background[k]! + known[k]!;
      const { excess, sqrtTs } = cashCountsStatistics(counts[k]!, b);
      return { background: b, excess, sqrtTs };
    };
    return { counts, at };
  }
  const { countsOff, acceptance, acceptanceOff } = dataset;
  const off = sums(countsOff?.data);
  const scaled = sums(
    countsOff?.data.map((n, k) =>
      acceptanceOff!.data[k]! > 0 ? (n * acceptance.data[k]!) / acceptanceOff!.data[k]! : 0,
    ),
  );
  const at = (k: number): Place => {
    const alpha = off[k]! > 0 ? scaled[k]! / off[k]! : Number.NaN;
    const { excess, sqrtTs } = wstatCountsStatistics(counts[k]!, off[k]!, alpha, known[k]!);
    return { background: scaled[k]! + known[k]!, excess, sqrtTs };
  };
  return { counts, at };
}
