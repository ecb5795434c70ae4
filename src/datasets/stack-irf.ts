import { SpecError } from "../errors.js";
import { nBins } from "../sky/axis.js";
import { convertFrame } from "../sky/frames.js";
import { pixelCenters } from "../sky/geom.js";
import { geomFrame, makeSpatialPix } from "../sky/map.js";
import type { Geom, MaskMap, SkyMap } from "../sky/types.js";
import type { EDisp, Psf } from "./types.js";

/** Weights of an irf map `[outer, inner, lat, lon]`: `[n, lat, lon]` with n the bins of the inner axis, or one. Absent: one everywhere. */
export type IrfWeights = Uint8Array | undefined;

/** Mean of psf or edisp maps weighted by exposure, sum(w X irf) / sum(X [any w]), and the sum of the exposures; 0 where there is none. */
export function stackIrf<T extends EDisp | Psf>(irfs: readonly T[], weights: readonly IrfWeights[], name: string): T {
  const { map } = irfs[0]!;
  const [inner, outer] = map.geom.axes.map(nBins) as [number, number];
  const nPix = map.geom.npix[0] * map.geom.npix[1];
  const data = new Float64Array(map.data.length);
  const exposure = new Float64Array(outer * nPix);
  irfs.forEach((irf, i) => {
    const x = irf.exposure?.data;
    if (x === undefined || x.length !== exposure.length) {
      throw new SpecError(
        `dataset "${name}": psf or edisp without an exposure of its own cannot be stacked; add PSF_EXPOSURE and EDISP_EXPOSURE to the files`,
      );
    }
    const w = weights[i];
    const rows = w === undefined ? 1 : w.length / nPix;
    for (let pixel = 0; pixel < nPix; pixel++) {
      let any = w === undefined;
      for (let r = 0; r < rows && !any; r++) any = w![r * nPix + pixel] === 1;
      if (!any) continue;
      for (let t = 0; t < outer; t++) {
        const xt = finite(x[t * nPix + pixel]!);
        exposure[t * nPix + pixel]! += xt;
        for (let k = 0; k < inner; k++) {
          if (w !== undefined && w[(k % rows) * nPix + pixel] === 0) continue;
          const at = (t * inner + k) * nPix + pixel;
          data[at]! += finite(xt * irf.map.data[at]!);
        }
      }
    }
  });
  for (let at = 0; at < data.length; at++) {
    const x = exposure[Math.floor(at / (inner * nPix)) * nPix + (at % nPix)]!;
    data[at] = x === 0 ? 0 : data[at]! / x;
  }
  return { ...irfs[0]!, map: { ...map, data }, exposure: { ...irfs[0]!.exposure!, data: exposure } as SkyMap };
}

const finite = (x: number): number => (Number.isFinite(x) ? x : 0);

/**
 * mask_safe on the pixels of an edisp map. A kernel map takes it by reconstructed energy, a migration map its "or" over energy. Pixels between those
 * of the mask are inside if one of the four around them is, pixels beyond them like its outermost cells (Gammapy's mask_safe_edisp).
 */
export function edispWeights(mask: MaskMap | undefined, image: MaskMap | undefined, edisp: EDisp): IrfWeights {
  if (mask === undefined || image === undefined) return undefined;
  const chosen = edisp.map.geom.axes[0]!.name === "energy" ? mask : image;
  const [nx, ny] = mask.geom.npix;
  if (mask.geom.kind === "region") return chosen.data;
  const cells = spatialPixels(edisp.map.geom, mask.geom).map(([px, py]) => {
    const xs = corners(px, nx);
    return corners(py, ny).flatMap((y) => xs.map((x) => y * nx + x));
  });
  const n = chosen.data.length / (nx * ny);
  const out = new Uint8Array(n * cells.length);
  for (let r = 0, k = 0; r < n; r++) {
    for (const cell of cells) out[k++] = cell.some((pixel) => chosen.data[r * nx * ny + pixel] === 1) ? 1 : 0;
  }
  return out;
}

/** The nodes of the linear interpolation at p that weigh in: two, or one if p is on it. */
function corners(p: number, n: number): number[] {
  if (n === 1 || !Number.isFinite(p)) return n === 1 ? [0] : [];
  const i = Math.min(Math.max(Math.floor(p), 0), n - 2);
  const f = p - i;
  return [...(Math.abs(1 - f) > 1e-9 ? [i] : []), ...(Math.abs(f) > 1e-9 ? [i + 1] : [])];
}

/**
 * The "or" of mask_safe over energy on the pixels of psf maps: of the mask's pixel that holds their centre, none outside. A psf map so coarse that this
 * leaves it nothing takes the "or" over the whole mask.
 */
export function psfWeights(images: readonly (MaskMap | undefined)[], psfs: readonly Psf[]): IrfWeights[] {
  const weights = images.map((image, i) => {
    if (image === undefined || image.geom.kind === "region") return image?.data;
    const [nx, ny] = image.geom.npix;
    return Uint8Array.from(spatialPixels(psfs[i]!.map.geom, image.geom), ([px, py]) => {
      const x = Math.floor(px + 0.5);
      const y = Math.floor(py + 0.5);
      return x >= 0 && y >= 0 && x < nx && y < ny ? image.data[y * nx + x]! : 0;
    });
  });
  if (weights.some((w) => w === undefined || w.some((x) => x === 1))) return weights;
  return images.map((image, i) => weights[i]!.map(() => (image!.data.some((x) => x === 1) ? 1 : 0)));
}

/** Pixel positions in `target` of the pixel centres of `geom`; a geometry without place lies in the middle. */
function spatialPixels(geom: Geom, target: Geom): (readonly [number, number])[] {
  if (geom.kind === "region") return [[(target.npix[0] - 1) / 2, (target.npix[1] - 1) / 2]];
  const { lon, lat } = pixelCenters(geom);
  const toPix = makeSpatialPix(target);
  const out = new Float64Array(2);
  return Array.from(lon, (x, i) => {
    convertFrame(x, lat[i]!, geomFrame(geom), geomFrame(target), out);
    toPix(out[0]!, out[1]!, out);
    return [out[0]!, out[1]!] as const;
  });
}
