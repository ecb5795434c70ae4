/** What a spectrum is made with where nothing else is said. */
import type { Observation } from "../events/types.js";

/** Energies in TeV, angles in deg. */
export const spectrumDefaults = {
  energy: { min: 0.1, max: 40, bins: 26 },
  /** Percent of the largest effective area, below which energies are left out (`aeff-max`). */
  aeffMax: 10,
  /** Of the target from the pointing; observations that looked further away are left out. */
  maxOffset: 2.5,
  /** Number of OFF regions of the method wobble. */
  wobbleRegions: 3,
} as const;

/** Radius of the ON region, deg, for full-enclosure responses. */
const RADIUS = 0.11;

/**
 * ON radius and way to OFF regions that the responses of an observation ask for: the radius that point-like responses hold for, of each energy ("rad-max") with
 * wobble regions, or fixed with reflected ones; 0.11 deg for full-enclosure responses.
 */
export function defaultRegion({ irfs: { aeff, radMax } }: Pick<Observation, "irfs">): {
  readonly radius: number | "rad-max";
  readonly background: "wobble" | "reflected";
} {
  if (aeff?.pointLike === true && radMax !== undefined) return { radius: "rad-max", background: "wobble" };
  return { radius: (aeff?.pointLike ? aeff.radMax : undefined) ?? RADIUS, background: "reflected" };
}
