/** Background from a ring around each pixel. */
import type { MapDataset, OnOffDataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import { nBins } from "../sky/axis.js";
import { pixelScales } from "../sky/geom.js";
import { imageGeom, nPix } from "../sky/pixels.js";
import type { SkyMap, WcsGeom } from "../sky/types.js";
import type { Exclusion } from "./exclusion.js";
import { kernelSums, type PixelKernel, ringKernel } from "./pixel-kernel.js";
import { allowedPixels } from "./places.js";

/** A ring of inner radius `inner` and this width, deg. */
export interface RingOptions {
  readonly inner: number;
  readonly width: number;
  readonly exclusion?: Exclusion;
}

/** Rings that grow until ON has at most `maxAlpha` of the acceptance of OFF. Angles in deg. */
export interface AdaptiveRingOptions {
  readonly inner: number;
  readonly width: number;
  /** Largest outer radius. */
  readonly outerMax: number;
  /** Step by which the ring grows; default: two pixels. */
  readonly step?: number;
  /** Grow the ring outward with its width (default), or keep its inner radius and grow its width. */
  readonly grow?: "radius" | "width";
  readonly maxAlpha?: number;
  readonly exclusion?: Exclusion;
}

/**
 * ON counts of each pixel and OFF counts of the ring around it, of each energy by itself; acceptances are the background of pixel and ring. What is excluded gives no OFF
 * counts; pixels without any acceptance OFF are not safe.
 */
export function ringBackground(dataset: MapDataset, { inner, width, exclusion }: RingOptions): OnOffDataset {
  const field = openField(dataset, exclusion);
  const kernel = ringKernel(inner / field.scale, (inner + width) / field.scale);
  const [countsOff, acceptanceOff] = [field.sums(field.counts, kernel), field.sums(field.background, kernel)];
  return onOff(dataset, field.background, countsOff, acceptanceOff);
}

/**
 * The same with, for each pixel and energy, the first ring whose acceptance is large enough; pixels for which none is are not safe.
 * @throws SpecError where the rings cannot grow.
 */
export function adaptiveRingBackground(dataset: MapDataset, options: AdaptiveRingOptions): OnOffDataset {
  const { inner, width, outerMax, grow = "radius", maxAlpha = 0.1, exclusion } = options;
  const field = openField(dataset, exclusion);
  const step = options.step ?? 2 * field.scale;
  if (!(step > 0 && maxAlpha > 0 && outerMax > inner + width)) {
    throw new SpecError({
      where: "adaptive ring",
      found: `radius ${inner}, width ${width}, largest ${outerMax}, step ${step} deg, alpha ${maxAlpha}`,
      expected: "a positive step and alpha, and a ring that can grow",
    });
  }
  const n = Math.ceil((outerMax - inner - width) / step - 1e-9);
  const [countsOff, acceptanceOff] = [0, 0].map(() => new Float64Array(field.counts.data.length).fill(Number.NaN)) as [
    Float64Array,
    Float64Array,
  ];
  for (let k = 0; k < n; k++) {
    const [a, w] = grow === "radius" ? [inner + k * step, width] : [inner, width + k * step];
    const kernel = ringKernel(a / field.scale, (a + w) / field.scale);
    const [counts, acceptance] = [field.sums(field.counts, kernel), field.sums(field.background, kernel)];
    for (let i = 0; i < countsOff.length; i++) {
      if (Number.isNaN(countsOff[i]!) && acceptance[i]! > 0 && field.background.data[i]! <= maxAlpha * acceptance[i]!) {
        [countsOff[i], acceptanceOff[i]] = [counts[i]!, acceptance[i]!];
      }
    }
  }
  return onOff(dataset, field.background, countsOff.map(orZero), acceptanceOff.map(orZero));
}

const orZero = (x: number): number => (Number.isNaN(x) ? 0 : x);

interface Field {
  readonly counts: SkyMap;
  readonly background: SkyMap;
  /** Size of a pixel, deg. */
  readonly scale: number;
  /** Sums over the kernel of what is not excluded, image by image. */
  sums(map: SkyMap, kernel: PixelKernel): Float64Array;
}

function openField({ counts, background, name }: MapDataset, exclusion: Exclusion | undefined): Field {
  if (counts === undefined || background === undefined) {
    throw new SpecError({
      where: `dataset "${name}": ring background`,
      found: counts ? "no background" : "no counts",
      expected: "both: the background says how much is expected in the ring",
    });
  }
  const geom: WcsGeom = imageGeom(counts.geom, `dataset "${name}": ring background`);
  const [nx, ny] = geom.npix;
  const n = nPix(geom);
  const image = allowedPixels(geom, exclusion);
  return {
    counts,
    background,
    scale: pixelScales(geom)[0],
    sums(map, kernel) {
      const out = new Float64Array(map.data.length);
      for (let e = 0; e < nBins(geom.axes[0]!); e++) {
        const from = e * n;
        out.set(
          kernelSums(
            Float64Array.from(image, (x, p) => x * map.data[from + p]!),
            nx,
            ny,
            kernel,
          ),
          from,
        );
      }
      return out;
    },
  };
}

function onOff(
  dataset: MapDataset,
  acceptance: SkyMap,
  countsOff: Float64Array,
  acceptanceOff: Float64Array,
): OnOffDataset {
  const { type: _, background: __, maskSafe, statistic: ___, ...shared } = dataset;
  const { geom } = acceptance;
  const data = Uint8Array.from(acceptanceOff, (a, k) => (a > 0 ? (maskSafe?.data[k] ?? 1) : 0));
  return {
    type: "MapDatasetOnOff",
    ...shared,
    countsOff: { geom, unit: "", data: countsOff },
    acceptance: { ...acceptance, unit: "" },
    acceptanceOff: { geom, unit: "", data: acceptanceOff },
    maskSafe: { geom, data },
  };
}
