/** Where the samples of a psf image lie on the axis of offsets. */
import { axisPix } from "../sky/axis.js";
import { rotatedSteps } from "../sky/linear.js";
import { defaultPoles } from "../sky/native-pole.js";
import type { MapAxis, Wcs } from "../sky/types.js";
import { makeProjector } from "../sky/wcs.js";

const RAD = Math.PI / 180;

/** The projection around its reference point, with the middle of pixel (0, 0) on it. */
function aroundReference(projection: string, cd: Wcs["cd"]) {
  const crval = [0, 0] as const;
  return makeProjector({ projection, frame: "icrs", crval, crpix: [1, 1], cd, ...defaultPoles({ projection, crval }) });
}

/**
 * Position on the rad axis of sample (i, j) of one quadrant, `[count, count]`; `factor` samples a pixel, the first at the lower edge of the middle pixel. Where the
 * projection keeps longitude to columns and latitude to rows (CAR), the trigonometry is done once for each of them.
 */
export function quadrantPositions(
  rad: MapAxis,
  projection: string,
  binsz: number,
  count: number,
  factor: number,
): Float64Array {
  const { pixToSky } = aroundReference(projection, rotatedSteps(binsz, binsz));
  const sky = new Float64Array(2);
  const place = (i: number) => (i + 0.5) / factor - 0.5;
  const lon = new Float64Array(count);
  const lat = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    pixToSky(place(i), 0, sky);
    lon[i] = haversine(sky[0]!);
    pixToSky(0, place(i), sky);
    lat[i] = sky[1]!;
  }
  const end = place(count - 1);
  pixToSky(end, end, sky);
  const separable =
    Math.abs(haversine(sky[0]!) / lon[count - 1]! - 1) < 1e-12 && Math.abs(sky[1]! - lat[count - 1]!) < 1e-12;
  const out = new Float64Array(count * count);
  for (let j = 0, k = 0; j < count; j++) {
    const a = haversine(lat[j]!);
    const c = Math.cos(lat[j]! * RAD);
    for (let i = 0; i < count; i++, k++) {
      if (separable) out[k] = axisPix(rad, arc(a + c * lon[i]!));
      else {
        pixToSky(place(i), place(j), sky);
        out[k] = axisPix(rad, arc(haversine(sky[1]!) + Math.cos(sky[1]! * RAD) * haversine(sky[0]!)));
      }
    }
  }
  return out;
}

/**
 * The same for pixels of any form, `[rows factor, columns factor]`: rows from the middle one on, as many columns on either side of it; `factor` samples a side of a
 * pixel, the first at its lower edge.
 */
export function halfPositions(
  rad: MapAxis,
  projection: string,
  cd: Wcs["cd"],
  rows: number,
  columns: number,
  factor: number,
): Float64Array {
  const { pixToSky } = aroundReference(projection, cd);
  const sky = new Float64Array(2);
  const nx = columns * factor;
  const first = -(columns - 1) / 2;
  const out = new Float64Array(rows * factor * nx);
  for (let k = 0; k < out.length; k++) {
    const x = first + ((k % nx) + 0.5) / factor - 0.5;
    const y = (Math.floor(k / nx) + 0.5) / factor - 0.5;
    pixToSky(x, y, sky);
    out[k] = axisPix(rad, arc(haversine(sky[1]!) + Math.cos(sky[1]! * RAD) * haversine(sky[0]!)));
  }
  return out;
}

/** sin^2(x / 2), x in deg */
function haversine(x: number): number {
  const s = Math.sin((x * RAD) / 2);
  return s * s;
}

/** The angle in deg whose haversine is h; the series of asin is exact to rounding where it is used. */
function arc(h: number): number {
  const s = Math.sqrt(h);
  if (h > 1e-3) return (2 / RAD) * Math.asin(Math.min(1, s));
  return (2 / RAD) * s * (1 + h * (1 / 6 + h * (3 / 40 + h * (15 / 336 + h * (105 / 3456 + h * (945 / 42240))))));
}
