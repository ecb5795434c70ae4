/** Energies of flux points where none are given. */
import { fitMask } from "../../datasets/facets.js";
import { SpecError } from "../../errors.js";
import { axisEdges } from "../../sky/axis.js";
import type { Reduced } from "./runs.js";

/**
 * Edges of the data's energy bins [TeV] from the lowest to the highest in which something was counted that is in the fit, so many together that there are about `perDecade` points a decade. What is left at the
 * upper end joins the last point where it is less than half of one.
 * @throws SpecError where nothing was counted.
 */
export function defaultPointEdges(datasets: readonly Reduced[], perDecade: number): Float64Array {
  const edges = axisEdges(datasets[0]!.counts!.geom.axes[0]!);
  const nBins = edges.length - 1;
  const isCounted = new Uint8Array(nBins);
  for (const dataset of datasets) {
    const mask = fitMask(dataset);
    const { data } = dataset.counts!;
    const size = data.length / nBins;
    data.forEach((x, i) => {
      if (x > 0 && mask[i] === 1) isCounted[Math.floor(i / size)] = 1;
    });
  }
  const [first, last] = [isCounted.indexOf(1), isCounted.lastIndexOf(1)];
  if (first < 0) {
    throw new SpecError(
      "analyse: nothing was counted that is in the fit, so that there are no energies of flux points",
    );
  }
  const binsPerDecade = nBins / Math.log10(edges[nBins]! / edges[0]!);
  const width = Math.max(1, Math.round(binsPerDecade / perDecade));
  const out: number[] = [];
  for (let bin = first; bin <= last; bin += width) out.push(edges[bin]!);
  const rest = last + 1 - (first + (out.length - 1) * width);
  if (out.length > 1 && rest < width / 2) out.pop();
  return Float64Array.from([...out, edges[last + 1]!]);
}
