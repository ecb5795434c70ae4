/** Spectra as X-ray and gamma-ray burst missions write them, made with known numbers: several spectra in one table, responses of several matrices. */
import { type Card, type Column, type Hdu, imageHdu, makeColumn, tableHdu, writeFits } from "../../src/fits/index.js";
import { card } from "../../src/io/cards.js";

export const CHANNELS = 16;
const TRUE = 60;
const N_SPECTRA = 3;

const logEdges = (low: number, high: number, n: number) =>
  Float64Array.from({ length: n + 1 }, (_, i) => low * (high / low) ** (i / n));

/** keV */
export const BOUNDS = logEdges(8, 1000, CHANNELS);
const ENERGIES = logEdges(5, 2000, TRUE);

/** cm2 for each channel: an area that rises and falls, spread over the channels around the true energy and a few far below. */
function areaInto(version: number): Float64Array[] {
  return Array.from({ length: TRUE }, (_, t) => {
    const e = Math.sqrt(ENERGIES[t]! * ENERGIES[t + 1]!);
    const area = (100 * version) / (1 + (e / 200) ** 2 + (20 / e) ** 2);
    const weights = Float64Array.from({ length: CHANNELS }, (_, c) => {
      const x = Math.log(Math.sqrt(BOUNDS[c]! * BOUNDS[c + 1]!) / e) / 0.25;
      return Math.exp(-0.5 * x * x) + (x < 0 ? 0.01 : 0);
    });
    const sum = weights.reduce((a, b) => a + b, 0);
    return weights.map((w) => (area * w) / sum);
  });
}

export interface Matrix {
  readonly version: number;
  /** TLMIN of F_CHAN; undefined: the file does not say it. */
  readonly tlmin: number | undefined;
  /** The number of the first channel. */
  readonly first: number;
  readonly unit?: string;
  readonly content?: string;
  readonly times?: readonly [number, number];
}

const PER_KEV: Readonly<Record<string, number>> = { eV: 1e3, keV: 1, MeV: 1e-3, GeV: 1e-6 };

/** SPECRESP MATRIX and EBOUNDS of one matrix, with one group of all channels in each row. */
export function matrixHdus({ version, tlmin, first, unit = "keV", content = "FULL", times }: Matrix): Hdu[] {
  const scaled = (edges: Float64Array) => edges.map((e) => e * PER_KEV[unit]!);
  const ones = (n: number, value: number) => new Int16Array(n).fill(value);
  const common = [
    card("EXTVER", version),
    card("TELESCOP", "TEST"),
    card("INSTRUME", "TEST"),
    card("FILTER", "none"),
    card("CHANTYPE", "PHA"),
    card("DETCHANS", CHANNELS),
    card("HDUCLASS", "OGIP"),
    card("HDUCLAS1", "RESPONSE"),
  ];
  const matrix = tableHdu(
    "SPECRESP MATRIX",
    [
      makeColumn("ENERG_LO", scaled(ENERGIES).slice(0, -1), { unit }),
      makeColumn("ENERG_HI", scaled(ENERGIES).slice(1), { unit }),
      makeColumn("N_GRP", ones(TRUE, 1)),
      makeColumn("F_CHAN", ones(TRUE, first), tlmin === undefined ? {} : { keywords: [card("TLMIN", tlmin)] }),
      makeColumn("N_CHAN", ones(TRUE, CHANNELS)),
      makeColumn("MATRIX", Float64Array.from(areaInto(version).flatMap((row) => Array.from(row))), {
        shape: [CHANNELS],
      }),
    ],
    [
      ...common,
      card("HDUCLAS2", "RSP_MATRIX"),
      card("HDUCLAS3", content),
      ...(times === undefined ? [] : [card("TSTART", times[0]), card("TSTOP", times[1])]),
    ],
  );
  const bounds = tableHdu(
    "EBOUNDS",
    [
      makeColumn(
        "CHANNEL",
        Int16Array.from({ length: CHANNELS }, (_, i) => i + first),
      ),
      makeColumn("E_MIN", scaled(BOUNDS).slice(0, -1), { unit }),
      makeColumn("E_MAX", scaled(BOUNDS).slice(1), { unit }),
    ],
    [...common, card("HDUCLAS2", "EBOUNDS")],
  );
  return [matrix, bounds];
}

export const fitsFile = (...hdus: readonly Hdu[]): Uint8Array =>
  writeFits([imageHdu("PRIMARY", [], null, []), ...hdus]);

/** Counts of spectrum s, of the source with its background or of the background. */
export const countsOf = (s: number, isBackground: boolean): Int32Array =>
  Int32Array.from({ length: CHANNELS }, (_, c) => {
    const off = 30 + 40 * s + ((c * 7) % 5) + 2 * (CHANNELS - c);
    return isBackground ? 2 * off : off + Math.floor((40 * (s + 1)) / (1 + c / 3)) + ((c * 11) % 7);
  });

const EXPOSURES = [2, 3.5, 1.25] as const;

