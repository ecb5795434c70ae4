/** Random datasets whose numbers make sense, of each kind that Gammapy reads: smooth exposures, normalised responses, counts around the background. */
import type { FluxPointsDataset, Gti, MapDataset, OnOffDataset } from "../../../src/datasets/types.js";
import { axisCenters, axisFromEdges, nBins, nPix, offsetBy, wcsGeom } from "../../../src/sky/index.js";
import type { Geom, MapAxis, MaskMap, RegionGeom, SkyMap, SkyPosition, WcsGeom } from "../../../src/sky/types.js";
import type { Choices } from "../random.js";
import { imageGeom, type Pixels } from "./sky.js";

/** n bins from about `start` to about `stop`, not all of the same width. */
function energyAxis(c: Choices, name: string, start: number, stop: number, n: number): MapAxis {
  const interp = c.chance(0.85) ? "log" : "lin";
  const steps = c.list(n, () => c.between(0.5, 1.5));
  const total = steps.reduce((a, b) => a + b, 0);
  let at = Math.log(start);
  const edges = [start, ...steps.map((step) => Math.exp((at += (step / total) * Math.log(stop / start))))];
  return axisFromEdges(Float64Array.from(edges), { name, unit: "TeV", interp });
}

const size = (geom: Geom) => geom.axes.reduce((n, axis) => n * nBins(axis), nPix(geom));

/** `value` of the pixel and of the bins of the axes, the first axis last. */
function mapOf(geom: Geom, unit: string, value: (pixel: number, ...bins: number[]) => number): SkyMap {
  const n = nPix(geom);
  const sizes = geom.axes.map(nBins);
  const data = Float64Array.from({ length: size(geom) }, (_, k) => {
    let rest = Math.floor(k / n);
    const bins = sizes.map((s) => {
      const bin = rest % s;
      rest = Math.floor(rest / s);
      return bin;
    });
    return value(k % n, ...bins);
  });
  return { geom, unit, data };
}

const maskOf = (geom: Geom, inside: () => boolean): MaskMap => ({
  geom,
  data: Uint8Array.from({ length: size(geom) }, () => (inside() ? 1 : 0)),
});

/** One to three intervals within a day after `reference` [MJD]. */
function randomGti(c: Choices, reference: number): Gti {
  const n = 1 + c.below(3);
  let at = c.between(0, 2e4);
  const times = Float64Array.from({ length: 2 * n }, () => (at += c.between(10, 10000)));
  return {
    start: times.filter((_, i) => i % 2 === 0),
    stop: times.filter((_, i) => i % 2 === 1),
    reference,
    timeScale: c.pick(["tt", "utc"]),
  };
}

/** Cumulative normal distribution, good to 1e-7 (Abramowitz & Stegun 7.1.26): any smooth step would do. */
function step(x: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(x)) / Math.SQRT2);
  const poly = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const half = 0.5 * poly * Math.exp((-x * x) / 2);
  return x > 0 ? 1 - half : half;
}

function edispMap(c: Choices, place: Geom, energy: MapAxis, energyTrue: MapAxis): SkyMap {
  const sigma = c.pick([0.02, 0.1, 0.3]);
  const centers = axisCenters(energyTrue);
  const bias = Float64Array.from({ length: nPix(place) }, () => c.between(-0.1, 0.1));
  if (c.chance(0.5)) {
    const edges = energy.nodes;
    return mapOf({ ...place, axes: [energy, energyTrue] } as Geom, "", (pixel, r, t) => {
      const at = (e: number) => step((Math.log(e / centers[t]!) - bias[pixel]!) / sigma);
      return at(edges[r + 1]!) - at(edges[r]!);
    });
  }
  const n = 10 + c.below(40);
  const [low, high] = c.pick([
    [0.2, 5],
    [0.5, 2],
    [1e-3, 3],
  ] as const);
  const edges = Float64Array.from({ length: n + 1 }, (_, i) => low + ((high - low) * i) / n);
  const migra = axisFromEdges(edges, { name: "migra", unit: "", interp: "lin" });
  return mapOf({ ...place, axes: [migra, energyTrue] } as Geom, "", (pixel, m) => {
    const x = (edges[m]! + edges[m + 1]!) / 2 - 1 - bias[pixel]!;
    return Math.exp(-0.5 * (x / sigma) ** 2) / (sigma * Math.sqrt(2 * Math.PI));
  });
}

