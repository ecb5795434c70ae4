/**
 * Sums over disks and rings of pixels. Sums of whole numbers are exact, which a transform is not; the work grows with the number of pixels times the rows of the kernel.
 */

/** For each row dy of a kernel of ones the columns [from, to] that it has, in pairs. */
export interface PixelKernel {
  readonly rows: readonly { readonly dy: number; readonly spans: readonly (readonly [from: number, to: number])[] }[];
  /** Number of pixels. */
  readonly n: number;
}

/** Rounding of a radius in pixels: a middle at the very radius belongs to the kernel. */
const SLACK = 1e-9;

/** Pixels whose middle is within `inner` <= r <= `outer` pixels of the middle of one. */
export function ringKernel(inner: number, outer: number): PixelKernel {
  const reach = Math.floor(outer + SLACK);
  const rows: { dy: number; spans: (readonly [number, number])[] }[] = [];
  let n = 0;
  for (let dy = -reach; dy <= reach; dy++) {
    const isIn = (dx: number) => {
      const r = Math.hypot(dx, dy);
      return r <= outer + SLACK && r >= inner - SLACK;
    };
    const own = Array.from({ length: reach + 1 }, (_, dx) => dx).filter(isIn);
    if (own.length === 0) continue;
    const [first, last] = [own[0]!, own.at(-1)!];
    rows.push({
      dy,
      spans:
        first === 0
          ? [[-last, last]]
          : [
              [-last, -first],
              [first, last],
            ],
    });
    n += first === 0 ? 2 * last + 1 : 2 * (last - first + 1);
  }
  return { rows, n };
}

/** All pixels within a radius. */
export const diskKernel = (radius: number): PixelKernel => ringKernel(0, radius);

/** The sum of an image [ny, nx] over the kernel around each pixel; beyond the image there is nothing. */
export function kernelSums(image: ArrayLike<number>, nx: number, ny: number, { rows }: PixelKernel): Float64Array {
  const out = new Float64Array(nx * ny);
  // sums along each row up to a column: [ny, nx + 1]
  const before = new Float64Array(ny * (nx + 1));
  for (let y = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++) before[y * (nx + 1) + x + 1] = before[y * (nx + 1) + x]! + image[y * nx + x]!;
  }
  for (const { dy, spans } of rows) {
    for (let y = Math.max(0, -dy); y < Math.min(ny, ny - dy); y++) {
      const row = (y + dy) * (nx + 1);
      for (const [from, to] of spans) {
        for (let x = 0; x < nx; x++) {
          const [a, b] = [Math.max(0, x + from), Math.min(nx, x + to + 1)];
          if (b > a) out[y * nx + x]! += before[row + b]! - before[row + a]!;
        }
      }
    }
  }
  return out;
}
