/** What the commands print that begin with event lists. */
import { about, byName, list, number, numberOrNull, oneOf, shape, text, texts, whole } from "../../io/json-schema.js";
import type { DocumentKeys } from "./parts.js";

export const observations: DocumentKeys = {
  always: {
    folder: text,
    n_observations: about("of the folder", whole),
    observations: list(
      shape({
        id: text,
        hdus: about("types of its HDUs", texts),
        columns: about("of the table of observations, by name", byName({ type: ["number", "string", "null"] })),
      }),
    ),
  },
};

const run = shape({
  name: text,
  livetime: about("s", numberOrNull),
  on: about("counts of the ON region; of maps within --radius of the target", number),
  off: about("null: the background is no count", numberOrNull),
  alpha: about("background / off", numberOrNull),
  background: about("in the ON region", number),
  excess: number,
  significance: about("Li & Ma (1983), standard deviations", numberOrNull),
  cumulated_livetime: about("s, of this run and those before it", number),
  cumulated_excess: number,
  cumulated_significance: numberOrNull,
});

export const reduce: DocumentKeys = {
  always: {
    geometry: oneOf("spectrum", "map"),
    settings: about(
      "as in reduce.yaml, which makes the same datasets again",
      byName({ type: ["string", "boolean", "array"] }),
    ),
    datasets: list(shape({ name: text, type: text })),
    runs: list(run),
    skipped: about("runs that could not be read", list(shape({ id: text, message: text }))),
  },
};

export const simulatedEvents: DocumentKeys = {
  always: {
    seed: whole,
    runs: list(
      shape({
        observation: text,
        like: about("the observation whose responses and times it has", text),
        mc_id: about("0: background; k: the k-th model", whole),
        name: text,
        events: about("in the list", whole),
        unknown: about("dropped: the responses hold no psf or energy dispersion for them", whole),
        outside: about("dropped: outside of the field of view of the responses", whole),
      }),
    ),
  },
};
