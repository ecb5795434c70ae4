/** Two sums over all that plain data holds: data that were changed in place have others. Any change of one number changes them. */
export function fingerprint(value: unknown): string {
  let even = 0x811c9dc5 | 0;
  let odd = 0x2545f491 | 0;
  const text = (s: string) => {
    for (let i = 0; i < s.length; i++) even = mix(even ^ s.charCodeAt(i));
    odd = mix(odd ^ s.length);
  };
  const bytes = (array: ArrayBufferView) => {
    // a word with low bits of zero, as in whole numbers, must reach all bits of the sums
    const words = wordsOf(array);
    const n = words.length - (words.length % 2);
    for (let i = 0; i < n; i += 2) {
      even = mix(even ^ words[i]!);
      odd = mix(odd ^ words[i + 1]!);
    }
    if (n < words.length) even = mix(even ^ words[n]!);
  };
  const walk = (part: unknown): void => {
    if (ArrayBuffer.isView(part)) {
      text(`array ${part.byteLength}`);
      bytes(part);
    } else if (typeof part === "object" && part !== null) {
      for (const [key, item] of Object.entries(part)) {
        text(key);
        walk(item);
      }
      text("end");
    } else text(`${typeof part} ${String(part)}`);
  };
  walk(value);
  return `${even} ${odd}`;
}

/** Maps numbers of 32 bits one to one, each bit to many. */
function mix(h: number): number {
  const product = Math.imul(h, 0x85ebca6b);
  return product ^ (product >>> 15);
}

function wordsOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Int32Array {
  if (byteOffset % 4 === 0 && byteLength % 4 === 0) return new Int32Array(buffer, byteOffset, byteLength / 4);
  return Int32Array.from(new Uint8Array(buffer, byteOffset, byteLength));
}
