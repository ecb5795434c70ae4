/** Sources on HEALPix pixels: which way their images are made. */
import { smoothProfile } from "../irf/smooth-profile.js";
import { axisCenters, nBins } from "../sky/axis.js";
import type { HealpixGeom } from "../sky/types.js";
import { withDerivatives } from "./differences.js";
import type { ExtendedSource } from "./extended/free-shape.js";
import { blurredImages, fitsPlane, planeOf } from "./healpix/blurred.js";
import { imagesComponent } from "./healpix/component.js";
import { pointImages } from "./healpix/point.js";
import { sharpImages, sharpPoint } from "./healpix/sharp.js";
import type { Response } from "./response.js";
import { positionOf, radiusOf } from "./shape.js";
import type { Component, IrfSwitches } from "./types.js";

/** A source with a spatial model. `where`: "model "x" on dataset "y"" */
export function healpixComponent(
  given: ExtendedSource,
  geom: HealpixGeom,
  response: Response,
  irf: IrfSwitches,
  where: string,
): { readonly component: Component; readonly warnings: readonly string[] } {
  const { p, free } = given;
  const isPoint = given.shape.declaration.point === true;
  const shape = isPoint || free.length === 0 ? given.shape : withDerivatives(given.shape, p, free, response, where);
  const source = { ...given, shape };
  const position = positionOf(shape, p);
  const nTrue = nBins(response.energyTrue);
  const psf = irf.psf ? response.profile(position) : null;
  const moves = free.some((i) => i === shape.lon || i === shape.lat);
  const warnings =
    moves && !response.isUniform()
      ? [
          `${where}: its place is free, and psf and energy dispersion stay those of the place where it starts; fit again from the best fit if it moves far`,
        ]
      : [];
  const give = (make: Parameters<typeof imagesComponent>[3], more: readonly string[] = []) => ({
    component: imagesComponent(source, response, irf, make),
    warnings: [...warnings, ...more],
  });
  if (psf === null) return give(isPoint ? sharpPoint(source, geom, nTrue) : sharpImages(source, geom, response, nTrue));
  const profiles = Array.from(axisCenters(response.energyTrue), (e) => smoothProfile(psf, e));
  if (isPoint) return give(pointImages(source, geom, profiles));
  if (position === null || !fitsPlane(radiusOf(shape, p), profiles) || profiles.every(({ core }) => core === 0)) {
    const isFlat = shape.declaration.global === true;
    const said = `${where}: it covers the sky, or too much of it for an image around it, and is not blurred with the psf`;
    return give(sharpImages(source, geom, response, nTrue), isFlat ? [] : [said]);
  }
  const plane = planeOf(source, geom, profiles);
  const blur = response.onImage(plane.image).psf(position)!;
  const coarse = `${where}: the psf is narrow against source and psf together, and is smeared by the pixels of the image on which they are folded`;
  return give(blurredImages(source, geom, response, plane, blur), plane.isFine ? [] : [coarse]);
}
