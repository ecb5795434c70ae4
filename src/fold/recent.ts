/** What `make` returns, or what it returned for the same key of late. */
export type Recent<T> = (key: readonly unknown[], make: () => T) => T;

/** Keeps results by keys whose parts are compared one by one; beyond `limit` numbers in all, those longest unused go. `size`: numbers in one. */
export function recent<T>(limit: number, size: (value: T) => number): Recent<T> {
  const kept: { readonly key: readonly unknown[]; readonly value: T }[] = [];
  return (key, make) => {
    const i = kept.findIndex(
      (entry) => entry.key.length === key.length && entry.key.every((part, j) => part === key[j]),
    );
    const found = i < 0 ? { key, value: make() } : kept.splice(i, 1)[0]!;
    kept.push(found);
    let total = kept.reduce((sum, { value }) => sum + size(value), 0);
    while (kept.length > 1 && total > limit) total -= size(kept.shift()!.value);
    return found.value;
  };
}
