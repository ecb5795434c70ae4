/** What follows from an observation. */
import { SpecError } from "../errors.js";
import { toFrame } from "../sky/frames.js";
import type { SkyPosition } from "../sky/types.js";
import { ontime } from "../time/gti.js";
import type { Observation } from "./types.js";

/** Time in which events could be recorded, s: the good time intervals times DEADC. The header's LIVETIME is not used. */
export const livetimeOf = ({ gti, liveFraction }: Observation): number => ontime(gti) * liveFraction;

/**
 * Where a pointed observation looked, ICRS.
 * @throws SpecError where the file gives no pointing, or one that is fixed over the horizon.
 */
export function pointingOf({ id, pointing }: Observation): SkyPosition {
  if (pointing?.mode === "pointed") return toFrame(pointing.position, "icrs");
  throw new SpecError({
    where: `observation ${id}`,
    found: pointing === undefined ? "no pointing (RA_PNT, DEC_PNT)" : "OBS_MODE = DRIFT, a direction over the horizon",
    expected: "a pointing on the sky, which offsets from it need",
  });
}
