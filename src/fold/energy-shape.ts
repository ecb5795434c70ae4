import { nPix } from "../sky/pixels.js";
import { blurEach } from "./blur.js";
import { blockColumns } from "./columns.js";
import { createFreeShape, type ExtendedSource, type FreeShape, psfOf, takeParameters } from "./extended/free-shape.js";
import { packedLength } from "./flux/types.js";
import { type Placed, placeShape } from "./placed.js";
import type { Response } from "./response.js";
import { type ShapeSampling, samplingsByEnergy } from "./shape-sampling.js";
import { shapeVector } from "./shape-vector.js";
import type { Component, IrfSwitches } from "./types.js";

/** An extended source whose shape differs with energy, seen through one instrument. */
interface EnergyShape extends FreeShape {
  /** By true-energy bin. */
  readonly samplings: readonly ShapeSampling[];
  readonly placed: (Placed | null)[];
  /** Images with rows: the value, the first derivatives by the shape, and the second ones. */
  readonly nImages: number;
  /** Those of them that are known, convolved with the psf, each `[energy_true, ny, nx]` on the window. */
  images: readonly Float64Array[];
}

/**
 * A source of free place or extent whose shape differs with energy: as `extendedComponent`, with images of its own in each bin of true energy. All of them are
 * convolved whenever the shape changes.
 */
export function energyShapeComponent(source: ExtendedSource, response: Response, irf: IrfSwitches): Component {
  const { name, spectrum, shape, free } = source;
  const samplings = samplingsByEnergy(shape, free, response);
  const e: EnergyShape = {
    ...createFreeShape(source, response, irf),
    samplings,
    placed: samplings.map(() => null),
    nImages: 1 + free.length + packedLength(free.length),
    images: [],
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
  const { samplings, placed, p, geom, order } = e;
  const psf = psfOf(e);
  samplings.forEach((sampling, t) => {
    placed[t] = placeShape(sampling, p, geom, psf, order, placed[t] ?? undefined);
  });
  // windows and boxes do not depend on the energy
  const first = placed[0] ?? null;
  e.images = first === null ? [] : first.images.map((_, i) => convolvedImages(first, (t) => placed[t]!.images[i]!, e));
  // transforms leave rounding noise where the source is hardly; predicted counts must not be negative for it
  const value = e.images[0] ?? [];
  for (let k = 0; k < value.length; k++) if (value[k]! < 0) value[k] = 0;
}

function convolvedImages(
  { window, width, box, limit, psf }: Placed,
  image: (t: number) => Float64Array,
  { samplings }: EnergyShape,
): Float64Array {
  const n = window.nx * window.ny;
  const data = new Float64Array(samplings.length * n);
  const out = (t: number) => data.subarray(t * n, (t + 1) * n);
  if (psf === null) for (let t = 0; t < samplings.length; t++) out(t).set(image(t));
  else blurEach(image, psf, { width, from: box, to: limit }, out);
  return data;
}

/** Rows of `Component.rows`: counts in each pixel from a unit of flux, and their derivatives by the shape. */
function fillRows(e: EnergyShape, r: number, pixels: Int32Array, out: Float64Array, stride: number, at: number): void {
  const { placed, images, geom, response, kernel, nImages } = e;
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
    }
  }
}
