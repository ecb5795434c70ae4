/** What was computed and may be needed again, up to a number of bytes. */

/** One kind of values in a cache, under the name of what they belong to. */
export interface CacheScope<T> {
  /** The value of a key whose parts are compared one by one (Object.is), made where there is none. */
  get(key: readonly unknown[], make: () => T): T;
}

/** What a cache holds of one owner. */
export interface Held {
  readonly owner: string;
  readonly entries: number;
  readonly bytes: number;
}

/** Values up to a total number of bytes; beyond it the least recently used ones go. */
export interface Cache {
  readonly maxBytes: number;
  /** A scope of its own in each call. `owner`: for `held`; `bytes`: of one value. */
  scope<T>(owner: string, bytes: (value: T) => number): CacheScope<T>;
  /** What is held at present, by owner. */
  held(): Held[];
  clear(): void;
}

interface Entry {
  readonly owner: string;
  readonly bytes: number;
  readonly value: unknown;
  /** Removes the entry from its scope. */
  drop(): void;
}

/** 256 MB: some hundred psf kernels and templates of a large map. */
const DEFAULT_BYTES = 2 ** 28;

export function createCache(maxBytes = DEFAULT_BYTES): Cache {
  /** Least recently used first. */
  const entries = new Set<Entry>();
  let total = 0;

  function remove(entry: Entry): void {
    entries.delete(entry);
    entry.drop();
    total -= entry.bytes;
  }

  function shrink(): void {
    for (const entry of entries) {
      // the newest stays, however large it is: it is in use
      if (total <= maxBytes || entries.size === 1) return;
      remove(entry);
    }
  }

  return {
    maxBytes,
    scope<T>(owner: string, bytes: (value: T) => number): CacheScope<T> {
      /** By the first part of the key. */
      const known = new Map<unknown, { readonly key: readonly unknown[]; readonly entry: Entry }[]>();
      const drop = (first: unknown, entry: Entry) => {
        const left = known.get(first)!.filter((k) => k.entry !== entry);
        if (left.length === 0) known.delete(first);
        else known.set(first, left);
      };
      return {
        get(key, make) {
          const first = key[0];
          const found = known.get(first)?.find((k) => isSame(k.key, key))?.entry;
          if (found !== undefined) {
            entries.delete(found);
            entries.add(found);
            return found.value as T;
          }
          const value = make();
          const entry: Entry = { owner, bytes: bytes(value), value, drop: () => drop(first, entry) };
          const list = known.get(first);
          if (list === undefined) known.set(first, [{ key, entry }]);
          else list.push({ key, entry });
          entries.add(entry);
          total += entry.bytes;
          shrink();
          return value;
        },
      };
    },
    held() {
      const sums = new Map<string, { entries: number; bytes: number }>();
      for (const { owner, bytes } of entries) {
        const sum = sums.get(owner) ?? { entries: 0, bytes: 0 };
        sums.set(owner, { entries: sum.entries + 1, bytes: sum.bytes + bytes });
      }
      return Array.from(sums, ([owner, sum]) => ({ owner, ...sum }));
    },
    clear() {
      for (const entry of [...entries]) remove(entry);
    },
  };
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

/** A value that is made when it is first asked for. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
