/** Simulated observations as event files (GADF 0.3) with their responses, and the index files of a folder of them. */
import { SpecError } from "../../errors.js";
import { livetimeOf, pointingOf } from "../../events/observations.js";
import type { Observation } from "../../events/types.js";
import { type Card, gzipped, makeColumn, type TableHdu, tableHdu, writeFits } from "../../fits/index.js";
import type { SimulatedEvents } from "../../simulate/types.js";
import { ontime } from "../../time/gti.js";
import { card } from "../cards.js";
import { gtiHdu, referenceCards } from "../gti.js";
import { responseHdus } from "./write-responses.js";

const GADF = [
  card("HDUCLASS", "GADF"),
  card("HDUDOC", "https://gamma-astro-data-formats.readthedocs.io"),
  card("HDUVERS", "0.3"),
];

/** An observation with the events that were drawn for it. */
export interface SimulatedRun {
  readonly observation: Observation;
  readonly simulated: SimulatedEvents;
}

/**
 * Files of a folder, by name: `run_<id>.fits` with EVENTS, GTI and the responses of each observation, hdu-index.fits.gz and obs-index.fits.gz. EVENTS has columns of the truth
 * (MC_ID, ENERGY_TRUE, RA_TRUE, DEC_TRUE), and keywords MIDnnnnn, MMNnnnnn with number and name of each model.
 * @throws SpecError where two observations have one id, or one has no pointing.
 */
export function encodeEventFiles(runs: readonly SimulatedRun[]): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const rows: IndexRow[] = [];
  for (const run of runs) {
    const { observation } = run;
    const name = `run_${observation.id.replace(/[^\w.-]/g, "_")}.fits`;
    if (files.has(name)) {
      throw new SpecError({
        where: `observation ${observation.id}`,
        found: `a second file ${name}`,
        expected: "observations with ids of their own",
      });
    }
    const responses = responseHdus(observation.irfs);
    const hdus = [eventsHdu(run), gtiTable(run), ...responses.map(({ hdu }) => hdu)];
    files.set(name, writeFits(hdus));
    const classes = ["events", "gti", ...responses.map(({ hduClass }) => hduClass)];
    for (const [k, { name: hdu }] of hdus.entries()) {
      const hduClass = classes[k]!;
      const type = hduClass.replace(/_(2d|3d|table|3gauss|king)$/, "");
      rows.push({ id: observation.id, type, hduClass, name, hdu });
    }
  }
  const index = (hdu: TableHdu) => gzipped(writeFits([hdu]));
  files.set("hdu-index.fits.gz", index(hduIndex(rows)));
  files.set("obs-index.fits.gz", index(obsIndex(runs)));
  return files;
}

/** OBS_ID as a number, where it is one. */
const idValue = (id: string): number | string => (/^\d{1,15}$/.test(id) ? Number(id) : id);

function idColumn(ids: readonly string[]) {
  const values = ids.map(idValue);
  const isNumber = values.every((id) => typeof id === "number");
  return makeColumn("OBS_ID", isNumber ? BigInt64Array.from(ids, BigInt) : ids);
}

/** First start and last stop, s. */
const span = ({ gti: { start, stop } }: Observation): readonly [number, number] => [
  start.reduce((a, b) => Math.min(a, b), Infinity),
  stop.reduce((a, b) => Math.max(a, b), -Infinity),
];

function timeCards({ gti }: Observation): Card[] {
  return [...referenceCards(gti), card("TIMEUNIT", "s"), card("TIMEREF", "TOPOCENTER")];
}

function gtiTable({ observation }: SimulatedRun): TableHdu {
  const { columns } = gtiHdu(observation.gti);
  return tableHdu("GTI", columns, [...GADF, card("HDUCLAS1", "GTI"), ...timeCards(observation)]);
}

