/** Smaller arrays are sent as they are, bytes. */
const LARGE = 1 << 16;

/**
 * A copy of plain data whose large arrays lie in memory that all threads of the process see, so that each thread gets them without a copy of its
 * own. Views of one buffer share it in the copy too.
 */
export function inSharedMemory<T>(value: T): T {
  const buffers = new Map<ArrayBufferLike, SharedArrayBuffer>();
  const copy = (part: unknown): unknown => {
    if (ArrayBuffer.isView(part)) return sharedView(part, buffers);
    if (Array.isArray(part)) return part.map(copy);
    if (typeof part !== "object" || part === null || !isPlain(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, copy(item)]));
  };
  return copy(value) as T;
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function sharedView(view: ArrayBufferView, buffers: Map<ArrayBufferLike, SharedArrayBuffer>): ArrayBufferView {
  const { buffer, byteOffset, byteLength } = view;
  if (byteLength < LARGE || buffer instanceof SharedArrayBuffer || view instanceof DataView) return view;
  let shared = buffers.get(buffer);
  if (shared === undefined) {
    shared = new SharedArrayBuffer(buffer.byteLength);
    new Uint8Array(shared).set(new Uint8Array(buffer));
    buffers.set(buffer, shared);
  }
  const array = view as Float64Array;
  // a Buffer is a Uint8Array by this name
  const Kind = (globalThis as unknown as Record<string, Float64ArrayConstructor>)[array[Symbol.toStringTag]]!;
  return new Kind(shared, byteOffset, byteLength / array.BYTES_PER_ELEMENT);
}
