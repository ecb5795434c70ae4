/**
 * Dense linear algebra for the small matrices of a fit. Matrices are row-major Float64Array [n, n]; outputs are given by the caller
 * and may not overlap the inputs unless said. Functions return false instead of NaN where a matrix is singular.
 */

/** Lower Cholesky factor L of a symmetric positive definite `a`; `l` may be `a`. The upper triangle of `l` is set to 0. */
export function cholesky(a: Float64Array, n: number, l: Float64Array): boolean {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let s = a[i * n + j]!;
      for (let k = 0; k < j; k++) s -= l[i * n + k]! * l[j * n + k]!;
      if (i === j) {
        if (!(s > 0) || s === Number.POSITIVE_INFINITY) return false;
        l[i * n + i] = Math.sqrt(s);
      } else {
        l[i * n + j] = s / l[j * n + j]!;
      }
    }
  }
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) l[i * n + j] = 0;
  return true;
}

/** Solves L L^T x = b; `x` may be `b`. */
export function choleskySolve(l: Float64Array, n: number, b: Float64Array, x: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let s = b[i]!;
    for (let k = 0; k < i; k++) s -= l[i * n + k]! * x[k]!;
    x[i] = s / l[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    let s = x[i]!;
    for (let k = i + 1; k < n; k++) s -= l[k * n + i]! * x[k]!;
    x[i] = s / l[i * n + i]!;
  }
}

/**
 * Inverse of a symmetric positive definite matrix. Rows and columns are first scaled to unit diagonal, since parameters span tens
 * of decades (1e-12 beside 1). Returns false if `a` is not positive definite; `out` is then undefined. `out` may be `a`.
 */
export function inverseSpd(a: Float64Array, n: number, out: Float64Array): boolean {
  const scale = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const d = a[i * n + i]!;
    if (!(d > 0) || d === Number.POSITIVE_INFINITY) return false;
    scale[i] = 1 / Math.sqrt(d);
  }
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) l[i * n + j] = a[i * n + j]! * scale[i]! * scale[j]!;
  if (!cholesky(l, n, l)) return false;
  const e = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    e.fill(0);
    e[j] = 1;
    choleskySolve(l, n, e, e);
    for (let i = j; i < n; i++) out[j * n + i] = out[i * n + j] = e[i]! * scale[i]! * scale[j]!;
  }
  return true;
}

/** Solves a x = b for a symmetric positive definite `a` with the same scaling as `inverseSpd`; `x` may be `b`. */
export function solveSpd(a: Float64Array, n: number, b: Float64Array, x: Float64Array): boolean {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const d = a[i * n + i]!;
    if (!(d > 0) || d === Number.POSITIVE_INFINITY) return false;
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      l[i * n + j] = a[i * n + j]! / Math.sqrt(a[i * n + i]!) / Math.sqrt(a[j * n + j]!);
    }
  }
  if (!cholesky(l, n, l)) return false;
  for (let i = 0; i < n; i++) x[i] = b[i]! / Math.sqrt(a[i * n + i]!);
  choleskySolve(l, n, x, x);
  for (let i = 0; i < n; i++) x[i] = x[i]! / Math.sqrt(a[i * n + i]!);
  return true;
}

/** Solves a x = b by LU with row pivoting (rows scaled to unit maximum); `x` may be `b`. False if `a` is singular to rounding. */
export function solve(a: Float64Array, n: number, b: Float64Array, x: Float64Array): boolean {
  const lu = new Float64Array(n * n);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let big = 0;
    for (let j = 0; j < n; j++) big = Math.max(big, Math.abs(a[i * n + j]!));
    if (!(big > 0) || big === Number.POSITIVE_INFINITY) return false;
    for (let j = 0; j < n; j++) lu[i * n + j] = a[i * n + j]! / big;
    y[i] = b[i]! / big;
  }
  for (let k = 0; k < n; k++) {
    let p = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(lu[i * n + k]!) > Math.abs(lu[p * n + k]!)) p = i;
    const pivot = lu[p * n + k]!;
    if (pivot === 0 || Number.isNaN(pivot)) return false;
    if (p !== k) {
      for (let j = 0; j < n; j++) [lu[k * n + j], lu[p * n + j]] = [lu[p * n + j]!, lu[k * n + j]!];
      [y[k], y[p]] = [y[p]!, y[k]!];
    }
    for (let i = k + 1; i < n; i++) {
      const f = lu[i * n + k]! / pivot;
      if (f === 0) continue;
      for (let j = k + 1; j < n; j++) lu[i * n + j]! -= f * lu[k * n + j]!;
      y[i]! -= f * y[k]!;
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    let s = y[i]!;
    for (let j = i + 1; j < n; j++) s -= lu[i * n + j]! * y[j]!;
    y[i] = s / lu[i * n + i]!;
    if (!Number.isFinite(y[i]!)) return false;
  }
  x.set(y);
  return true;
}

/** Eigenvalues of a symmetric matrix, ascending. */
export function eigenvaluesSymmetric(a: Float64Array, n: number): Float64Array {
  const m = a.slice(0, n * n);
  diagonalize(m, n, undefined);
  const values = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const v = m[i * n + i]!;
    let k = i;
    for (; k > 0 && values[k - 1]! > v; k--) values[k] = values[k - 1]!;
    values[k] = v;
  }
  return values;
}

/** Eigenvalues (ascending) and orthonormal eigenvectors of a symmetric matrix; `vectors` [n, n] holds eigenvector k in row k. */
export function eigenSymmetric(a: Float64Array, n: number): { values: Float64Array; vectors: Float64Array } {
  const m = a.slice(0, n * n);
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  diagonalize(m, n, v);
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => m[i * n + i]! - m[j * n + j]!);
  const values = Float64Array.from(order, (i) => m[i * n + i]!);
  const vectors = new Float64Array(n * n);
  for (const [to, from] of order.entries()) vectors.set(v.subarray(from * n, from * n + n), to * n);
  return { values, vectors };
}

/** Cyclic Jacobi rotations of m [n, n] until it is diagonal; the rows of v [n, n] are rotated along. */
function diagonalize(m: Float64Array, n: number, v: Float64Array | undefined): void {
  for (let sweep = 0; sweep < 60; sweep++) {
    let rotated = false;
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) {
        const apq = m[p * n + q]!;
        // Relative to the diagonal, so that small eigenvalues of graded positive definite matrices keep their digits.
        const size = Math.sqrt(Math.abs(m[p * n + p]! * m[q * n + q]!));
        if (apq === 0 || Math.abs(apq) < 1e-17 * size) continue;
        rotated = true;
        const theta = (m[q * n + q]! - m[p * n + p]!) / (2 * apq);
        const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        const s = t * c;
        m[p * n + p]! -= t * apq;
        m[q * n + q]! += t * apq;
        m[p * n + q] = m[q * n + p] = 0;
        for (let k = 0; k < n; k++) {
          if (k !== p && k !== q) {
            const x = m[k * n + p]!;
            const y = m[k * n + q]!;
            m[k * n + p] = m[p * n + k] = c * x - s * y;
            m[k * n + q] = m[q * n + k] = s * x + c * y;
          }
          if (v === undefined) continue;
          const x = v[p * n + k]!;
          const y = v[q * n + k]!;
          v[p * n + k] = c * x - s * y;
          v[q * n + k] = s * x + c * y;
        }
      }
    }
    if (!rotated) return;
  }
}