/** King profiles or Gaussians of a width in pixels of the counts, which shrinks with energy. */
function psfMap(c: Choices, place: Geom, energyTrue: MapAxis, binsz: number, energy?: MapAxis): SkyMap {
  const width = binsz * c.pick([0.1, 0.5, 1, 2]) * c.between(0.8, 1.2);
  const max = Math.min(width * c.between(3, 6), 14 * binsz);
  const n = 10 + c.below(60);
  const edges = Float64Array.from({ length: n + 1 }, (_, i) => (max * i) / n);
  const rad = axisFromEdges(edges, { name: "rad", unit: "deg", interp: "lin" });
  const isReco = energy !== undefined && c.chance(0.2);
  // With fewer energies than the exposure, the reference loses a source in the others (docs/differences.md).
  const nOwn = Math.max(nBins(energyTrue), 2 + c.below(8));
  const own = c.chance(0.7) ? energyTrue : energyAxis(c, "energy_true", 0.05, 300, nOwn);
  const axis = isReco ? energy : own;
  const centers = axisCenters(axis);
  const scale = Float64Array.from({ length: nPix(place) }, () => c.between(0.8, 1.2));
  const isKing = c.chance(0.4);
  return mapOf({ ...place, axes: [rad, axis] } as Geom, "sr-1", (pixel, i, t) => {
    const sigma = width * scale[pixel]! * centers[t]! ** -0.15;
    const x = ((edges[i]! + edges[i + 1]!) / 2 / sigma) ** 2;
    const solid = 2 * Math.PI * ((sigma * Math.PI) / 180) ** 2;
    return (isKing ? 0.5 * (1 + x / 4) ** -2 : Math.exp(-x / 2)) / solid;
  });
}

/** Pixels of responses, coarser than those of the counts, with no edge in the middle of these or of their own: which pixel holds an edge is a matter of rounding. */
function coarse(c: Choices, pixels: Pixels, center: SkyPosition): WcsGeom {
  const scale = c.between(3, 8);
  const beside = offsetBy(center, c.between(0, 360), 0.2 * scale * pixels.binsz);
  return imageGeom({ ...pixels, rotation: 0 }, beside, [c.pick([1, 3]), c.pick([1, 3])], scale, []);
}

interface Axes {
  readonly energy: MapAxis;
  readonly energyTrue: MapAxis;
}

function randomAxes(c: Choices): Axes {
  const start = c.between(0.2, 2);
  return {
    energy: energyAxis(c, "energy", start, start * c.between(3, 40), 1 + c.below(4)),
    energyTrue: energyAxis(c, "energy_true", start * c.between(0.3, 1.1), start * c.between(5, 60), 2 + c.below(5)),
  };
}

function common(c: Choices, geom: Geom, { energyTrue }: Axes, level: number, time: number) {
  const n = nPix(geom);
  const tilt = c.between(-0.5, 0.8);
  const slope = c.between(-0.5, 0.5);
  const centers = axisCenters(energyTrue);
  const exposure = mapOf(
    { ...geom, axes: [energyTrue] } as Geom,
    "cm2 s",
    (pixel, t) => level * centers[t]! ** tilt * (1 + (slope * pixel) / n),
  );
  return {
    exposure,
    ...(c.chance(0.7) && { maskSafe: maskOf(geom, () => c.chance(0.9)) }),
    ...(c.chance(0.4) && { maskFit: maskOf(geom, () => c.chance(0.8)) }),
    gti: randomGti(c, time),
  };
}

const poisson = (c: Choices, map: SkyMap): SkyMap => ({ ...map, data: map.data.map((x) => c.stream.poisson(x)) });

