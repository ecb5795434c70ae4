/** Values of a row as parameters of models. */
import type { Parameter } from "../models/types.js";
import type { PositionError, Row } from "./types.js";

type Value = Pick<Parameter, "value" | "unit" | "error">;

/** A value with its error in a unit; an error that is missing or no number is none. */
export const measured = (value: number, error: number, unit: string): Value => ({
  value,
  unit,
  error: Number.isFinite(error) ? Math.abs(error) : 0,
});

/** The same from columns of a row; `error`: absent, the value has none. */
export const column = (row: Row, unit: string, value: string, error?: string): Value =>
  measured(row.number(value, unit), error === undefined ? 0 : row.number(error, unit), unit);

/** Both sides of an error as one. */
export const halfWidth = (row: Row, unit: string, low: string, high: string): number =>
  (Math.abs(row.number(low, unit)) + row.number(high, unit)) / 2;

/** Radius in standard deviations that a Gaussian of two dimensions has a probability to be in. */
const radiusOf = (containment: number) => Math.sqrt(-2 * Math.log(1 - containment));

const RAD = Math.PI / 180;

/** Longitude and latitude with the errors that the ellipse gives each of them, one standard deviation. */
export function position(lon: number, lat: number, error: PositionError | undefined) {
  const { semiMajor = Number.NaN, semiMinor = Number.NaN, angle = 0, containment = 0.5 } = error ?? {};
  const [sin, cos] = [Math.sin(angle * RAD), Math.cos(angle * RAD)];
  const scale = radiusOf(containment);
  const lonError = Math.hypot(semiMajor * sin, semiMinor * cos) / scale / Math.cos(lat * RAD);
  const latError = Math.hypot(semiMajor * cos, semiMinor * sin) / scale;
  return { lon_0: measured(lon, lonError, "deg"), lat_0: measured(lat, latError, "deg") };
}

/** An error that is the same in all directions; none where it is not given. */
export function circle(radius: number, containment: number): PositionError | undefined {
  return radius > 0 ? { semiMajor: radius, semiMinor: radius, angle: 0, containment } : undefined;
}

/** The probability that one standard deviation of each coordinate stands for. */
export const ONE_SIGMA = 1 - Math.exp(-0.5);
