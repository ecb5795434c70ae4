/** JSON Schemas of what commands print: `--json`, `--format json`, and errors. */
import { provenance } from "../../io/fit-result-schema.js";
import { about, document, type JsonSchema, list, shape, text, texts } from "../../io/json-schema.js";
import type { CommandSpec } from "../declaration.js";
import * as errors from "./errors.js";
import * as events from "./events.js";
import * as files from "./files.js";
import * as fits from "./fits.js";
import { type DocumentKeys, failed } from "./parts.js";

/** By the name of the command: one of these documents. */
const DOCUMENTS: Readonly<Record<string, readonly DocumentKeys[]>> = {
  crab: [fits.crab],
  info: [fits.infoOfModels],
  fit: [fits.fit],
  "flux-points": [fits.fluxPoints],
  flux: [fits.fluxes, fits.fluxCurve],
  "light-curve": [fits.lightCurve],
  "ts-map": [fits.tsMap],
  "excess-map": [fits.excessMap],
  profile: [errors.profile, failed],
  contour: [errors.contour, failed],
  sample: [errors.sample, failed],
  toys: [errors.toys, failed],
  interval: [errors.interval, failed],
  test: [errors.test, failed],
  compare: [errors.compare],
  goodness: [errors.goodness, failed],
  worker: [files.worker],
  plot: [files.plot],
  new: [files.newAnalysis],
  stack: [files.stack],
  extract: [files.extract],
  simulate: [files.simulate, files.simulateExample],
  convert: [files.convert],
  rerun: [files.rerun],
  validate: [files.validate],
  schema: [files.schemas],
  app: [files.page, files.pageServed],
  download: [files.download, files.downloadList],
  doctor: [files.doctor],
  completion: [files.completion],
  catalog: [files.catalog],
  observations: [events.observations],
  reduce: [events.reduce],
  analyse: [events.analyse],
  theta2: [events.theta2],
  sensitivity: [events.sensitivity],
  events: [events.simulatedEvents],
};

/** Documents that are no mapping of keys of their own. */
const OTHERS: Readonly<Record<string, readonly JsonSchema[]>> = {
  info: [fits.infoOfFiles],
  models: [list({ anyOf: [files.model, files.preset] }), files.model, files.preset],
  schema: [{ type: "object", required: ["$schema", "title"] }],
};

/** Of what a command prints with --json. */
export function commandSchema({ name, about: what, isRecorded }: Pick<CommandSpec, "name" | "about" | "isRecorded">) {
  const written = { files: about("paths of the files that were written", texts) };
  const whole = ({ always, maybe }: DocumentKeys) => {
    const more = "files" in always ? {} : written;
    return shape({ ...always, ...(isRecorded && { provenance }) }, { ...more, ...maybe });
  };
  const choices = [...(DOCUMENTS[name] ?? []).map(whole), ...(OTHERS[name] ?? [])];
  const schema = choices.length === 1 ? choices[0]! : { anyOf: choices };
  return document(`gammats ${name} --json`, about(what, schema));
}

/** Of a table that a command prints or writes with --format json; other keys hold for all rows. */
export const tableSchema = (): JsonSchema =>
  document("gammats --format json", {
    type: "object",
    required: ["table", "columns", "rows"],
    properties: {
      table: about("name of the table", text),
      about: text,
      columns: list(shape({ name: text }, { unit: about("as FITS spells it", text), about: text })),
      rows: list(
        about("by the names of the columns", {
          type: "object",
          additionalProperties: { type: ["number", "string", "boolean", "null"] },
        }),
      ),
      provenance,
    },
    additionalProperties: { type: ["number", "string", "boolean"] },
  });

/** Of the last line on stderr where a command with --json fails. */
export const errorSchema = (): JsonSchema =>
  document(
    "error of gammats --json",
    shape({
      error: {
        type: "object",
        required: ["code", "message"],
        properties: { code: text, message: text, where: text, found: text, expected: text, remedy: text, stack: text },
      },
    }),
  );
