import { type Complex, complex, createFft, exchanged, type Fft, goodLength } from "./fft.js";

/** Pixels [x0, x1) x [y0, y1) of an image. */
export interface Box {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

/** Convolutions of two real images at a time by transforms on one grid. */
export interface Grid {
  readonly nx: number;
  readonly ny: number;
  /** Numbers in a spectrum. */
  readonly size: number;
  /** Multiply-adds that take as long as one `transform` or `convolve`. */
  readonly cost: number;
  /**
   * Spectrum of a + i b, which may be the same; both images are `width` wide, and only their pixels in `box` count. The grid's first pixel is pixel (ox, oy) of the images, its end joins
   * its beginning.
   */
  transform(a: Float64Array, b: Float64Array, width: number, box: Box, ox: number, oy: number, out: Complex): void;
  /** Real spectra [2] of kernels [n, n], n odd, each of which is its own image under a half turn around its middle. */
  kernels(a: Float64Array, b: Float64Array, n: number): [Float64Array, Float64Array];
  /** The images of `spectrum` convolved with a kernel each, at the pixels of `box`. */
  convolve(
    spectrum: Complex,
    kernelA: Float64Array,
    kernelB: Float64Array,
    outA: Float64Array,
    outB: Float64Array,
    width: number,
    box: Box,
    ox: number,
    oy: number,
  ): void;
}

/** Length of a grid on which kernels that reach `half` pixels bring nothing over its end from pixels [a0, a1) to [b0, b1), or back. */
export function gridLength(a0: number, a1: number, b0: number, b1: number, half: number): number {
  const apart = Math.max(b1 - a0, a1 - b0);
  return goodLength(Math.min(half, apart - 1) + apart);
}

/** Factors of transforms by their length, and work arrays: for grids that are used one after the other. */
export interface Transforms {
  fft(n: number): Fft;
  /** Two work arrays of at least `size` numbers. */
  work(size: number): readonly [Complex, Complex];
  /** A third one, which holds a spectrum between two calls of a grid. */
  spectrum(size: number): Complex;
}

export function createTransforms(): Transforms {
  const ffts = new Map<number, Fft>();
  let work: readonly [Complex, Complex] = [complex(0), complex(0)];
  let spectrum = complex(0);
  return {
    fft(n) {
      let fft = ffts.get(n);
      if (fft === undefined) ffts.set(n, (fft = createFft(n)));
      return fft;
    },
    work(size) {
      if (work[0].re.length < size) work = [complex(size), complex(size)];
      return work;
    },
    spectrum(size) {
      if (spectrum.re.length < size) spectrum = complex(size);
      return spectrum;
    },
  };
}

/** Multiply-adds of direct sums that take as long as one point of a transform, for each factor of two in the number of points. */
const COST = 2.5;

const wrap = (i: number, n: number) => ((i % n) + n) % n;

/** Copies `count` numbers from one place and step to another. */
function copy(
  from: Float64Array,
  at: number,
  step: number,
  to: Float64Array,
  toAt: number,
  toStep: number,
  count: number,
): void {
  for (let k = 0; k < count; k++, at += step, toAt += toStep) to[toAt] = from[at]!;
}

export function createGrid(ny: number, nx: number, transforms: Transforms): Grid {
  const fftX = transforms.fft(nx);
  const fftY = transforms.fft(ny);
  // rows [nx, stride] of spectra; powers of two apart they would meet in the cache
  const stride = ny % 16 === 0 ? ny + 4 : ny;
  const size = nx * stride;
  const scale = 1 / (nx * ny);

  /** out [ny, columns] = the columns of the box, its rows placed on the grid and zeros in the others. */
  function load(image: Float64Array, width: number, box: Box, oy: number, out: Float64Array): void {
    const columns = box.x1 - box.x0;
    out.fill(0, 0, ny * columns);
    for (let y = box.y0; y < box.y1; y++) {
      copy(image, y * width + box.x0, 1, out, wrap(y - oy, ny) * columns, 1, columns);
    }
  }

  /** The transform of a + i b, in one of the work arrays. */
  function transform(a: Float64Array, b: Float64Array, width: number, box: Box, ox: number, oy: number): Complex {
    const columns = box.x1 - box.x0;
    const [first, second] = transforms.work(Math.max(size, ny * columns));
    load(a, width, box, oy, first.re);
    load(b, width, box, oy, first.im);
    const { re, im } = fftY.transform(first, second, columns);
    const turned = re === first.re ? second : first;
    turned.re.fill(0, 0, size);
    turned.im.fill(0, 0, size);
    for (let j = 0; j < columns; j++) {
      const to = wrap(box.x0 + j - ox, nx) * stride;
      copy(re, j, columns, turned.re, to, 1, ny);
      copy(im, j, columns, turned.im, to, 1, ny);
    }
    return fftX.transform(turned, turned === first ? second : first, stride);
  }

  /**
   * The spectrum of A (*) kernelA + i B (*) kernelB. That of A is half the sum of z and its conjugate mirror image, since A is real; that of B half
   * their difference.
   */
  function multiply(z: Complex, kernelA: Float64Array, kernelB: Float64Array, { re, im }: Complex): void {
    const { re: zr, im: zi } = z;
    if (kernelA === kernelB) {
      for (let k = 0; k < size; k++) {
        const factor = kernelA[k]!;
        re[k] = zr[k]! * factor;
        im[k] = zi[k]! * factor;
      }
      return;
    }
    for (let x = 0; x < nx; x++) {
      const row = x * stride;
      const mirrored = (x === 0 ? 0 : nx - x) * stride;
      for (let y = 0; y < ny; y++) {
        const k = row + y;
        const m = mirrored + (y === 0 ? 0 : ny - y);
        const mean = 0.5 * (kernelA[k]! + kernelB[k]!);
        const half = 0.5 * (kernelA[k]! - kernelB[k]!);
        re[k] = zr[k]! * mean + zr[m]! * half;
        im[k] = zi[k]! * mean - zi[m]! * half;
      }
    }
  }

  return {
    nx,
    ny,
    size,
    cost: COST * nx * ny * Math.log2(nx * ny),
    transform(a, b, width, box, ox, oy, out) {
      const { re, im } = transform(a, b, width, box, ox, oy);
      out.re.set(re.subarray(0, size));
      out.im.set(im.subarray(0, size));
    },
    kernels(a, b, n) {
      const middle = (n - 1) / 2;
      // pixels beyond are too far for anything on the grid
      const x = Math.min(middle, (nx - 1) >> 1);
      const y = Math.min(middle, (ny - 1) >> 1);
      const box = { x0: middle - x, x1: middle + x + 1, y0: middle - y, y1: middle + y + 1 };
      const { re, im } = transform(a, b, n, box, middle, middle);
      return [re.slice(0, size).map((v) => v * scale), im.slice(0, size).map((v) => v * scale)];
    },
    convolve(spectrum, kernelA, kernelB, outA, outB, width, box, ox, oy) {
      const columns = box.x1 - box.x0;
      const [first, second] = transforms.work(Math.max(size, ny * columns));
      multiply(spectrum, kernelA, kernelB, first);
      const turned = exchanged(fftX.transform(exchanged(first), exchanged(second), stride));
      const work = turned.re === first.re ? second : first;
      for (let j = 0; j < columns; j++) {
        const from = wrap(box.x0 + j - ox, nx) * stride;
        copy(turned.re, from, 1, work.re, j, columns, ny);
        copy(turned.im, from, 1, work.im, j, columns, ny);
      }
      const { re, im } = exchanged(fftY.transform(exchanged(work), exchanged(turned), columns));
      for (let y = box.y0; y < box.y1; y++) {
        const from = wrap(y - oy, ny) * columns;
        const to = y * width + box.x0;
        copy(re, from, 1, outA, to, 1, columns);
        copy(im, from, 1, outB, to, 1, columns);
      }
    },
  };
}
