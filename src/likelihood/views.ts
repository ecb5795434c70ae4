import { type Dependent, followExpressions } from "../models/dependents.js";
import { differentiateExpression } from "../models/expression.js";
import type { Jet } from "../models/jet.js";
import type { ParameterEntry } from "../models/parameters.js";
import type { Place } from "./types.js";

/** A model parameter as a function of the free ones it depends on: value and exact derivatives, in the unit of the entry. */
export interface View {
  /** Free parameters [k] */
  readonly slots: Int32Array;
  value: number;
  /** [k] */
  readonly g: Float64Array;
  /** [k, k] */
  readonly h: Float64Array;
}

/** The parameters of the models as functions of the free ones. */
export interface Views {
  /** Dependent parameters that vary, by entry. */
  readonly dependents: ReadonlyMap<number, View>;
  of(entry: number): View;
  /** Brings all views to the free parameters x: values, and with `order` > 0 derivatives. */
  update(x: Float64Array, order: 0 | 1 | 2): void;
}

/** `dependents` in order of evaluation; `entries` hold the values of what is frozen. */
export function createViews(
  entries: readonly ParameterEntry[],
  places: readonly Place[],
  dependents: readonly Dependent[],
): Views {
  const views: View[] = entries.map(({ parameter }) => viewOf([], parameter.value));
  for (const { entry, slot, factor } of places) {
    views[entry] = viewOf([slot], Number.NaN);
    views[entry]!.g[0] = factor;
  }
  const moving: Dependent[] = [];
  for (const d of dependents) {
    const slots = new Set([...d.references.values()].flatMap((entry) => [...views[entry]!.slots]));
    if (slots.size === 0) continue;
    views[d.entry] = viewOf(
      [...slots].sort((a, b) => a - b),
      Number.NaN,
    );
    moving.push(d);
  }
  const values = new Float64Array(entries.map(({ parameter }) => parameter.value));
  let known = -1;
  let last = new Float64Array(0);

  return {
    dependents: new Map(moving.map((d) => [d.entry, views[d.entry]!])),
    of: (entry) => views[entry]!,
    update(x, order) {
      if (known >= order && last.length === x.length && last.every((v, i) => v === x[i])) return;
      last = last.length === x.length ? last : new Float64Array(x.length);
      last.set(x);
      known = order > 0 ? 2 : 0;
      for (const { entry, slot, factor } of places) values[entry] = views[entry]!.value = x[slot]! * factor;
      if (order > 0) {
        for (const d of moving) differentiate(d, views);
      } else {
        followExpressions(moving, values, false);
        for (const { entry } of moving) views[entry]!.value = values[entry]!;
      }
    },
  };
}

const viewOf = (slots: readonly number[], value: number): View => ({
  slots: Int32Array.from(slots),
  value,
  g: new Float64Array(slots.length),
  h: new Float64Array(slots.length ** 2),
});

function differentiate({ entry, expression, references }: Dependent, views: readonly View[]): void {
  const view = views[entry]!;
  const k = view.slots.length;
  const jet = differentiateExpression(expression, k, (id) => embed(views[references.get(id)!]!, view.slots));
  view.value = jet.v;
  view.g.set(jet.g);
  view.h.set(jet.h);
}

/** The view as a function of more parameters. */
function embed({ slots, value, g, h }: View, into: Int32Array): Jet {
  const n = into.length;
  const k = slots.length;
  const out = { v: value, g: new Float64Array(n), h: new Float64Array(n * n) };
  for (let a = 0; a < k; a++) {
    const i = into.indexOf(slots[a]!);
    out.g[i] = g[a]!;
    for (let b = 0; b < k; b++) out.h[i * n + into.indexOf(slots[b]!)] = h[a * k + b]!;
  }
  return out;
}

/**
 * Adds the chain rule of a function of one view to derivatives by the free parameters: `d1` and `d2` are its derivatives by the view's value; fisher takes no
 * negative curvature.
 */
export function addThrough(
  { slots, g, h }: View,
  d1: number,
  d2: number,
  gradient: Float64Array,
  hessian: Float64Array | undefined,
  fisher: Float64Array | undefined,
): void {
  const n = gradient.length;
  const k = slots.length;
  for (let a = 0; a < k; a++) {
    gradient[slots[a]!]! += d1 * g[a]!;
    for (let b = 0; b < k; b++) {
      const at = slots[a]! * n + slots[b]!;
      const outer = g[a]! * g[b]!;
      if (hessian !== undefined) hessian[at]! += d2 * outer + d1 * h[a * k + b]!;
      if (fisher !== undefined) fisher[at]! += Math.max(d2, 0) * outer;
    }
  }
}
