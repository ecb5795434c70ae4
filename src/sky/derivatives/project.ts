import { createDirection, type Direction } from "./direction.js";
import { createJet, type Jet } from "./jet.js";

/** Jets of one position on the way from its direction to the plane of a projection. */
export interface Work {
  /** Unit vector in native coordinates. */
  readonly native: Direction;
  /** Plane coordinates, rad. */
  readonly plane: readonly [Jet, Jet];
  /** Native longitude and latitude, and steps on the way. */
  readonly phi: Jet;
  readonly theta: Jet;
  readonly steps: readonly [Jet, Jet, Jet];
  /** Of a zenithal projection [3]. */
  readonly factor: Float64Array;
}

export const createWork = (): Work => ({
  native: createDirection(),
  plane: [createJet(), createJet()],
  phi: createJet(),
  theta: createJet(),
  steps: [createJet(), createJet(), createJet()],
  factor: new Float64Array(3),
});

/** A projection: fills the plane coordinates from the native unit vector. */
export type Project = (work: Work) => void;
