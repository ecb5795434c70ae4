/** Psf and energy dispersion in the pixels of their maps. */
import { edispWeights } from "../datasets/irf-weights.js";
import { UnsupportedError } from "../errors.js";
import { diagonalKernel, type EDispKernel, kernelOfPixel, pixelOf } from "../irf/edisp.js";
import { makeFillKernel } from "../irf/filled-edisp.js";
import { isRecoPsf, type PsfProfile, psfProfileAt, psfProfileOfPixel } from "../irf/psf.js";
import {
  isPsfKernel,
  kernelOfImages,
  type PsfImages,
  psfKernel,
  repeatedImage,
  type SamplePositions,
} from "../irf/psf-kernel.js";
import { type Cache, type CacheScope, once } from "../math/cache.js";
import type { Transforms } from "../math/convolution.js";
import { nBins } from "../sky/axis.js";
import { nPix, pixelCenter, pixelsOf } from "../sky/pixels.js";
import type { Geom, MapAxis, SkyMap, SkyPosition } from "../sky/types.js";
import { type BlurKernel, withGrids } from "./blur.js";
import { checkDensity, cleanProfile, type Instrument, type Sees, seesBetween } from "./instrument.js";

/**
 * Where psf and energy dispersion of a source are taken. `continuous`: linear between the middles of the pixels of their maps. `gammapy`: as in Gammapy the energy
 * dispersion of the nearest pixel, and the psf cut where the one at the source holds 99.9 %; a likelihood then steps where a source crosses from one to the next.
 */
export type IrfRule = "continuous" | "gammapy";

/** The responses of one map. */
export interface Nodes<T> {
  /** Geometry of the map. */
  readonly geom: Geom | undefined;
  /** The same everywhere. */
  readonly isUniform: () => boolean;
  /** Of a pixel, or where it holds nothing of the nearest that does. */
  ofPixel(pixel: number): T;
  /** By Gammapy's rule. */
  at(position: SkyPosition | null): T;
}

export interface IrfsInput {
  /** "dataset "x"" */
  readonly where: string;
  readonly dataset: Instrument;
  readonly geom: Geom;
  readonly energy: MapAxis;
  readonly energyTrue: MapAxis;
  readonly cache: Cache;
  readonly transforms: Transforms;
  readonly rule: IrfRule;
  /** Of a psf in reconstructed energy: the energy bin whose psf is taken at all true energies. */
  readonly bin?: PsfBin | undefined;
}

/** An energy bin, and the images of all of them by what they are made from. */
export interface PsfBin {
  readonly index: number;
  readonly images: CacheScope<PsfImages>;
}

export type BlurImages = BlurKernel & PsfImages;

export interface EDispNodes extends Nodes<EDispKernel> {
  /** Those of all pixels, whether they mean something or not. */
  everywhere(): readonly EDispKernel[];
}

/** Undefined where the dataset has none. */
export function edispNodes(
  { dataset, where, geom, energy, cache, rule }: IrfsInput,
  sees: () => Sees,
): EDispNodes | undefined {
  if (dataset.edisp === undefined) return undefined;
  const { map, exposure } = dataset.edisp;
  const what = `${where} edisp`;
  const kernels = cache.scope<EDispKernel>(`energy dispersion of ${dataset.name}`, ({ data }) => data.byteLength);
  const kernel = (pixel: number) =>
    kernels.get([pixel], () => {
      const found = kernelOfPixel(map, pixel, energy, what);
      // not at energies that are seen: those are refused where a source is
      return { ...found, data: found.data.map((x) => (Number.isFinite(x) ? x : 0)) };
    });
  const checked = new Set<number>();
  const sound = (pixel: number) => {
    if (!checked.has(pixel)) checkDensity(map, pixel, sees(), `${where}: the edisp`);
    checked.add(pixel);
    return kernel(pixel);
  };
  const fill = once(() => {
    if (rule === "gammapy") return undefined;
    const mask = { geom, data: dataset.mask };
    return makeFillKernel(map, exposure, edispWeights(mask, mask, { map }));
  });
  const filled = (pixel: number) => {
    const complete = fill();
    return complete === undefined ? sound(pixel) : kernels.get([pixel, "filled"], () => complete(pixel, sound));
  };
  const isUniform = once(() => isSameEverywhere(map));
  return {
    geom: map.geom,
    isUniform,
    ofPixel: (pixel) => filled(pixelOf(map, pixelCenter(map.geom, pixel))),
    at: (position) => (isUniform() ? sound(0) : filled(pixelOf(map, position))),
    everywhere: () => Array.from({ length: nPix(map.geom) }, (_, pixel) => kernel(pixel)),
  };
}

