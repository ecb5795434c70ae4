import { modelsFor } from "../datasets/compile.js";
import { usedPoints } from "../datasets/flux-points-term.js";
import type { FluxPointsDataset } from "../datasets/types.js";
import type { MinimizeResult } from "../minimize/types.js";
import { dnde } from "../models/flux.js";
import { axisCenters, axisEdges } from "../sky/axis.js";
import type { Coordinates } from "./coordinates.js";
import type { Joint } from "./joint.js";
import { namesIn, number, stopInWords } from "./words.js";

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
    const where = dataset.type === "FluxPointsDataset" ? pointToBlame(joint, dataset, x) : binToBlame(joint, i);
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

/** ": its npred is NaN in energy bin 3 (1 TeV to 1.2 TeV), pixel 17", at the parameters of the last evaluation. */
function binToBlame(joint: Joint, i: number): string {
  const dataset = joint.datasets[i]!;
  const { mask, components } = joint.terms[i]!;
  if (mask === undefined || components === undefined || !("counts" in dataset) || dataset.counts === undefined)
    return "";
  const edges = axisEdges(dataset.counts.geom.axes[0]!);
  for (const [r, pixels] of mask.entries()) {
    const npred = new Float64Array(pixels.length);
    for (const c of components) {
      const columns = c.columns(r);
      const rows = new Float64Array(pixels.length * columns.length);
      c.rows(r, pixels, rows, columns.length, 0);
      for (let p = 0, k = 0; p < pixels.length; p++) {
        for (let q = 0; q < columns.length; q++) npred[p]! += rows[k++]! * c.vector.s[columns[q]!]!;
      }
    }
    const bad = npred.findIndex((v) => !Number.isFinite(v));
    if (bad < 0) continue;
    const pixel = dataset.counts.geom.kind === "wcs" ? `, pixel ${pixels[bad]}` : "";
    return `: npred is ${npred[bad]} in energy bin ${r} (${number(edges[r]!)} TeV to ${number(edges[r + 1]!)} TeV)${pixel}`;
  }
  return ": npred is finite in all bins, look for values that are not finite in counts and background";
}

function pointToBlame(joint: Joint, dataset: FluxPointsDataset, x: Float64Array): string {
  const energies = axisCenters(dataset.points.energy);
  const used = usedPoints(dataset);
  const e = used.map((k) => energies[k]!);
  const sum = new Float64Array(e.length);
  const values = new Map(joint.places.map(({ entry, slot, factor }) => [entry, x[slot]! * factor]));
  for (const model of modelsFor(joint.models, dataset.name)) {
    if (model.type !== "SkyModel") continue;
    const first = joint.entries.findIndex((entry) => entry.model === model.name);
    const parameters = model.spectral.parameters.map((p, k) => ({ ...p, value: values.get(first + k) ?? p.value }));
    dnde({ ...model.spectral, parameters }, e).forEach((v, k) => {
      sum[k]! += v;
    });
  }
  const bad = sum.findIndex((v) => !Number.isFinite(v));
  return bad < 0 ? "" : `: the model is ${sum[bad]} at ${number(e[bad]!)} TeV (point ${used[bad]})`;
}
