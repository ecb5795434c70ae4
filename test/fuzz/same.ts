/** Whether two values are the same to the last bit, and where they differ first. */

/** Numbers that differ by less than this, relative to them, are equal; 0: to the last bit. */
export interface Tolerance {
  readonly relative?: number;
  /** The same for what is below keys of these names. */
  readonly below?: Readonly<Record<string, number>>;
  /** What is below keys of these names is not compared. */
  readonly ignored?: readonly string[];
  /** How the second of two texts may have been written. */
  readonly written?: (text: string) => string;
}

/** The path of the first difference with both values, or undefined. Keys that are undefined are absent ones; NaN is NaN. */
export function difference(a: unknown, b: unknown, tolerance: Tolerance = {}, path = ""): string | undefined {
  const { relative = 0, below, ignored = [] } = tolerance;
  if (typeof a === "number" && typeof b === "number") {
    const near = relative > 0 && Math.abs(a - b) <= relative * Math.max(Math.abs(a), Math.abs(b));
    return Object.is(a, b) || near ? undefined : `${path}: ${number(a)}, ${number(b)}`;
  }
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    const isWritten = typeof a === "string" && tolerance.written?.(a) === b;
    return a === b || isWritten ? undefined : `${path}: ${shown(a)}, ${shown(b)}`;
  }
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return `${path}: ${shown(a)}, ${shown(b)}`;
  if (a instanceof Uint8Array && Buffer.compare(a, b as Uint8Array) === 0) return undefined;
  if (ArrayBuffer.isView(a) || Array.isArray(a)) {
    const [x, y] = [a, b] as unknown as ArrayLike<unknown>[];
    if (x!.length !== y!.length) return `${path}: length ${x!.length}, ${y!.length}`;
    for (let i = 0; i < x!.length; i++) {
      const found = difference(x![i], y![i], tolerance, `${path}[${i}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const [x, y] = [a, b] as Record<string, unknown>[];
  for (const key of new Set([...Object.keys(x!), ...Object.keys(y!)])) {
    if (ignored.includes(key)) continue;
    const inside =
      below !== undefined && Object.hasOwn(below, key) ? { ...tolerance, relative: below[key]! } : tolerance;
    const found = difference(x![key], y![key], inside, `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

const number = (x: number) => (Object.is(x, -0) ? "-0" : String(x));

function shown(value: unknown): string {
  if (typeof value === "object" && value !== null) return `a ${value.constructor?.name ?? "value without prototype"}`;
  return typeof value === "string" ? JSON.stringify(value.slice(0, 80)) : String(value);
}