/** Of an instrument that measures energies as they are. */
export function noEDispNodes({ energy, energyTrue }: IrfsInput): EDispNodes {
  const kernel = once(() => diagonalKernel(energyTrue, energy));
  return { geom: undefined, isUniform: () => true, ofPixel: kernel, at: kernel, everywhere: () => [kernel()] };
}

/** Undefined where the dataset has none, or no image to blur. */
export function psfNodes(input: IrfsInput, seesTrue: () => Sees): Nodes<BlurImages> | undefined {
  const { dataset, where, geom, energy, energyTrue, cache, transforms, bin } = input;
  const map = dataset.psf?.map;
  if (map === undefined || geom.kind !== "wcs") return undefined;
  const isReco = isRecoPsf(map);
  if (isReco && bin === undefined) return refusedNodes(map, where);
  // what is seen is known by true energy
  const sees = isReco ? () => () => true : seesTrue;
  const what = `${where}: the psf`;
  const owner = (of: string) => `${of} of ${dataset.name}`;
  const positions = cache.scope<SamplePositions>(owner("sample positions of the psf"), ({ pix }) => pix.byteLength);
  const images = cache.scope<BlurImages>(owner("psf"), ({ data }) => data.byteLength);
  const withOwnGrids = (psf: PsfImages) => ({
    ...withGrids(psf, cache, owner("transforms of the psf"), transforms),
    sums: psf.sums,
  });
  const imagesOf = (profile: PsfProfile, axis: MapAxis) =>
    psfKernel(cleanProfile(profile, sees(), what), geom, axis, positions);
  const fromProfile = (key: readonly unknown[], profile: () => PsfProfile) => {
    if (bin === undefined) return withOwnGrids(imagesOf(profile(), energyTrue));
    const all = bin.images.get(key, () => imagesOf(profile(), energy));
    return withOwnGrids(repeatedImage(all, bin.index, nBins(energyTrue)));
  };
  const isUniform = once(() => isPsfKernel(map) || isSameEverywhere(map));
  return {
    geom: map.geom,
    isUniform,
    ofPixel: (pixel) =>
      images.get([pixel], () => {
        checkDensity(map, pixel, sees(), what);
        return fromProfile([pixel], () => psfProfileOfPixel(map, pixel, `${where} psf`));
      }),
    at(position) {
      const key = isUniform() || position === null ? [] : [position.lon, position.lat, position.frame];
      return images.get(key, () => {
        const at = nPix(map.geom) === 1 ? null : position;
        checkDensity(
          map,
          pixelsOf(map.geom).nearest(at, () => true),
          sees(),
          what,
        );
        if (!isPsfKernel(map)) return fromProfile(key, () => psfProfileAt(map, at, `${where} psf`));
        const psf = kernelOfImages(map, geom, energyTrue, `${where} psf`);
        return withOwnGrids({ ...psf, sums: new Float64Array(psf.half.length).fill(1) });
      });
    },
  };
}

/** The psf of a dataset at a position, by Gammapy's rule, as profiles in true energy; null where it has none. */
export function profileOf(
  { psf, exposure }: Instrument,
  position: SkyPosition | null,
  where: string,
): PsfProfile | null {
  const map = psf?.map;
  if (map === undefined) return null;
  const found = isPsfKernel(map)
    ? "a psf that is given as images"
    : isRecoPsf(map)
      ? "a psf in reconstructed energy"
      : undefined;
  if (found !== undefined) {
    throw new UnsupportedError(
      `${where}: found ${found} with counts in HEALPix pixels, expected one of profiles by energy_true (Gammapy's PSFMap); give it so, or bring the dataset to the pixels of an image (Gammapy's to_wcs)`,
    );
  }
  const sees = seesBetween(exposure);
  const at = nPix(map.geom) === 1 ? null : position;
  checkDensity(
    map,
    pixelsOf(map.geom).nearest(at, () => true),
    sees,
    `${where}: the psf`,
  );
  return cleanProfile(psfProfileAt(map, at, `${where} psf`), sees, `${where}: the psf`);
}

/** A psf in reconstructed energy where one in true energy is wanted. */
function refusedNodes({ geom }: SkyMap, where: string): Nodes<BlurImages> {
  const refuse = () => {
    throw new UnsupportedError(
      `${where}: the psf is given in reconstructed energy (axis "energy", Gammapy's RecoPSFMap), which fits, predictions and flux points on maps take, and TS maps do not; give it by energy_true for them`,
    );
  };
  return { geom, isUniform: () => false, ofPixel: refuse, at: refuse };
}

/** Every pixel of an image holds the same values. */
function isSameEverywhere({ geom, data }: SkyMap): boolean {
  const n = nPix(geom);
  for (let i = 0; i < data.length; i++) if (data[i] !== data[i - (i % n)]) return false;
  return true;
}
