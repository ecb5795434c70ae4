/**
 * Sums of n ln mu over bins with n counts, mu no less than where cash truncates it. Most bins have one or two counts: the logarithm is taken of the product
 * of their mu, which is kept from leaving the range of float64. Plainly in `reference.ts`.
 */

/** cash truncates npred here; a constant of this file, for the compiler does not fold an imported one. */
const TRUNCATION = 1e-25;
/** Products of npred stay within +-200 decades before their logarithm is taken. */
const LOW = 1e-200;
const HIGH = 1e200;

/** Of bins of npred mu; fills `ratio` with n / mu. */
export function logCounts(n: Float64Array, mu: Float64Array, ratio: Float64Array): number {
  let sum = 0;
  let product = 1;
  const count = n.length;
  for (let i = 0; i < count; i++) {
    let m = mu[i]!;
    const ni = n[i]!;
    ratio[i] = m > TRUNCATION ? ni / m : 0;
    if (m <= TRUNCATION) m = TRUNCATION;
    if (ni === 1) product *= m;
    else sum += ni * Math.log(m);
    if (product < LOW || product > HIGH) {
      sum += Math.log(product);
      product = 1;
    }
  }
  return sum + Math.log(product);
}

/** The same of rows [mu, y] with y [d] the derivatives of mu; `gram` [d, d] becomes sum n / mu^2 y y^T. */
export function logCountsWithGram(
  n: Float64Array,
  rows: Float64Array,
  ratio: Float64Array,
  gram: Float64Array,
  d: number,
): number {
  const width = 1 + d;
  gram.fill(0);
  let sum = 0;
  let product = 1;
  const count = n.length;
  for (let i = 0; i < count; i++) {
    const at = i * width;
    let m = rows[at]!;
    const ni = n[i]!;
    let weight = 0;
    ratio[i] = 0;
    if (m > TRUNCATION) {
      const inverse = 1 / m;
      ratio[i] = ni * inverse;
      weight = ni * inverse * inverse;
    } else if (m <= TRUNCATION) m = TRUNCATION;
    if (ni === 1) product *= m;
    else if (ni === 2) product *= m * m;
    else sum += ni * Math.log(m);
    if (product < LOW || product > HIGH) {
      sum += Math.log(product);
      product = 1;
    }
    for (let a = 0; a < d; a++) {
      const x = weight * rows[at + 1 + a]!;
      for (let b = 0; b <= a; b++) gram[a * d + b]! += x * rows[at + 1 + b]!;
    }
  }
  for (let a = 0; a < d; a++) for (let b = 0; b < a; b++) gram[b * d + a] = gram[a * d + b]!;
  return sum + Math.log(product);
}

/** Of mu = rows z with rows [count, 2] and z [2]. */
export function logCountsOfTwo(n: Float64Array, rows: Float64Array, z: Float64Array): number {
  const z0 = z[0]!;
  const z1 = z[1]!;
  let sum = 0;
  let product = 1;
  const count = n.length;
  for (let i = 0; i < count; i++) {
    let mu = rows[2 * i]! * z0 + rows[2 * i + 1]! * z1;
    if (mu <= TRUNCATION) mu = TRUNCATION;
    const ni = n[i]!;
    if (ni === 1) product *= mu;
    else if (ni === 2) product *= mu * mu;
    else sum += ni * Math.log(mu);
    if (product < LOW || product > HIGH) {
      sum += Math.log(product);
      product = 1;
    }
  }
  return sum + Math.log(product);
}

/** The same; `slopes` [2] becomes sum n / mu row, `gram` [2, 2] sum n / mu^2 row row^T. */
export function logCountsOfTwoWithGram(
  n: Float64Array,
  rows: Float64Array,
  z: Float64Array,
  slopes: Float64Array,
  gram: Float64Array,
): number {
  const z0 = z[0]!;
  const z1 = z[1]!;
  let sum = 0;
  let product = 1;
  let l0 = 0;
  let l1 = 0;
  let g00 = 0;
  let g01 = 0;
  let g11 = 0;
  const count = n.length;
  for (let i = 0; i < count; i++) {
    const t0 = rows[2 * i]!;
    const t1 = rows[2 * i + 1]!;
    let mu = t0 * z0 + t1 * z1;
    const ni = n[i]!;
    let ratio = 0;
    let inverse = 0;
    if (mu > TRUNCATION) {
      inverse = 1 / mu;
      ratio = ni * inverse;
    } else if (mu <= TRUNCATION) mu = TRUNCATION;
    if (ni === 1) product *= mu;
    else if (ni === 2) product *= mu * mu;
    else sum += ni * Math.log(mu);
    if (product < LOW || product > HIGH) {
      sum += Math.log(product);
      product = 1;
    }
    const r0 = ratio * t0;
    const r1 = ratio * t1;
    l0 += r0;
    l1 += r1;
    const i0 = inverse * t0;
    const i1 = inverse * t1;
    g00 += r0 * i0;
    g01 += r0 * i1;
    g11 += r1 * i1;
  }
  slopes[0] = l0;
  slopes[1] = l1;
  gram[0] = g00;
  gram[1] = gram[2] = g01;
  gram[3] = g11;
  return sum + Math.log(product);
}
