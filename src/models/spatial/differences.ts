/**
 * Derivatives by differences of fourth order, for shapes that come without. A step is measured by what it does: the share of the brightness that it moves, on a set of
 * points of the shape. That differences mean something is checked by second differences at two steps: a shape with rims, where its slope is not finite, fails.
 */
import { UnsupportedError } from "../../errors.js";
import type { SpatialDeclaration } from "../declaration.js";
import { degree } from "./geometry.js";

type Derivatives = NonNullable<SpatialDeclaration["derivatives"]>;

/** Shares of the brightness that a step may move; the first is taken that is small enough for the shape. For a Gaussian the first leaves 1e-9 of a derivative. */
const SHARES = [0.005, 0.001];
/** Largest relative change of second differences of a smooth shape from one step to twice the step. */
const SMOOTH = 0.05;
/** Points on which steps are measured, and the turn from one to the next. */
const POINTS = 500;
const GOLDEN = Math.PI * (3 - Math.sqrt(5));
/** A first step, as a share of the radius of the shape or of the parameter. */
const FIRST = 0.02;

/** Where a shape is looked at: positions (lon, lat) where it has no place of its own, and an energy in TeV where it needs one. */
export interface Sight {
  readonly positions: Float64Array;
  readonly energy: number;
}

/** Derivatives by the parameters `free` for values near p; those by others are 0. `where` begins the message of a refusal. */
export function differencesOf(
  model: SpatialDeclaration,
  p: Float64Array,
  free: readonly number[],
  sight: Sight,
  where: string,
): Derivatives {
  const trial = trialOf(model, p, sight);
  const names = Object.keys(model.parameters);
  const rough = (share: number) => free.find((i) => !(trial.roughness(i, trial.stepOf(i, share)) < SMOOTH));
  const share = SHARES.find((s) => rough(s) === undefined);
  if (share === undefined) {
    throw new UnsupportedError(
      `${where}: ${model.type} has no derivatives, and differences give none: by "${names[rough(SHARES.at(-1)!)!]}" its brightness changes too abruptly (a rim, a sharp edge), so that predicted counts jump as it passes over their samples; freeze ${free.map((i) => names[i]).join(", ")}, or take a shape with soft edges`,
    );
  }
  return stencil(model, free, (q) => {
    const at = trialOf(model, q, sight);
    return Float64Array.from(free, (i) => at.stepOf(i, share));
  });
}

/** Tries steps from one set of parameters. */
function trialOf(model: SpatialDeclaration, p: Float64Array, { positions, energy }: Sight) {
  const names = Object.keys(model.parameters);
  const [lon, lat] = model.position?.map((name) => names.indexOf(name)) ?? [];
  const radius = model.evaluationRadius(p);
  const isPlaced = lon !== undefined && radius > 0 && Number.isFinite(radius);
  const points = isPlaced ? sunflower(p[lon]!, p[lat!]!, radius) : positions;
  const q = p.slice();
  const values = (i: number, step: number) => {
    q[i] = p[i]! + step;
    const out = new Float64Array(points.length / 2);
    for (let k = 0; k < out.length; k++) out[k] = model.evaluate(points[2 * k]!, points[2 * k + 1]!, q, energy);
    q[i] = p[i]!;
    return out;
  };
  const sum = (size: (k: number) => number) => base.reduce((total, _, k) => total + Math.abs(size(k)), 0);
  const base = values(0, 0);
  const total = sum((k) => base[k]!);
  const first = (i: number) => {
    if (isPlaced && i === lat) return FIRST * radius;
    if (isPlaced && i === lon) return (FIRST * radius) / Math.max(Math.cos(p[lat!]! * degree), 0.01);
    return FIRST * (Math.abs(p[i]!) || 1);
  };
  return {
    /** A step that moves about this share of the brightness. */
    stepOf(i: number, share: number): number {
      let step = first(i);
      for (let round = 0; round < 12; round++) {
        const moved = values(i, step);
        const found = sum((k) => moved[k]! - base[k]!) / total;
        const factor = Number.isFinite(found) ? share / found : 0;
        if (factor > 0.5 && factor < 2) break;
        step *= Math.min(Math.max(factor, 1 / 16), 16);
      }
      return step;
    },
    /** How much second differences change from this step to twice the step. */
    roughness(i: number, step: number): number {
      const second = (h: number) => {
        const [up, down] = [values(i, h), values(i, -h)];
        return base.map((x, k) => (up[k]! - 2 * x + down[k]!) / (h * h));
      };
      const [one, two] = [second(step), second(2 * step)];
      const size = sum((k) => one[k]!);
      return size === 0 ? 0 : sum((k) => one[k]! - two[k]!) / size;
    },
  };
}

/** Points spread evenly over a disc. */
function sunflower(lon: number, lat: number, radius: number): Float64Array {
  const out = new Float64Array(2 * POINTS);
  const width = Math.max(Math.cos(lat * degree), 0.01);
  for (let k = 0; k < POINTS; k++) {
    const r = radius * Math.sqrt((k + 0.5) / POINTS);
    out[2 * k] = lon + (r * Math.cos(k * GOLDEN)) / width;
    out[2 * k + 1] = lat + r * Math.sin(k * GOLDEN);
  }
  return out;
}

/** Central differences of fourth order by the parameters `free`; `stepsAt` gives the step of each of them. */
function stencil(
  model: SpatialDeclaration,
  free: readonly number[],
  stepsAt: (p: Float64Array) => Float64Array,
): Derivatives {
  let last = new Float64Array(0);
  let q = last;
  let steps = last;
  return (lon, lat, p, g, h, energy, order = 2) => {
    if (last.length !== p.length || p.some((x, i) => x !== last[i])) {
      last = p.slice();
      q = p.slice();
      steps = Float64Array.from(stepsAt(p));
    }
    const at = (i: number, di: number, j: number, dj: number) => {
      q[i] = p[i]! + di;
      if (j !== i) q[j] = p[j]! + dj;
      const value = model.evaluate(lon, lat, q, energy);
      q[i] = p[i]!;
      q[j] = p[j]!;
      return value;
    };
    const n = p.length;
    const value = model.evaluate(lon, lat, p, energy);
    g.fill(0);
    h.fill(0);
    for (let a = 0; a < free.length; a++) {
      const i = free[a]!;
      const di = steps[a]!;
      const [up, down, far, near] = [at(i, di, i, 0), at(i, -di, i, 0), at(i, 2 * di, i, 0), at(i, -2 * di, i, 0)];
      g[i] = (8 * (up - down) - (far - near)) / (12 * di);
      if (order === 1) continue;
      h[i * n + i] = (16 * (up + down) - (far + near) - 30 * value) / (12 * di * di);
      for (let b = 0; b < a; b++) {
        const j = free[b]!;
        const dj = steps[b]!;
        const corner = (s: number, u: number, v: number) => at(i, u * s * di, j, v * s * dj);
        const cross = (s: number) =>
          (corner(s, 1, 1) - corner(s, 1, -1) - corner(s, -1, 1) + corner(s, -1, -1)) / (4 * s * s * di * dj);
        h[i * n + j] = h[j * n + i] = (4 * cross(1) - cross(2)) / 3;
      }
    }
    return value;
  };
}
