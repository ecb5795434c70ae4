/** What checks of event data are told to say. */

/** What was found, one line each. */
export interface Notes {
  /** What reductions refuse, or what makes numbers wrong. */
  readonly problems: string[];
  /** What a user should know. */
  readonly warnings: string[];
  /** Integrals that are not 1. */
  readonly norms: OffNorms[];
}

/** Integrals of a response that are not 1, in bins of energy and offset. */
export interface OffNorms {
  readonly at: string;
  readonly hdu: string;
  /** As in "the psf over the solid angle". */
  readonly what: string;
  readonly min: number;
  readonly max: number;
  /** How many bins are off, have nothing in them, and are there. */
  readonly off: number;
  readonly empty: number;
  readonly bins: number;
}

export const noNotes = (): Notes => ({ problems: [], warnings: [], norms: [] });
