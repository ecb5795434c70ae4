/** Random datasets of every kind that has a file format, a few bins each. */
import type {
  Dataset,
  FluxPoints,
  FluxPointsDataset,
  Gti,
  MapDataset,
  OnOffDataset,
  SedType,
} from "../../src/datasets/types.js";
import { axisFromEdges, nBins, nPix, wcsGeom } from "../../src/sky/index.js";
import type { Geom, MapAxis, MaskMap, RegionGeom, SkyMap, WcsGeom } from "../../src/sky/types.js";
import type { Choices } from "./random.js";

/** Any finite double, mostly of the sizes that data have. */
function anyNumber({ chance, pick, between, stream }: Choices): number {
  if (chance(0.9)) return 10 ** between(-15, 15) * (chance(0.1) ? -1 : 1);
  return chance(0.5) ? stream.normal() : pick([0, 5e-324, 1.7976931348623157e308, 1 / 3, 1e-300, -1, 2 ** 53 + 2]);
}

const positive = (c: Choices, low: number, high: number) => 10 ** c.between(low, high);

/** Increasing, of random steps. */
function edges(c: Choices, n: number, start: number): Float64Array {
  let at = start * c.between(0.5, 2);
  return Float64Array.from({ length: n + 1 }, () => (at *= 1 + c.between(0.05, 1)));
}

const energyAxis = (c: Choices, name: string, start: number): MapAxis =>
  axisFromEdges(edges(c, 1 + c.below(4), start), { name, unit: "TeV", interp: "log" });

function spectrumGeom(c: Choices, axes: readonly MapAxis[]): RegionGeom {
  if (c.chance(0.2)) return { kind: "region", regions: [], wcs: null, axes };
  const center = { lon: c.between(1, 359), lat: c.between(-80, 80), frame: c.pick(["icrs", "galactic"] as const) };
  const circle = { shape: "circle", center, radius: c.between(0.05, 1) } as const;
  const { wcs } = wcsGeom({ center, binsz: 0.01, npix: [3, 3], axes: [] });
  return { kind: "region", regions: [circle], wcs, axes };
}

function imageGeom(c: Choices, axes: readonly MapAxis[]): WcsGeom {
  const center = { lon: c.between(1, 359), lat: c.between(-80, 80), frame: c.pick(["icrs", "galactic"] as const) };
  const proj = c.pick(["CAR", "TAN", "AIT", "SIN", "ZEA"] as const);
  return wcsGeom({ center, binsz: c.between(0.02, 0.5), npix: [2 + c.below(3), 2 + c.below(3)], proj, axes });
}

const size = (geom: Geom) => geom.axes.reduce((n, axis) => n * nBins(axis), nPix(geom));

const mapOf = (geom: Geom, unit: string, value: () => number): SkyMap => ({
  geom,
  unit,
  data: Float64Array.from({ length: size(geom) }, value),
});

const maskOf = (c: Choices, geom: Geom): MaskMap => ({
  geom,
  data: Uint8Array.from({ length: size(geom) }, () => (c.chance(0.7) ? 1 : 0)),
});

export function gti(c: Choices): Gti {
  const n = 1 + c.below(3);
  const times = Float64Array.from({ length: 2 * n }, () => c.between(1, 5000));
  for (let i = 1; i < times.length; i++) times[i] = times[i]! + times[i - 1]!;
  const reference = c.pick([51544.00074287037, 55000, 55000.25]);
  const timeScale = c.pick(["tt", "utc"]);
  return {
    start: times.filter((_, i) => i % 2 === 0),
    stop: times.filter((_, i) => i % 2 === 1),
    reference,
    timeScale,
  };
}

