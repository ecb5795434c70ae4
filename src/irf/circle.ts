import { axisEdges } from "../sky/axis.js";
import { containmentCurve, type PsfProfile } from "./psf.js";

const RAD = Math.PI / 180;
/** Points on half of the circle, for each width of the first ring of the psf in its radius, and at least. */
const POINTS_PER_RING = 40;
const MIN_POINTS = 360;
const MAX_POINTS = 20000;

/**
 * Fraction of the events of a point source that the psf at true energy e brings into a circle, whose centre is `distance` [deg] from the source. Seen from the
 * source, it is the containment out to the rim averaged over all directions: along the rim, C(rho) dphi / 2 pi, with phi running backwards on the near side where
 * the source is outside.
 */
export function containmentInCircle(psf: PsfProfile, e: number, radius: number, distance: number): number {
  const contained = containmentCurve(psf, e);
  if (distance === 0) return contained(radius);
  const edges = axisEdges(psf.rad);
  if (distance - radius >= edges.at(-1)!) return 0;
  const needed = Math.ceil((POINTS_PER_RING * radius) / (edges[1]! - edges[0]!));
  const n = Math.min(Math.max(needed, MIN_POINTS), MAX_POINTS);
  const r = radius * RAD;
  const d = distance * RAD;
  // squares of sines of half the angles, which keep their digits where angles are small
  const [sr, sd, near] = [halfSine2(r), halfSine2(d), halfSine2(r - d)];
  const product = Math.sin(r) * Math.sin(d);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const s = near + product * halfSine2((Math.PI * (i + 0.5)) / n);
    const rho = 2 * Math.asin(Math.sqrt(Math.min(s, 1)));
    // (cos d - cos r cos rho) / sin^2 rho
    const turn = (2 * (sr + s - sd) - 4 * sr * s) / (4 * s * (1 - s));
    sum += contained(rho / RAD) * turn;
  }
  return Math.max(0, sum / n);
}

const halfSine2 = (angle: number): number => Math.sin(angle / 2) ** 2;
