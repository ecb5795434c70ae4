/** The instrument of a binned dataset as folding needs it. */

import type { BinnedDataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import { diagonalKernel, type EDispKernel, kernelOfPixel, pixelOf } from "../irf/edisp.js";
import { psfProfileAt } from "../irf/psf.js";
import { isPsfKernel, kernelOfImages, psfKernel, type SamplePositions } from "../irf/psf-kernel.js";
import { type Cache, type CacheScope, createCache, type Held, once } from "../math/cache.js";
import { createTransforms, type Transforms } from "../math/convolution.js";
import { isSame, snapshot } from "../math/snapshot.js";
import { nBins } from "../sky/axis.js";
import { describePixels, imageShape, nPix, pixelsOf } from "../sky/pixels.js";
import type { Geom, MapAxis, SkyMap, SkyPosition } from "../sky/types.js";
import { type BlurKernel, withGrids } from "./blur.js";
import {
  type CleanInstrument,
  checkDensity,
  cleanInstrument,
  cleanProfile,
  type Instrument,
  instrumentOf,
  seesBetween,
} from "./instrument.js";
import { maskPixels } from "./pixels.js";
import type { Template } from "./template.js";
import type { MaskPixels } from "./types.js";

/** What depends on a position is made once for it and kept in the cache of the handle that the response belongs to. */
export interface Response {
  readonly name: string;
  /** Geometry of the counts: axis `energy`, and the pixels. */
  readonly geom: Geom;
  readonly energy: MapAxis;
  readonly energyTrue: MapAxis;
  /** `[energy_true, lat, lon]`, cm2 s; empty where the dataset has none, and then no source can be folded. */
  readonly exposure: Float64Array;
  /** Predicted background counts `[energy, lat, lon]`; undefined where the dataset has none. */
  readonly background: Float64Array | undefined;
  /** The bins in the fit. */
  readonly mask: MaskPixels;
  /** What of the dataset was taken for something else, in words. */
  readonly warnings: readonly string[];
  /** The energy dispersion at a position; `apply` false: none. */
  edisp(position: SkyPosition | null, apply: boolean): EDispKernel;
  /** Number of the edisp pixel at a position: kernels of equal number are equal. */
  edispPixel(position: SkyPosition | null): number;
  /** True-energy bins that can reach energy bin r, wherever the source is. */
  reach(r: number, position: SkyPosition | null | "anywhere", apply: boolean): Int32Array;
  /** The psf on the pixels of the map; null where the dataset has none. */
  psf(position: SkyPosition | null): BlurKernel | null;
  /** Whether psf and energy dispersion are the same everywhere. */
  isUniform(): boolean;
  /** Templates of frozen sources, by what they are made from. */
  readonly templates: CacheScope<Template>;
  /** Arrays of numbers by what they are made from; `what` names them in `held`. */
  arrays(what: string): CacheScope<Float64Array>;
}

/** The responses of datasets, and what was folded with them: the fit makes it, flux points and profiles after it find it there. */
export interface Responses {
  /** The response of a dataset; made anew where the dataset was changed in place. */
  of(dataset: BinnedDataset): Response;
  /** What is held, by owner. */
  held(): Held[];
  clear(): void;
}

/** Options of `createResponses`. */
export interface ResponsesOptions {
  /** Bytes to keep at most; default 256 MB. */
  readonly maxBytes?: number;
  /**
   * Nothing will change the arrays of the datasets: they are used as they are. Default: false, they are copied, so that what was compiled keeps what it was
   * made from, and compared each time, so that a change is seen.
   */
  readonly immutable?: boolean;
}

/** A handle for responses. It holds them as long as it lives. */
export function createResponses({ maxBytes, immutable = false }: ResponsesOptions = {}): Responses {
  const cache = createCache(maxBytes);
  const transforms = createTransforms();
  let known = new WeakMap<BinnedDataset, { readonly response: Response; readonly instrument: Instrument }>();
  return {
    of(dataset) {
      const given = instrumentOf(dataset);
      const found = known.get(dataset);
      if (found !== undefined && (immutable || isSame(given, found.instrument))) return found.response;
      const instrument = immutable ? given : snapshot(given);
      const response = createResponse(cleanInstrument(instrument), cache, transforms);
      known.set(dataset, { response, instrument });
      return response;
    },
    held: () => cache.held(),
    clear() {
      cache.clear();
      known = new WeakMap();
    },
  };
}

function createResponse(
  { instrument: dataset, warnings }: CleanInstrument,
  cache: Cache,
  transforms: Transforms,
): Response {
  const where = `dataset "${dataset.name}"`;
  const { exposure } = dataset;
  const geom = dataset.countsGeom;
  const energy = geom?.axes[0];
  if (geom === undefined || energy === undefined) {
    throw new SpecError(`${where}: neither counts nor background; a fit needs counts`);
  }
  const energyTrue = exposure?.geom.axes[0] ?? { ...energy, name: "energy_true" };
  checkInstrument(dataset, geom, energyTrue, where);
  const edispMap = dataset.edisp?.map;
  const psfMap = geom.kind === "wcs" ? dataset.psf?.map : undefined;
  const onePsf = once(() => psfMap === undefined || isPsfKernel(psfMap) || isUniform(psfMap));
  const oneEDisp = once(() => edispMap === undefined || isUniform(edispMap));
  const sees = once(() => seesBetween(exposure));
  const mask = once(() => maskPixels(dataset.mask, nBins(energy)));
  const owner = (what: string) => `${what} of ${dataset.name}`;
  const kernels = cache.scope<EDispKernel>(owner("energy dispersion"), ({ data }) => data.byteLength);
  const psfs = cache.scope<BlurKernel>(owner("psf"), ({ data }) => data.byteLength);
  const positions = cache.scope<SamplePositions>(owner("sample positions of the psf"), ({ pix }) => pix.byteLength);

  const kernel = (pixel: number): EDispKernel =>
    kernels.get([pixel], () => {
      if (pixel < 0 || edispMap === undefined) return diagonalKernel(energyTrue, energy);
      const found = kernelOfPixel(edispMap, pixel, energy, `${where} edisp`);
      // not at energies that are seen: those are refused where a source is
      return { ...found, data: found.data.map((x) => (Number.isFinite(x) ? x : 0)) };
    });
  /** Pixels of the energy dispersion that were looked at. */
  const checked = new Set<number>();
  const sound = (pixel: number): EDispKernel => {
    if (pixel >= 0 && !checked.has(pixel)) checkDensity(edispMap!, pixel, sees(), `${where}: the edisp`);
    checked.add(pixel);
    return kernel(pixel);
  };
  const edispPixel = (position: SkyPosition | null) => {
    if (edispMap === undefined) return -1;
    return oneEDisp() ? 0 : pixelOf(edispMap, position);
  };

  return {
    name: dataset.name,
    geom,
    energy,
    energyTrue,
    exposure: exposure?.data ?? new Float64Array(0),
    background: dataset.background?.data,
    warnings,
    get mask() {
      return mask();
    },
    edispPixel,
    isUniform: () => onePsf() && oneEDisp(),
    templates: cache.scope(owner("templates"), ({ data }) => data.byteLength),
    arrays: (what) => cache.scope(owner(what), ({ byteLength }) => byteLength),
    edisp: (position, apply) => sound(apply ? edispPixel(position) : -1),
    reach(r, position, apply) {
      const n = edispMap === undefined || !apply ? 0 : nPix(edispMap.geom);
      const pixels =
        position === "anywhere" && n > 0
          ? Array.from({ length: n }, (_, i) => i)
          : [apply ? edispPixel(position === "anywhere" ? null : position) : -1];
      const all = pixels.map(kernel);
      const out: number[] = [];
      for (let t = 0; t < nBins(energyTrue); t++) {
        if (all.some((k) => k.data[t * k.nReco + r]! !== 0)) out.push(t);
      }
      return Int32Array.from(out);
    },
    psf(position) {
      const map = psfMap;
      if (map === undefined || geom.kind !== "wcs") return null;
      const key = onePsf() || position === null ? [] : [position.lon, position.lat, position.frame];
      return psfs.get(key, () => {
        const at = nPix(map.geom) === 1 ? null : position;
        const what = `${where}: the psf`;
        const place = pixelsOf(map.geom).nearest(at, () => true);
        checkDensity(map, place, sees(), what);
        const images = isPsfKernel(map)
          ? kernelOfImages(map, geom, energyTrue, `${where} psf`)
          : psfKernel(cleanProfile(psfProfileAt(map, at, `${where} psf`), sees(), what), geom, energyTrue, positions);
        return withGrids(images, cache, owner("transforms of the psf"), transforms);
      });
    },
  };
}

function checkInstrument({ exposure, edisp }: Instrument, geom: Geom, energyTrue: MapAxis, where: string): void {
  if (exposure === undefined) return;
  if (imageShape(exposure.geom).join() !== imageShape(geom).join()) {
    throw new SpecError(
      `${where}: exposure has ${describePixels(exposure.geom)}, counts have ${describePixels(geom)}; both need the same image geometry`,
    );
  }
  const edispTrue = edisp?.map.geom.axes[1];
  if (edispTrue !== undefined && nBins(edispTrue) !== nBins(energyTrue)) {
    throw new SpecError(
      `${where}: edisp has ${nBins(edispTrue)} true-energy bins, exposure has ${nBins(energyTrue)}; both need the same energy_true axis`,
    );
  }
}

/** Every pixel of an image holds the same values. */
function isUniform({ geom, data }: SkyMap): boolean {
  const n = nPix(geom);
  for (let i = 0; i < data.length; i++) if (data[i] !== data[i - (i % n)]) return false;
  return true;
}
