import type { Jet } from "../jet.js";

/**
 * A brightness that depends on the distance u from the centre alone, f(u), by what it is along straight lines. A line has the distance rho from the centre, and t runs along
 * it from the foot of the perpendicular: u^2 = rho^2 + t^2.
 */
export interface Profile {
  /** f is 1 up to here, and 0 from `outer` on. */
  readonly inner: number;
  readonly outer: number;
  /** Index of the parameter of the shape that f itself depends on; -1: none. */
  readonly parameter: number;
  /**
   * Fills `out` [SEGMENT] with the integral of f over the triangle of the centre and the segment from t0 to t1, negative where it runs around the centre clockwise, and its derivatives by (rho, t0, t1, the
   * parameter of f): four, then the lower triangle of the second ones, row after row.
   */
  fill(rho: number, t0: number, t1: number, order: 0 | 1 | 2, out: Float64Array): void;
}

/** Numbers that `Profile.fill` fills. */
export const SEGMENT = 15;

/** A part of the brightness of a shape: a profile on an ellipse. */
export interface ProfilePart {
  /** Brightness where the profile is 1, sr-1; may be negative, to cut out of another part. All jets are by all parameters of the shape. */
  readonly weight: Jet;
  /** Rows of the matrix from offsets (east, north) of the azimuthal equidistant projection around the centre, in rad, to those in which the profile is round. */
  readonly matrix: readonly [Jet, Jet, Jet, Jet];
  readonly profile: Profile;
}

/** What `fill` needs to know at an end of the segment: f, g = (integral of f u du from 0 to u) / u^2, (f - 2 g) / u^2, and the derivatives of g by the parameter. */
export interface End {
  f: number;
  g: number;
  q: number;
  gs: number;
}

/**
 * The derivatives of a segment from the integrals along it: of f, of df/drho and of df by the parameter. By the motion of an end a strip between two rays is won, by that of the line a strip along it less
 * what its ends move along their rays.
 */
export function fillDerivatives(
  rho: number,
  t0: number,
  t1: number,
  line: { readonly f: number; readonly rho: number; readonly s: number },
  ends: readonly [End, End],
  out: Float64Array,
): void {
  const [a, b] = ends;
  out[1] = line.f - (t1 * b.g - t0 * a.g);
  out[2] = -rho * a.g;
  out[3] = rho * b.g;
  out[5] = line.rho - rho * (t1 * b.q - t0 * a.q);
  out[6] = -(a.f - a.g - t0 * t0 * a.q);
  out[7] = -rho * t0 * a.q;
  out[8] = b.f - b.g - t1 * t1 * b.q;
  out[9] = 0;
  out[10] = rho * t1 * b.q;
  out[11] = line.s - (t1 * b.gs - t0 * a.gs);
  out[12] = -rho * a.gs;
  out[13] = rho * b.gs;
}
