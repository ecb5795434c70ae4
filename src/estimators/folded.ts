import { addBinNpred, columnTotals, type Stack, stackComponents, updateStack } from "../fold/component.js";
import { constantVector, type FluxVector, scaledVector } from "../fold/flux/types.js";
import type { BoundComponent, Component, MaskPixels, TermParameter } from "../fold/types.js";

/** Components at the values of the models: the source's at norm 1, and all others. */
export interface Folded {
  readonly source: Stack;
  readonly others: Stack;
}

/**
 * Folds components none of which has a free parameter but for the source's norm (entry -1). Null where there is another, or a negative flux, whose bins may
 * have to be clipped at zero: these are for the components themselves.
 */
export function foldComponents(bound: readonly BoundComponent[]): Folded | null {
  if (bound.some((b) => b.parameters.some((p) => p.entry !== -1))) return null;
  const [source, others] = [true, false].map((isSource) => {
    const chosen = bound.filter((b) => b.parameters.length > 0 === isSource);
    const stack = stackComponents(chosen.map((b) => b.component));
    updateStack(stack, new Float64Array(stack.n).fill(1), 0);
    return stack;
  }) as [Stack, Stack];
  return [source, others].every(({ z }) => z.every((x) => x >= 0)) ? { source, others } : null;
}

/** Two components of one column: what the source predicts in the bins of the mask, times the norm, and what all else does. */
export function foldedComponents({ source, others }: Folded, name: string, mask: MaskPixels): BoundComponent[] {
  const one = Float64Array.of(1);
  const norm: TermParameter = { entry: -1, factor: 1 };
  const out = [{ component: sumComponent(name, scaledVector(one), source, mask), parameters: [norm] }];
  if (others.components.length === 0) return out;
  return [...out, { component: sumComponent("others", constantVector(one), others, mask), parameters: [] }];
}

function sumComponent(name: string, vector: FluxVector, stack: Stack, mask: MaskPixels): Component {
  const column = Int32Array.of(0);
  const total = totalNpred(stack, mask);
  return {
    name,
    vector,
    columns: () => column,
    rows(r, pixels, out, stride, at) {
      for (let i = 0; i < pixels.length; i++) out[i * stride + at] = 0;
      addBinNpred(stack, r, pixels, out, stride, at);
    },
    totals(wanted, out) {
      // a part of the bins is asked for where some are predicted negative
      out[0] = wanted === mask ? total : totalNpred(stack, wanted);
    },
  };
}

function totalNpred({ components, column, z, nz }: Stack, mask: MaskPixels): number {
  const totals = new Float64Array(nz);
  components.forEach((c, i) => {
    columnTotals(c, mask, totals.subarray(column[i]!, column[i + 1]!));
  });
  let sum = 0;
  for (let k = 0; k < nz; k++) sum += totals[k]! * z[k]!;
  return sum;
}
