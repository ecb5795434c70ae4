import { normalCdf } from "../math/special.js";
import { axisEdges, nBins } from "../sky/axis.js";
import type { MapAxis } from "../sky/types.js";
import { integrateLog, rounded } from "./numbers.js";

/** ln(E_reco / E_true) is Gaussian: standard deviation and the median of E_reco / E_true at true energy e [TeV]. */
export interface LogNormal {
  readonly sigma: (e: number) => number;
  readonly bias: (e: number) => number;
}

/** Probabilities below this are left out, so that response files stay small. */
const SMALLEST = 1e-6;

/**
 * Probability of each reconstructed energy bin `[energy_true, energy]`, averaged over the true-energy bin with the weight E^-index. Rows that
 * the reconstructed range cuts sum to less than 1.
 */
export function logNormalKernel(energyTrue: MapAxis, energy: MapAxis, law: LogNormal, index = 2): Float64Array {
  const edges = axisEdges(energyTrue);
  const reco = axisEdges(energy);
  const [nTrue, nReco] = [nBins(energyTrue), nBins(energy)];
  const kernel = new Float64Array(nTrue * nReco);
  for (let t = 0; t < nTrue; t++) {
    const average = (f: (e: number) => number) => integrateLog((e) => f(e) * e ** -index, edges[t]!, edges[t + 1]!);
    const weight = average(() => 1);
    const below = reco.map((r) => average((e) => normalCdf(Math.log(r / (e * law.bias(e))) / law.sigma(e))) / weight);
    for (let r = 0; r < nReco; r++) {
      const p = below[r + 1]! - below[r]!;
      if (p > SMALLEST) kernel[t * nReco + r] = p;
    }
  }
  return rounded(kernel);
}
