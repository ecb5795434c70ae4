/** What the commands print that begin with event lists. */
import { about, byName, list, number, numberOrNull, oneOf, shape, text, texts, whole } from "../../io/json-schema.js";
import { fitReport, lightCurve } from "./fits.js";
import { type DocumentKeys, fluxPoint } from "./parts.js";

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

const reduction = {
  geometry: oneOf("spectrum", "map"),
  settings: about(
    "as in reduce.yaml, which makes the same datasets again",
    byName({ type: ["string", "boolean", "array"] }),
  ),
  runs: list(run),
  skipped: about("runs that could not be read, or have no bin that is safe", list(shape({ id: text, message: text }))),
};

export const reduce: DocumentKeys = {
  always: { ...reduction, datasets: list(shape({ name: text, type: text })) },
};

const { intervals, variability, time_scale } = lightCurve.always;

export const analyse: DocumentKeys = {
  always: { ...reduction, source: text, fit: fitReport },
  maybe: { flux_points: list(fluxPoint), light_curve: intervals!, variability: variability!, time_scale: time_scale! },
};

const counted = shape({
  theta2_min: about("deg2", number),
  theta2_max: about("deg2", number),
  counts: whole,
  counts_off: whole,
  alpha: number,
  excess: number,
  excess_err: number,
  sqrt_ts: numberOrNull,
});

export const theta2: DocumentKeys = {
  always: {
    observations: whole,
    cut: about("deg", number),
    inside: about("within the cut", counted),
    theta2: list(counted),
  },
};

export const sensitivity: DocumentKeys = {
  always: {
    livetime: about("s", numberOrNull),
    nSigma: number,
    minExcess: number,
    backgroundFraction: number,
    sensitivity: list(
      shape({
        e_min: about("TeV", number),
        e_max: about("TeV", number),
        e_ref: about("TeV", number),
        dnde: about("cm-2 s-1 TeV-1", numberOrNull),
        e2dnde: about("erg cm-2 s-1", numberOrNull),
        excess: about("counts", numberOrNull),
        background: about("counts", numberOrNull),
        criterion: about("which condition decides", oneOf("significance", "events", "background", "")),
      }),
    ),
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