function eventsHdu({ observation, simulated }: SimulatedRun): TableHdu {
  const { events, eventId, mcId, truth, components } = simulated;
  const { lon, lat } = pointingOf(observation);
  const [start, stop] = span(observation);
  const { location, telescope, target } = observation;
  const number = (k: number) => String(k).padStart(5, "0");
  return tableHdu(
    "EVENTS",
    [
      makeColumn("EVENT_ID", BigInt64Array.from(eventId, BigInt)),
      makeColumn("TIME", Float64Array.from(events.time), { unit: "s" }),
      makeColumn("RA", Float64Array.from(events.ra), { unit: "deg" }),
      makeColumn("DEC", Float64Array.from(events.dec), { unit: "deg" }),
      makeColumn("ENERGY", Float64Array.from(events.energy), { unit: "TeV" }),
      makeColumn("MC_ID", mcId),
      makeColumn("ENERGY_TRUE", truth.energy, { unit: "TeV" }),
      makeColumn("RA_TRUE", truth.ra, { unit: "deg" }),
      makeColumn("DEC_TRUE", truth.dec, { unit: "deg" }),
    ],
    [
      ...GADF,
      card("HDUCLAS1", "EVENTS"),
      card("OBS_ID", idValue(observation.id)),
      card("OBS_MODE", "POINTING"),
      card("OBJECT", target ?? "simulated"),
      card("TELESCOP", telescope ?? "unknown"),
      card("INSTRUME", telescope ?? "unknown"),
      card("CREATOR", "GammaTS"),
      card("ORIGIN", "simulated"),
      card("RADECSYS", "ICRS"),
      card("EQUINOX", 2000),
      card("RA_PNT", lon, "deg"),
      card("DEC_PNT", lat, "deg"),
      card("TSTART", start, "s"),
      card("TSTOP", stop, "s"),
      ...timeCards(observation),
      card("ONTIME", ontime(observation.gti), "s"),
      card("LIVETIME", livetimeOf(observation), "s"),
      card("DEADC", observation.liveFraction),
      ...(location
        ? [
            card("GEOLON", location.lon, "deg"),
            card("GEOLAT", location.lat, "deg"),
            card("ALTITUDE", location.height, "m"),
          ]
        : []),
      ...components.flatMap(({ id, name }) => [card(`MID${number(id)}`, id), card(`MMN${number(id)}`, name)]),
    ],
  );
}

interface IndexRow {
  readonly id: string;
  readonly type: string;
  readonly hduClass: string;
  readonly name: string;
  readonly hdu: string;
}

function hduIndex(rows: readonly IndexRow[]): TableHdu {
  const text = (name: string, pick: (row: IndexRow) => string) => makeColumn(name, rows.map(pick));
  return tableHdu(
    "HDU_INDEX",
    [
      idColumn(rows.map(({ id }) => id)),
      text("HDU_TYPE", ({ type }) => type),
      text("HDU_CLASS", ({ hduClass }) => hduClass),
      text("FILE_DIR", () => "."),
      text("FILE_NAME", ({ name }) => name),
      text("HDU_NAME", ({ hdu }) => hdu),
    ],
    [...GADF, card("HDUCLAS1", "INDEX"), card("HDUCLAS2", "HDU")],
  );
}

/** Times count from the reference of the first observation; those of others are brought to it. */
function obsIndex(runs: readonly SimulatedRun[]): TableHdu {
  const first = runs[0]!.observation;
  const other = runs.find(({ observation }) => observation.gti.timeScale !== first.gti.timeScale)?.observation;
  if (other !== undefined) {
    throw new SpecError({
      where: `observation ${other.id}`,
      found: `times in ${other.gti.timeScale}`,
      expected: `${first.gti.timeScale}, as in observation ${first.id}: a folder has one time scale`,
    });
  }
  const number = (name: string, pick: (run: Observation) => number, unit = "") =>
    makeColumn(
      name,
      Float64Array.from(runs, ({ observation }) => pick(observation)),
      unit === "" ? {} : { unit },
    );
  const shift = ({ gti }: Observation) => (gti.reference - first.gti.reference) * 86400;
  return tableHdu(
    "OBS_INDEX",
    [
      idColumn(runs.map(({ observation }) => observation.id)),
      makeColumn(
        "OBS_MODE",
        runs.map(() => "POINTING"),
      ),
      number("RA_PNT", (run) => pointingOf(run).lon, "deg"),
      number("DEC_PNT", (run) => pointingOf(run).lat, "deg"),
      makeColumn(
        "OBJECT",
        runs.map(({ observation }) => observation.target ?? "simulated"),
      ),
      number("TSTART", (run) => span(run)[0] + shift(run), "s"),
      number("TSTOP", (run) => span(run)[1] + shift(run), "s"),
      number("ONTIME", ({ gti }) => ontime(gti), "s"),
      number("LIVETIME", livetimeOf, "s"),
      number("DEADC", ({ liveFraction }) => liveFraction),
      makeColumn(
        "EVENT_COUNT",
        Int32Array.from(runs, ({ simulated }) => simulated.events.n),
      ),
      makeColumn(
        "TELESCOP",
        runs.map(({ observation }) => observation.telescope ?? "unknown"),
      ),
    ],
    [...GADF, card("HDUCLAS1", "INDEX"), card("HDUCLAS2", "OBS"), ...timeCards(first)],
  );
}
