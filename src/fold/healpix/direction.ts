/** The direction of a source with its derivatives by longitude and latitude. */
import { convertFrame, frameRotation } from "../../sky/frames.js";
import type { Frame } from "../../sky/types.js";

const RAD = Math.PI / 180;

/**
 * Writes the unit vector in frame `to` of (lon, lat) [deg] in frame `from`, and its derivatives per deg: [value, lon, lat, lonlon, lonlat, latlat] of 3 numbers. E-terms of FK4 are in the value alone:
 * they change derivatives by 2e-6.
 */
export function makeDirection(from: Frame, to: Frame): (lon: number, lat: number, out: Float64Array) => void {
  const m = frameRotation(from, to);
  const at = new Float64Array(2);
  const own = new Float64Array(18);
  return (lon, lat, out) => {
    fillVectors(lon * RAD, lat * RAD, own);
    for (let k = 0; k < 6; k++) {
      const scale = k === 0 ? 1 : k < 3 ? RAD : RAD * RAD;
      for (let i = 0; i < 3; i++) {
        let sum = 0;
        for (let j = 0; j < 3; j++) sum += m[3 * i + j]! * own[3 * k + j]!;
        out[3 * k + i] = scale * sum;
      }
    }
    convertFrame(lon, lat, from, to, at);
    const cos = Math.cos(at[1]! * RAD);
    out[0] = cos * Math.cos(at[0]! * RAD);
    out[1] = cos * Math.sin(at[0]! * RAD);
    out[2] = Math.sin(at[1]! * RAD);
  };
}

function fillVectors(lon: number, lat: number, out: Float64Array): void {
  const [cl, sl, cb, sb] = [Math.cos(lon), Math.sin(lon), Math.cos(lat), Math.sin(lat)];
  out.set([cb * cl, cb * sl, sb, -cb * sl, cb * cl, 0, -sb * cl, -sb * sl, cb]);
  out.set([-cb * cl, -cb * sl, 0, sb * sl, -sb * cl, 0, -cb * cl, -cb * sl, -sb], 9);
}
