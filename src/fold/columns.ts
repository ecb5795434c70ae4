/** Columns in each energy bin of a vector of `blocks` times `nTrue` entries: those of the true-energy bins that reach it, in every block. */
export function blockColumns(reach: readonly Int32Array[], blocks: number, nTrue: number): Int32Array[] {
  return reach.map((bins) => {
    const columns = new Int32Array(blocks * bins.length);
    for (let b = 0, k = 0; b < blocks; b++) for (const t of bins) columns[k++] = b * nTrue + t;
    return columns;
  });
}
