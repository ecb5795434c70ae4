/** Energies and pixels in which an instrument is understood well enough (mask_safe). */
import { SpecError } from "../errors.js";
import { livetimeOf, pointingOf } from "../events/observations.js";
import type { Observation } from "../events/types.js";
import { backgroundRate, logBackground } from "../irf/tables/background.js";
import { dispersionKernels } from "../irf/tables/edisp.js";
import { evaluateGrid } from "../irf/tables/grid.js";
import { axisCenters, axisEdges, nBins } from "../sky/axis.js";
import { offsetBy } from "../sky/frames.js";
import type { MapAxis, SkyMap, SkyPosition } from "../sky/types.js";
import { needed } from "./responses.js";
import { biasOf, firstRoot } from "./thresholds.js";

/** One rule for the lowest safe energy, or for the largest offset; all that are given have to hold. */
export type SafeMaskRule =
  /** Energies between LO_THRES and HI_THRES of the effective area. */
  | { readonly method: "aeff-default" }
  /** From where the effective area has `percent` of its maximum on. */
  | { readonly method: "aeff-max"; readonly percent?: number; readonly of?: ResponsesAt }
  /** From where the bias of the energy is below `percent` on. */
  | { readonly method: "edisp-bias"; readonly percent?: number; readonly of?: ResponsesAt }
  /** From the bin with the most background on. */
  | { readonly method: "bkg-peak"; readonly of?: ResponsesAt }
  /** Pixels within this distance of the pointing, deg. */
  | { readonly method: "offset-max"; readonly offset: number };

/** The responses of the dataset at a place of it (default: its middle), or those of the file at an offset from the pointing (default: 0). */
export type ResponsesAt =
  | { readonly position: SkyPosition }
  | { readonly fixedOffset: number }
  | { readonly fileOffset: number };

/** What a dataset has at a place: exposure cm2 s [energy_true], kernels [energy_true, energy], background [energy]. */
export interface SpectraAt {
  readonly exposure: (position: SkyPosition) => Float64Array;
  readonly kernel: (position: SkyPosition) => Float64Array;
  readonly background: Float64Array | undefined;
  readonly middle: SkyPosition;
  readonly energyTrue: MapAxis;
  readonly energy: MapAxis;
}

/** The lowest and the highest safe energy by a rule, TeV; [Infinity, Infinity]: none is. */
export function safeEnergies(
  rule: Exclude<SafeMaskRule, { method: "offset-max" }>,
  observation: Observation,
  data: SpectraAt,
  onNote?: (note: string) => void,
): readonly [number, number] {
  switch (rule.method) {
    case "aeff-default": {
      const { range } = needed(observation, "aeff");
      if (range === undefined) {
        onNote?.(
          `observation ${observation.id}: the effective area has no limits (LO_THRES, HI_THRES): aeff-default leaves out nothing`,
        );
      }
      const [low = 0, high = Infinity] = range ?? [];
      return [low, high];
    }
    case "aeff-max":
      return [areaThreshold(rule.percent ?? 10, rule.of, observation, data), Infinity];
    case "edisp-bias":
      return [biasThreshold((rule.percent ?? 10) / 100, rule.of, observation, data), Infinity];
    case "bkg-peak":
      return [peakThreshold(rule.of, observation, data), Infinity];
  }
}

/** Bins that lie as a whole between two energies, 0 or 1 [energy]. */
export function energyMask(energy: MapAxis, [low, high]: readonly [number, number]): Uint8Array {
  const edges = axisEdges(energy);
  return Uint8Array.from({ length: nBins(energy) }, (_, k) => (edges[k]! >= low && edges[k + 1]! <= high ? 1 : 0));
}

const placeOf = (of: ResponsesAt | undefined, observation: Observation, data: SpectraAt): SkyPosition =>
  of === undefined || "fileOffset" in of
    ? data.middle
    : "position" in of
      ? of.position
      : offsetBy(pointingOf(observation), 0, of.fixedOffset);

