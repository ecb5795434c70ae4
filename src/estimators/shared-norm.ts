/** Several fits as one: they share parameter 0, the norm, and keep their other parameters apart. */
import type { SliceFit } from "./slice-fit.js";
export function sharedNorm(fits: readonly SliceFit[]): SliceFit {
  let n = 1;
  const blocks = fits.map(({ objective }) => {
    const first = n;
    n += objective.n - 1;
    // slot of parameter j: the norm, or its place in the fit's own block
    const slot = (j: number) => (j === 0 ? 0 : first + j - 1);
    const m = objective.n;
    return {
      objective,
      slots: Int32Array.from({ length: m }, (_, j) => slot(j)),
      x: new Float64Array(m),
      g: new Float64Array(m),
      h: new Float64Array(m * m),
      fisher: new Float64Array(m * m),
    };
  });
  const joined = (key: "start" | "lower" | "upper") =>
    Float64Array.from([fits[0]![key][0]!, ...fits.flatMap((fit) => Array.from(fit[key].subarray(1)))]);
  /** Parameters of each block in turn. */
  const pick = ({ slots, x }: (typeof blocks)[number], all: Float64Array) => {
    for (let j = 0; j < slots.length; j++) x[j] = all[slots[j]!]!;
    return x;
  };
  const addVector = (slots: Int32Array, own: Float64Array, g: Float64Array) => {
    for (let j = 0; j < slots.length; j++) g[slots[j]!]! += own[j]!;
  };
  const addMatrix = (slots: Int32Array, own: Float64Array, h: Float64Array) => {
    const m = slots.length;
    for (let j = 0; j < m; j++) {
      for (let k = 0; k < m; k++) h[slots[j]! * n + slots[k]!]! += own[j * m + k]!;
    }
  };
  return {
    start: joined("start"),
    lower: joined("lower"),
    upper: joined("upper"),
    objective: {
      n,
      value(x) {
        let sum = 0;
        for (const block of blocks) sum += block.objective.value(pick(block, x));
        return sum;
      },
      gradient(x, g) {
        g.fill(0);
        let sum = 0;
        for (const block of blocks) {
          sum += block.objective.gradient(pick(block, x), block.g);
          addVector(block.slots, block.g, g);
        }
        return sum;
      },
      hessian(x, g, h, fisher) {
        g.fill(0);
        h.fill(0);
        fisher?.fill(0);
        let sum = 0;
        for (const block of blocks) {
          const own = fisher === undefined ? undefined : block.fisher;
          sum += block.objective.hessian(pick(block, x), block.g, block.h, own);
          addVector(block.slots, block.g, g);
          addMatrix(block.slots, block.h, h);
          if (fisher !== undefined) addMatrix(block.slots, block.fisher, fisher);
        }
        return sum;
      },
    },
  };
}
