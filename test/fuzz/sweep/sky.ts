/** Random places and pixels: near poles, across longitude 0, in every frame and projection that both programs have, turned. */
import { defaultPoles, offsetBy, rotatedSteps, toFrame, wcsGeom } from "../../../src/sky/index.js";
import type { Frame, MapAxis, SkyPosition, WcsGeom } from "../../../src/sky/types.js";
import type { Choices } from "../random.js";

const FRAMES: readonly Frame[] = ["icrs", "galactic", "fk5"];
const PROJECTIONS = ["TAN", "CAR", "AIT", "SIN", "ZEA", "ARC", "STG", "MOL", "SFL", "MER", "CEA"] as const;

/** Where all datasets of an analysis look. */
export function randomCenter({ pick, chance, between }: Choices): SkyPosition {
  const frame = pick(FRAMES);
  const lon = chance(0.3) ? pick([0, 1e-9, 359.99999, 0.05, 359.95, 180]) : between(0, 360);
  const pole = pick([-1, 1]) * (90 - pick([0.001, 0.1, 0.5, 2]));
  return { lon, lat: chance(0.2) ? pole : chance(0.1) ? 0 : between(-80, 80), frame };
}

/** A position so many degrees away in any direction, in a frame of its own. */
export function placeNear(c: Choices, center: SkyPosition, distance: number): SkyPosition {
  return toFrame(offsetBy(center, c.between(0, 360), distance), c.pick(FRAMES));
}

export interface Pixels {
  readonly binsz: number;
  readonly npix: readonly [number, number];
  readonly rotation: number;
  readonly proj: string;
  readonly frame: Frame;
  /** CAR along the equator, as Gammapy makes it. */
  readonly isEquatorial: boolean;
}

export function randomPixels(c: Choices, center: SkyPosition): Pixels {
  const proj = c.pick(PROJECTIONS);
  const frame = c.chance(0.7) ? center.frame : c.pick(FRAMES);
  const { lat } = toFrame(center, frame);
  return {
    binsz: c.pick([0.02, 0.05, 0.1, 0.2, 0.5]) * c.pick([1, c.between(0.7, 1.4)]),
    npix: [5 + c.below(14), 5 + c.below(14)],
    rotation: c.chance(0.3) ? c.between(-180, 180) : 0,
    proj,
    frame,
    isEquatorial: proj === "CAR" && Math.abs(lat) < 70 && c.chance(0.5),
  };
}

/** A map of such pixels, `npix` of them, each `scale` times as large. */
export function imageGeom(
  pixels: Pixels,
  center: SkyPosition,
  npix: readonly [number, number],
  scale: number,
  axes: readonly MapAxis[],
): WcsGeom {
  const { proj, frame, rotation } = pixels;
  const binsz = pixels.binsz * scale;
  const geom = wcsGeom({ center: toFrame(center, frame), binsz, npix, proj, frame, rotation, axes });
  if (!pixels.isEquatorial) return geom;
  const { crval, crpix, ...wcs } = geom.wcs;
  const equator: readonly [number, number] = [crval[0], 0];
  return {
    ...geom,
    wcs: {
      ...wcs,
      cd: rotatedSteps(-binsz, binsz, 0),
      crval: equator,
      crpix: [crpix[0], crpix[1] - crval[1] / binsz],
      ...defaultPoles({ projection: proj, crval: equator }),
    },
  };
}
