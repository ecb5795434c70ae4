import { isClosed } from "../sky/seam.js";
import type { WcsGeom } from "../sky/types.js";
import { pixelPosition, projectedPosition } from "../sky/wcs-pixels.js";
import { shapeTemplate } from "./placed.js";
import type { Response } from "./response.js";
import { positionOf, type Shape } from "./shape.js";
import { exposureNear } from "./source-exposure.js";
import { type Corner, cornersOn, pointTemplate, type Template } from "./template.js";

/** The template of a source whose place and extent are frozen, kept with the response. `key`: what the exposure of the response was made with. */
export function frozenTemplate(
  shape: Shape,
  p: Float64Array,
  geom: WcsGeom,
  response: Response,
  psf: boolean,
  key: readonly unknown[],
): Template {
  if (shape.declaration.point !== true) {
    return response.templates.get([...shape.key, ...p, ...key], () => shapeTemplate(shape, p, response, psf));
  }
  const position = positionOf(shape, p);
  const [px, py] = position === null ? pixelPosition(geom, null) : projectedPosition(geom, position);
  const [width, height] = geom.npix;
  const points = cornersOn(px, py, isClosed(geom) ? width : undefined);
  const { exposure, sourceExposure } = response;
  const before = sourceExposure && ((t: number, { x, y }: Corner) => exposureNear(sourceExposure, geom, t, x, y));
  return response.templates.get(["point", px, py, ...key], () =>
    pointTemplate(points, psf ? response.psf(position) : null, exposure, width, height, before),
  );
}
