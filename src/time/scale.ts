import { UnsupportedError } from "../errors.js";

/** First day (MJD, UTC) of each value of TAI - UTC, which rises by 1 s from the 10 s of 1972 (IERS Bulletin C, up to number 70). */
const LEAP_DAYS = [
  41317, 41499, 41683, 42048, 42413, 42778, 43144, 43509, 43874, 44239, 44786, 45151, 45516, 46247, 47161, 47892, 48257,
  48804, 49169, 49534, 50083, 50630, 51179, 53736, 54832, 56109, 57204, 57754,
];

/** The first day (MJD) of UTC with leap seconds. */
export const UTC_START = 41317;

/** TAI minus a time scale, s, at a time of that scale (MJD). TDB counts as TT, from which it stays within 2 ms. */
export function taiMinus(scale: string, mjd: number, where: string): number {
  if (scale === "tai") return 0;
  if (scale === "tt" || scale === "tdb") return -32.184;
  if (scale === "utc" && mjd >= UTC_START) {
    let seconds = 9;
    for (let i = 0; i < LEAP_DAYS.length && LEAP_DAYS[i]! <= mjd; i++) seconds++;
    return seconds;
  }
  throw new UnsupportedError(
    `${where}: times in the scale "${scale}" at MJD ${mjd}; expected tt, tdb, tai, or utc since 1972: convert them`,
  );
}

/** Seconds that pass between an integer day (MJD, TAI) and a time `seconds` after `reference` (MJD) of a time scale. */
export function taiSeconds(
  day: number,
  seconds: number,
  { reference, timeScale }: { readonly reference: number; readonly timeScale: string },
  where: string,
): number {
  return (reference - day) * 86400 + taiMinus(timeScale, reference, where) + seconds;
}

/** MJD, of a time scale, of the instant `seconds` after an integer day (MJD, TAI). */
export function mjdOfTai(day: number, seconds: number, timeScale: string, where: string): number {
  const guess = day + seconds / 86400;
  // a second time where a leap second lies between both scales
  const first = day + (seconds - taiMinus(timeScale, guess, where)) / 86400;
  return day + (seconds - taiMinus(timeScale, first, where)) / 86400;
}
