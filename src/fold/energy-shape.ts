import { JET } from "../irf/around.js";
import type { EDispKernel } from "../irf/edisp.js";
import { mixEDisps, mixPsfs } from "../irf/mix.js";
import { once } from "../math/cache.js";
import { nPix } from "../sky/pixels.js";
import { type BlurKernel, blurEach } from "./blur.js";
import { blockColumns } from "./columns.js";
import { createFreeShape, type ExtendedSource, type FreeShape, takeParameters } from "./extended/free-shape.js";
import { productTerms, type Term } from "./extended/terms.js";
import { packedLength } from "./flux/types.js";
import { type Placed, placeShape } from "./placed.js";
import type { Response } from "./response.js";
import { type ShapeSampling, samplingsByEnergy } from "./shape-sampling.js";
import { shapeVector } from "./shape-vector.js";
import { timesExposure } from "./source-exposure.js";
import type { Component, IrfSwitches } from "./types.js";

/** An extended source whose shape differs with energy, seen through one instrument. */
interface EnergyShape extends FreeShape {
  /** By true-energy bin, or one for all. */
  readonly samplings: readonly ShapeSampling[];
  readonly placed: (Placed | null)[];
  /** True-energy bins that reach some energy bin. */
  readonly reached: Uint8Array;
  /** Their images times the exposure where events come from, of instruments that have it: by image, then by true-energy bin. */
  exposed: Float64Array[][];
  /** Images with rows: the value, the first derivatives by the shape, and the second ones. */
  readonly nImages: number;
  /** Those of them that are known, convolved with the psf, each `[energy_true, ny, nx]` on the window. */
  images: readonly Float64Array[];
  /** What derivatives have beside those of the shape alone, by image. */
  readonly terms: readonly (readonly Term[])[];
  /** The energy dispersion at the place with its derivatives by it [JET]; none where it is the same everywhere. */
  dispersions: readonly EDispKernel[];
}

/**
 * A source of free place or extent whose shape, or whose exposure before the psf, differs with energy: as `extendedComponent`, with images of its own in each bin of true
 * energy. All of them are convolved whenever the shape changes.
 */
export function energyShapeComponent(source: ExtendedSource, response: Response, irf: IrfSwitches): Component {
  const { name, spectrum, shape, free } = source;
  const samplings = samplingsByEnergy(shape, free, response);
  const nFirst = 1 + free.length;
  const nImages = nFirst + packedLength(free.length);
  const shared = createFreeShape(source, response, irf);
  const e: EnergyShape = {
    ...shared,
    samplings,
    placed: samplings.map(() => null),
    reached: reachedBins(shared.reach, spectrum.size),
    exposed: [],
    nImages,
    images: [],
    terms: Array.from({ length: nImages }, (_, i) => productTerms(shared.coordinates, nFirst, i)),
    dispersions: [],
  };
  computeImages(e);
  const columns = blockColumns(e.reach, e.nImages, spectrum.size);
  return {
    name,
    vector: shapeVector(spectrum, free.length),
    refresh(x, offset, order) {
      if (!takeParameters(e, x, offset + spectrum.n, order)) return false;
      computeImages(e);
      return true;
    },
    columns: (r) => columns[r]!,
    rows: (r, pixels, out, stride, at) => fillRows(e, r, pixels, out, stride, at),
  };
}

function computeImages(e: EnergyShape): void {
  const { samplings, placed, p, geom, order, psf } = e;
  samplings.forEach((sampling, t) => {
    placed[t] = placeShape(sampling, p, geom, psf, order, placed[t] ?? undefined);
  });
  // windows and boxes do not depend on the energy
  const first = placed[0] ?? null;
  e.images = [];
  if (first !== null) {
    const image = imagesBefore(e, first);
    e.images = first.images.map((_, i) => convolvedImages(first, image(i), psf, e.source.spectrum.size));
    addPsfTerms(e, first, image);
  }
  e.dispersions = dispersionsOf(e);
  // transforms leave rounding noise where the source is hardly; predicted counts must not be negative for it
  const value = e.images[0] ?? [];
  for (let k = 0; k < value.length; k++) if (value[k]! < 0) value[k] = 0;
}

function reachedBins(reach: readonly Int32Array[], nTrue: number): Uint8Array {
  const reached = new Uint8Array(nTrue);
  for (const bins of reach) for (const t of bins) reached[t] = 1;
  return reached;
}

