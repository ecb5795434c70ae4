/** Regions as lines on pictures of the sky. */
import { toFrame } from "../sky/frames.js";
import { regionCenter, tangentWcs } from "../sky/regions.js";
import type { Frame, Region, SkyPosition } from "../sky/types.js";
import { makeProjector } from "../sky/wcs.js";
import type { SkyOutline } from "./skyoverlay.js";

/** Corners of an ellipse. */
const CORNERS = 72;

/** The outlines of regions in the frame of a picture; what is taken out of one is dashed. A point has none. */
export function regionOutlines(
  regions: readonly Region[],
  frame: Frame,
  look: { readonly color?: string; readonly dash?: string } = {},
): SkyOutline[] {
  return regions.flatMap((region) => outlinesOf(region, frame).map((outline) => ({ ...look, ...outline })));
}

function outlinesOf(region: Region, frame: Frame): SkyOutline[] {
  const line = (points: readonly SkyPosition[]): SkyOutline => {
    const shown = points.map((point) => toFrame(point, frame));
    return { lon: shown.map(({ lon }) => lon), lat: shown.map(({ lat }) => lat) };
  };
  const circle = (radius: number): SkyOutline => ({ ...toFrame(regionCenter(region), frame), radius });
  switch (region.shape) {
    case "point":
      return [];
    case "circle":
      return [circle(region.radius)];
    case "annulus":
      return [circle(region.inner), circle(region.outer)];
    case "polygon":
      return [line(region.vertices)];
    case "difference":
      return [
        ...outlinesOf(region.region, frame),
        ...regionOutlines(region.without, frame).map((outline) => ({ ...outline, dash: "3 3" })),
      ];
    case "ellipse":
    case "rectangle":
      return [line(around(region, region.shape === "ellipse", [region.width, region.height]))];
    default: {
      const isEllipse = region.shape === "ellipse-annulus";
      return [region.inner, region.outer].map((size) => line(around(region, isEllipse, size)));
    }
  }
}

/** Points on an ellipse or the corners of a rectangle, seen in the tangential plane at its centre; longitudes grow to the left there. */
function around(
  { center, angle }: { readonly center: SkyPosition; readonly angle: number },
  isEllipse: boolean,
  [width, height]: readonly [number, number],
): SkyPosition[] {
  const { pixToSky } = makeProjector(tangentWcs(center, 1, [1, 1]));
  const turn = (angle * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const out = new Float64Array(2);
  const turns = isEllipse ? Array.from({ length: CORNERS }, (_, i) => (2 * Math.PI * i) / CORNERS) : [1, 3, 5, 7];
  return turns.map((t) => {
    const u = (width / 2) * (isEllipse ? Math.cos(t) : Math.sign(Math.cos((t * Math.PI) / 4)));
    const v = (height / 2) * (isEllipse ? Math.sin(t) : Math.sign(Math.sin((t * Math.PI) / 4)));
    pixToSky(cos * u - sin * v, sin * u + cos * v, out);
    return { lon: out[0]!, lat: out[1]!, frame: center.frame };
  });
}
