/** Event files behind the page: the observations in them, and the spectra that are made of them. Runs in a thread of its own; everything that goes out is plain data. */
import { FormatError, fitMask, GammatsError, SpecError } from "gammats";
import { hasCode } from "gammats/extend";
import { basename, dirname } from "gammats/io";
import {
  createObservationReader,
  defaultRegion,
  livetimeOf,
  type Observation,
  readObservationIndex,
  reduceSpectrum,
  runCounts,
  spectrumDefaults,
} from "gammats/reduce";
import { countsImage, type DrawnImage } from "./events-image.js";
import { givenFiles, inflated, listed, MAX_BYTES } from "./given-files.js";
import { planOf, refused } from "./spectra-plan.js";
import { targetsOf } from "./targets.js";
import type { EventsEngine, NamedBytes, ObservationRow, Progress } from "./types.js";

interface State {
  readonly observations: readonly Observation[];
  /** What the files have to say. */
  readonly notes: readonly string[];
}

export function createEvents(progress: Progress = () => {}): EventsEngine {
  let state: State | undefined;
  let drawn: DrawnImage | undefined;
  const current = (): State => {
    if (state === undefined) throw new SpecError("no event files are open; open some first");
    return state;
  };
  return {
    async open(list) {
      const { index, observations, notes } = await read(list, progress);
      if (observations.length === 0) {
        throw new FormatError({
          where: index.folder,
          found: `no observation that can be read: ${notes.join("; ")}`,
          expected: "one at least",
        });
      }
      state = { observations, notes };
      return {
        observations: observations.map(rowOf),
        targets: targetsOf(observations),
        radius: defaultRegion(observations[0]!).radius,
        energy: spectrumDefaults.energy,
        notes,
      };
    },
    async image(choice, width) {
      const { observations } = current();
      drawn = countsImage(planOf(choice, observations), width);
      return drawn.svg;
    },
    async place(x, y) {
      if (drawn === undefined) throw new SpecError("there is no image of events yet");
      return drawn.placeAt(x, y);
    },
    async spectra(choice) {
      const { observations, notes } = current();
      const plan = planOf(choice, observations);
      const said = new Set([...notes, ...plan.notes]);
      const datasets = plan.chosen.flatMap((observation, k) => {
        progress(k, plan.chosen.length, "spectra");
        try {
          return [reduceSpectrum(observation, { ...plan.options, onNote: (note) => said.add(note) })];
        } catch (error) {
          said.add(leftOut(observation.id, error));
          return [];
        }
      });
      // reasons are among the notes
      const used = datasets.filter((dataset) => fitMask(dataset).includes(1));
      for (const { name } of datasets.filter((dataset) => !used.includes(dataset)))
        said.add(`observation ${name}: no energy bin of it is in the fit`);
      if (used.length === 0) throw refused(`no observation has something to fit: ${[...said].join("; ")}`);
      return { datasets: used, counts: runCounts(datasets), notes: [...said] };
    },
  };
}

/** All observations that can be read, with what is wrong with the others. */
async function read(list: readonly NamedBytes[], progress: Progress) {
  const given = new Map(list);
  const used = new Set<string>();
  const said = new Set<string>();
  const onNote = (note: string) => void said.add(note);
  const names = [...given.keys()];
  const indices = names.filter((name) => /^hdu-index\.fits(\.gz)?$/.test(basename(name)));
  const folder = indices[0] === undefined ? "." : dirname(indices[0]);
  for (const other of indices.slice(1))
    onNote(`${other}: a second index, which is left out; open its folder by itself`);
  const files = {
    ...givenFiles(given, used, inflated(given, MAX_BYTES, onNote)),
    list: async () => names,
  };
  const index = await readObservationIndex(folder, files);
  index.warnings.forEach(onNote);
  const reader = createObservationReader(files, { onNote });
  const observations: Observation[] = [];
  const missing: string[] = [];
  for (const [k, entry] of index.entries.entries()) {
    progress(k, index.entries.length, "observations");
    try {
      observations.push({ ...(await reader.read(entry)), id: entry.id });
    } catch (error) {
      if (hasCode(error, "missing-file")) missing.push(entry.id);
      else onNote(leftOut(entry.id, error));
    }
  }
  if (missing.length > 0) {
    onNote(
      `${missing.length} of ${index.entries.length} observations of the index are left out, as not all of their files are here (${listed(missing)})`,
    );
  }
  const unused = names.filter((name) => !used.has(name));
  if (unused.length > 0) onNote(`files that are left out: ${listed(unused)}`);
  return { index, observations, notes: [...said] };
}

/** @throws whatever is no fault of the file. */
function leftOut(id: string, error: unknown): string {
  if (!(error instanceof GammatsError)) throw error;
  return `observation ${id} is left out: ${error.message}`;
}

function rowOf(observation: Observation): ObservationRow {
  const { id, target = "", events, pointing } = observation;
  const { lon, lat } = pointing?.mode === "pointed" ? pointing.position : {};
  return {
    id,
    target,
    events: events.n,
    livetime: livetimeOf(observation),
    ...(lon !== undefined && { pointing: { lon, lat: lat! } }),
  };
}