/** Image i in true-energy bin t, as the psf takes it. */
function imagesBefore(e: EnergyShape, first: Placed): (i: number) => (t: number) => Float64Array {
  const { placed, response, geom, reached } = e;
  const { sourceExposure } = response;
  const image = (i: number, t: number) => placed[Math.min(t, placed.length - 1)]!.images[i]!;
  if (sourceExposure === undefined) return (i) => (t) => image(i, t);
  const { window } = first;
  const n = window.nx * window.ny;
  const none = new Float64Array(n);
  e.exposed = first.images.map((_, i) =>
    Array.from(reached, (isReached, t) => {
      if (isReached === 0) return none;
      const kept = e.exposed[i]?.[t];
      const out = kept?.length === n ? kept : new Float64Array(n);
      timesExposure(image(i, t), sourceExposure, geom, t, window, out);
      return out;
    }),
  );
  return (i) => (t) => e.exposed[i]![t]!;
}

/** Adds to the images of derivatives what the change of the psf with the place makes of the others. */
function addPsfTerms(e: EnergyShape, first: Placed, image: (i: number) => (t: number) => Float64Array): void {
  const { irfs, response, images } = e;
  if (irfs.psfs.length < 2 || images.length === 1) return;
  const inclined = byPlace((q) => response.blurring(mixPsfs(irfs.psfs, irfs.shares, q)));
  images.forEach((sum, i) => {
    for (const { image: other, q, factor } of e.terms[i]!) {
      const part = convolvedImages(first, image(other), inclined(q), e.source.spectrum.size);
      for (let k = 0; k < sum.length; k++) sum[k]! += factor * part[k]!;
    }
  });
}

/** The values of a function of a jet's places, each made once. */
function byPlace<T>(make: (q: number) => T): (q: number) => T {
  const made = Array.from({ length: JET }, (_, q) => once(() => make(q)));
  return (q) => made[q]!();
}

/** The energy dispersion at the place, and its derivatives by it; none where it is the same everywhere. */
function dispersionsOf({ irfs: { edisps, weights }, order, coordinates }: EnergyShape): readonly EDispKernel[] {
  if (order === 0 || coordinates.length === 0 || weights.length === JET) return [];
  return Array.from({ length: JET }, (_, q) => mixEDisps(edisps, weights, q));
}

export function convolvedImages(
  { window, width, box, limit }: Placed,
  image: (t: number) => Float64Array,
  psf: BlurKernel | null,
  nTrue: number,
): Float64Array {
  const n = window.nx * window.ny;
  const data = new Float64Array(nTrue * n);
  const out = (t: number) => data.subarray(t * n, (t + 1) * n);
  if (psf === null) for (let t = 0; t < nTrue; t++) out(t).set(image(t));
  else blurEach(image, psf, { width, from: box, to: limit }, out);
  return data;
}

/** Rows of `Component.rows`: counts in each pixel from a unit of flux, and their derivatives by the shape. */
function fillRows(e: EnergyShape, r: number, pixels: Int32Array, out: Float64Array, stride: number, at: number): void {
  const { placed, images, terms, dispersions, geom, response, kernel, nImages } = e;
  const [width] = geom.npix;
  const n = nPix(geom);
  const t = e.reach[r]!;
  const window = placed[0]?.window;
  for (let i = 0; i < pixels.length; i++) {
    const pixel = pixels[i]!;
    const row = (pixel / width) | 0;
    const to = i * stride + at;
    out.fill(0, to, to + nImages * t.length);
    if (window === undefined) continue;
    const x = pixel - row * width - window.x0;
    const y = row - window.y0;
    if (x < 0 || y < 0 || x >= window.nx || y >= window.ny) continue;
    for (let c = 0; c < t.length; c++) {
      const k = t[c]!;
      const scale = kernel.data[k * kernel.nReco + r]! * response.exposure[k * n + pixel]!;
      const from = (k * window.ny + y) * window.nx + x;
      for (let b = 0; b < images.length; b++) out[to + b * t.length + c] = scale * images[b]![from]!;
      if (dispersions.length === 0) continue;
      const seen = response.exposure[k * n + pixel]!;
      for (let b = 1; b < images.length; b++) {
        for (const { image, q, factor } of terms[b]!) {
          const change = factor * dispersions[q]!.data[k * kernel.nReco + r]!;
          out[to + b * t.length + c]! += change * seen * images[image]![from]!;
        }
      }
    }
  }
}
