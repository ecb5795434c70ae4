import type { MapDataset } from "../datasets/types.js";
import type { BlurKernel } from "../fold/blur.js";
import { bindCalibration } from "../fold/calibration.js";
import type { IrfsAround } from "../fold/irfs.js";
import { convolvedExposure, convolvedExposureAt, maskedExposure } from "../fold/masked-exposure.js";
import { type BinRange, withinBins } from "../fold/pixels.js";
import type { Response } from "../fold/response.js";
import { type Corner, cornersOn } from "../fold/template.js";
import { JET } from "../irf/around.js";
import type { EDispKernel } from "../irf/edisp.js";
import type { ModelRegistry } from "../models/declaration.js";
import { allParameters } from "../models/parameters.js";
import type { Models, SkyModel } from "../models/types.js";
import { imageGeom, nPix } from "../sky/pixels.js";
import { isClosed } from "../sky/seam.js";
import type { Frame, SkyPosition } from "../sky/types.js";
import { projectedPosition } from "../sky/wcs-pixels.js";
import { truncation } from "../stats/cash.js";
import { sourceFluxes } from "./slice.js";

/**
 * The bins of a map dataset in an energy range as a point source sees them that moves from place to place: those with counts one by one, all others in the
 * sums alone.
 */
export interface TsTerm {
  /** Of the bins with counts [n]: counts, what the models predict, and what the source at norm 1 adds. */
  readonly counts: Float64Array;
  readonly background: Float64Array;
  readonly logBackground: Float64Array;
  readonly signal: Float64Array;
  /** What the models predict in all bins. */
  readonly backgroundTotal: number;
  /** Puts the source somewhere: fills `signal` and returns what the source adds in all bins. */
  place(position: SkyPosition): number;
  /** Lowest norm, for the source where it was put, at which no bin is predicted negative: -min(background / signal). */
  floor(): number;
}

export interface TsTermInput {
  readonly dataset: MapDataset;
  readonly models: Models;
  /** The source; its spectrum counts alone. */
  readonly source: SkyModel;
  readonly response: Response;
  readonly registry: ModelRegistry;
  /** What the models predict, `[energy, lat, lon]`. */
  readonly npred: Float64Array;
  readonly range: BinRange;
}

/** Shares of a pixel smaller than this are rounding of its position. */
const NO_SHARE = 1e-9;

