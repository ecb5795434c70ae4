import FFT from "fft.js";

/** A kernel made ready for one image size. Calls share the plan's buffers, so they are not re-entrant. */
export interface Convolution {
  /** out = image (*) kernel, both [ny, nx]; `out` may be `image`. */
  convolve(image: Float64Array, out: Float64Array): void;
  /** Two images for the price of one. */
  convolvePair(a: Float64Array, b: Float64Array, outA: Float64Array, outB: Float64Array): void;
}

export interface ConvolutionPlan {
  /** Transforms a real kernel [kny, knx] once. */
  prepare(kernel: Float64Array): Convolution;
}

/** The kernel pixel that lies on the image pixel: scipy's fftconvolve mode "same" (for even sizes the one before the middle). */
export function kernelCentre(n: number): number {
  return (n - 1) >> 1;
}

/**
 * Plans convolutions of real images [ny, nx] with real kernels [kny, knx], cropped to the image with zeros outside: scipy.signal.fftconvolve
 * mode "same". Sparse images (a point source) and small kernels are summed directly: exact zeros and no negative noise.
 */
export function planConvolution(ny: number, nx: number, kny: number, knx: number): ConvolutionPlan {
  const cy = kernelCentre(kny);
  const cx = kernelCentre(knx);
  // Only the wanted window must be free of wrap-around: n + the longer arm of the kernel, of which n - 1 pixels can matter.
  const py = powerOfTwo(ny + Math.min(kny - 1 - cy, ny - 1));
  const px = powerOfTwo(nx + Math.min(knx - 1 - cx, nx - 1));
  // Multiply-adds of the transform path, about 4 N log2 N per complex transform; the columns also load and store.
  const transformCost = 4 * (2 * ny * px * Math.log2(px) + px * py * (2 * Math.log2(py) + 4));

  const fftY = new FFT(py);
  const fftX = px === py ? fftY : new FFT(px);
  const row = new Float64Array(2 * px);
  const columnIn = new Float64Array(2 * py);
  const columnOut = new Float64Array(2 * py);
  const plane = new Float64Array(2 * ny * px);
  const rows = Array.from({ length: ny }, (_, y) => plane.subarray(2 * y * px, 2 * (y + 1) * px));
  const list = new Int32Array(ny * nx);
  const scratch = new Float64Array(ny * nx);

  function direct(kernel: Float64Array, image: Float64Array, count: number, out: Float64Array): void {
    scratch.fill(0);
    for (let i = 0; i < count; i++) {
      const pixel = list[i]!;
      const value = image[pixel]!;
      const y = Math.floor(pixel / nx);
      const x = pixel - y * nx;
      const y0 = Math.max(0, y - cy);
      const y1 = Math.min(ny, y - cy + kny);
      const x0 = Math.max(0, x - cx);
      const x1 = Math.min(nx, x - cx + knx);
      for (let v = y0; v < y1; v++) {
        let k = (v - y + cy) * knx + (x0 - x + cx);
        for (let u = x0; u < x1; u++) scratch[v * nx + u]! += value * kernel[k++]!;
      }
    }
    out.set(scratch);
  }

  function nonZero(image: Float64Array): number {
    let count = 0;
    for (let i = 0; i < image.length; i++) if (image[i] !== 0) list[count++] = i;
    return count;
  }

  /** Transforms rows in place in `plane`, then each column: forward, times the kernel, back; then rows back. */
  function transform(kernelT: Float64Array): void {
    for (let x = 0; x < px; x++) {
      columnIn.fill(0);
      for (let y = 0; y < ny; y++) {
        columnIn[2 * y] = rows[y]![2 * x]!;
        columnIn[2 * y + 1] = rows[y]![2 * x + 1]!;
      }
      fftY.transform(columnOut, columnIn);
      const k = 2 * x * py;
      for (let i = 0; i < 2 * py; i += 2) {
        const re = columnOut[i]!;
        const im = columnOut[i + 1]!;
        const kr = kernelT[k + i]!;
        const ki = kernelT[k + i + 1]!;
        columnOut[i] = re * kr - im * ki;
        columnOut[i + 1] = re * ki + im * kr;
      }
      fftY.inverseTransform(columnIn, columnOut);
      for (let y = 0; y < ny; y++) {
        rows[y]![2 * x] = columnIn[2 * y]!;
        rows[y]![2 * x + 1] = columnIn[2 * y + 1]!;
      }
    }
  }

  /** Kernel transform [px, py] (columns together), its centre at the origin. */
  function transformKernel(kernel: Float64Array): Float64Array {
    const out = new Float64Array(2 * px * py);
    const wide = new Float64Array(2 * py * px);
    const rowOut = new Float64Array(2 * px);
    for (let j = 0; j < kny; j++) {
      const dy = j - cy;
      if (Math.abs(dy) >= ny) continue;
      row.fill(0);
      for (let i = 0; i < knx; i++) {
        const dx = i - cx;
        if (Math.abs(dx) < nx) row[2 * ((dx + px) % px)] = kernel[j * knx + i]!;
      }
      fftX.transform(rowOut, row);
      wide.set(rowOut, 2 * ((dy + py) % py) * px);
    }
    for (let x = 0; x < px; x++) {
      for (let y = 0; y < py; y++) {
        columnIn[2 * y] = wide[2 * (y * px + x)]!;
        columnIn[2 * y + 1] = wide[2 * (y * px + x) + 1]!;
      }
      fftY.transform(columnOut, columnIn);
      out.set(columnOut, 2 * x * py);
    }
    return out;
  }

  return {
    prepare(given) {
      const kernel = given.slice();
      let kernelT: Float64Array | undefined;
      const isSparse = (count: number) => count * kny * knx <= transformCost;

      const viaTransform = (
        a: Float64Array,
        b: Float64Array | undefined,
        outA: Float64Array,
        outB: Float64Array | undefined,
      ) => {
        kernelT ??= transformKernel(kernel);
        // a + i b: the kernel is real, so the real and imaginary parts of the result are the two images.
        for (let y = 0; y < ny; y++) {
          row.fill(0);
          for (let x = 0; x < nx; x++) {
            row[2 * x] = a[y * nx + x]!;
            if (b !== undefined) row[2 * x + 1] = b[y * nx + x]!;
          }
          fftX.transform(rows[y]!, row);
        }
        transform(kernelT);
        for (let y = 0; y < ny; y++) {
          fftX.inverseTransform(row, rows[y]!);
          for (let x = 0; x < nx; x++) {
            outA[y * nx + x] = row[2 * x]!;
            if (outB !== undefined) outB[y * nx + x] = row[2 * x + 1]!;
          }
        }
      };

      const convolve = (image: Float64Array, out: Float64Array) => {
        const count = nonZero(image);
        if (isSparse(count)) direct(kernel, image, count, out);
        else viaTransform(image, undefined, out, undefined);
      };
      return {
        convolve,
        convolvePair(a, b, outA, outB) {
          const sparse = isSparse(nonZero(a)) || isSparse(nonZero(b));
          if (sparse) {
            convolve(a, outA);
            convolve(b, outB);
          } else viaTransform(a, b, outA, outB);
        },
      };
    },
  };
}

function powerOfTwo(n: number): number {
  let p = 2;
  while (p < n) p *= 2;
  return p;
}
