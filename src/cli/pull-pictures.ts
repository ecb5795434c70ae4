/** Pulls and impacts of nuisance parameters as pictures. */
import type { FreeBlock } from "../fit/result.js";
import type { Impact, Pull } from "../fit/systematics.js";
import { impactPlot } from "../plot/impact.js";
import { pullPlot } from "../plot/pull.js";
import { fileName } from "./numbers.js";
import { errorOf } from "./pulls.js";

/** A pull plot, and one of impacts for each parameter that nuisance parameters move. */
export function pullPictures(
  pulls: readonly Pull[],
  impacts: readonly Impact[],
  free: FreeBlock,
): Record<string, string> {
  const out: Record<string, string> = {};
  if (pulls.length > 0) {
    out.pulls = pullPlot({ pulls: pulls.map(({ id, value, error }) => ({ label: id, value, error })) });
  }
  for (const id of new Set(impacts.map((impact) => impact.parameter))) {
    const error = errorOf(free, id);
    out[`impacts-${fileName(id)}`] = impactPlot({
      impacts: impacts
        .filter((impact) => impact.parameter === id)
        .map(({ nuisance, down, up }) => ({ label: nuisance, down: down / error, up: up / error })),
      xLabel: `Shift of ${id} / its error`,
    });
  }
  return out;
}
