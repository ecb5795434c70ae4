/**
 * The pixels of HEALPix (Gorski et al. 2005, ApJ 622, 759): 12 faces of nside x nside pixels of equal area, numbered along rings from north to south (RING) or
 * face by face along a curve that halves each square (NESTED). Angles in rad: colatitude from the north, longitude.
 */

/** nside of one resolution, and which of the numberings. */
export interface Scheme {
  readonly nside: number;
  readonly nested: boolean;
}

/** Numbers of pixels are 32-bit integers. */
export const MAX_NSIDE = 2 ** 13;

export const pixelCount = (nside: number): number => 12 * nside * nside;

/** Half a turn is 2 here: longitudes in quarters of a turn, from 0 to 4. */
function quarters(lon: number): number {
  const t = (lon / (Math.PI / 2)) % 4;
  return t < 0 ? t + 4 : t;
}

/** The number of lines that run north-east and north-west and lie below a point of the belt around the equator; |cos theta| <= 2/3. */
function beltLines(nside: number, z: number, t: number): readonly [number, number] {
  const a = nside * (0.5 + t);
  const b = nside * z * 0.75;
  return [Math.floor(a - b), Math.floor(a + b)];
}

/** The same in a polar cap; distances from the pole keep their digits by sin theta. */
function capLines(nside: number, theta: number, fraction: number): readonly [number, number] {
  const z = Math.abs(Math.cos(theta));
  const scaled = (nside * Math.sin(theta)) / Math.sqrt((1 + z) / 3);
  const most = nside - 1;
  return [Math.min(most, Math.floor(fraction * scaled)), Math.min(most, Math.floor((1 - fraction) * scaled))];
}

/** The pixel that holds a direction. */
export function indexOfAngles({ nside, nested }: Scheme, theta: number, lon: number): number {
  if (!nested) return ringIndex(nside, theta, lon);
  const [face, x, y] = facePlace(nside, theta, lon);
  return face * nside * nside + interleave(x, y);
}

function ringIndex(nside: number, theta: number, lon: number): number {
  const z = Math.cos(theta);
  const t = quarters(lon);
  if (Math.abs(z) <= 2 / 3) {
    const [p, m] = beltLines(nside, z, t);
    const ring = nside + 1 + p - m;
    const shift = ring % 2 === 0 ? 1 : 0;
    const around = 4 * nside;
    const k = Math.floor((p + m - nside + shift + 1) / 2);
    return 2 * nside * (nside - 1) + (ring - 1) * around + (((k % around) + around) % around);
  }
  const [p, m] = capLines(nside, theta, t - Math.floor(t));
  const ring = p + m + 1;
  const k = Math.floor(t * ring) % (4 * ring);
  return z > 0 ? 2 * ring * (ring - 1) + k : pixelCount(nside) - 2 * ring * (ring + 1) + k;
}

/** Bits of x at the even places, of y at the odd ones. */
function interleave(x: number, y: number): number {
  return spread(x) | (spread(y) << 1);
}

function spread(value: number): number {
  let v = value;
  v = (v | (v << 8)) & 0x00ff00ff;
  v = (v | (v << 4)) & 0x0f0f0f0f;
  v = (v | (v << 2)) & 0x33333333;
  return (v | (v << 1)) & 0x55555555;
}

/** The reverse of `spread`. */
function gather(value: number): number {
  let v = value & 0x55555555;
  v = (v | (v >> 1)) & 0x33333333;
  v = (v | (v >> 2)) & 0x0f0f0f0f;
  v = (v | (v >> 4)) & 0x00ff00ff;
  return (v | (v >> 8)) & 0x0000ffff;
}

/** Ring of the lower corner and quarter of longitude of each face. */
const FACE_RING = [2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4];
const FACE_QUARTER = [1, 3, 5, 7, 0, 2, 4, 6, 1, 3, 5, 7];

