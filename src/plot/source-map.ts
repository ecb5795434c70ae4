/** Places of sources on the sky as a picture: the whole sky, or the part around a place. */
import { nPix, separation, toFrame, wcsGeom } from "../sky/index.js";
import type { Frame, SkyPosition } from "../sky/types.js";
import type { MapSpec } from "./map.js";
import { skyImageOf } from "./results.js";
import type { SkyMarker } from "./skyoverlay.js";

/** A source with a name and a place. */
export interface NamedPlace {
  readonly name: string;
  readonly position: SkyPosition;
}

/** More names than these would lie over each other. */
const NAMED = 12;
/** Pixels along the longer side: the image is empty, and gives the grid its shape. */
const WIDTH = 200;
/** Above this, in deg, the whole sky is drawn. */
const WHOLE = 60;

/** `title` heads the picture; sources without a place are left out, and names are written where there are few. */
export function sourceMapSpecOf(sources: readonly NamedPlace[], title: string, frame: Frame = "galactic"): MapSpec {
  const places = sources
    .map(({ name, position }) => ({ name, ...toFrame(position, frame) }))
    .filter(({ lon, lat }) => Number.isFinite(lon) && Number.isFinite(lat));
  const center = middleOf(places);
  const radius = places.reduce(
    (most, { lon, lat }) => Math.max(most, separation(center.lon, center.lat, lon, lat)),
    0.5,
  );
  const isWhole = places.length === 0 || radius > WHOLE;
  const geom = isWhole
    ? wcsGeom({ center: { lon: 0, lat: 0, frame }, npix: [WIDTH, WIDTH / 2], binsz: 360 / WIDTH, proj: "AIT" })
    : wcsGeom({ center: { ...center, frame }, npix: [WIDTH, WIDTH], binsz: (2.4 * radius) / WIDTH, proj: "TAN" });
  const [nx, ny] = geom.npix;
  const markers = places.map(
    ({ name, lon, lat }): SkyMarker => ({ lon, lat, ...(places.length <= NAMED && { label: name }) }),
  );
  const values = new Float64Array(nPix(geom));
  return {
    title,
    image: skyImageOf(geom.wcs, nx, ny),
    frame,
    panels: [{ title: `${places.length} sources`, values, colors: "diverging", isBlank: true, markers }],
  };
}

/** The mean direction. */
function middleOf(places: readonly { readonly lon: number; readonly lat: number }[]): { lon: number; lat: number } {
  const degree = Math.PI / 180;
  const sum = [0, 0, 0] as [number, number, number];
  for (const { lon, lat } of places) {
    sum[0] += Math.cos(lat * degree) * Math.cos(lon * degree);
    sum[1] += Math.cos(lat * degree) * Math.sin(lon * degree);
    sum[2] += Math.sin(lat * degree);
  }
  const [x, y, z] = sum;
  const lon = Math.atan2(y, x) / degree;
  return { lon: lon < 0 ? lon + 360 : lon, lat: Math.atan2(z, Math.hypot(x, y)) / degree };
}
