/** A writer of small PNG images with a palette, for the images inside pictures: synchronous, the same in Node and browser. */

/** CRC-32 of a PNG chunk: W3C PNG specification, annex D. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let at = 0; at < bytes.length; ) {
    // so many bytes stay below 2^31
    for (const stop = Math.min(bytes.length, at + 3800); at < stop; at++) {
      a += bytes[at]!;
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return ((b << 16) | a) >>> 0;
}

/**
 * zlib stream (RFC 1950, 1951) of one block with the fixed codes. Matches are sought at two distances only: the byte before (runs
 * of one colour) and the row before (enlarged pixels), which is all that images of enlarged pixels need.
 */
function zlib(bytes: Uint8Array, rowLength: number): Uint8Array {
  const out: number[] = [0x78, 0x01];
  let buffer = 0;
  let count = 0;
  const put = (value: number, bits: number) => {
    buffer |= value << count;
    count += bits;
    while (count >= 8) {
      out.push(buffer & 255);
      buffer >>>= 8;
      count -= 8;
    }
  };
  const putReversed = (code: number, bits: number) => {
    for (let k = bits - 1; k >= 0; k--) put((code >> k) & 1, 1);
  };
  const symbol = (s: number) => {
    if (s < 144) putReversed(0x30 + s, 8);
    else if (s < 256) putReversed(0x190 + s - 144, 9);
    else if (s < 280) putReversed(s - 256, 7);
    else putReversed(0xc0 + s - 280, 8);
  };
  const runLength = (at: number, distance: number) => {
    if (distance > at || distance > 32768) return 0;
    let n = 0;
    while (n < 258 && at + n < bytes.length && bytes[at + n] === bytes[at + n - distance]) n++;
    return n;
  };
  put(0b011, 3);
  for (let at = 0; at < bytes.length; ) {
    const near = runLength(at, 1);
    const far = runLength(at, rowLength);
    const length = Math.max(near, far);
    if (length < 3) {
      symbol(bytes[at++]!);
      continue;
    }
    const [code, extra, bits] = lengthCode(length);
    symbol(code);
    put(extra, bits);
    const [distanceCode, distanceExtra, distanceBits] = splitCode(near >= far ? 1 : rowLength, 1, 4, 2);
    putReversed(distanceCode, 5);
    put(distanceExtra, distanceBits);
    at += length;
  }
  symbol(256);
  if (count > 0) put(0, 8 - count);
  const sum = adler32(bytes);
  out.push(sum >>> 24, (sum >>> 16) & 255, (sum >>> 8) & 255, sum & 255);
  return Uint8Array.from(out);
}

function lengthCode(length: number): [code: number, extra: number, bits: number] {
  if (length === 258) return [285, 0, 0];
  const [code, extra, bits] = splitCode(length, 3, 8, 4);
  return [257 + code, extra, bits];
}

/** RFC 1951, 3.2.5: the first `plain` values have codes of their own, then `each` codes for every further bit. */
function splitCode(
  value: number,
  first: number,
  plain: number,
  each: number,
): [code: number, extra: number, bits: number] {
  let code = 0;
  let base = first;
  for (;;) {
    const bits = code < plain ? 0 : Math.floor((code - plain) / each) + 1;
    if (value < base + 2 ** bits) return [code, value - base, bits];
    base += 2 ** bits;
    code++;
  }
}

/** A PNG of `width` x `height` palette indices, first row on top; `palette` has 3 bytes per colour, at most 256 colours. */
export function encodePng(width: number, height: number, indices: Uint8Array, palette: Uint8Array): Uint8Array {
  const rows = new Uint8Array(height * (width + 1));
  for (let j = 0; j < height; j++) rows.set(indices.subarray(j * width, (j + 1) * width), j * (width + 1) + 1);
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 3, 0, 0, 0], 8);
  const parts = [
    Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("PLTE", palette),
    chunk("IDAT", zlib(rows, width + 1)),
    chunk("IEND", new Uint8Array(0)),
  ];
  const png = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const part of parts) {
    png.set(part, at);
    at += part.length;
  }
  return png;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

export function pngDataUri(png: Uint8Array): string {
  let binary = "";
  for (let i = 0; i < png.length; i += 8192) binary += String.fromCharCode(...png.subarray(i, i + 8192));
  return `data:image/png;base64,${btoa(binary)}`;
}
