/** Maps on the same pixels, or cut from one map, added up. */
import { SpecError } from "../errors.js";
import { conversionFactor } from "../units/index.js";
import { sameAxis } from "./axis-groups.js";
import type { AnyMap } from "./map-layout.js";
import { describePixels, imageSize, samePixels } from "./pixels.js";
import type { SkyMap, WcsGeom } from "./types.js";
import { sharePlane } from "./wcs.js";

/** Where the pixels of `other` lie on those of `geom`: column and row of its first pixel. */
export function alignment(geom: WcsGeom, other: WcsGeom): [number, number] {
  const a = geom.wcs;
  const b = other.wcs;
  const dx = a.crpix[0] - b.crpix[0];
  const dy = a.crpix[1] - b.crpix[1];
  const isWhole = (x: number) => Math.abs(x - Math.round(x)) <= 1e-6;
  if (!(sharePlane(a, b) && isWhole(dx) && isWhole(dy))) {
    throw new SpecError(
      `Maps on different pixels: ${describe(a)} and ${describe(b)}; stack only equal maps or cutouts of one map`,
    );
  }
  return [Math.round(dx), Math.round(dy)];
}

const describe = (w: WcsGeom["wcs"]): string =>
  `${w.frame} ${w.projection} at ${w.crval.join(", ")} with pixels of ${w.cd.join(", ")} deg, reference pixel ${w.crpix.join(", ")}`;

/**
 * `target` plus `other` where they overlap, in the unit of `target`: values of `other` that are not finite count as 0, others times `weights` (on the pixels of
 * `other`; a single bin of the other axes holds for all). What lies outside of `target` is lost. The pixels must be those of one map; see reprojectMap for
 * others. Gammapy's WcsNDMap.stack.
 * @throws SpecError where the maps differ in their axes or in the grid of their pixels.
 */
export function stackMaps(target: SkyMap, other: SkyMap, weights?: AnyMap): SkyMap {
  const { geom } = target;
  const axes = other.geom.axes;
  if (geom.axes.length !== axes.length || !geom.axes.every((axis, k) => sameAxis(axis, axes[k]!))) {
    throw new SpecError(
      `Maps with different axes cannot be stacked: (${geom.axes.map((a) => a.name).join(", ")}) and (${axes.map((a) => a.name).join(", ")}); rebin one first`,
    );
  }
  const areImages = geom.kind === "wcs" && other.geom.kind === "wcs";
  if (!areImages && !samePixels(geom, other.geom)) {
    throw new SpecError(
      `${describePixels(other.geom)} cannot be stacked into ${describePixels(geom)}; resample it first`,
    );
  }
  const [dx, dy] = areImages ? alignment(geom, other.geom as WcsGeom) : [0, 0];
  const factor = target.unit === other.unit ? 1 : conversionFactor(other.unit, target.unit);
  const [nx, ny] = imageSize(geom);
  const [mx, my] = imageSize(other.geom);
  const data = target.data.slice();
  const images = data.length / (nx * ny);
  for (let image = 0; image < images; image++) {
    for (let j = Math.max(0, -dy); j < Math.min(my, ny - dy); j++) {
      for (let i = Math.max(0, -dx); i < Math.min(mx, nx - dx); i++) {
        const from = (image * my + j) * mx + i;
        const value = other.data[from]! * factor;
        if (!Number.isFinite(value)) continue;
        const weight = weights === undefined ? 1 : weights.data[from % weights.data.length]!;
        data[(image * ny + j + dy) * nx + i + dx]! += value * weight;
      }
    }
  }
  return { ...target, data };
}