export function createTsTerm({ dataset, models, source, response, registry, npred, range }: TsTermInput): TsTerm {
  const geom = imageGeom(response.geom, `TS map: dataset "${dataset.name}"`);
  const [nx, ny] = geom.npix;
  const n = nPix(geom);
  const mask = withinBins(response.mask, range);
  const { areaNorm } = bindCalibration(dataset, { models, entries: allParameters(models), isFree: () => false });
  const fluxes = sourceFluxes(dataset, models, source, response, registry).map((flux) => flux * areaNorm.value);
  const { bins, pixels, energies, backgroundTotal } = binsWithCounts(dataset.counts!.data, npred, mask, n);
  const counts = bins.map((bin) => dataset.counts!.data[bin]!);
  const background = bins.map((bin) => npred[bin]!);
  const signal = new Float64Array(counts.length);
  const image = new Float64Array(n);
  const reach = mask.map((_, r) => response.reach(r, true));
  let placed: Placed = { points: [], psf: null, mix: [] };
  const widest = reach.reduce((most, t) => Math.max(most, t.length), 0);

  /** What a unit of the spectrum brings from one pixel to another but for the psf, by energy dispersion. */
  const folded = new Map<EDispKernel, Folded>();
  function foldedWith(kernel: EDispKernel): Folded {
    let found = folded.get(kernel);
    if (found === undefined) {
      const landed = new Float64Array(kernel.nTrue * n);
      maskedExposure(mask, kernel, response.exposure, nx, { x0: 0, y0: 0, nx, ny }, landed);
      for (let i = 0; i < landed.length; i++) landed[i]! *= fluxes[Math.floor(i / n)]!;
      folded.set(kernel, (found = { landed, weights: weightsOf(kernel), spectrum: spectrumOf(kernel) }));
    }
    return found;
  }

  const irfsIn = new Map<Frame, IrfsAround>();
  /** The energy dispersions that are mixed at a position. */
  function mixAt({ lon, lat, frame }: SkyPosition): Placed["mix"] {
    let irfs = irfsIn.get(frame);
    if (irfs === undefined) irfsIn.set(frame, (irfs = response.around(frame, { psf: false, edisp: true })));
    irfs.locate(lon, lat, 0);
    const { weights } = irfs;
    const mix = irfs.edisps.map((kernel, i) => ({ folded: foldedWith(kernel), weight: weights[i * JET]! }));
    return mix.filter(({ weight }) => weight !== 0);
  }

  /** Flux x edisp x exposure of each bin with counts, [n, widest] along `reach`. */
  function weightsOf(kernel: EDispKernel): Float64Array {
    const out = new Float64Array(counts.length * widest);
    for (let i = 0; i < counts.length; i++) {
      const r = energies[i]!;
      reach[r]!.forEach((t, c) => {
        out[i * widest + c] = fluxes[t]! * kernel.data[t * kernel.nReco + r]! * response.exposure[t * n + pixels[i]!]!;
      });
    }
    return out;
  }

  /** Flux x edisp, [energies, widest] along `reach`. */
  function spectrumOf(kernel: EDispKernel): Float64Array {
    const out = new Float64Array(reach.length * widest);
    reach.forEach((columns, r) => {
      columns.forEach((t, c) => {
        out[r * widest + c] = fluxes[t]! * kernel.data[t * kernel.nReco + r]!;
      });
    });
    return out;
  }

  /** All counts from a source on the pixel (x, y), which may lie beside the map. */
  function totalFrom(f: Folded, psf: BlurKernel | null, x: number, y: number): number {
    const isOnMap = x >= 0 && y >= 0 && x < nx && y < ny;
    if (isOnMap && response.isUniform()) return (f.seen ??= seenBy(f.landed, psf))[y * nx + x]!;
    let sum = 0;
    for (let t = 0; t < fluxes.length; t++) sum += convolvedExposureAt(f.landed, psf, t, x, y, [nx, ny]);
    return sum;
  }

  function seenBy(landed: Float64Array, psf: BlurKernel | null): Float64Array {
    const all = psf === null ? landed : new Float64Array(landed.length);
    const whole = { x0: 0, x1: nx, y0: 0, y1: ny };
    if (psf !== null) convolvedExposure(landed, psf, { width: nx, from: whole, to: whole }, all);
    const sum = new Float64Array(n);
    for (let i = 0; i < all.length; i++) sum[i % n]! += all[i]!;
    return sum;
  }

  return {
    counts,
    background,
    logBackground: background.map((b) => Math.log(Math.max(b, truncation))),
    signal,
    backgroundTotal,
    place(position) {
      signal.fill(0);
      const psf = response.psf(position);
      const mix = mixAt(position);
      const [px, py] = projectedPosition(geom, position);
      // of corners outside the map counts what the psf brings in, as in a fit
      const margin = psf === null ? 0 : (psf.size - 1) / 2;
      const isSeen = ({ x, y, weight }: Corner) =>
        weight > NO_SHARE && x >= -margin && y >= -margin && x < nx + margin && y < ny + margin;
      const points = cornersOn(px, py, isClosed(geom) ? nx : undefined).filter(isSeen);
      placed = { points, psf, mix };
      let total = 0;
      for (const { x, y, weight } of points) {
        addSignal(mix, psf, x, y, weight);
        for (const { folded: f, weight: part } of mix) total += weight * part * totalFrom(f, psf, x, y);
      }
      return total;
    },
    floor() {
      let lowest = Number.POSITIVE_INFINITY;
      for (let r = 0; r < mask.length; r++) {
        const inside = mask[r]!;
        if (inside.length === 0) continue;
        fillImage(r);
        for (let i = 0; i < inside.length; i++) {
          const pixel = inside[i]!;
          const s = image[pixel]!;
          const b = npred[r * n + pixel]!;
          if (s > 0 && b < lowest * s) lowest = b / s;
        }
      }
      return -lowest;
    },
  };

  /** The source where it was put, in all pixels of energy bin r. */
  function fillImage(r: number): void {
    const { points, psf, mix } = placed;
    const columns = reach[r]!;
    image.fill(0);
    for (let k = 0; k < points.length; k++) {
      const { x, y, weight } = points[k]!;
      for (let c = 0; c < columns.length; c++) {
        const share = mix.reduce((sum, part) => sum + part.weight * part.folded.spectrum[r * widest + c]!, 0);
        addImage(columns[c]!, psf, x, y, weight * share);
      }
    }
  }

  /** image += share x psf_t around (x, y) x exposure_t */
  function addImage(t: number, psf: BlurKernel | null, x: number, y: number, share: number): void {
    const { exposure } = response;
    const half = psf === null ? 0 : psf.half[t]!;
    const x0 = Math.max(0, x - half);
    const x1 = Math.min(nx - 1, x + half);
    for (let v = Math.max(0, y - half); v <= Math.min(ny - 1, y + half); v++) {
      let to = v * nx + x0;
      let from = t * n + to;
      if (psf === null) {
        image[to]! += share * exposure[from]!;
        continue;
      }
      const middle = (psf.size - 1) / 2;
      let k = (t * psf.size + v - y + middle) * psf.size + x0 - x + middle;
      for (let u = x0; u <= x1; u++) image[to++]! += share * psf.data[k++]! * exposure[from++]!;
    }
  }

  function addSignal(mix: Placed["mix"], psf: BlurKernel | null, x: number, y: number, share: number): void {
    const size = psf?.size ?? 1;
    const middle = (size - 1) / 2;
    for (let i = 0; i < signal.length; i++) {
      const row = (pixels[i]! / nx) | 0;
      const v = row - y + middle;
      const u = pixels[i]! - row * nx - x + middle;
      if (u < 0 || v < 0 || u >= size || v >= size) continue;
      const columns = reach[energies[i]!]!;
      const at = v * size + u;
      let sum = 0;
      for (let c = 0, k = i * widest; c < columns.length; c++, k++) {
        let weight = 0;
        for (let m = 0; m < mix.length; m++) weight += mix[m]!.weight * mix[m]!.folded.weights[k]!;
        sum += psf === null ? weight : weight * psf.data[columns[c]! * size * size + at]!;
      }
      signal[i]! += share * sum;
    }
  }
}

