/** Sums over rows y [count, n], the derivatives of each bin's npred. For three parameters, the rule for spectra, they stay in registers. Plainly in `reference.ts`. */

/** g [n] += sum_i w_i y_i */
export function addWeighted(g: Float64Array, y: Float64Array, w: Float64Array, n: number): void {
  if (n === 3) {
    let g0 = 0;
    let g1 = 0;
    let g2 = 0;
    for (let i = 0, k = 0; i < w.length; i++, k += 3) {
      const wi = w[i]!;
      g0 += wi * y[k]!;
      g1 += wi * y[k + 1]!;
      g2 += wi * y[k + 2]!;
    }
    g[0]! += g0;
    g[1]! += g1;
    g[2]! += g2;
    return;
  }
  for (let i = 0, k = 0; i < w.length; i++) {
    const wi = w[i]!;
    for (let a = 0; a < n; a++) g[a]! += wi * y[k++]!;
  }
}

/** Lower triangle of h [n, n] += sum_i w_i y_i y_i^T over the rows whose weight has the `sign`. */
export function addOuters(h: Float64Array, y: Float64Array, w: Float64Array, n: number, sign: 1 | -1): void {
  if (n === 3) {
    addThreeByThree(h, y, w, sign);
    return;
  }
  for (let i = 0; i < w.length; i++) if (w[i]! * sign > 0) addOuter(h, y, i * n, w[i]!, n);
}

function addThreeByThree(h: Float64Array, y: Float64Array, w: Float64Array, sign: 1 | -1): void {
  let h00 = 0;
  let h10 = 0;
  let h11 = 0;
  let h20 = 0;
  let h21 = 0;
  let h22 = 0;
  for (let i = 0, k = 0; i < w.length; i++, k += 3) {
    const wi = w[i]!;
    if (!(wi * sign > 0)) continue;
    const y0 = y[k]!;
    const y1 = y[k + 1]!;
    const y2 = y[k + 2]!;
    const w0 = wi * y0;
    const w1 = wi * y1;
    h00 += w0 * y0;
    h10 += w0 * y1;
    h11 += w1 * y1;
    h20 += w0 * y2;
    h21 += w1 * y2;
    h22 += wi * y2 * y2;
  }
  h[0]! += h00;
  h[3]! += h10;
  h[4]! += h11;
  h[6]! += h20;
  h[7]! += h21;
  h[8]! += h22;
}

/** Lower triangle of h [n, n] += w y y^T, with y at `from`. */
function addOuter(h: Float64Array, y: Float64Array, from: number, w: number, n: number): void {
  for (let a = 0; a < n; a++) {
    const ya = w * y[from + a]!;
    if (ya === 0) continue;
    const row = a * n;
    for (let b = 0; b <= a; b++) h[row + b]! += ya * y[from + b]!;
  }
}
