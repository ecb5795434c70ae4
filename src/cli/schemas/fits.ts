/** What the commands print that fit and measure. */
import {
  about,
  anything,
  byName,
  flag,
  type JsonSchema,
  list,
  number,
  numberOrNull,
  oneOf,
  shape,
  text,
  texts,
  whole,
} from "../../io/json-schema.js";
import {
  type DocumentKeys,
  datasetInfo,
  datasetInfoMore,
  fitDocument,
  fluxPoint,
  interval,
  numbers,
  units,
  values,
} from "./parts.js";

export const fitReport = shape(fitDocument.always, fitDocument.maybe);

const impact = shape({ nuisance: text, parameter: text, ...values("down", "up", "linear"), message: text });

export const fit: DocumentKeys = {
  always: {
    ...fitDocument.always,
    pulls: about(
      "of parameters with a prior: (fit - prior) / width of the prior",
      list(shape({ parameter: text, ...values("pull", "pull_error") })),
    ),
  },
  maybe: { ...fitDocument.maybe, impacts: list(impact) },
};

export const crab: DocumentKeys = {
  always: { data: oneOf("example", "real"), fit: fitReport, flux_points: byName(list(fluxPoint)) },
};

export const fluxPoints: DocumentKeys = {
  always: { source: text, datasets: texts, flux_points: list(fluxPoint) },
};

const propagation = shape({
  method: oneOf("linear", "sampling"),
  sigma: number,
  samples: whole,
  seed: whole,
});
const measuredKeys = { ...values("value", "errn", "errp"), message: text };
const measured = shape(measuredKeys);

export const fluxes: DocumentKeys = {
  always: {
    errors: propagation,
    fluxes: list(
      shape({
        source: text,
        e_min: about("TeV", number),
        e_max: about("TeV", number),
        flux: about("cm-2 s-1", measured),
        eflux: about("erg cm-2 s-1", measured),
      }),
    ),
  },
};

export const fluxCurve: DocumentKeys = {
  always: {
    errors: propagation,
    quantity: about("dnde in cm-2 s-1 TeV-1, e2dnde in erg cm-2 s-1", oneOf("dnde", "e2dnde")),
    curve: list(shape({ source: text, energy: about("TeV", number), ...measuredKeys })),
  },
};

const fraction = shape(values("value", "err", "excess", "excessErr"));
const doubling = shape(values("time", "err", "mjd"));

export const lightCurve: DocumentKeys = {
  always: {
    source: text,
    time_scale: text,
    intervals: list(interval),
    variability: list(
      shape({
        e_min: number,
        e_max: number,
        constancy: shape({ intervals: whole, ...values("norm", "normErr", "ts"), dof: whole, pValue: numberOrNull }),
        chi2: shape({ value: numberOrNull, dof: whole, p_value: numberOrNull, intervals: whole }),
        fvar: fraction,
        fpp: fraction,
        doubling_time: doubling,
        halving_time: doubling,
      }),
    ),
  },
};

const peak: JsonSchema = { energy_bin: whole, x: whole, y: whole, ...values("ra", "dec", "value") };

export const tsMap: DocumentKeys = {
  always: {
    datasets: texts,
    models: texts,
    index: number,
    energy_edges: about("TeV", numbers),
    pixels: list(whole),
    peaks: list(shape({ ...peak, ...values("ts", "flux", "flux_err", "flux_ul", "npred_excess") })),
  },
};

export const excessMap: DocumentKeys = {
  always: {
    datasets: texts,
    models: texts,
    radius: about("deg", number),
    energy_edges: about("TeV", numbers),
    pixels: list(whole),
    peaks: list(shape({ ...peak, counts: whole, ...values("background", "excess") })),
  },
};

const hdu = shape(
  { index: whole, name: text, kind: oneOf("image", "table"), cards: whole },
  { rows: whole, columns: list(shape({ name: text, unit: text })), shape: list(whole) },
);

/** Parameters as models hold them. */
const modelParameter = {
  name: text,
  ...values("value", "error", "min", "max"),
  unit: text,
  frozen: { type: "boolean" },
};
const parameterMore = {
  scale: numberOrNull,
  factor: numberOrNull,
  link: text,
  expression: text,
  prior: anything,
  extra: anything,
};

const axis = shape({ name: text, unit: text, bins: whole, from: number, to: number, nodes: oneOf("edges", "centres") });
const valueRange = { name: text, unit: text, min: number, max: number };

/** Of one file: beside these keys, those of what it holds, which a format of one's own may add. */
export const infoOfFiles: JsonSchema = list({
  type: "object",
  required: ["file", "kind", "about"],
  properties: {
    file: text,
    kind: about("name of the format", text),
    about: text,
    bytes: about("of a file", whole),
    n_files: about("of a folder", whole),
    hdus: list(hdu),
    problems: texts,
    warnings: texts,
    datasets: list(anything),
    models: list(
      shape({
        name: text,
        type: text,
        datasets: { anyOf: [texts, { type: "null" }] },
        parameters: list(shape({ kind: text, ...modelParameter }, parameterMore)),
      }),
    ),
    flux_points: list(fluxPoint),
    intervals: list(interval),
    peaks: list(shape(peak)),
    psf: list(shape({ energy_true: units("TeV"), r68: units("deg"), r95: units("deg") })),
    edisp_bins: about("bins of true energy beyond the counts, on either side", whole),
    observation: about("OBS_ID of an event list", text),
    n_events: whole,
    n_observations: about("of a folder or an index", whole),
    instruments: texts,
    targets: list(shape({ target: text, observations: whole, livetime: numberOrNull })),
    classes: about("of the HDUs, with how many there are", byName(whole)),
    missing: about("files that an index names and that are not there", texts),
    ...values("energy_min", "energy_max", "time_min", "time_max", "event_time_min", "event_time_max"),
    ...values("ontime", "livetime", "live_fraction", "header_livetime"),
    responses: list(
      shape(
        { hdu: text, class: text, point_like: flag, axes: list(axis), values: list(shape(valueRange)) },
        {
          rad_max: units("deg"),
          energy_min: numberOrNull,
          energy_max: numberOrNull,
          fov_align: anything,
          alignment: text,
        },
      ),
    ),
    edisp: list(shape({ e_min: units("TeV"), e_max: units("TeV"), measured: number, in_bin: numberOrNull })),
  },
});

export const infoOfModels: DocumentKeys = {
  always: {
    datasets: list(shape(datasetInfo, datasetInfoMore)),
    models: list(shape({ id: text, ...modelParameter }, parameterMore)),
  },
};