interface Placed {
  readonly points: readonly Corner[];
  readonly psf: BlurKernel | null;
  readonly mix: readonly { readonly folded: Folded; readonly weight: number }[];
}

interface Folded {
  /** Counts inside the mask from a unit of the spectrum that lands on a pixel, `[energy_true, ny, nx]`. */
  readonly landed: Float64Array;
  readonly weights: Float64Array;
  readonly spectrum: Float64Array;
  /** `landed` seen back through the one psf, all energies together. */
  seen?: Float64Array;
}

/** Flat index, pixel and energy bin of the bins inside the mask that have counts, and what is predicted in all of them. */
function binsWithCounts(counts: Float64Array, npred: Float64Array, mask: readonly Int32Array[], nPix: number) {
  const found: [bin: number, pixel: number, energy: number][] = [];
  let backgroundTotal = 0;
  mask.forEach((inside, r) => {
    for (const pixel of inside) {
      const bin = r * nPix + pixel;
      backgroundTotal += npred[bin]!;
      if (counts[bin]! > 0) found.push([bin, pixel, r]);
    }
  });
  const column = (k: 0 | 1 | 2) => Int32Array.from(found, (one) => one[k]);
  return { bins: Float64Array.from(column(0)), pixels: column(1), energies: column(2), backgroundTotal };
}
