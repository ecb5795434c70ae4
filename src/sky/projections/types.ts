/** A function of two angles [deg] that writes two angles [deg] into `out`, and returns whether the point exists. */
export type PlaneFunction = (a: number, b: number, out: Float64Array) => boolean;

/** Native spherical coordinates (phi, theta) <-> plane of the projection (x, y). */
export interface Projection {
  /** Native coordinates of the reference point, deg. */
  readonly phi0: number;
  readonly theta0: number;
  readonly forward: PlaneFunction;
  readonly inverse: PlaneFunction;
}

export const RAD = Math.PI / 180;
export const DEG = 180 / Math.PI;

/** Plane points this far [deg] outside the map of the sphere still count as on its edge (rounding). */
export const EDGE = 1e-12;

/** Whether native coordinates are on the sphere. */
export const inside = (phi: number, theta: number): boolean =>
  Math.abs(phi) <= 180 + EDGE && Math.abs(theta) <= 90 + EDGE;
