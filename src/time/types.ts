/** Good time intervals in seconds after `reference` (MJD, scale `timeScale`). */
export interface Gti {
  /** [n] s */
  readonly start: Float64Array;
  /** [n] s */
  readonly stop: Float64Array;
  /** MJDREFI + MJDREFF */
  readonly reference: number;
  readonly timeScale: string;
}

/** Something that was observed in good time intervals: a dataset. */
export interface Timed {
  readonly name: string;
  readonly gti?: Gti;
}
