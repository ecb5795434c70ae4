import type { RandomStream } from "../math/random.js";
import type { Coordinates } from "./logarithms.js";

/**
 * Hamiltonian dynamics in whitened coordinates z, y = centre + L z, with unit masses: energy f(y) / 2 + p^2 / 2. Limits of y are walls, at which
 * momenta are mirrored (Neal 2011, Handbook of MCMC, section 5.5.1.5). Works on its own state; positions that leave it are copied.
 */
export interface Dynamics {
  readonly z: Float64Array;
  readonly p: Float64Array;
  /** Gradient of f/2 in z. */
  readonly g: Float64Array;
  /** f/2 at z. */
  potential: number;
  calls: number;
  /** f and gradient at the present z. */
  refresh(): void;
  /** One leapfrog step. */
  leap(step: number): void;
  energy(): number;
  drawMomentum(stream: RandomStream): void;
  /** The present y, within its limits to the last digit. */
  toY(y: Float64Array): void;
  /** The z of y into the state. */
  place(y: Float64Array): void;
  setMetric(centre: Float64Array, l: Float64Array): void;
}

/** More in one step: the walls leave no room. */
const MAX_BOUNCES = 1000;

export function dynamics(
  { objective, lower, upper }: Pick<Coordinates, "objective" | "lower" | "upper">,
  centre: Float64Array,
  l: Float64Array,
): Dynamics {
  const { n } = objective;
  const c = centre.slice();
  const factor = l.slice();
  const walls = Int32Array.from(
    Array.from(lower.keys()).filter((i) => Number.isFinite(lower[i]!) || Number.isFinite(upper[i]!)),
  );
  const y = new Float64Array(n);
  const gy = new Float64Array(n);
  const z = new Float64Array(n);
  const p = new Float64Array(n);
  const g = new Float64Array(n);

  /** Row i of L times v. */
  function along(i: number, v: Float64Array): number {
    let s = 0;
    for (let j = 0; j <= i; j++) s += factor[i * n + j]! * v[j]!;
    return s;
  }
  function move(time: number): void {
    for (let i = 0; i < n; i++) z[i]! += time * p[i]!;
  }
  /** Straight on for a time, mirrored at every wall on the way; false where that has no end. */
  function drift(time: number): boolean {
    let left = time;
    for (let bounce = 0; bounce < MAX_BOUNCES; bounce++) {
      let hit = -1;
      let until = left;
      for (let w = 0; w < walls.length; w++) {
        const i = walls[w]!;
        const speed = along(i, p);
        if (speed === 0) continue;
        const wall = speed * time > 0 ? upper[i]! : lower[i]!;
        // rounding may have left the point behind a wall
        const t = (wall - c[i]! - along(i, z)) / speed;
        const reached = t * time > 0 ? t : 0;
        if (Math.abs(reached) < Math.abs(until)) {
          hit = i;
          until = reached;
        }
      }
      move(until);
      if (hit < 0) return true;
      left -= until;
      let square = 0;
      for (let j = 0; j <= hit; j++) square += factor[hit * n + j]! ** 2;
      const scale = (2 * along(hit, p)) / square;
      for (let j = 0; j <= hit; j++) p[j]! -= scale * factor[hit * n + j]!;
    }
    return false;
  }

  const d: Dynamics = {
    z,
    p,
    g,
    potential: Number.POSITIVE_INFINITY,
    calls: 0,
    refresh() {
      d.toY(y);
      d.potential = 0.5 * objective.gradient(y, gy);
      d.calls++;
      for (let j = 0; j < n; j++) {
        let s = 0;
        for (let i = j; i < n; i++) s += factor[i * n + j]! * gy[i]!;
        g[j] = 0.5 * s;
      }
    },
    leap(step) {
      for (let i = 0; i < n; i++) p[i]! -= 0.5 * step * g[i]!;
      if (drift(step)) d.refresh();
      else d.potential = Number.POSITIVE_INFINITY;
      for (let i = 0; i < n; i++) p[i]! -= 0.5 * step * g[i]!;
    },
    energy() {
      let kinetic = 0;
      for (let i = 0; i < n; i++) kinetic += p[i]! * p[i]!;
      return d.potential + 0.5 * kinetic;
    },
    drawMomentum(stream) {
      for (let i = 0; i < n; i++) p[i] = stream.normal();
    },
    toY(out) {
      for (let i = 0; i < n; i++) out[i] = Math.min(Math.max(c[i]! + along(i, z), lower[i]!), upper[i]!);
    },
    place(from) {
      for (let i = 0; i < n; i++) {
        let s = from[i]! - c[i]!;
        for (let j = 0; j < i; j++) s -= factor[i * n + j]! * z[j]!;
        z[i] = s / factor[i * n + i]!;
      }
    },
    setMetric(newCentre, newFactor) {
      c.set(newCentre);
      factor.set(newFactor);
    },
  };
  return d;
}