/** One table of all spectra, an array of channels in each row. */
export function typeTwo(columns: readonly Column[], cards: readonly Card[], isBackground: boolean): Hdu {
  const channels = Int16Array.from({ length: N_SPECTRA * CHANNELS }, (_, i) => (i % CHANNELS) + 1);
  return tableHdu(
    "SPECTRUM",
    [
      makeColumn(
        "SPEC_NUM",
        Int16Array.from({ length: N_SPECTRA }, (_, s) => s + 1),
      ),
      makeColumn("CHANNEL", channels, { shape: [CHANNELS] }),
      makeColumn("EXPOSURE", Float64Array.from(EXPOSURES), { unit: "s" }),
      makeColumn("TSTART", Float64Array.of(0, 2, 5.5), { unit: "s" }),
      makeColumn("TSTOP", Float64Array.of(2, 5.5, 6.75), { unit: "s" }),
      ...columns,
    ],
    [
      card("HDUCLASS", "OGIP"),
      card("HDUCLAS1", "SPECTRUM"),
      card("HDUCLAS2", isBackground ? "BKG" : "TOTAL"),
      card("HDUCLAS3", "COUNT"),
      card("HDUCLAS4", "TYPE:II"),
      card("TELESCOP", "TEST"),
      card("INSTRUME", "TEST"),
      card("EXPOSURE", EXPOSURES[0]),
      card("AREASCAL", 1),
      card("BACKSCAL", isBackground ? 2 : 1),
      card("CORRFILE", "none"),
      card("ANCRFILE", "none"),
      card("CHANTYPE", "PHA"),
      card("DETCHANS", CHANNELS),
      ...cards,
    ],
  );
}

const arrays = (of: (s: number) => ArrayLike<number>) =>
  Float64Array.from({ length: N_SPECTRA * CHANNELS }, (_, i) => of(Math.floor(i / CHANNELS))[i % CHANNELS]!);

const counted = (isBackground: boolean): Column =>
  makeColumn("COUNTS", Int32Array.from(arrays((s) => countsOf(s, isBackground))), { shape: [CHANNELS] });

/** The files of a burst in three intervals: spectra, backgrounds, and responses measured from 0 to 3 s and from 3 s on. */
export function burst(): Record<string, Uint8Array> {
  const responses: readonly Matrix[] = [
    { version: 1, tlmin: 1, first: 1, times: [0, 3] },
    { version: 2, tlmin: 1, first: 1, times: [3, 9] },
  ];
  const rows = (name: string, numbers: readonly number[]) => numbers.map((n) => `${name}{${n}}`);
  const quality = Int16Array.from({ length: N_SPECTRA * CHANNELS }, (_, i) => (i % CHANNELS === 0 ? 1 : 0));
  const columns = [
    counted(false),
    makeColumn("QUALITY", quality, { shape: [CHANNELS] }),
    makeColumn("BACKFILE", rows("burst.bak", [1, 2, 3])),
    makeColumn("RESPFILE", rows("burst.rsp2", [1, 2, 2])),
  ];
  const poisson = [card("POISSERR", true)];
  return {
    "burst.pha2": fitsFile(typeTwo(columns, poisson, false)),
    "burst.bak": fitsFile(typeTwo([counted(true)], poisson, true)),
    "burst.rsp2": fitsFile(...responses.flatMap(matrixHdus)),
    // for programs that read one matrix of a file
    "burst_1.rsp": fitsFile(...matrixHdus(responses[0]!)),
    "burst_2.rsp": fitsFile(...matrixHdus(responses[1]!)),
  };
}

/** One spectrum a file, which names its response and maybe a background; `columns` beside CHANNEL. */
function typeOne(columns: readonly Column[], cards: readonly Card[], role: string): Uint8Array {
  return fitsFile(
    tableHdu(
      "SPECTRUM",
      [
        makeColumn(
          "CHANNEL",
          Int16Array.from({ length: CHANNELS }, (_, i) => i + 1),
        ),
        ...columns,
      ],
      [
        card("HDUCLASS", "OGIP"),
        card("HDUCLAS1", "SPECTRUM"),
        card("HDUCLAS2", role),
        card("TELESCOP", "TEST"),
        card("INSTRUME", "TEST"),
        card("EXPOSURE", 2),
        card("AREASCAL", 1),
        card("BACKSCAL", role === "BKG" ? 2 : 1),
        card("CORRFILE", "none"),
        card("ANCRFILE", "none"),
        card("CHANTYPE", "PHA"),
        card("DETCHANS", CHANNELS),
        ...cards,
      ],
    ),
  );
}

/** Rates with errors, as of a background that is a fit and of a mask instrument; counts with systematic errors; counts without a background. */
export function oneByOne(): Record<string, Uint8Array> {
  const rate = (counts: ArrayLike<number>, shift = 0) => [
    makeColumn(
      "RATE",
      Float64Array.from(counts, (n) => n / 2 - shift),
    ),
    makeColumn(
      "STAT_ERR",
      Float64Array.from(counts, (n, c) => Math.sqrt(n) / 1.5 + 0.1 * c),
    ),
  ];
  const [on, off] = [countsOf(0, false), countsOf(0, true)];
  const response = card("RESPFILE", "burst_1.rsp");
  const [gaussian, poisson] = [card("POISSERR", false), card("POISSERR", true)];
  const systematic = makeColumn(
    "SYS_ERR",
    Float64Array.from({ length: CHANNELS }, (_, c) => 0.02 * (1 + (c % 3))),
  );
  return {
    "rate.pha": typeOne(rate(on), [gaussian, response, card("BACKFILE", "rate.bak")], "TOTAL"),
    "rate.bak": typeOne(rate(off), [gaussian], "BKG"),
    "net.pha": typeOne(rate(on, 28), [gaussian, response], "NET"),
    "half.pha": typeOne([makeColumn("COUNTS", on)], [poisson, response, card("BACKFILE", "rate.bak")], "TOTAL"),
    "system.pha": typeOne(
      [makeColumn("COUNTS", on), systematic],
      [poisson, response, card("BACKFILE", "system.bak")],
      "TOTAL",
    ),
    "system.bak": typeOne([makeColumn("COUNTS", off)], [poisson], "BKG"),
    "bare.pha": typeOne([makeColumn("COUNTS", on)], [poisson, response], "TOTAL"),
  };
}