function areaThreshold(
  percent: number,
  of: ResponsesAt | undefined,
  observation: Observation,
  data: SpectraAt,
): number {
  if (of !== undefined && "fileOffset" in of) {
    const { table } = needed(observation, "aeff");
    const edges = axisEdges(table.axes[0]!);
    const values = evaluateGrid(table, [edges, [of.fileOffset]]);
    const limit = (percent / 100) * values.reduce((a, b) => Math.max(a, b), 0);
    return edges.find((_, k) => values[k]! > limit) ?? Infinity;
  }
  const livetime = livetimeOf(observation);
  const area = data.exposure(placeOf(of, observation, data)).map((x) => x / livetime);
  const first = area.findIndex((a) => a > 0);
  if (first < 0) return Infinity;
  const centers = axisCenters(data.energyTrue);
  const limit = (percent / 100) * area.reduce((a, b) => Math.max(a, b), 0);
  // Where the area begins above the limit, the only crossing is that of its upper end.
  if (area[first]! >= limit) return centers[first]!;
  const root = firstRoot(centers, area, limit, centers[first]!, centers.at(-1)!);
  return root ?? centers[first]!;
}

function biasThreshold(limit: number, of: ResponsesAt | undefined, observation: Observation, data: SpectraAt): number {
  const isFile = of !== undefined && "fileOffset" in of;
  const table = needed(observation, "edisp").table.axes[0]!;
  const [energyTrue, energy] = isFile ? [table, { ...table, name: "energy" }] : [data.energyTrue, data.energy];
  const kernel = isFile
    ? dispersionKernels(needed(observation, "edisp"), energyTrue, energy, [of.fileOffset])
    : data.kernel(placeOf(of, observation, data));
  const centers = axisCenters(energyTrue);
  const bias = biasOf(kernel, centers, axisCenters(energy));
  const largest = bias.reduce((best, b, k) => (b > bias[best]! ? k : best), 0);
  const root = firstRoot(centers, bias, limit, centers[largest]!, centers.at(-1)!) ?? centers[largest]!;
  return root * (1 + limit);
}

function peakThreshold(of: ResponsesAt | undefined, observation: Observation, data: SpectraAt): number {
  if (of !== undefined && "fileOffset" in of) {
    const background = needed(observation, "background");
    const energy = background.table.axes[0]!;
    const sums = spectrumOfFile(observation);
    return axisEdges(energy)[indexOfLargest(sums)]!;
  }
  if (data.background === undefined) {
    throw new SpecError({
      where: `observation ${observation.id}: safe mask bkg-peak`,
      found: "a dataset without background",
      expected: "a background, or another rule",
    });
  }
  return axisEdges(data.energy)[indexOfLargest(data.background)]!;
}

/** Background rates summed over the field of view [energy]. */
function spectrumOfFile(observation: Observation): Float64Array {
  const background = needed(observation, "background");
  const energies = axisCenters(background.table.axes[0]!);
  const last = background.table.axes.at(-1)!;
  const reach = axisEdges(last).at(-1)!;
  // rings of a hundredth of the field of view, with eight places each
  const n = 100;
  const rings = Array.from(
    { length: n * 8 },
    (_, k) => [((Math.floor(k / 8) + 0.5) / n) * reach, (k % 8) * (Math.PI / 4) + Math.PI / 8] as const,
  );
  const fov = {
    offset: Float64Array.from(rings, ([r]) => r),
    lon: Float64Array.from(rings, ([r, a]) => r * Math.cos(a)),
    lat: Float64Array.from(rings, ([r, a]) => r * Math.sin(a)),
  };
  const rate = backgroundRate(logBackground(background), energies, fov);
  return energies.map((_, e) => rings.reduce((sum, [r], k) => sum + r * rate[e * rings.length + k]!, 0));
}

const indexOfLargest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((best, v, k, all) => (v > all[best]! ? k : best), 0);

/** 1 where a background is finite and above 0. */
export function validBackground({ data }: SkyMap): Uint8Array {
  const mask = new Uint8Array(data.length);
  for (let k = 0; k < mask.length; k++) mask[k] = data[k]! > 0 && data[k]! < Infinity ? 1 : 0;
  return mask;
}
