/** The emission between the sources of HGPS, along the Galactic plane (H.E.S.S. Collaboration 2018, A&A 612, A1, section 4.4). */
import { FormatError } from "../errors.js";
import { interpolateAt } from "../math/interpolate.js";
import { toFrame } from "../sky/frames.js";
import { pixelsOf } from "../sky/pixels.js";
import type { SkyMap, WcsGeom } from "../sky/types.js";
import { sourceRows } from "./rows.js";
import type { Catalogue } from "./types.js";

const TABLE = "HGPS_LARGE_SCALE_COMPONENT";
const UNIT = "cm-2 s-1 sr-1";

/**
 * Flux above 1 TeV of the large-scale component of HGPS in each pixel of an image, cm-2 s-1 sr-1: a Gaussian in latitude, whose height, place and width are
 * linear between the longitudes of its table. 0 beyond these.
 * @throws FormatError where the catalogue has no such table.
 */
export function largeScaleMap(catalogue: Catalogue, geom: WcsGeom): SkyMap {
  const rows = sourceRows(catalogue, 0)
    .rows(TABLE)
    .map((row) => ({
      lon: wrapped(row.number("GLON", "deg")),
      values: [row.number("Surface_Brightness", UNIT), row.number("GLAT", "deg"), row.number("Width", "deg")] as const,
    }));
  if (rows.length === 0) {
    const what = `there is no table ${TABLE}`;
    throw new FormatError({ where: catalogue.where, what, remedy: "give the file of HGPS" });
  }
  rows.sort((a, b) => a.lon - b.lon);
  const nodes = Float64Array.from(rows, (row) => row.lon);
  const columns = [0, 1, 2].map((k) => Float64Array.from(rows, (row) => row.values[k]!));
  const pixels = pixelsOf(geom);
  const center = new Float64Array(2);
  const data = Float64Array.from({ length: pixels.nPix }, (_, i) => {
    pixels.center(i, center);
    const { lon, lat } = toFrame({ lon: center[0]!, lat: center[1]!, frame: pixels.frame }, "galactic");
    const l = wrapped(lon);
    if (!(l >= nodes[0]! && l <= nodes.at(-1)!)) return 0;
    const [height, mean, width] = columns.map((column) => interpolateAt(nodes, column, l)) as [number, number, number];
    return height * Math.exp(-0.5 * ((lat - mean) / width) ** 2);
  });
  return { geom, unit: UNIT, data };
}

/** -180 to 180 */
const wrapped = (lon: number): number => (lon > 180 ? lon - 360 : lon);
