/** Energies at which spectra of responses cross a value. */
import { interpolateAt, scaleValues } from "../math/interpolate.js";
import { brentRoot } from "../math/roots.js";
import { axisFromEnergyBounds } from "../sky/axis.js";

/** The lowest energy between two at which values [n] at energies [n] cross `level`, looked for in 100 steps of ln E; undefined where none does. */
export function firstRoot(
  energies: Float64Array,
  values: Float64Array,
  level: number,
  from: number,
  to: number,
): number | undefined {
  if (energies.length < 2 || !(to > from)) return undefined;
  const steps = axisFromEnergyBounds(from, to, 100).nodes;
  // linear in ln E and ln value, also beyond the nodes; 0 counts as the smallest number
  const [nodes, logs] = [
    energies.map(Math.log),
    scaleValues(
      values.map((v) => Math.max(v, 0)),
      "log",
    ),
  ];
  const f = (x: number) => Math.exp(interpolateAt(nodes, logs, Math.log(x))) - level;
  for (let k = 0; k + 1 < steps.length; k++) {
    const [a, b] = [f(steps[k]!), f(steps[k + 1]!)];
    if (a === 0) return steps[k]!;
    if (a < 0 !== b < 0) return brentRoot(f, steps[k]!, steps[k + 1]!).x;
  }
  return undefined;
}

/** Mean reconstructed energy of each true one, relative to it, less 1: of a kernel `[energy_true, energy]`; -1 where the row is empty. */
export function biasOf(kernel: Float64Array, trueCenters: Float64Array, centers: Float64Array): Float64Array {
  const n = centers.length;
  return trueCenters.map((e, i) => {
    let [sum, mean] = [0, 0];
    for (let k = 0; k < n; k++) {
      sum += kernel[i * n + k]!;
      mean += kernel[i * n + k]! * centers[k]!;
    }
    return sum > 0 ? mean / sum / e - 1 : -1;
  });
}
