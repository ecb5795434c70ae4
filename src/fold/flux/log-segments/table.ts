import { geometricNode } from "../../../math/quadrature.js";
import type { LogBasis } from "../../../models/declaration.js";

/** One quantity at the nodes, with its first and second derivative by ln E. */
interface Column {
  readonly value: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/** A model whose ln dnde is linear in its parameters at the nodes of all bins: l = ln(E dnde / norm) of E / s, and what it is made of. */
export interface NodeTable {
  readonly basis: LogBasis;
  readonly energies: Float64Array;
  /** Parameters of the basis that are frozen: their index in the basis, and their value. */
  readonly frozen: readonly (readonly [index: number, value: number])[];
  /** Those that are free, by their index in the basis. */
  readonly index: Int32Array;
  /** l = offset + sum_j theta_j phi_j */
  readonly l: Column;
  readonly offset: Column;
  readonly phi: readonly Column[];
  /** The s that offset and phi were computed for. */
  scale: number;
  /** Work array: a basis function with its derivatives. */
  readonly at: Float64Array;
}

/** `active`: indices of the free parameters of the basis among all parameters `p`. */
export function createTable(
  basis: LogBasis,
  p: Float64Array,
  active: readonly number[],
  energies: Float64Array,
): NodeTable {
  const array = () => new Float64Array(energies.length);
  const column = () => ({ value: array(), first: array(), second: array() });
  return {
    basis,
    energies,
    frozen: basis.parameters.flatMap((i, j) => (active.includes(i) ? [] : [[j, p[i]!] as const])),
    index: Int32Array.from(active, (i) => basis.parameters.indexOf(i)),
    l: column(),
    offset: column(),
    phi: active.map(column),
    scale: Number.NaN,
    at: new Float64Array(3),
  };
}

/** Nodes of all bins, TeV [bins * (nodes - 1) + 1]; neighbours share the node between them. */
export function nodeEnergies(edges: Float64Array, nodes: number): Float64Array {
  const per = nodes - 1;
  return Float64Array.from({ length: (edges.length - 1) * per + 1 }, (_, k) => {
    const t = Math.min(Math.floor(k / per), edges.length - 2);
    return geometricNode(edges[t]!, edges[t + 1]!, nodes, k - t * per);
  });
}

/** Fills offset and phi for the spectrum of E / s. */
export function fillTable(table: NodeTable, s: number): void {
  if (s === table.scale) return;
  table.scale = s;
  const { basis, energies, frozen, index, offset, phi, at } = table;
  for (let k = 0; k < energies.length; k++) {
    const e = energies[k]! / s;
    basis.along(e, -1, at);
    offset.value[k] = at[0]! + Math.log(e);
    offset.first[k] = at[1]! + 1;
    offset.second[k] = at[2]!;
    for (const [j, value] of frozen) {
      basis.along(e, j, at);
      offset.value[k]! += value * at[0]!;
      offset.first[k]! += value * at[1]!;
      offset.second[k]! += value * at[2]!;
    }
    for (let j = 0; j < index.length; j++) {
      basis.along(e, index[j]!, at);
      phi[j]!.value[k] = at[0]!;
      phi[j]!.first[k] = at[1]!;
      phi[j]!.second[k] = at[2]!;
    }
  }
}

/** l at the nodes [from, to] for the parameters theta; with its derivatives by ln E if `slopes`. */
export function combine(table: NodeTable, theta: Float64Array, from: number, to: number, slopes: boolean): void {
  combineColumn(table, "value", theta, from, to);
  if (!slopes) return;
  combineColumn(table, "first", theta, from, to);
  combineColumn(table, "second", theta, from, to);
}

function combineColumn(
  { l, offset, phi }: NodeTable,
  which: keyof Column,
  theta: Float64Array,
  from: number,
  to: number,
): void {
  const out = l[which];
  const constant = offset[which];
  for (let k = from; k <= to; k++) out[k] = constant[k]!;
  for (let j = 0; j < phi.length; j++) {
    const f = phi[j]![which];
    const c = theta[j]!;
    for (let k = from; k <= to; k++) out[k]! += c * f[k]!;
  }
}
