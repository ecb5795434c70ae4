import type { MinimizeResult } from "../minimize/types.js";
import type { Coordinates } from "./coordinates.js";
import type { Joint } from "./joint.js";
import { namesIn, stopInWords } from "./words.js";

/** What a minimiser says, in the users' terms: names and units for parameters, dataset and bin for what is not finite. */
export function explain(
  joint: Joint,
  coordinates: Pick<Coordinates, "isLog">,
  result: MinimizeResult,
  x: Float64Array,
): string {
  const message = stopInWords(result, namesIn(joint, coordinates));
  return result.stop.reason === "non-finite" ? `${whatIsNotFinite(joint, x)}${message}` : message;
}

/** "HESS is NaN in energy bin 3 (1 TeV to 1.2 TeV). ", for the first dataset that has such a bin; empty if all is finite. */
function whatIsNotFinite(joint: Joint, x: Float64Array): string {
  const bad = joint.parameters.findIndex((_, i) => !Number.isFinite(x[i]!));
  if (bad >= 0) return `${joint.parameters[bad]!.id} starts at ${x[bad]}. `;
  const prior = joint.priorStat(x);
  if (!Number.isFinite(prior)) {
    const { id } = priorToBlame(joint, x);
    return `The prior of ${id} is ${prior}: its value lies outside. `;
  }
  for (const [i, dataset] of joint.datasets.entries()) {
    const stat = joint.datasetStat(i, x);
    if (Number.isFinite(stat)) continue;
    const where = joint.terms[i]!.blame(joint.termParameters(i, x));
    return `The statistic of dataset "${dataset.name}" is ${stat}${where}. `;
  }
  return "";
}

function priorToBlame(joint: Joint, x: Float64Array) {
  const carriers = joint.parameters.filter((p) => joint.entries[p.entries[0]!]!.parameter.prior !== undefined);
  const alone = carriers.find((p) => {
    const start = joint.start.slice();
    const slot = joint.parameters.indexOf(p);
    start[slot] = x[slot]!;
    return !Number.isFinite(joint.priorStat(start));
  });
  return alone ?? carriers[0] ?? joint.parameters[0]!;
}
