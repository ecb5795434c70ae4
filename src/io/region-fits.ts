/**
 * Regions as Gammapy writes them: a table with SHAPE, X, Y, R, ROTANG in pixels of the WCS that stands in the same
 * header. X and Y count from 0; R holds the radius (circle), inner and outer radius (annulus), half axes (ellipse), inner and outer width, inner and outer
 * height (elliptannulus, as astropy-regions has them), or full widths (box). A shape behind "!" is taken out of all others (FITS REGION convention, heasarc.gsfc.nasa.gov/docs/heasarc/ofwg/docs/general/ogip_97_001).
 */
import { FormatError, SpecError, UnsupportedError } from "../errors.js";
import { findColumn, makeColumn, numericColumn, type TableHdu, tableHdu } from "../fits/index.js";
import { makeProjector, type Projector, toFrame } from "../sky/index.js";
import { withoutExcluded } from "../sky/region-angles.js";
import { excludedFromAll } from "../sky/region-ds9.js";
import type { Region, RegionGeom, SkyPosition, Wcs } from "../sky/types.js";
import { card } from "./cards.js";
import { readWcs, wcsCards } from "./wcs-fits.js";

const ARCSEC = 1 / 3600;

/** What one row holds, in pixels. */
interface Row {
  readonly shape: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly r: readonly number[];
  readonly angle: number;
}

export function readRegions(table: TableHdu, where: string): Pick<RegionGeom, "regions" | "wcs"> {
  const at = `${where}: HDU ${table.name}`;
  const wcs = readWcs(table.header, at);
  const projector = makeProjector(wcs);
  const shapes = textColumn(table, "SHAPE", at);
  const cells = (name: string) => {
    const all = numericColumn(table, name, at);
    const size = all.length / Math.max(1, table.nrows);
    return (row: number) => Array.from(all.subarray(row * size, (row + 1) * size));
  };
  const [x, y, r, angle] = [cells("X"), cells("Y"), cells("R"), cells("ROTANG")];
  const given = shapes.map((text, i) => {
    const [, mark, shape] = /^(!?)(.*)$/.exec(text.trim().toLowerCase())!;
    const row = { shape: shape!, x: x(i), y: y(i), r: r(i), angle: angle(i)[0] ?? 0 };
    return { region: fromPixels(row, projector, wcs, `${at}, row ${i + 1}`), isExcluded: mark === "!" };
  });
  const regions = withoutExcluded(given);
  return { regions, wcs: regions.length === 0 ? null : wcs };
}

function textColumn(table: TableHdu, name: string, at: string): readonly string[] {
  const { format, data } = findColumn(table, name, at);
  if (format === "A" && data.length === table.nrows) return data as readonly string[];
  throw new FormatError({
    where: `${at}, column ${name}`,
    found: `the format ${format}`,
    expected: "a text in each row (A)",
  });
}

function fromPixels(row: Row, projector: Projector, wcs: Wcs, at: string): Region {
  const out = new Float64Array(2);
  const sky = (x: number, y: number): SkyPosition => {
    projector.pixToSky(x, y, out);
    if (Number.isNaN(out[0]!)) throw new FormatError(`${at}: the pixel (${x}, ${y}) has no sky position`);
    return { lon: out[0]!, lat: out[1]!, frame: wcs.frame };
  };
  if (row.shape === "polygon") {
    const n = vertexCount(row);
    return { shape: "polygon", vertices: row.x.slice(0, n).map((x, i) => sky(x, row.y[i]!)) };
  }
  const center = sky(row.x[0]!, row.y[0]!);
  const { scale, north } = localScale(center, projector);
  const size = (i: number) => {
    const value = (row.r[i] ?? Number.NaN) * scale;
    if (!(value > 0)) throw new FormatError(`${at}: R[${i}] is ${row.r[i]}, expected a size above 0 pixels`);
    return value;
  };
  const angle = row.angle - (north - 90);
  switch (row.shape) {
    case "point":
      return { shape: "point", center };
    case "circle":
      return { shape: "circle", center, radius: size(0) };
    case "annulus":
      return { shape: "annulus", center, inner: size(0), outer: size(1) };
    case "ellipse":
    case "rotellipse":
      return { shape: "ellipse", center, width: 2 * size(0), height: 2 * size(1), angle };
    case "elliptannulus": {
      const [inner, outer] = [[size(0), size(2)] as const, [size(1), size(3)] as const];
      return { shape: "ellipse-annulus", center, inner, outer, angle };
    }
    case "box":
    case "rotbox":
    case "rectangle":
    case "rotrectangle":
      return { shape: "rectangle", center, width: size(0), height: size(1), angle };
    default:
      throw new UnsupportedError(
        `${at}: the region shape "${row.shape}" is not read; use point, circle, annulus, ellipse, elliptannulus, rotbox or polygon`,
      );
  }
}

/** Tables of several shapes are filled up with (0, 0). */
function vertexCount(row: Row): number {
  let n = row.x.length;
  while (n > 3 && row.x[n - 1] === 0 && row.y[n - 1] === 0) n--;
  return n;
}

