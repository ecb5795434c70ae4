/** Places on the sky as a text says them. */
import { GammatsError, nameHint, SpecError } from "../errors.js";
import { FRAMES, isFrame } from "./frames.js";
import { parseRegions } from "./region-text.js";
import { regionCenter } from "./regions.js";
import type { SkyPosition } from "./types.js";

/**
 * `83.63 22.01 [frame]`, in degrees or sexagesimal; `where` begins the messages.
 * @throws SpecError where it is no place.
 */
export function parsePlace(rest: string, where: string): SkyPosition {
  const words = rest.trim().split(/[\s,]+/);
  const [lon, lat, frame = "icrs", ...more] = words;
  const expected =
    'expected longitude and latitude in deg, and maybe a frame, like "83.63 22.01" or "184.55 -5.78 galactic"';
  if (lon === undefined || lat === undefined || more.length > 0) throw new SpecError(`${where}: ${expected}`);
  if (!isFrame(frame)) {
    throw new SpecError(`${where}: there is no frame "${frame}"${nameHint(frame, FRAMES)}`);
  }
  try {
    return regionCenter(parseRegions(`${frame};point(${lon},${lat})`)[0]!);
  } catch (error) {
    if (error instanceof GammatsError) throw new SpecError(`${where}: ${expected}`);
    throw error;
  }
}
