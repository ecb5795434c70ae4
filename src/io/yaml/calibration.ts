/** `calibration:` and `penalties:`, our own keys of models.yaml beside `components:`, where Gammapy does not look. */
import type { Node } from "yaml";
import { calibrationName, calibrationParameters } from "../../models/calibration.js";
import type { Calibration, Penalty } from "../../models/types.js";
import { readParameters, withExpressions } from "./read-parameters.js";
import type { ModelsReading } from "./reading.js";
import { type Field, readFields, readItems, readNumber, readText, readTexts, report } from "./source.js";

/** Where the parts of the calibrations and penalties stand, for messages. */
export type NodePlaces = Map<string, Node | null>;

const keyNode = (field: Field | undefined): Node | null => field?.key ?? null;

export function readCalibration(reading: ModelsReading, list: Field, places: NodePlaces): Calibration[] {
  const { source } = reading;
  return readItems(source, list.node, list.path).flatMap((item, index) => {
    const path = `${list.path}[${index}]`;
    const fields = readFields(source, item, path, ["name", "datasets_names", "parameters", "expressions"]);
    if (fields === undefined) return [];
    places.set(`calibration.${index}`, item);
    for (const key of ["name", "datasets_names"]) places.set(`calibration.${index}.${key}`, keyNode(fields.get(key)));
    const datasets = fields.get("datasets_names");
    if (datasets === undefined) {
      report(source, item, path, "the key datasets_names is missing; list the datasets of the instrument");
      return [];
    }
    const datasetsNames = readTexts(source, datasets);
    const nameField = fields.get("name");
    const name = (nameField === undefined ? undefined : readText(source, nameField)) || calibrationName(datasetsNames);
    const parameters = readParameters(
      reading,
      fields.get("parameters"),
      "a calibration",
      calibrationParameters,
      `${index}.calibration`,
    );
    return [{ name, datasetsNames, parameters: withExpressions(reading, parameters, fields.get("expressions")) }];
  });
}

export function readPenalties(reading: ModelsReading, list: Field, places: NodePlaces): Penalty[] {
  const { source } = reading;
  const keys = ["parameters", "mean", "covariance", "weight"];
  return readItems(source, list.node, list.path).flatMap((item, index) => {
    const path = `${list.path}[${index}]`;
    const fields = readFields(source, item, path, keys);
    if (fields === undefined) return [];
    places.set(`penalties.${index}`, item);
    for (const key of keys) places.set(`penalties.${index}.${key}`, keyNode(fields.get(key)));
    const [parameters, mean, covariance] = ["parameters", "mean", "covariance"].map((key) => {
      const field = fields.get(key);
      if (field === undefined)
        report(source, item, path, `the key ${key} is missing; a penalty has ${keys.join(", ")}`);
      return field;
    });
    if (parameters === undefined || mean === undefined || covariance === undefined) return [];
    const numbers = (node: Node | null, where: Field): number[] =>
      readItems(source, node, where.path).map(
        (inner, i) => readNumber(source, { ...where, node: inner, path: `${where.path}[${i}]` }) ?? Number.NaN,
      );
    const rows = readItems(source, covariance.node, covariance.path);
    const weight = fields.get("weight");
    return [
      {
        parameters: readTexts(source, parameters),
        mean: numbers(mean.node, mean),
        covariance: rows.map((row, i) => numbers(row, { ...covariance, path: `${covariance.path}[${i}]` })),
        weight: weight === undefined ? 1 : (readNumber(source, weight) ?? 1),
      },
    ];
  });
}
