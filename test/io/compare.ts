/** Compares datasets with what test/oracle/io_gammapy.py says that Gammapy finds in the same file. */
import { expect } from "vitest";
import { backgroundMap, isBinned, isFluxPoints, isOnOff } from "../../src/datasets/facets.js";
import type { Dataset, FluxPoints } from "../../src/datasets/types.js";
import { axisEdges, pixelCenters } from "../../src/sky/index.js";
import type { MapAxis, SkyMap } from "../../src/sky/types.js";

export interface PyAxis {
  readonly name: string;
  readonly interp: string;
  readonly nodeType: string;
  readonly nodes: string;
}
interface PyMap {
  readonly axes: readonly PyAxis[];
  readonly data: string;
  readonly corners?: readonly number[];
  readonly center?: readonly number[] | null;
}
// biome-ignore lint/suspicious/noExplicitAny: JSON of the script
export type PyDataset = Record<string, any>;

export function floats(base64: string): Float64Array {
  const bytes = Uint8Array.from(Buffer.from(base64, "base64"));
  return new Float64Array(bytes.buffer);
}

/** Largest difference relative to the values (0 where both are NaN, 0 or infinite alike). */
export function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]!, b[i]!];
    if (Object.is(x, y) || x === y || (Number.isNaN(x) && Number.isNaN(y))) continue;
    const d = Math.abs(x - y) / Math.max(Math.abs(x), Math.abs(y));
    worst = Number.isNaN(d) ? Number.POSITIVE_INFINITY : Math.max(worst, d);
  }
  return worst;
}

export function sameAxis(ours: MapAxis, theirs: PyAxis, tolerance: number, what: string): void {
  expect([ours.name, ours.interp, ours.nodeType], what).toEqual([theirs.name, theirs.interp, theirs.nodeType]);
  expect(difference(ours.nodes, floats(theirs.nodes)), `${what} ${ours.name}`).toBeLessThan(tolerance);
}

/** `axes`: relative tolerance of axis nodes; `data`: of the values. */
export interface Tolerance {
  readonly axes: number;
  readonly data: number;
}

function sameMap(ours: SkyMap | undefined, theirs: PyMap | null, tolerance: Tolerance, what: string): void {
  expect(ours === undefined, `${what} exists`).toBe(theirs === null);
  if (ours === undefined || theirs === null) return;
  expect(ours.geom.axes.length, `${what} axes`).toBe(theirs.axes.length);
  for (const [i, axis] of ours.geom.axes.entries()) sameAxis(axis, theirs.axes[i]!, tolerance.axes, what);
  expect(difference(ours.data, floats(theirs.data)), `${what} data`).toBeLessThan(tolerance.data);
  if (ours.geom.kind === "wcs") {
    const { lon, lat } = pixelCenters(ours.geom);
    const n = lon.length - 1;
    const corners = [lon[0]!, lat[0]!, lon[n]!, lat[n]!];
    corners.forEach((x, i) => {
      // Pixels of a whole sky in two pixels have no unique longitude.
      if (Number.isFinite(x)) expect(Math.abs(x - theirs.corners![i]!) % 360, `${what} corner`).toBeLessThan(1e-9);
    });
  } else if (ours.geom.kind === "region") {
    expect(ours.geom.regions.length === 0, `${what} region`).toBe(theirs.center === null);
    const region = ours.geom.regions[0];
    if (region !== undefined && region.shape !== "polygon" && region.shape !== "difference") {
      // Gammapy rounds the centre by going through pixels.
      expect(region.center.lon).toBeCloseTo(theirs.center![0]!, 8);
      expect(region.center.lat).toBeCloseTo(theirs.center![1]!, 8);
    }
  }
}

function sameMask(ours: ArrayLike<number> | undefined, theirs: string | null, what: string): void {
  expect(ours && Array.from(ours), what).toEqual(theirs === null ? undefined : Array.from(floats(theirs)));
}

export interface Left {
  /** Gammapy forgets mask_fit of ON/OFF spectra. */
  readonly maskFit?: boolean;
  /** Gammapy takes the exposure [cm2 s] of an OGIP file for m2 s where it weighs the energy dispersion. */
  readonly ogip?: boolean;
}

