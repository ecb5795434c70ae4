/** Pulls and impacts of nuisance parameters as pictures. */
import type { FreeBlock } from "../fit/result.js";
import type { Impact, Pull } from "../fit/systematics.js";
import { impactPlot } from "../plot/impact.js";
import { pullPlot } from "../plot/pull.js";
import type { Context } from "./context.js";
import { fileName } from "./numbers.js";
import { errorOf } from "./pulls.js";

/** A pull plot, and one of impacts for each parameter that nuisance parameters move. */
export function pullPictures(
  pulls: readonly Pull[],
  impacts: readonly Impact[],
  free: FreeBlock,
  look: Context["look"] = {},
): Record<string, string> {
  const out: Record<string, string> = {};
  if (pulls.length > 0) {
    out.pulls = pullPlot({ pulls: pulls.map(({ id, value, error }) => ({ label: id, value, error })), ...look });
  }
  for (const id of new Set(impacts.map((impact) => impact.parameter))) {
    const error = errorOf(free, id);
    const relative = impacts
      .filter((impact) => impact.parameter === id)
      .map(({ nuisance, down, up }) => ({ label: nuisance, down: down / error, up: up / error }));
    const seen = relative.filter(({ down, up }) => Math.max(Math.abs(down), Math.abs(up)) >= LEAST);
    if (seen.length === 0) continue;
    const left = relative.length - seen.length;
    const note = left === 0 ? "" : ` (not drawn: ${left} below ${LEAST})`;
    out[`impacts-${fileName(id)}`] = impactPlot({
      impacts: seen,
      xLabel: `Shift of ${id} / its error${note}`,
      ...look,
    });
  }
  return out;
}

/** Of the error of the parameter: impacts below are not worth a bar, and may be rounding. */
const LEAST = 0.001;
