/** The pixels of an image: index y * nx + x. */
import { toFrame } from "./frames.js";
import type { Pixelisation } from "./pixelisation.js";
import { imageSolidAngles } from "./solid-angle.js";
import type { Pixels, PixelWeights, SkyPosition, WcsGeom } from "./types.js";
import { makeProjector, sameWcs } from "./wcs.js";

export const wcsPixelisation: Pixelisation<WcsGeom> = {
  pixels: wcsPixels,
  shape: ({ npix: [nx, ny] }) => [ny, nx],
  frame: ({ wcs }) => wcs.frame,
  describe: ({ npix, wcs }) => `${npix.join(" x ")} pixels of a ${wcs.projection} image`,
  same: (a, b) => a.npix[0] === b.npix[0] && a.npix[1] === b.npix[1] && sameWcs(a.wcs, b.wcs),
};

function wcsPixels(geom: WcsGeom): Pixels {
  const { wcs, npix } = geom;
  const [nx, ny] = npix;
  const { skyToPix, pixToSky } = makeProjector(wcs);
  const pix = new Float64Array(2);
  const middle = { index: new Int32Array(4), weight: new Float64Array(4) };
  const count = bilinear((nx - 1) / 2, (ny - 1) / 2, nx, ny, middle);
  return {
    nPix: nx * ny,
    frame: wcs.frame,
    center: (index, out) => pixToSky(index % nx, Math.floor(index / nx), out),
    solidAngles: () => imageSolidAngles(geom),
    indexOf(lon, lat) {
      skyToPix(lon, lat, pix);
      const x = Math.floor(pix[0]! + 0.5);
      const y = Math.floor(pix[1]! + 0.5);
      return x >= 0 && y >= 0 && x < nx && y < ny ? y * nx + x : -1;
    },
    neighbours(index, out) {
      const x = index % nx;
      const y = Math.floor(index / nx);
      let n = 0;
      for (let v = Math.max(0, y - 1); v <= Math.min(ny - 1, y + 1); v++) {
        for (let u = Math.max(0, x - 1); u <= Math.min(nx - 1, x + 1); u++) {
          if (u !== x || v !== y) out[n++] = v * nx + u;
        }
      }
      return n;
    },
    interpolation(lon, lat, out) {
      skyToPix(lon, lat, pix);
      return bilinear(pix[0]!, pix[1]!, nx, ny, out);
    },
    middle: { index: middle.index.slice(0, count), weight: middle.weight.slice(0, count) },
    nearest: (position, valid) => nearestPixel(geom, position, valid),
  };
}

/** Pixel and weights around a pixel position; 0 where it is not finite, unless there is one pixel only. */
function bilinear(px: number, py: number, nx: number, ny: number, { index, weight }: PixelWeights): number {
  if ((nx > 1 && !Number.isFinite(px)) || (ny > 1 && !Number.isFinite(py))) return 0;
  const x = nx === 1 ? 0 : Math.min(Math.max(Math.floor(px), 0), nx - 2);
  const y = ny === 1 ? 0 : Math.min(Math.max(Math.floor(py), 0), ny - 2);
  const fx = nx === 1 ? 0 : px - x;
  const fy = ny === 1 ? 0 : py - y;
  let n = 0;
  for (let j = 0; j < 2; j++) {
    for (let i = 0; i < 2; i++) {
      const w = (i === 0 ? 1 - fx : fx) * (j === 0 ? 1 - fy : fy);
      if (w === 0) continue;
      index[n] = (y + j) * nx + x + i;
      weight[n++] = w;
    }
  }
  return n;
}

/** 0-based pixel position of a position; NaN where the projection has none, as on the far side of TAN. */
export function projectedPosition({ wcs }: WcsGeom, position: SkyPosition): readonly [number, number] {
  const { lon, lat } = toFrame(position, wcs.frame);
  const out = new Float64Array(2);
  makeProjector(wcs).skyToPix(lon, lat, out);
  return [out[0]!, out[1]!];
}

/** 0-based pixel position of a position; the middle of the image where there is none. */
export function pixelPosition(geom: WcsGeom, position: SkyPosition | null): readonly [number, number] {
  const middle = [(geom.npix[0] - 1) / 2, (geom.npix[1] - 1) / 2] as const;
  if (position === null) return middle;
  const found = projectedPosition(geom, position);
  return found.every(Number.isFinite) ? found : middle;
}

/** Nearest in pixels; positions beyond the image take its edge first. */
function nearestPixel(geom: WcsGeom, position: SkyPosition | null, valid: (index: number) => boolean): number {
  const [nx, ny] = geom.npix;
  const [px, py] = pixelPosition(geom, position);
  const x = Math.min(Math.max(Math.floor(px + 0.5), 0), nx - 1);
  const y = Math.min(Math.max(Math.floor(py + 0.5), 0), ny - 1);
  const first = y * nx + x;
  if (nx * ny === 1 || valid(first)) return first;
  let best = first;
  let distance = Number.POSITIVE_INFINITY;
  for (let j = 0; j < ny; j++) {
    for (let i = 0; i < nx; i++) {
      const d = (i - px) ** 2 + (j - py) ** 2;
      if (d < distance && valid(j * nx + i)) {
        distance = d;
        best = j * nx + i;
      }
    }
  }
  return best;
}
