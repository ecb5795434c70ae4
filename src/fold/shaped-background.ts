/** A background map times a factor for each energy bin and one for each place. */
import { axisCenters } from "../sky/axis.js";
import { nPix } from "../sky/pixels.js";
import type { WcsGeom } from "../sky/types.js";
import { blockColumns } from "./columns.js";
import { type FluxVector, packedLength } from "./flux/types.js";
import type { Response } from "./response.js";
import type { Shape } from "./shape.js";
import { locator, sampler, shapeSampling } from "./shape-sampling.js";
import { shapeVector } from "./shape-vector.js";
import type { Component } from "./types.js";

/** Where a background is shaped: the values of a spatial model at the middles of the pixels, without their unit (as in Gammapy). */
export interface BackgroundShape {
  readonly shape: Shape;
  /** The parameters of the shape, and the indices of the free ones. */
  readonly p: Float64Array;
  readonly free: readonly number[];
}

/** `map` [energy, lat, lon] times `vector` [energy] times the shape. Its parameters are those of the vector, then the free ones of the shape. */
export function shapedBackground(
  name: string,
  vector: FluxVector,
  map: Float64Array,
  { shape, p: given, free }: BackgroundShape,
  response: Response,
): Component {
  const geom = response.geom as WcsGeom;
  const [n, nq, nReco] = [nPix(geom), free.length, vector.size];
  const p = given.slice();
  const energies = shape.declaration.energyDependent === true ? Array.from(axisCenters(response.energy)) : [undefined];
  const nImages = 1 + nq + packedLength(nq);
  const images = energies.map(() => Array.from({ length: nImages }, () => new Float64Array(n)));
  const places = placesOf(geom, shape);
  const fill = (order: 0 | 1 | 2) => {
    energies.forEach((energy, e) => {
      for (const image of images[e]!) image.fill(0);
      const sample = sampler(shapeSampling(shape, free, response, energy), p, order);
      for (let k = 0; k < n; k++) sample(places[2 * k]!, places[2 * k + 1]!, images[e]!, k);
    });
    known = order;
  };
  let known: 0 | 1 | 2 = 0;
  fill(0);
  const ofBin = (r: number) => images[Math.min(r, images.length - 1)]!;
  const reach = Array.from({ length: nReco }, (_, r) => Int32Array.of(r));
  const columns = blockColumns(reach, nImages, nReco);
  return {
    name,
    vector: nq === 0 ? vector : shapeVector(vector, nq),
    refresh(x, offset, order) {
      let isOther = nq > 0 && order > known;
      for (let i = 0; i < nq; i++) {
        const value = x[offset + vector.n + i]!;
        if (p[free[i]!] !== value) isOther = true;
        p[free[i]!] = value;
      }
      if (isOther) fill(order);
      return isOther;
    },
    columns: (r) => columns[r]!,
    rows(r, pixels, out, stride, at) {
      const own = ofBin(r);
      for (let i = 0; i < pixels.length; i++) {
        const pixel = pixels[i]!;
        const counts = map[r * n + pixel]!;
        for (let b = 0; b < nImages; b++) out[i * stride + at + b] = counts === 0 ? 0 : counts * own[b]![pixel]!;
      }
    },
  };
}

/** (lon, lat) of the middles of the pixels, in the frame of the shape; NaN off the sky. */
function placesOf(geom: WcsGeom, shape: Shape): Float64Array {
  const locate = locator(geom, shape.frame);
  const [nx] = geom.npix;
  const out = new Float64Array(2 * nPix(geom));
  const sky = new Float64Array(2);
  for (let k = 0; 2 * k < out.length; k++) {
    locate(k % nx, Math.floor(k / nx), sky);
    out.set(sky, 2 * k);
  }
  return out;
}
