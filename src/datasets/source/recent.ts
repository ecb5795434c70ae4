/** What `make` returns, or what it returned for the same key of late. */
export type Recent<T> = (key: readonly unknown[], make: () => T) => T;

/** Keeps results by keys whose parts are compared one by one; beyond `limit` numbers in all, those longest unused go. */
export function recent<T extends { readonly length: number }>(limit: number): Recent<T> {
  const kept: { readonly key: readonly unknown[]; readonly value: T }[] = [];
  return (key, make) => {
    const i = kept.findIndex((entry) => entry.key.every((part, j) => part === key[j]));
    const found = i < 0 ? { key, value: make() } : kept.splice(i, 1)[0]!;
    kept.push(found);
    let size = kept.reduce((sum, { value }) => sum + value.length, 0);
    while (kept.length > 1 && size > limit) size -= kept.shift()!.value.length;
    return found.value;
  };
}