/** Degrees per pixel and the direction of north (deg from the x axis of pixels), from a step of 1 arcsec northwards. */
function localScale({ lon, lat }: SkyPosition, projector: Projector): { scale: number; north: number } {
  const a = new Float64Array(2);
  const b = new Float64Array(2);
  projector.skyToPix(lon, lat, a);
  const step = lat + ARCSEC > 90 ? -ARCSEC : ARCSEC;
  projector.skyToPix(lon, lat + step, b);
  const [dx, dy] = [(b[0]! - a[0]!) * Math.sign(step), (b[1]! - a[1]!) * Math.sign(step)];
  return { scale: ARCSEC / Math.hypot(dx, dy), north: (Math.atan2(dy, dx) * 180) / Math.PI };
}

/** The region table of a map; `wcs` null: a tangential one of 0.1 deg around the first region. */
export function regionHdu(name: string, regions: readonly Region[], wcs: Wcs | null): TableHdu {
  const first = regions[0];
  if (first === undefined) throw new SpecError(`${name}: no region to write`);
  const used = wcs ?? tangential(anchor(first));
  const projector = makeProjector(used);
  const rows = [
    ...regions.map((region) => toPixels(region.shape === "difference" ? region.region : region, projector, used)),
    ...excludedFromAll(regions).map((region) => {
      const row = toPixels(region, projector, used);
      return { ...row, shape: `!${row.shape}` };
    }),
  ];
  const column = (title: string, unit: string, cells: readonly (readonly number[])[]) => {
    const size = Math.max(...cells.map((c) => c.length));
    const data = Float64Array.from(cells.flatMap((c) => [...c, ...new Array<number>(size - c.length).fill(0)]));
    return makeColumn(title, data, { unit, shape: size === 1 ? [] : [size] });
  };
  const shapes = makeColumn(
    "SHAPE",
    rows.map((row) => row.shape),
  );
  const x = column(
    "X",
    "pix",
    rows.map((row) => row.x),
  );
  const y = column(
    "Y",
    "pix",
    rows.map((row) => row.y),
  );
  const r = column(
    "R",
    "pix",
    rows.map((row) => row.r),
  );
  const angle = column(
    "ROTANG",
    "deg",
    rows.map((row) => [row.angle]),
  );
  // Pixels around the reference pixel, without which Gammapy does not read the WCS.
  const shape = card("WCSSHAPE", `(${used.crpix.map((p) => Math.max(1, Math.round(2 * p - 1))).join(",")})`);
  return tableHdu(name, [shapes, x, y, r, angle], [...wcsCards(used), shape]);
}

function anchor(region: Region): SkyPosition {
  if (region.shape === "difference") return anchor(region.region);
  return region.shape === "polygon" ? region.vertices[0]! : region.center;
}

function tangential({ lon, lat, frame }: SkyPosition): Wcs {
  return {
    projection: "TAN",
    frame,
    crval: [lon, lat],
    crpix: [1, 1],
    cd: [-0.1, 0, 0, 0.1],
    lonpole: 180,
    latpole: lat,
  };
}

function toPixels(region: Region, projector: Projector, wcs: Wcs): Row {
  const out = new Float64Array(2);
  const pixel = (position: SkyPosition): [number, number] => {
    const { lon, lat } = toFrame(position, wcs.frame);
    projector.skyToPix(lon, lat, out);
    return [out[0]!, out[1]!];
  };
  if (region.shape === "polygon") {
    const points = region.vertices.map(pixel);
    return { shape: "polygon", x: points.map((p) => p[0]), y: points.map((p) => p[1]), r: [0], angle: 0 };
  }
  if (region.shape === "difference" || region.shape === "rectangle-annulus") {
    throw new UnsupportedError(
      `A region of the shape ${region.shape} cannot be written to a FITS table; write it as DS9 text`,
    );
  }
  const [x, y] = pixel(region.center);
  const { scale, north } = localScale(toFrame(region.center, wcs.frame), projector);
  const at = { x: [x], y: [y] };
  const turn = north - 90;
  if (region.shape === "point") return { ...at, shape: "point", r: [0], angle: 0 };
  if (region.shape === "circle") return { ...at, shape: "circle", r: [region.radius / scale], angle: 0 };
  if (region.shape === "annulus") {
    return { ...at, shape: "annulus", r: [region.inner / scale, region.outer / scale], angle: 0 };
  }
  if ("outer" in region) {
    const r = [0, 1].flatMap((i) => [region.inner[i]! / scale, region.outer[i]! / scale]);
    return { ...at, shape: "elliptannulus", r, angle: region.angle + turn };
  }
  const isEllipse = region.shape === "ellipse";
  const r = [region.width, region.height].map((size) => (isEllipse ? size / 2 : size) / scale);
  return { ...at, shape: isEllipse ? "ellipse" : "rotbox", r, angle: region.angle + turn };
}
