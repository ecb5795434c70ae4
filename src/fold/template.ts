import type { PsfKernel } from "../irf/psf-kernel.js";

/** Expected counts per unit flux `[energy_true, y, x]` on the window of pixels from (x0, y0): spatial share x psf x exposure. */
export interface Template {
  readonly x0: number;
  readonly y0: number;
  readonly nx: number;
  readonly ny: number;
  readonly data: Float64Array;
}

/** One pixel with its share of a point source. */
export interface Corner {
  readonly x: number;
  readonly y: number;
  readonly weight: number;
}

/** The four pixels around a pixel position with their bilinear weights. */
export function corners(px: number, py: number): Corner[] {
  const x = Math.floor(px);
  const y = Math.floor(py);
  const fx = px - x;
  const fy = py - y;
  return [
    { x, y, weight: (1 - fx) * (1 - fy) },
    { x: x + 1, y, weight: fx * (1 - fy) },
    { x, y: y + 1, weight: (1 - fx) * fy },
    { x: x + 1, y: y + 1, weight: fx * fy },
  ];
}

/** The same on a map, `nx` wide if it goes around the sky: there each is also once around on either side. None where there is no pixel position. */
export function cornersOn(px: number, py: number, closed: number | undefined): Corner[] {
  if (!Number.isFinite(px + py)) return [];
  const own = corners(px, py);
  if (closed === undefined) return own;
  return [-closed, 0, closed].flatMap((turn) => own.map((c) => ({ ...c, x: c.x + turn })));
}

/**
 * Sum of shifted psf images times exposure; of corners outside the map, what the psf brings in. `exposure`: `[energy_true, height, width]`. `before`: factor of true-energy bin
 * t before the psf at a corner.
 */
export function pointTemplate(
  points: readonly Corner[],
  kernel: PsfKernel | null,
  exposure: Float64Array,
  width: number,
  height: number,
  before?: (t: number, corner: Corner) => number,
): Template {
  const reach = kernel === null ? 0 : Math.max(...kernel.half);
  const inside = points.filter(
    ({ x, y, weight }) => weight !== 0 && x >= -reach && y >= -reach && x < width + reach && y < height + reach,
  );
  const x0 = Math.max(0, Math.min(...inside.map((c) => c.x)) - reach);
  const y0 = Math.max(0, Math.min(...inside.map((c) => c.y)) - reach);
  const nx = inside.length === 0 ? 0 : Math.min(width, Math.max(...inside.map((c) => c.x)) + reach + 1) - x0;
  const ny = inside.length === 0 ? 0 : Math.min(height, Math.max(...inside.map((c) => c.y)) + reach + 1) - y0;
  const nTrue = exposure.length / (width * height);
  const data = new Float64Array(nTrue * nx * ny);
  if (nx === 0) return { x0: 0, y0: 0, nx: 0, ny: 0, data };
  for (let t = 0; t < nTrue; t++) {
    const half = kernel === null ? 0 : kernel.half[t]!;
    for (const c of inside) {
      const share = c.weight * (before?.(t, c) ?? 1);
      const ya = Math.max(y0, c.y - half);
      const yb = Math.min(y0 + ny - 1, c.y + half);
      const xa = Math.max(x0, c.x - half);
      const xb = Math.min(x0 + nx - 1, c.x + half);
      for (let y = ya; y <= yb; y++) {
        let to = (t * ny + y - y0) * nx + xa - x0;
        if (kernel === null) {
          data[to]! += share;
          continue;
        }
        const middle = (kernel.size - 1) / 2;
        let from = (t * kernel.size + middle + y - c.y) * kernel.size + middle + xa - c.x;
        for (let x = xa; x <= xb; x++) data[to++]! += share * kernel.data[from++]!;
      }
    }
    multiplyByExposure(data, t, { x0, y0, nx, ny }, exposure, width, height);
  }
  return { x0, y0, nx, ny, data };
}

/** Multiplies image t of a window by the exposure `[energy_true, height, width]`, on the map. */
export function multiplyByExposure(
  data: Float64Array,
  t: number,
  window: Pick<Template, "x0" | "y0" | "nx" | "ny">,
  exposure: Float64Array,
  width: number,
  height: number,
): void {
  const { x0, y0, nx, ny } = window;
  const first = Math.max(0, -x0);
  const last = Math.min(nx, width - x0);
  for (let y = Math.max(0, -y0); y < Math.min(ny, height - y0); y++) {
    let to = (t * ny + y) * nx + first;
    let from = (t * height + y + y0) * width + x0 + first;
    for (let x = first; x < last; x++) data[to++]! *= exposure[from++]!;
  }
}