/** Writes colatitude and longitude of the middle of a pixel. */
export function anglesOf({ nside, nested }: Scheme, index: number, out: Float64Array): void {
  if (nested) {
    const perFace = nside * nside;
    const face = Math.floor(index / perFace);
    const bits = index % perFace;
    faceAngles(nside, face, gather(bits) + 0.5, gather(bits >> 1) + 0.5, out);
    return;
  }
  ringAngles(nside, index, out);
}

function ringAngles(nside: number, index: number, out: Float64Array): void {
  const total = pixelCount(nside);
  const cap = 2 * nside * (nside - 1);
  if (index >= cap && index < total - cap) {
    const around = 4 * nside;
    const [row, k] = [Math.floor((index - cap) / around), (index - cap) % around];
    const ring = row + nside;
    out[0] = Math.acos(((2 * nside - ring) * 2) / (3 * nside));
    out[1] = ((k + ((ring + nside) % 2 === 1 ? 0 : 0.5)) * Math.PI) / (2 * nside);
    return;
  }
  const isNorth = index < cap;
  const before = isNorth ? index : total - 1 - index;
  const ring = capRing(before);
  const k = before - 2 * ring * (ring - 1);
  const fromPole = capColatitude(ring, nside);
  out[0] = isNorth ? fromPole : Math.PI - fromPole;
  out[1] = ((isNorth ? k + 0.5 : 4 * ring - k - 0.5) * Math.PI) / (2 * ring);
}

/** The ring, from 1, of the pixel `index` of the northern cap: the largest with 2 ring (ring - 1) <= index. */
function capRing(index: number): number {
  let ring = Math.floor((1 + Math.sqrt(1 + 2 * index)) / 2);
  if (2 * ring * (ring - 1) > index) ring--;
  if (2 * ring * (ring + 1) <= index) ring++;
  return ring;
}

/** 1 - cos theta is ring^2 / (3 nside^2). */
function capColatitude(ring: number, nside: number): number {
  return 2 * Math.asin(ring / (nside * Math.sqrt(6)));
}

/** Writes the angles of a point of a face; x, y from 0 to nside, towards north-east and north-west. */
export function faceAngles(nside: number, face: number, x: number, y: number, out: Float64Array): void {
  const ring = FACE_RING[face]! * nside - x - y;
  const north = Math.min(ring, nside);
  const south = 4 * nside - ring;
  const width = Math.min(north, south);
  if (ring < nside) out[0] = capColatitude(ring, nside);
  else if (south < nside) out[0] = Math.PI - capColatitude(south, nside);
  else out[0] = Math.acos(((2 * nside - ring) * 2) / (3 * nside));
  const turn = 8 * width;
  let along = FACE_QUARTER[face]! * width + x - y;
  if (along < 0) along += turn;
  if (along >= turn) along -= turn;
  out[1] = width === 0 ? 0 : (along * Math.PI) / (4 * width);
}

/** The face of a pixel and its place in it, from 0. */
export function placeInFace(
  scheme: Scheme,
  index: number,
  scratch: Float64Array,
): readonly [face: number, x: number, y: number] {
  const { nside, nested } = scheme;
  if (nested) {
    const perFace = nside * nside;
    const bits = index % perFace;
    return [Math.floor(index / perFace), gather(bits), gather(bits >> 1)];
  }
  anglesOf(scheme, index, scratch);
  return facePlace(nside, scratch[0]!, scratch[1]!);
}

/** The face that holds a direction, and the place of its pixel in it, for any nside. */
function facePlace(nside: number, theta: number, lon: number): readonly [number, number, number] {
  const z = Math.cos(theta);
  const t = quarters(lon);
  if (Math.abs(z) <= 2 / 3) {
    const [p, m] = beltLines(nside, z, t);
    const [faceP, faceM] = [Math.floor(p / nside), Math.floor(m / nside)];
    const face = faceP === faceM ? (faceP % 4) + 4 : faceP < faceM ? faceP % 4 : (faceM % 4) + 8;
    return [face, m % nside, nside - (p % nside) - 1];
  }
  const quarter = Math.min(3, Math.floor(t));
  const [p, m] = capLines(nside, theta, t - quarter);
  return z > 0 ? [quarter, nside - m - 1, nside - p - 1] : [quarter + 8, p, m];
}
