import type { SpatialDeclaration } from "../declaration.js";
import { angleOfVersine, degree, lat0, lon0, versine } from "./geometry.js";

/**
 * A shell that radiates evenly between two radii [rad], seen from far: 3 / (2 pi (R^3 - r^3)) (sqrt(R^2 - theta^2) - sqrt(r^2 - theta^2)), roots of negative numbers left
 * out. At its rims the slope is infinite, so there are no derivatives to fit it by.
 */
function brightness(lon: number, lat: number, p: Float64Array, inner: number, outer: number): number {
  const theta = angleOfVersine(versine(lon, lat, p[0]!, p[1]!));
  const chord = (radius: number) => (theta < radius ? Math.sqrt(radius * radius - theta * theta) : 0);
  return (3 * (chord(outer) - chord(inner))) / (2 * Math.PI * (outer ** 3 - inner ** 3));
}

/** `SpatialDeclaration.covariance` of what fills the space between two radii [deg] evenly. */
function covariance(inner: number, outer: number): readonly [number, number, number] {
  const variance = (outer ** 5 - inner ** 5) / (5 * (outer ** 3 - inner ** 3));
  return [variance, 0, variance];
}

export const shellSpatial: SpatialDeclaration = {
  type: "ShellSpatialModel",
  tag: "shell",
  about: "Shell of a supernova remnant, by its inner radius and its width; frozen",
  latex: String.raw`\frac{3}{2 \pi (R^3 - r^3)} \left(\sqrt{R^2 - \theta^2} - \sqrt{r^2 - \theta^2}\right)`,
  position: ["lon_0", "lat_0"],
  parameters: {
    lon_0: lon0,
    lat_0: lat0,
    radius: { unit: "deg", value: 1, about: "inner radius" },
    width: { unit: "deg", value: 0.2, about: "outer minus inner radius" },
  },
  evaluate: (lon, lat, p) => brightness(lon, lat, p, p[2]! * degree, (p[2]! + p[3]!) * degree),
  evaluationRadius: (p) => p[2]! + p[3]!,
  binSizeMin: (p) => p[3]!,
  covariance: (p) => covariance(p[2]!, p[2]! + p[3]!),
};

export const shell2Spatial: SpatialDeclaration = {
  type: "Shell2SpatialModel",
  tag: "shell2",
  about: "Shell of a supernova remnant, by its outer radius and its relative width; frozen",
  latex: String.raw`\frac{3}{2 \pi (r_0^3 - r^3)} \left(\sqrt{r_0^2 - \theta^2} - \sqrt{r^2 - \theta^2}\right),\ r = (1 - \eta) r_0`,
  position: ["lon_0", "lat_0"],
  parameters: {
    lon_0: lon0,
    lat_0: lat0,
    r_0: { unit: "deg", value: 1, about: "outer radius" },
    eta: { unit: "", value: 0.2, min: 0.02, max: 1, about: "width over the outer radius" },
  },
  evaluate: (lon, lat, p) => brightness(lon, lat, p, (1 - p[3]!) * p[2]! * degree, p[2]! * degree),
  evaluationRadius: (p) => p[2]!,
  binSizeMin: (p) => p[2]! * p[3]!,
  covariance: (p) => covariance((1 - p[3]!) * p[2]!, p[2]!),
};
