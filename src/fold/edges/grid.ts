/** The edges of the pixels of a box: their corners, and points between these where edges are curved. */
import type { Box } from "../../math/convolution.js";
import { pixelScales } from "../../sky/geom.js";
import type { Frame, WcsGeom } from "../../sky/types.js";
import { locator } from "../shape-sampling.js";

/**
 * Pixels [deg] up to which an edge counts as straight; longer ones are divided. Where the grid lines of a projection bend by tan(latitude) the area between arc and chord is tan(latitude) / 12 of this in rad: 8e-5 of a
 * pixel at a latitude of 60 deg.
 */
const STRAIGHT = 0.03;

export interface EdgeGrid {
  readonly nx: number;
  readonly ny: number;
  /** Segments of an edge. */
  readonly parts: number;
  /** Numbers of points: those of the lines along rows, then what stands between these on the lines along columns. */
  readonly points: number;
}

/** A function of the scale of the pixels alone: nothing changes as a source moves. */
export function edgeGrid(geom: WcsGeom, { x0, x1, y0, y1 }: Box): EdgeGrid {
  const parts = Math.ceil(Math.sqrt(Math.max(...pixelScales(geom)) / STRAIGHT));
  const [nx, ny] = [x1 - x0, y1 - y0];
  return { nx, ny, parts, points: (ny + 1) * (nx * parts + 1) + ny * (nx + 1) * (parts - 1) };
}

/** Point s of the segments of the lower edge of pixel (x, y) of the box; that of (x, ny) is the upper edge of the last row. */
export const alongRow = ({ nx, parts }: EdgeGrid, x: number, y: number, s: number): number =>
  y * (nx * parts + 1) + x * parts + s;

/** Point s of the segments of the left edge of pixel (x, y); that of (nx, y) is the right edge of the last column. */
export function alongColumn(grid: EdgeGrid, x: number, y: number, s: number): number {
  const { nx, ny, parts } = grid;
  if (s === 0) return alongRow(grid, x, y, 0);
  if (s === parts) return alongRow(grid, x, y + 1, 0);
  return (ny + 1) * (nx * parts + 1) + (y * (nx + 1) + x) * (parts - 1) + s - 1;
}

/** (lon, lat) of the points, in the frame of the shape. */
export function edgePositions(geom: WcsGeom, { x0, y0 }: Box, grid: EdgeGrid, frame: Frame): Float64Array {
  const { nx, ny, parts, points } = grid;
  const sky = new Float64Array(2 * points);
  const one = new Float64Array(2);
  const locate = locator(geom, frame);
  const put = (k: number, x: number, y: number) => {
    locate(x0 - 0.5 + x, y0 - 0.5 + y, one);
    sky.set(one, 2 * k);
  };
  for (let y = 0; y <= ny; y++) {
    for (let k = 0; k <= nx * parts; k++) put(alongRow(grid, 0, y, k), k / parts, y);
    if (y === ny) break;
    for (let x = 0; x <= nx; x++) {
      for (let s = 1; s < parts; s++) put(alongColumn(grid, x, y, s), x, y + s / parts);
    }
  }
  return sky;
}
