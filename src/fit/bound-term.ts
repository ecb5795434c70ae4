import type { CompiledTerm, Term } from "../likelihood/types.js";
import { addThrough, type Views } from "./views.js";

/** A term as a function of the shared vector. */
export interface BoundTerm {
  value(x: Float64Array): number;
  gradient(x: Float64Array, g: Float64Array): number;
  hessian(x: Float64Array, g: Float64Array, h: Float64Array, fisher: Float64Array | undefined): number;
}

/**
 * A term as a function of the `total` shared parameters: its own picked and scaled, its derivatives scattered and added. `slotOf` and `factorOf` give
 * place and unit factor of a term parameter's entry.
 */
export function bindTerm(
  { term, parameters }: Pick<CompiledTerm, "term" | "parameters">,
  total: number,
  slotOf: (entry: number) => number,
  factorOf: (entry: number) => number,
): BoundTerm {
  const n = term.n;
  const slot = Int32Array.from(parameters, (p) => slotOf(p.entry));
  const factor = Float64Array.from(parameters, (p) => p.factor * factorOf(p.entry));
  const p = new Float64Array(n);
  const gt = new Float64Array(n);
  const ht = new Float64Array(n * n);
  const ft = new Float64Array(n * n);

  function pick(x: Float64Array): void {
    for (let a = 0; a < n; a++) p[a] = x[slot[a]!]! * factor[a]!;
  }
  function scatter(from: Float64Array, to: Float64Array): void {
    for (let a = 0; a < n; a++) {
      const row = slot[a]! * total;
      for (let b = 0; b < n; b++) to[row + slot[b]!]! += from[a * n + b]! * factor[a]! * factor[b]!;
    }
  }

  return {
    value(x) {
      pick(x);
      return term.value(p);
    },
    gradient(x, g) {
      pick(x);
      const value = term.gradient(p, gt);
      for (let a = 0; a < n; a++) g[slot[a]!]! += gt[a]! * factor[a]!;
      return value;
    },
    hessian(x, g, h, fisher) {
      pick(x);
      const value = term.hessian(p, gt, ht, fisher === undefined ? undefined : ft);
      for (let a = 0; a < n; a++) g[slot[a]!]! += gt[a]! * factor[a]!;
      scatter(ht, h);
      if (fisher !== undefined) scatter(ft, fisher);
      return value;
    },
  };
}

/** The same where a parameter of the term follows an expression: H = J^T H_term J + sum_a g_a d2p_a. */
export function bindThroughViews(
  { term, parameters }: { readonly term: Term; readonly parameters: CompiledTerm["parameters"] },
  total: number,
  views: Views,
): BoundTerm {
  const n = term.n;
  const of = parameters.map((p) => views.of(p.entry));
  const factor = Float64Array.from(parameters, (p) => p.factor);
  const p = new Float64Array(n);
  const gt = new Float64Array(n);
  const ht = new Float64Array(n * n);
  const ft = new Float64Array(n * n);

  function pick(x: Float64Array, order: 0 | 1 | 2): void {
    views.update(x, order);
    for (let a = 0; a < n; a++) p[a] = of[a]!.value * factor[a]!;
  }
  function scatter(from: Float64Array, to: Float64Array): void {
    for (let a = 0; a < n; a++) {
      for (let b = 0; b < n; b++) {
        const w = from[a * n + b]! * factor[a]! * factor[b]!;
        const [va, vb] = [of[a]!, of[b]!];
        for (let i = 0; i < va.slots.length; i++) {
          const row = va.slots[i]! * total;
          for (let j = 0; j < vb.slots.length; j++) to[row + vb.slots[j]!]! += w * va.g[i]! * vb.g[j]!;
        }
      }
    }
  }

  return {
    value(x) {
      pick(x, 0);
      return term.value(p);
    },
    gradient(x, g) {
      pick(x, 1);
      const value = term.gradient(p, gt);
      for (let a = 0; a < n; a++) addThrough(of[a]!, gt[a]! * factor[a]!, 0, total, g, undefined, undefined);
      return value;
    },
    hessian(x, g, h, fisher) {
      pick(x, 2);
      const value = term.hessian(p, gt, ht, fisher === undefined ? undefined : ft);
      for (let a = 0; a < n; a++) addThrough(of[a]!, gt[a]! * factor[a]!, 0, total, g, h, undefined);
      scatter(ht, h);
      if (fisher !== undefined) scatter(ft, fisher);
      return value;
    },
  };
}