function instrument(c: Choices, geom: Geom, energy: MapAxis) {
  const energyTrue = energyAxis(c, "energy_true", 0.1);
  const wide = { ...geom, axes: [energyTrue] } as Geom;
  const one: RegionGeom = { kind: "region", regions: [], wcs: null, axes: [] };
  const place = geom.kind === "wcs" ? { ...geom, axes: [] } : one;
  const flat = { ...place, axes: [energy, energyTrue] } as Geom;
  const rad = axisFromEdges(Float64Array.of(0, 0.1, 0.2, 0.5), { name: "rad", unit: "deg", interp: "lin" });
  const psfGeom = { ...place, axes: [rad, energyTrue] } as Geom;
  return {
    exposure: mapOf(wide, "cm2 s", () => positive(c, 8, 15)),
    ...(c.chance(0.7) && { edisp: { map: mapOf(flat, "", () => c.stream.uniform()) } }),
    ...(geom.kind === "wcs" && c.chance(0.6) && { psf: { map: mapOf(psfGeom, "sr-1", () => positive(c, 0, 5)) } }),
    maskSafe: maskOf(c, geom),
    ...(c.chance(0.5) && { maskFit: maskOf(c, geom) }),
    ...(c.chance(0.5) && { gti: gti(c) }),
    ...(c.chance(0.5) && { livetime: positive(c, 0, 6) }),
  };
}

function binned(c: Choices, name: string, isSpectrum: boolean, isOnOff: boolean): MapDataset | OnOffDataset {
  const energy = energyAxis(c, "energy", 0.3);
  const geom = isSpectrum ? spectrumGeom(c, [energy]) : imageGeom(c, [energy]);
  const counts = () => mapOf(geom, "", () => c.stream.poisson(c.pick([0, 1, 30, 1e5])));
  const common = { name, counts: counts(), ...instrument(c, geom, energy) };
  if (!isOnOff) {
    const type = isSpectrum ? "SpectrumDataset" : "MapDataset";
    return { type, ...common, background: mapOf(geom, "", () => anyNumber(c)) };
  }
  const weight = () => mapOf(geom, "", () => positive(c, -3, 3));
  const type = isSpectrum ? "SpectrumDatasetOnOff" : "MapDatasetOnOff";
  return { type, ...common, countsOff: counts(), acceptance: weight(), acceptanceOff: weight() };
}

export function fluxPoints(c: Choices, sedType: SedType = "likelihood"): FluxPoints {
  const n = 1 + c.below(5);
  const energy = axisFromEdges(edges(c, n, 0.2), { name: "energy", unit: "TeV", interp: "log" });
  const column = (value: () => number) => Float64Array.from({ length: n }, value);
  const norms = () => column(() => (c.chance(0.1) ? Number.NaN : positive(c, -2, 2)));
  const flux = () => column(() => positive(c, -15, -9));
  const m = 2 + c.below(3);
  const dnde = flux();
  // as the files have it
  const e = dnde.map((_, i) => Math.sqrt(energy.nodes[i]! * energy.nodes[i + 1]!));
  return {
    energy,
    sedType,
    reference: { dnde, flux: flux(), eflux: flux(), e2dnde: dnde.map((x, i) => x * e[i]! ** 2) },
    norm: norms(),
    normErr: norms(),
    ...(c.chance(0.5) && { normErrn: norms(), normErrp: norms() }),
    ...(c.chance(0.5) && { normUl: column(() => positive(c, 2, 3)) }),
    ...(c.chance(0.5) && { ts: norms(), sqrtTs: norms(), counts: norms(), npred: norms() }),
    ...(c.chance(0.3) && {
      normScan: Float64Array.from({ length: n * m }, (_, i) => i + c.stream.uniform()),
      statScan: Float64Array.from({ length: n * m }, () => anyNumber(c)),
    }),
  };
}

function pointsDataset(c: Choices, name: string): FluxPointsDataset {
  const points = fluxPoints(c);
  const flags = () => Uint8Array.from(points.norm, () => (c.chance(0.7) ? 1 : 0));
  return {
    type: "FluxPointsDataset",
    name,
    statistic: c.pick(["chi2", "profile", "distrib"]),
    points,
    // the file has both in any case
    maskFit: flags(),
    maskSafe: flags(),
    ...(c.chance(0.5) && { gti: gti(c) }),
  };
}

export const KINDS = [
  "MapDataset",
  "SpectrumDataset",
  "MapDatasetOnOff",
  "SpectrumDatasetOnOff",
  "FluxPointsDataset",
] as const;

export function randomDataset(c: Choices, kind: (typeof KINDS)[number], name: string): Dataset {
  if (kind === "FluxPointsDataset") return pointsDataset(c, name);
  return binned(c, name, kind.startsWith("Spectrum"), kind.endsWith("OnOff"));
}
