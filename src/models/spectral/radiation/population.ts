/** Particles on a grid of energies that is even in ln E, and sums over it. */
import { integrate } from "../../../math/quadrature.js";
import { affine, chain, combine, exp, type Jet, multiply, variable } from "../../jet.js";
import { logShape, type Particles } from "./particles.js";

const ERG = 1.602176634; // per TeV

/** Where particles are, in TeV. */
export interface EnergyGrid {
  readonly min: number;
  readonly max: number;
  readonly perDecade: number;
}

export interface Population {
  /** [n] TeV */
  readonly energy: Float64Array;
  /** Of ln E. */
  readonly step: number;
  /** E s(E) at the nodes [n], so that sum_i shape(i) K(E_i) step is the integral of s K over E; and its derivatives by the m parameters after the amplitude. */
  readonly shape: Float64Array;
  /** m of [n] */
  readonly first: readonly Float64Array[];
  /** [n] for each pair i <= j: 00, 01, ..., 11, ... */
  readonly second: readonly Float64Array[];
  /** For the parameters q after the amplitude; with `order` 2 also the derivatives. */
  update(q: Float64Array, order: 0 | 2): void;
  /** Energy [erg] in particles between two energies in TeV, of amplitude 1 TeV-1. */
  total(q: Float64Array, min: number, max: number): number;
}

export function createPopulation({ roles, parameters }: Particles, { min, max, perDecade }: EnergyGrid): Population {
  const decades = Math.log10(max / min);
  const n = Math.max(10, Math.trunc(perDecade * decades));
  const m = Object.keys(parameters).length - 1;
  const step = Math.log(max / min) / (n - 1);
  const energy = Float64Array.from({ length: n }, (_, i) => min * Math.exp(i * step));
  const shape = new Float64Array(n);
  const first = Array.from({ length: m }, () => new Float64Array(n));
  const second = Array.from({ length: (m * (m + 1)) / 2 }, () => new Float64Array(n));
  const last = new Float64Array(m).fill(Number.NaN);
  const [g, h] = [new Float64Array(m), new Float64Array(m * m)];
  let known: -1 | 0 | 2 = -1;

  function atNode(i: number, q: Float64Array, order: 0 | 2): void {
    const e = energy[i]!;
    if (order === 0) {
      shape[i] = e * Math.exp(logShape(roles, e, q));
      return;
    }
    const y = e * Math.exp(logShape(roles, e, q, g, h));
    shape[i] = y;
    for (let j = 0, k = 0; j < m; j++) {
      first[j]![i] = y * g[j]!;
      for (let l = j; l < m; l++, k++) second[k]![i] = y * (g[j]! * g[l]! + h[j * m + l]!);
    }
  }

  function add(i: number, { v, g: dv, h: ddv }: Jet): void {
    shape[i]! += v;
    for (let j = 0, k = 0; j < m; j++) {
      first[j]![i]! += dv[j]!;
      for (let l = j; l < m; l++, k++) second[k]![i]! += ddv[j * m + l]!;
    }
  }

  /**
   * A trapezoid over a cell in which the slope of f jumps by J at the share t of the width exceeds the integral by step^2 t (1 - t) J / 2. Taken off its
   * two nodes the sums have continuous derivatives by the energy of the break.
   */
  function correctBreak(q: Float64Array): void {
    const { ebreak, e0, alpha, above, cutoff, beta } = roles;
    const place = Math.log(q[ebreak]! / min) / step;
    const k = Math.min(n - 2, Math.floor(place));
    if (!(place > 0 && place < n - 1)) return;
    const log = (i: number) => chain(variable(m, i, q[i]!), Math.log(q[i]!), 1 / q[i]!, -1 / q[i]! ** 2);
    const t = affine(1 / step, log(ebreak), -Math.log(min) / step - k);
    const index = variable(m, alpha, q[alpha]!);
    let lnShape = combine(1, log(ebreak), -1, multiply(index, combine(1, log(ebreak), -1, log(e0))));
    if (cutoff >= 0) {
      const v = exp(multiply(variable(m, beta, q[beta]!), combine(1, log(ebreak), -1, log(cutoff))));
      lnShape = combine(1, lnShape, -1, v);
    }
    const jump = multiply(combine(1, index, -1, variable(m, above, q[above]!)), exp(lnShape));
    const less = multiply(multiply(t, affine(-1, t, 1)), affine(-step / 2, jump));
    add(k, multiply(less, affine(-1, t, 1)));
    add(k + 1, multiply(less, t));
  }

  return {
    energy,
    step,
    shape,
    first,
    second,
    update(q, order) {
      let same = known >= order;
      for (let j = 0; same && j < m; j++) same = q[j] === last[j];
      if (same) return;
      last.set(q);
      known = order;
      for (let i = 0; i < n; i++) atNode(i, q, order);
      if (roles.ebreak >= 0) correctBreak(q);
    },
    total(q, low, high) {
      const at = (t: number) => Math.exp(2 * t + logShape(roles, Math.exp(t), q));
      const [a, b] = [Math.log(low), Math.log(high)];
      const middle = roles.ebreak >= 0 ? Math.min(b, Math.max(a, Math.log(q[roles.ebreak]!))) : a;
      const part = (x: number, y: number) => (x < y ? integrate(at, x, y, 1e-10).value : 0);
      return ERG * (part(a, middle) + part(middle, b));
    },
  };
}