export function sameDataset(ours: Dataset, theirs: PyDataset, tolerance: Tolerance, left: Left = {}): void {
  const { maskFit = true, ogip = false } = left;
  expect([ours.type, ours.name]).toEqual([theirs.type, theirs.name]);
  if (isFluxPoints(ours)) {
    samePoints(ours.points, theirs.points, tolerance);
    const all = new Uint8Array(ours.points.norm.length).fill(1);
    sameMask(ours.maskSafe ?? all, theirs.maskSafe, "mask_safe");
    sameMask(ours.maskFit ?? all, theirs.maskFit, "mask_fit");
    return;
  }
  if (!isBinned(ours)) throw new Error(`${ours.type} is not compared`);
  const onOff = isOnOff(ours) ? ours : undefined;
  sameMap(ours.counts, theirs.counts, tolerance, "counts");
  sameMap(ours.exposure, theirs.exposure, tolerance, "exposure");
  sameMap(isOnOff(ours) ? undefined : backgroundMap(ours), theirs.background, tolerance, "background");
  sameMap(ours.edisp?.map, theirs.edisp, { ...tolerance, axes: Math.max(1e-6, tolerance.axes) }, "edisp");
  if (!ogip) {
    const rounded = { ...tolerance, axes: Math.max(1e-6, tolerance.axes) };
    sameMap(ours.edisp?.exposure, theirs.edispExposure, rounded, "edisp exposure");
  }
  sameMap(ours.psf?.map, theirs.psf, tolerance, "psf");
  sameMap(ours.psf?.exposure, theirs.psfExposure, tolerance, "psf exposure");
  sameMap(onOff?.countsOff, theirs.countsOff, tolerance, "counts_off");
  sameMap(onOff?.acceptance, theirs.acceptance, tolerance, "acceptance");
  sameMap(onOff?.acceptanceOff, theirs.acceptanceOff, tolerance, "acceptance_off");
  sameMask(ours.maskSafe?.data, theirs.maskSafe, "mask_safe");
  if (maskFit) sameMask(ours.maskFit?.data, theirs.maskFit, "mask_fit");
  expect(ours.gti === undefined).toBe(theirs.gti === null);
  if (ours.gti) {
    // Gammapy keeps times as two doubles of days: 1e-6 s is their rounding.
    expect(Math.max(0, ...ours.gti.start.map((t, i) => Math.abs(t - floats(theirs.gti.start)[i]!)))).toBeLessThan(1e-5);
    expect(Math.max(0, ...ours.gti.stop.map((t, i) => Math.abs(t - floats(theirs.gti.stop)[i]!)))).toBeLessThan(1e-5);
    expect(ours.gti.reference).toBeCloseTo(theirs.gti.reference, 9);
    expect(ours.gti.timeScale).toBe(theirs.gti.timeScale);
  }
}

const NORMS = { "": "norm", _err: "normErr", _errn: "normErrn", _errp: "normErrp", _ul: "normUl" } as const;
const PLAIN = {
  ts: "ts",
  stat: "stat",
  stat_null: "statNull",
  npred: "npred",
  npred_excess: "npredExcess",
  counts: "counts",
  success: "success",
  norm_scan: "normScan",
  stat_scan: "statScan",
} as const;

export const ALL_SEDS = ["dnde", "e2dnde", "flux", "eflux"] as const;

/** `seds`: the quantities to compare; the others depend on which reference spectrum the reader takes. */
export function samePoints(
  ours: FluxPoints,
  theirs: PyDataset,
  tolerance: Tolerance,
  seds: readonly (typeof ALL_SEDS)[number][] = ALL_SEDS,
): void {
  sameAxis(ours.energy, theirs.energy, tolerance.axes, "flux points");
  expect(axisEdges(ours.energy).length).toBe(ours.norm.length + 1);
  for (const sed of seds) {
    for (const [suffix, key] of Object.entries(NORMS)) {
      const values = ours[key]?.map((x, i) => x * ours.reference[sed][i]!);
      const found = theirs[sed + suffix];
      expect(values === undefined, `${sed}${suffix} exists`).toBe(found === undefined);
      if (values) expect(difference(values, floats(found)), sed + suffix).toBeLessThan(tolerance.data);
    }
  }
  for (const [name, key] of Object.entries(PLAIN)) {
    const values = ours[key];
    if (values === undefined || theirs[name] === undefined) continue;
    expect(difference(values, floats(theirs[name])), name).toBeLessThan(tolerance.data);
  }
}
