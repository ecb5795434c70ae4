/** Fluxes [cm-2 s-1] of the source at norm 1 by true-energy bin, at the energy scale fitted for the dataset; made once for all datasets of equal bins. */
export type SourceFluxes = (edges: Float64Array, make: (edges: Float64Array) => Float64Array) => Float64Array;

export function createSourceFluxes(): SourceFluxes {
  const known: { readonly edges: Float64Array; readonly values: Float64Array }[] = [];
  return (edges, make) => {
    const same = known.find((k) => k.edges.length === edges.length && k.edges.every((e, i) => e === edges[i]));
    if (same !== undefined) return same.values;
    const values = make(edges);
    known.push({ edges, values });
    return values;
  };
}
