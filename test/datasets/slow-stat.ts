import { npred, npredSignal } from "../../src/api/datasets.js";
import { fitMask, isOnOff } from "../../src/datasets/facets.js";
import type { BinnedDataset } from "../../src/datasets/types.js";
import type { Models } from "../../src/models/types.js";

/** Cash and wstat summed bin by bin, as the formulas of the Gammapy documentation stand. */
export function slowStat(dataset: BinnedDataset, models: Models): number {
  const mask = fitMask(dataset);
  const n = dataset.counts!.data;
  let sum = 0;
  if (isOnOff(dataset)) {
    const mu = npredSignal(dataset, models).data;
    for (let i = 0; i < n.length; i++) {
      if (mask[i] === 1) {
        const alpha = dataset.acceptance.data[i]! / dataset.acceptanceOff!.data[i]!;
        sum += wstat(n[i]!, dataset.countsOff!.data[i]!, alpha, mu[i]!);
      }
    }
    return sum;
  }
  const mu = npred(dataset, models).data;
  for (let i = 0; i < n.length; i++) {
    if (mask[i] !== 1) continue;
    const m = Math.max(mu[i]!, 1e-25);
    sum += 2 * (m - (n[i]! > 0 ? n[i]! * Math.log(m) : 0));
  }
  return sum;
}

function wstat(n: number, off: number, alpha: number, mu: number): number {
  const c = alpha * (n + off) - (1 + alpha) * mu;
  const d = Math.sqrt(c * c + 4 * alpha * (alpha + 1) * off * mu);
  const b = (c + d) / (2 * alpha * (alpha + 1));
  const xlogy = (x: number, y: number) => (x === 0 ? 0 : x * Math.log(y));
  const best = (x: number) => (x === 0 ? 0 : x * (1 - Math.log(x)));
  return 2 * (mu + (1 + alpha) * b - xlogy(n, mu + alpha * b) - xlogy(off, b) - best(n) - best(off));
}
