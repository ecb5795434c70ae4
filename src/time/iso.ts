/** MJD of 1970-01-01. */
const EPOCH = 40587;

/** A time as a calendar has it, in the scale of the MJD: "2004-12-04T22:08:10.184". */
export const isoTime = (mjd: number): string =>
  new Date(Math.round((mjd - EPOCH) * 86400e3)).toISOString().replace("Z", "");
