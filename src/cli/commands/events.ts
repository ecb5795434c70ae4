import { simulateEvents } from "../../api/simulate-events.js";
import { SpecError } from "../../errors.js";
import type { Observation } from "../../events/types.js";
import { createObservationReader } from "../../io/dl3/observations.js";
import { encodeEventFiles, type SimulatedRun } from "../../io/dl3/write-events.js";
import { writeFiles } from "../../io/files.js";
import { openFile } from "../../io/formats/open.js";
import { columnsOf } from "../../io/table/rows.js";
import type { Table } from "../../io/table/types.js";
import { readModelsFor } from "../../io/yaml/analysis.js";
import { parsePlace } from "../../sky/place.js";
import { conversionFactor, parseQuantity } from "../../units/index.js";
import type { Context } from "../context.js";
import { turn } from "../fitted.js";
import { numberOf } from "../numbers.js";
import { giveFolder, giveTable, refuseEarly, tableInFolder } from "../results.js";
import { chosenRuns, type SelectionOptions, selectionOf } from "../run-selection.js";
import { showTable } from "../tables.js";

interface Options extends SelectionOptions {
  readonly models?: string;
  readonly seed: string;
  readonly count: string;
  readonly pointing?: string;
  readonly livetime?: string;
  readonly overwrite?: boolean;
}

interface Row {
  readonly observation: string;
  readonly like: string;
  readonly mc_id: number;
  readonly name: string;
  readonly events: number;
  readonly unknown: number;
  readonly outside: number;
}

export async function run(context: Context, args: readonly string[], options: Options) {
  const [folder] = args as [string];
  const { overwrite = false } = options;
  const isWhole = (x: number) => Number.isSafeInteger(x) && x >= 0;
  const seed = numberOf(options.seed, `--seed "${options.seed}"`, "a whole number from 0", isWhole);
  const count = numberOf(
    options.count,
    `--count "${options.count}"`,
    "a whole number from 1",
    (x) => isWhole(x) && x > 0,
  );
  if (options.models === undefined) throw new SpecError("events: say the models with --models models.yaml");
  await refuseEarly(context, options, "hdu-index.fits.gz", "obs-index.fits.gz");
  const { files, onNote } = context;
  const opened = await openFile(options.models, files);
  const { models, warnings } = await readModelsFor(undefined, opened, files, { registry: context.using.registry });
  for (const warning of warnings) onNote(warning);
  const { index, entries } = await chosenRuns(context, folder, selectionOf(options));
  context.print(`${entries.length} of ${index.entries.length} observations${count > 1 ? `, each ${count} times` : ""}`);
  const reader = createObservationReader(files, { onNote });
  const progress = context.progress("runs");
  const runs: SimulatedRun[] = [];
  const rows: Row[] = [];
  for (const [k, entry] of entries.entries()) {
    const like = changed({ ...(await reader.read(entry)), id: entry.id }, options);
    if (like.location === undefined)
      onNote(
        `observation ${like.id}: the place of the instrument is not known (GEOLON, GEOLAT, ALTITUDE), without which Gammapy 2.1 does not reduce its events`,
      );
    for (let copy = 1; copy <= count; copy++) {
      await turn(context);
      const id = count === 1 ? like.id : `${like.id}${String(copy).padStart(String(count).length, "0")}`;
      const observation = { ...like, id };
      const simulated = simulateEvents(observation, models, {
        ...context.using,
        seed,
        name: like.id,
        maxBytes: files.freeBytes?.(),
        onNote,
      });
      runs.push({ observation, simulated });
      rows.push(...simulated.components.map((c): Row => rowOf(id, like.id, c)));
      progress.update(k * count + copy, entries.length * count);
    }
  }
  progress.end();
  const table = tableOf(rows);
  showTable(context, table);
  const { place } = context;
  const tables = { events: () => table };
  const document = { seed, runs: rows };
  const write = (to: string) => {
    const made = encodeEventFiles(runs);
    for (const [name, bytes] of tableInFolder(context, tables)) made.set(name, bytes);
    return writeFiles(made, to, files, { overwrite });
  };
  if (place.kind === "folder") await giveFolder(context, document, place.path, () => write(place.path));
  else await giveTable(context, { document, tables, overwrite });
}

const rowOf = (observation: string, like: string, c: SimulatedRun["simulated"]["components"][number]): Row => ({
  observation,
  like,
  mc_id: c.id,
  name: c.name,
  events: c.events,
  unknown: c.unknown,
  outside: c.outside,
});

/** The observation with the pointing and the livetime that are asked for. */
function changed(observation: Observation, { pointing, livetime }: Options): Observation {
  const place = pointing === undefined ? undefined : parsePlace(pointing, `--pointing "${pointing}"`);
  const time = livetime === undefined ? undefined : secondsOf(livetime);
  const { gti, liveFraction } = observation;
  const start = gti.start.reduce((a, b) => Math.min(a, b), Infinity);
  return {
    ...observation,
    ...(place && { pointing: { mode: "pointed", position: place } }),
    ...(time !== undefined && {
      gti: { ...gti, start: Float64Array.of(start), stop: Float64Array.of(start + time / liveFraction) },
    }),
  };
}

function secondsOf(text: string): number {
  const where = `--livetime "${text}"`;
  const { value, unit } = parseQuantity(text, where);
  const time = unit === "" ? value : value * conversionFactor(unit, "s", where);
  if (time > 0 && Number.isFinite(time)) return time;
  throw new SpecError(`${where}: expected a time above 0, like "30 min"`);
}

function tableOf(rows: readonly Row[]): Table {
  const { text, whole } = columnsOf(rows);
  return {
    name: "events",
    about: "Simulated events",
    columns: [
      text("observation", (r) => r.observation),
      text("like", (r) => r.like, { about: "the observation whose responses and times it has" }),
      whole("mc_id", (r) => r.mc_id, { about: "0: background" }),
      text("model", (r) => r.name),
      whole("events", (r) => r.events),
      whole("unknown", (r) => r.unknown, { about: "dropped: no psf or energy dispersion is known for them" }),
      whole("outside", (r) => r.outside, { about: "dropped: outside of the field of view of the responses" }),
    ],
  };
}
