/** A run made here: events of a source and of a background, with all responses, as GADF 0.3 has them. Small numbers of bins, so that a test takes no time. */
import { type Card, type Hdu, makeColumn, tableHdu, writeFits } from "../../src/fits/index.js";
import { card } from "../../src/io/cards.js";
import { randomStream } from "../../src/math/random.js";
import { axisFromEnergyBounds } from "../../src/sky/axis.js";
import { offsetBy } from "../../src/sky/frames.js";

export interface MadeRun {
  readonly id: number;
  readonly seed: number;
  /** Place of the pointing from the source, deg; default: 0.5 to the north. */
  readonly north?: number;
  /** Changes the tables before they are written. */
  readonly change?: (hdus: readonly Hdu[]) => readonly Hdu[];
}

export const SOURCE = { lon: 83.63, lat: 22.01, frame: "icrs" } as const;
const TRUE = axisFromEnergyBounds(0.1, 100, 24).nodes;
const RECO = axisFromEnergyBounds(0.1, 100, 9).nodes;
const OFFSET = Float64Array.of(0, 1, 2, 3);
const RAD = Float64Array.from({ length: 41 }, (_, k) => k * 0.01);
const MIGRA = Float64Array.from({ length: 41 }, (_, k) => k * 0.05);
const FOV = Float64Array.from({ length: 13 }, (_, k) => -3 + 0.5 * k);
const SIGMA = 0.05;

const time = [card("MJDREFI", 53343), card("MJDREFF", 0), card("TIMESYS", "tt"), card("TIMEUNIT", "s")];

export function madeRun(run: MadeRun): { readonly bytes: Uint8Array; readonly hdus: readonly Hdu[] } {
  const all = [events(run), gti(run), area(), dispersion(), psf(), background()];
  const hdus = run.change?.(all) ?? all;
  return { bytes: writeFits(hdus), hdus };
}

const startOf = ({ id }: MadeRun) => 1000 * id;

function events(run: MadeRun): Hdu {
  const { uniform } = randomStream(run.seed);
  const energy = (low: number, index: number) => low * (1 - uniform()) ** (-1 / (index - 1));
  const pointing = offsetBy(SOURCE, 0, run.north ?? 0.5);
  const rows = Array.from({ length: 1600 }, (_, k) => {
    const isSource = k < 200;
    const distance = isSource ? SIGMA * Math.sqrt(-2 * Math.log(1 - uniform())) : 2.5 * Math.sqrt(uniform());
    const place = offsetBy(isSource ? SOURCE : pointing, 360 * uniform(), distance);
    return { ...place, time: startOf(run) + 1000 * uniform(), energy: isSource ? energy(0.5, 2.5) : energy(0.3, 2.7) };
  }).sort((a, b) => a.time - b.time);
  const column = (name: string, pick: (row: (typeof rows)[number]) => number, unit: string) =>
    makeColumn(name, Float32Array.from(rows, pick), { unit });
  return tableHdu(
    "EVENTS",
    [
      makeColumn("EVENT_ID", Int32Array.from(rows.keys())),
      makeColumn(
        "TIME",
        Float64Array.from(rows, (row) => row.time),
        { unit: "s" },
      ),
      column("RA", (row) => row.lon, "deg"),
      column("DEC", (row) => row.lat, "deg"),
      column("ENERGY", (row) => row.energy, "TeV"),
    ],
    [
      ...time,
      card("HDUCLASS", "GADF"),
      card("HDUCLAS1", "EVENTS"),
      card("HDUVERS", "0.3"),
      card("OBS_ID", run.id),
      card("OBS_MODE", "POINTING"),
      card("OBJECT", "Crab"),
      card("TELESCOP", "MADE"),
      card("RA_PNT", pointing.lon),
      card("DEC_PNT", pointing.lat),
      card("TSTART", startOf(run)),
      card("TSTOP", startOf(run) + 1000),
      card("ONTIME", 1000),
      card("LIVETIME", 950),
      card("DEADC", 0.95),
    ],
  );
}

function gti(run: MadeRun): Hdu {
  const [start, stop] = [startOf(run), startOf(run) + 1000];
  return tableHdu(
    "GTI",
    [
      makeColumn("START", Float64Array.of(start), { unit: "s" }),
      makeColumn("STOP", Float64Array.of(stop), { unit: "s" }),
    ],
    [...time, card("HDUCLASS", "GADF"), card("HDUCLAS1", "GTI")],
  );
}

