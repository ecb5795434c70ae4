/** What the documents of several commands have in common. */
import { fitReportKeys, fitReportMore } from "../../io/fit-result-schema.js";
import {
  about,
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

/** What a command's `--json` prints. `files`: it writes files, and then says which. */
export interface DocumentSchema {
  readonly schema: JsonSchema;
}

/** A document with these keys, `files` where files were written, and `provenance` where the command is recorded. */
export interface DocumentKeys {
  readonly always: JsonSchema;
  readonly maybe?: JsonSchema;
}

/** Numbers of these names, each of which may be missing. */
export const values = (...names: readonly string[]): JsonSchema =>
  Object.fromEntries(names.map((name) => [name, numberOrNull]));

export const numbers = list(numberOrNull);

/** A fit that did not converge ends a command that builds on it. */
export const failed: DocumentKeys = { always: { success: oneOf(false), message: text } };

export const fitDocument: DocumentKeys = { always: fitReportKeys, maybe: fitReportMore };

export const units = (unit: string) => about(unit, numberOrNull);

/** A flux point: energies in TeV, dnde in cm-2 s-1 TeV-1, e2dnde in erg cm-2 s-1; only what was measured. */
const fluxPointKeys: readonly [JsonSchema, JsonSchema] = [
  {
    e_ref: units("TeV"),
    norm: about("multiple of the reference spectrum", numberOrNull),
    dnde: units("cm-2 s-1 TeV-1"),
    is_ul: about("a limit, not a point", flag),
  },
  {
    e_min: units("TeV"),
    e_max: units("TeV"),
    dnde_err: units("cm-2 s-1 TeV-1"),
    e2dnde: units("erg cm-2 s-1"),
    e2dnde_err: units("erg cm-2 s-1"),
    e2dnde_errn: units("erg cm-2 s-1"),
    e2dnde_errp: units("erg cm-2 s-1"),
    e2dnde_ul: about("erg cm-2 s-1, upper limit", numberOrNull),
    ts: about("rise of -2 ln L without the source", numberOrNull),
    sqrt_ts: numberOrNull,
    npred: numberOrNull,
    npred_excess: numberOrNull,
    counts: numberOrNull,
    stat: numberOrNull,
    remark: about("why there is no value", text),
  },
];
export const fluxPoint = shape(...fluxPointKeys);

/** An interval of a light curve; times are MJD in the curve's scale. */
export const interval = shape(
  {
    time_min: number,
    time_max: number,
    time_ref: number,
    points: list(
      shape(fluxPointKeys[0], {
        ...fluxPointKeys[1],
        flux: units("cm-2 s-1"),
        flux_err: units("cm-2 s-1"),
        flux_errn: units("cm-2 s-1"),
        flux_errp: units("cm-2 s-1"),
        flux_ul: units("cm-2 s-1"),
        stat_null: numberOrNull,
        success: flag,
      }),
    ),
  },
  { datasets: texts },
);

/** A dataset in a line: of `info` and of models in a text. */
export const datasetInfo: JsonSchema = {
  name: text,
  type: text,
  ...values("counts", "excess", "sqrtTs", "background", "npred", "npredBackground", "npredSignal"),
  ...values("exposureMin", "exposureMax", "livetime", "ontime", "countsRate", "backgroundRate", "excessRate"),
  nBins: whole,
  nFitBins: whole,
  statType: text,
  statSum: numberOrNull,
};
export const datasetInfoMore = values("countsOff", "acceptance", "acceptanceOff", "alpha");

/** A p-value from toys. */
export const toyPValue: JsonSchema = {
  n: whole,
  seed: whole,
  n_above: about("toys whose statistic is as high as the observed one", whole),
  n_failed: whole,
  ...values("p_value", "p_error", "significance"),
};
