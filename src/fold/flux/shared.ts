import type { FluxVector } from "./types.js";

/** Vectors of one joint likelihood by what they are made from, so that datasets with equal bins evaluate a model once. */
export type SharedVectors = Map<string, () => FluxVector>;

/** The vector called `key`, made by the first who asks for it; each user limits it on their own. */
export function shareVector(shared: SharedVectors | undefined, key: () => string, make: () => FluxVector): FluxVector {
  if (shared === undefined) return make();
  const name = key();
  const known = shared.get(name);
  if (known !== undefined) return known();
  const use = createShared(make());
  shared.set(name, use);
  return use();
}

/** Hands out views of one vector, which is evaluated only where the parameters have changed or a higher order is needed. */
function createShared(inner: FluxVector): () => FluxVector {
  const { size, n, s, ds, d2s } = inner;
  const last = new Float64Array(n);
  let known = -1;
  /** What each user needs: [first, end). */
  const ranges: { first: number; end: number }[] = [];

  function update(p: Float64Array, offset: number, order: 0 | 1 | 2): void {
    let same = known >= order;
    for (let a = 0; a < n; a++) {
      const x = p[offset + a]!;
      if (x === last[a]!) continue;
      same = false;
      last[a] = x;
    }
    if (same) return;
    known = order;
    inner.update(p, offset, order);
  }

  return () => {
    const range = { first: 0, end: size };
    ranges.push(range);
    const limit = inner.limit?.bind(inner);
    // who comes later may need what nobody needed so far
    known = -1;
    if (limit !== undefined && ranges.length > 1) limit(0, size);
    return {
      size,
      n,
      s,
      ds,
      d2s,
      update,
      ...(inner.refine !== undefined && {
        refine(p: Float64Array, offset: number) {
          // it is evaluated at these parameters
          known = -1;
          return inner.refine!(p, offset);
        },
      }),
      ...(limit !== undefined && {
        limit(first: number, end: number) {
          range.first = first;
          range.end = end;
          known = -1;
          limit(Math.min(...ranges.map((r) => r.first)), Math.max(...ranges.map((r) => r.end)));
        },
      }),
    };
  };
}