/** Columns of the edges of an axis. */
const edges = (name: string, nodes: Float64Array, unit: string) => {
  const n = nodes.length - 1;
  return [
    makeColumn(`${name}_LO`, Float32Array.from(nodes.subarray(0, n)), { unit, shape: [n] }),
    makeColumn(`${name}_HI`, Float32Array.from(nodes.subarray(1)), { unit, shape: [n] }),
  ];
};
const centers = (nodes: Float64Array) => Float64Array.from(nodes.subarray(1), (x, k) => (x + nodes[k]!) / 2);

/** A table with one value for each bin; `shape`: as numpy sees the cell. */
function response(
  name: string,
  axes: readonly ReturnType<typeof edges>[],
  column: readonly [string, string, readonly number[], (place: readonly number[]) => number],
  [kind, scheme]: readonly [string, string],
  cards: readonly Card[] = [],
): Hdu {
  const [column_, unit, shape, value] = column;
  const data = new Float32Array(shape.reduce((p, n) => p * n, 1));
  for (let i = 0; i < data.length; i++) {
    let rest = i;
    const place = [...shape].reverse().map((n) => {
      const k = rest % n;
      rest = Math.floor(rest / n);
      return k;
    });
    // the last axis of the shape is the first of the format
    data[i] = value(place);
  }
  return tableHdu(
    name,
    [...axes.flat(), makeColumn(column_, data, { unit, shape })],
    [
      card("HDUCLASS", "GADF"),
      card("HDUCLAS1", "RESPONSE"),
      card("HDUCLAS2", kind),
      card("HDUCLAS3", "FULL-ENCLOSURE"),
      card("HDUCLAS4", scheme),
      ...cards,
    ],
  );
}

const trueAxis = edges("ENERG", TRUE, "TeV");
const offsetAxis = edges("THETA", OFFSET, "deg");
const [nTrue, nOffset] = [TRUE.length - 1, OFFSET.length - 1];

const area = () =>
  response(
    "EFFECTIVE AREA",
    [trueAxis, offsetAxis],
    ["EFFAREA", "m2", [nOffset, nTrue], ([e, t]) => (1e5 * (1 + e! / 12)) / (1 + t!)],
    ["EFF_AREA", "AEFF_2D"],
  );

function dispersion(): Hdu {
  const middle = centers(MIGRA);
  return response(
    "ENERGY DISPERSION",
    [trueAxis, edges("MIGRA", MIGRA, ""), offsetAxis],
    [
      "MATRIX",
      "",
      [nOffset, middle.length, nTrue],
      ([, m]) => Math.exp(-0.5 * ((middle[m!]! - 1) / 0.15) ** 2) / (0.15 * Math.sqrt(2 * Math.PI)),
    ],
    ["EDISP", "EDISP_2D"],
  );
}

function psf(): Hdu {
  const middle = centers(RAD);
  const rad = Math.PI / 180;
  const norm = 2 * Math.PI * (SIGMA * rad) ** 2;
  return response(
    "POINT SPREAD FUNCTION",
    [trueAxis, offsetAxis, edges("RAD", RAD, "deg")],
    ["RPSF", "sr-1", [middle.length, nOffset, nTrue], ([, , r]) => Math.exp(-0.5 * (middle[r!]! / SIGMA) ** 2) / norm],
    ["RPSF", "PSF_TABLE"],
  );
}

function background(): Hdu {
  const energy = RECO.subarray(1).map((e, k) => Math.sqrt(e * RECO[k]!));
  const [n, m] = [energy.length, FOV.length - 1];
  return response(
    "BACKGROUND",
    [edges("DETX", FOV, "deg"), edges("DETY", FOV, "deg"), edges("ENERG", RECO, "TeV")],
    ["BKG", "s-1 MeV-1 sr-1", [n, m, m], ([x, y, e]) => 1e-5 * energy[e!]! ** -2.7 * (1 + 0.02 * x! + 0.01 * y!)],
    ["BKG", "BKG_3D"],
    [card("FOVALIGN", "RADEC")],
  );
}
