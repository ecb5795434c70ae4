/** The table of the observations that there are. */

/** One HDU of an observation. */
export interface HduEntry {
  /** As in the file: events, gti, aeff, edisp, psf, bkg, rad_max, pointing. */
  readonly type: string;
  /** events, gti, aeff_2d, ... */
  readonly hduClass: string;
  /** Path as the folder of the index has it. */
  readonly path: string;
  readonly hdu: string;
}

/** One observation of an index. */
export interface ObservationEntry {
  readonly id: string;
  readonly hdus: readonly HduEntry[];
  /** Columns of the observation table, where there is one: numbers and texts by name. */
  readonly columns: Readonly<Record<string, number | string>>;
  /** TSTART and TSTOP, MJD of the `timeScale` of the index, where the table has them. */
  readonly start?: number;
  readonly stop?: number;
}

/** All observations of a folder. */
export interface ObservationIndex {
  readonly folder: string;
  readonly entries: readonly ObservationEntry[];
  /** Of `start` and `stop`: tt, utc, ...; absent: the files do not say, or differ. */
  readonly timeScale?: string;
  /** What a user should know of it. */
  readonly warnings: readonly string[];
}