export function randomMap(
  c: Choices,
  name: string,
  center: SkyPosition,
  pixels: Pixels,
  time: number,
): MapDataset | OnOffDataset {
  const axes = randomAxes(c);
  const geom = imageGeom(pixels, center, pixels.npix, 1, [axes.energy]);
  const parts = common(c, geom, axes, 10 ** c.between(11, 14), time);
  const level = c.chance(0.1) ? 0 : 10 ** c.between(-2, 1);
  const background = mapOf(geom, "", (pixel) => level * (1 + 0.3 * Math.sin(pixel)));
  const irf = {
    ...(c.chance(0.7) && { edisp: { map: edispMap(c, coarse(c, pixels, center), axes.energy, axes.energyTrue) } }),
    ...(c.chance(0.7) && {
      psf: { map: psfMap(c, coarse(c, pixels, center), axes.energyTrue, pixels.binsz, axes.energy) },
    }),
  };
  const counts = poisson(c, background);
  if (c.chance(0.8)) return { type: "MapDataset", name, counts, background, ...parts, ...irf };
  return onOff(c, { name, counts, ...parts, ...irf }, background, "MapDatasetOnOff");
}

function onOff(
  c: Choices,
  dataset: Omit<OnOffDataset, "type" | "acceptance">,
  background: SkyMap,
  type: OnOffDataset["type"],
): OnOffDataset {
  const alpha = c.pick([0.01, 0.2, 1, 3]);
  const off = { ...background, data: background.data.map((x) => x / alpha) };
  const constant = (value: number) => ({ ...background, data: background.data.map(() => value) });
  return { ...dataset, type, countsOff: poisson(c, off), acceptance: constant(1), acceptanceOff: constant(1 / alpha) };
}

/** Of a circle around the position of the sources, or of no region at all. */
export function randomSpectrum(
  c: Choices,
  name: string,
  center: SkyPosition,
  isCircle: boolean,
  time: number,
): MapDataset | OnOffDataset {
  const axes = randomAxes(c);
  const radius = c.between(0.05, 0.5);
  const place: RegionGeom = isCircle
    ? {
        kind: "region",
        regions: [{ shape: "circle", center, radius }],
        wcs: wcsGeom({ center, binsz: 0.01, npix: [3, 3], proj: "TAN", axes: [] }).wcs,
        axes: [],
      }
    : { kind: "region", regions: [], wcs: null, axes: [] };
  const geom: RegionGeom = { ...place, axes: [axes.energy] };
  const parts = common(c, geom, axes, 10 ** c.between(11, 14), time);
  const level = c.chance(0.1) ? 0 : 10 ** c.between(-1, 2);
  const background = mapOf(geom, "", () => level);
  const edisp = c.chance(0.8) && { edisp: { map: edispMap(c, place, axes.energy, axes.energyTrue) } };
  const counts = poisson(c, background);
  if (c.chance(0.5)) {
    const psf = isCircle && c.chance(0.6) && { psf: { map: psfMap(c, place, axes.energyTrue, radius / 3) } };
    return { type: "SpectrumDataset", name, counts, background, ...parts, ...edisp, ...psf };
  }
  // Gammapy does not read the mask of the fit
  const { maskFit: _, ...kept } = parts;
  return onOff(c, { name, counts, ...kept, ...edisp }, background, "SpectrumDatasetOnOff");
}

/** Around a power law, with symmetric or asymmetric errors. */
export function randomPoints(c: Choices, name: string): FluxPointsDataset {
  const n = 1 + c.below(5);
  const energy = energyAxis(c, "energy", 0.2, c.between(1, 50), n);
  const column = (value: (i: number) => number) => Float64Array.from({ length: n }, (_, i) => value(i));
  const e = column((i) => Math.sqrt(energy.nodes[i]! * energy.nodes[i + 1]!));
  const width = column((i) => energy.nodes[i + 1]! - energy.nodes[i]!);
  const dnde = e.map((x) => 1e-12 * x ** -2.3);
  const flux = dnde.map((x, i) => x * width[i]!);
  const errors = () => column(() => c.between(0.05, 0.5));
  return {
    type: "FluxPointsDataset",
    name,
    statistic: "chi2",
    points: {
      energy: { ...energy, interp: "log" },
      sedType: "likelihood",
      reference: { dnde, flux, eflux: flux.map((x, i) => x * e[i]!), e2dnde: dnde.map((x, i) => x * e[i]! ** 2) },
      norm: column(() => c.between(0.1, 3)),
      normErr: errors(),
      ...(c.chance(0.5) && { normErrn: errors(), normErrp: errors() }),
    },
    maskSafe: Uint8Array.from(dnde, (_, i) => (i === 0 || c.chance(0.8) ? 1 : 0)),
  };
}
