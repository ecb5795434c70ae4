/**
 * The unit names that FITS, Astropy and Gammapy files use in gamma-ray astronomy. A scale to SI is mantissa * 10^exponent, so that
 * conversions between decimal multiples are exact. Values: SI (2019) and IAU 2012/2015, the ones of Astropy 8.
 */

/** Powers of m, kg, s, rad, K, A. As in Astropy the angle is a dimension: sr = rad2. */
export type Dimension = readonly [number, number, number, number, number, number];

export interface UnitEntry {
  /** The spelling written back. */
  readonly name: string;
  readonly mantissa: number;
  readonly exponent: number;
  readonly dimension: Dimension;
  /** SI prefixes allowed. */
  readonly prefixes: boolean;
}

const none: Dimension = [0, 0, 0, 0, 0, 0];
const length: Dimension = [1, 0, 0, 0, 0, 0];
const time: Dimension = [0, 0, 1, 0, 0, 0];
const angle: Dimension = [0, 0, 0, 1, 0, 0];
const energy: Dimension = [2, 1, -2, 0, 0, 0];

type Row = readonly [names: string, mantissa: number, exponent: number, dimension: Dimension, prefixes?: "prefixes"];

const rows: readonly Row[] = [
  ["m meter metre", 1, 0, length, "prefixes"],
  ["g gram", 1, -3, [0, 1, 0, 0, 0, 0], "prefixes"],
  ["s second seconds sec SEC SECONDS", 1, 0, time, "prefixes"],
  ["rad radian", 1, 0, angle, "prefixes"],
  ["K Kelvin", 1, 0, [0, 0, 0, 0, 1, 0], "prefixes"],
  ["A Ampere", 1, 0, [0, 0, 0, 0, 0, 1], "prefixes"],
  ["eV electronvolt", 1.602176634, -19, energy, "prefixes"],
  // in capitals, as many files have them; milli-electronvolts are no unit of the field
  ["keV KEV", 1.602176634, -16, energy],
  ["MeV MEV", 1.602176634, -13, energy],
  ["GeV GEV", 1.602176634, -10, energy],
  ["TeV TEV", 1.602176634, -7, energy],
  ["erg", 1, -7, energy, "prefixes"],
  ["J Joule joule", 1, 0, energy, "prefixes"],
  ["W Watt watt", 1, 0, [2, 1, -3, 0, 0, 0], "prefixes"],
  ["N Newton newton", 1, 0, [1, 1, -2, 0, 0, 0], "prefixes"],
  ["Pa Pascal pascal", 1, 0, [-1, 1, -2, 0, 0, 0], "prefixes"],
  ["Hz Hertz hertz", 1, 0, [0, 0, -1, 0, 0, 0], "prefixes"],
  ["G Gauss gauss", 1, -4, [0, 1, -2, 0, 0, -1], "prefixes"],
  ["T Tesla tesla", 1, 0, [0, 1, -2, 0, 0, -1], "prefixes"],
  ["Jy Jansky jansky JY", 1, -26, [0, 1, -2, 0, 0, 0], "prefixes"],
  ["barn", 1, -28, [2, 0, 0, 0, 0, 0], "prefixes"],
  ["pc parsec", 3.0856775814913675, 16, length, "prefixes"],
  ["lyr lightyear", 9.4607304725808, 15, length, "prefixes"],
  ["AU au", 1.495978707, 11, length],
  ["Angstrom AA angstrom", 1, -10, length],
  ["min minute", 6, 1, time],
  ["h hour hr", 3.6, 3, time],
  ["d day", 8.64, 4, time],
  ["yr year a", 3.15576, 7, time, "prefixes"],
  ["sr steradian", 1, 0, [0, 0, 0, 2, 0, 0], "prefixes"],
  ["deg degree degrees Degrees DEG DEGREES", Math.PI / 1.8, -2, angle],
  ["arcmin arcminute", Math.PI / 1.08, -4, angle],
  ["arcsec arcsecond", Math.PI / 6.48, -5, angle],
  ["mas", Math.PI / 6.48, -8, angle],
  ["uas", Math.PI / 6.48, -11, angle],
  ["%", 1, -2, none],
];

/** Counting bases carry no dimension here and are dropped: `ph cm-2 s-1` is `cm-2 s-1`, `Jy/beam` is `Jy`. */
export const countingNames: ReadonlySet<string> = new Set(
  "ph photon photons ct count counts Count Counts COUNT COUNTS event events electron electrons bin bins pixel pixels chan channel channels beam BEAM adu ADU transit transits dimensionless unitless".split(
    " ",
  ),
);

export const unitTable: ReadonlyMap<string, UnitEntry> = new Map(
  rows.flatMap(([names, mantissa, exponent, dimension, prefixes]) => {
    const all = names.split(" ");
    const entry = { name: all[0]!, mantissa, exponent, dimension, prefixes: prefixes !== undefined };
    return all.map((name): [string, UnitEntry] => [name, entry]);
  }),
);

/** Longest first, so that `da` is tried before `d`. */
export const prefixTable: readonly (readonly [string, number])[] = [
  ["da", 1],
  ["Y", 24],
  ["Z", 21],
  ["E", 18],
  ["P", 15],
  ["T", 12],
  ["G", 9],
  ["M", 6],
  ["k", 3],
  ["h", 2],
  ["d", -1],
  ["c", -2],
  ["m", -3],
  ["u", -6],
  ["\u00b5", -6],
  ["\u03bc", -6],
  ["n", -9],
  ["p", -12],
  ["f", -15],
  ["a", -18],
  ["z", -21],
  ["y", -24],
];
