import { differencesOf } from "../models/spatial/differences.js";
import { axisCenters } from "../sky/axis.js";
import { convertFrame } from "../sky/frames.js";
import { pixelsOf } from "../sky/pixels.js";
import type { Geom } from "../sky/types.js";
import type { Response } from "./response.js";
import { profilesOf, type Shape } from "./shape.js";

/** Pixels at which a shape is looked at that has no place of its own. */
const PIXELS = 500;

/** The shape with derivatives by the parameters `free`: its own, those of its profiles, or checked differences. `where` begins the message of a refusal. */
export function withDerivatives(
  shape: Shape,
  p: Float64Array,
  free: readonly number[],
  response: Response,
  where: string,
): Shape {
  const { declaration, frame } = shape;
  if (declaration.derivatives !== undefined || profilesOf(declaration) !== undefined) return shape;
  const energies = axisCenters(response.energyTrue);
  const sight = {
    positions: pixelPositions(response.geom, frame),
    energy: energies[energies.length >> 1]!,
  };
  const derivatives = differencesOf(declaration, p, free, sight, where);
  return { ...shape, declaration: { ...declaration, derivatives } };
}

function pixelPositions(geom: Geom, frame: Shape["frame"]): Float64Array {
  const pixels = pixelsOf(geom);
  const step = Math.max(1, Math.ceil(pixels.nPix / PIXELS));
  const sky = new Float64Array(2);
  const found: number[] = [];
  for (let k = 0; k < pixels.nPix; k += step) {
    pixels.center(k, sky);
    if (Number.isNaN(sky[0])) continue;
    convertFrame(sky[0]!, sky[1]!, pixels.frame, frame, sky);
    found.push(sky[0]!, sky[1]!);
  }
  return Float64Array.from(found);
}
