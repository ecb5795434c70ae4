/** Point spread functions of one observation: density and containment at a true energy and an offset. */
import { axisEdges } from "../../sky/axis.js";
import { evaluateGrid } from "./grid.js";
import type { IrfTable, PsfTable } from "./types.js";

const RAD = Math.PI / 180;

/** `[energy, offset, rad]`, with energies in TeV and angles in deg. */
export interface PsfCoords {
  readonly energy: ArrayLike<number>;
  readonly offset: ArrayLike<number>;
  readonly rad: ArrayLike<number>;
}

/** Density, sr-1, at all combinations of the coordinates. */
export function psfDensity(psf: PsfTable, coords: PsfCoords): Float64Array {
  const { energy, offset, rad } = coords;
  if (psf.kind === "table") return evaluateGrid(psf.table, [energy, offset, rad]);
  return outer(psf, coords, psf.kind === "gauss" ? gaussDensity : kingDensity).map((v) => v / (RAD * RAD));
}

/** Share of the events within a distance of the source, 0 to 1, at all combinations of the coordinates. A table is not normalised. */
export function psfContainment(psf: PsfTable, coords: PsfCoords): Float64Array {
  const { energy, offset, rad } = coords;
  if (psf.kind === "table") return evaluateGrid(cumulated(psf.table), [energy, offset, rad]);
  return outer(psf, coords, psf.kind === "gauss" ? gaussContainment : kingContainment);
}

/** The radius, deg, that holds a share of the events; NaN where none does. A root, where Gammapy takes the nearest of a grid of radii. */
export function containmentRadius(psf: PsfTable, energy: number, offset: number, share: number, rMax = 5): number {
  const nodes =
    psf.kind === "table"
      ? axisEdges(psf.table.axes[2]!)
      : Float64Array.from({ length: 5001 }, (_, k) => (k / 5000) * rMax);
  const inside = psfContainment(psf, { energy: [energy], offset: [offset], rad: nodes });
  const k = inside.findIndex((c) => c >= share);
  if (k < 1) return k === 0 ? 0 : Number.NaN;
  let [low, high] = [nodes[k - 1]!, nodes[k]!];
  for (let i = 0; i < 60; i++) {
    const mid = (low + high) / 2;
    if (psfContainment(psf, { energy: [energy], offset: [offset], rad: [mid] })[0]! < share) low = mid;
    else high = mid;
  }
  return high;
}

/** The containment at the outer edges of the rad axis, as a table with these as its centres; flat rings of the density in the middle of each bin. */
function cumulated({ axes, data }: IrfTable): IrfTable {
  const edges = axisEdges(axes[2]!);
  const n = edges.length - 1;
  const out = new Float64Array(data.length);
  for (let row = 0; row < data.length; row += n) {
    let sum = 0;
    for (let k = 0; k < n; k++) {
      const middle = (edges[k]! + edges[k + 1]!) / 2;
      sum += 2 * Math.PI * middle * (edges[k + 1]! - edges[k]!) * RAD * RAD * data[row + k]!;
      out[row + k] = sum;
    }
  }
  const rad = { ...axes[2]!, nodeType: "center" as const, nodes: edges.slice(1) };
  return { axes: [axes[0]!, axes[1]!, rad], data: out, unit: "" };
}

type Shape = (parameters: readonly number[], r: number) => number;

/** A function of the parameters at each energy and offset, and of the distance. Parameters are linear in ln E and offset, also beyond their tables, and cut at 0. */
function outer(
  psf: Exclude<PsfTable, { kind: "table" }>,
  { energy, offset, rad }: PsfCoords,
  shape: Shape,
): Float64Array {
  const tables = psf.kind === "gauss" ? [...psf.sigma, ...psf.amplitude] : [psf.gamma, psf.sigma];
  const parameters = tables.map((table) => evaluateGrid(table, [energy, offset], { unbounded: true }));
  const cells = energy.length * offset.length;
  const out = new Float64Array(cells * rad.length);
  for (let cell = 0; cell < cells; cell++) {
    const here = parameters.map((p) => Math.max(p[cell]!, 0));
    for (let k = 0; k < rad.length; k++) {
      const value = shape(here, rad[k]!);
      out[cell * rad.length + k] = Number.isFinite(value) ? value : 0;
    }
  }
  return out;
}

/** Weights of the Gaussians of widths s1, s2, s3 and heights 1, a2, a3; all 0 where nothing is known. */
export function gaussWeights(p: readonly number[]): number[] {
  const weights = [0, 1, 2].map((k) => (k === 0 ? 1 : p[2 + k]!) * p[k]! ** 2);
  const sum = weights[0]! + weights[1]! + weights[2]!;
  return weights.map((w) => (sum > 0 ? w / sum : 0));
}

const gaussDensity: Shape = (p, r) =>
  gaussWeights(p).reduce(
    (sum, w, k) => (w > 0 ? sum + (w * Math.exp((-0.5 * r * r) / p[k]! ** 2)) / (2 * Math.PI * p[k]! ** 2) : sum),
    0,
  );

const gaussContainment: Shape = (p, r) =>
  gaussWeights(p).reduce((sum, w, k) => (w > 0 ? sum - w * Math.expm1((-0.5 * r * r) / p[k]! ** 2) : sum), 0);

const kingDensity: Shape = ([gamma, sigma], r) =>
  ((1 - 1 / gamma!) * (1 + (r * r) / (2 * gamma! * sigma! ** 2)) ** -gamma!) / (2 * Math.PI * sigma! ** 2);

const kingContainment: Shape = ([gamma, sigma], r) => 1 - (1 + (r * r) / (2 * gamma! * sigma! ** 2)) ** (1 - gamma!);
