/** What plot functions need, taken from datasets, models and flux points. */

import { fitMask } from "../datasets/facets.js";
import { energyBins, inSedType, isUpperLimit, referenceEnergies } from "../datasets/flux-points.js";
import type { BinnedDataset, FluxPoints, Meta } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import type { Peak } from "../estimators/peaks.js";
import type { TsMap } from "../estimators/ts-map-table.js";
import { propagateErrors } from "../fit/propagate.js";
import type { ModelRegistry } from "../models/declaration.js";
import { dnde, findFluxSource } from "../models/flux.js";
import type { Models } from "../models/types.js";
import { axisEdges, imageGeom, makeProjector, nBins, nPix } from "../sky/index.js";
import type { SkyMap, Wcs } from "../sky/types.js";
import type { CountsSpec } from "./counts.js";
import { asImage } from "./healpix-image.js";
import type { MapPanel, MapSpec } from "./map.js";
import type { BandKind } from "./picture-style.js";
import type { SedCurve, SedPoints } from "./sed.js";
import type { SkyImage } from "./skygrid.js";
import type { SkyMarker } from "./skyoverlay.js";

/** Where the spectrum of a model is drawn. */
export interface SedCurveOptions {
  readonly label?: string;
  /** TeV. */
  readonly energyRange: readonly [number, number];
  /** Number of energies; 200 unless told. */
  readonly n?: number;
  /**
   * The error band, 68 %: "log" (default) takes ln(dN/dE) to be normal with the variance that the covariance gives it to first order, which is exact for the
   * parameters of power laws and log parabolas, and stays above zero; "sampled" are quantiles of draws from the covariance; "linear" is one standard deviation
   * of dN/dE to first order, which may cross zero.
   */
  readonly band?: BandKind;
}

/** The spectrum of the source `name`; where the models have a covariance, with its error band. */
export function sedCurveOf(models: Models, name: string, registry: ModelRegistry, options: SedCurveOptions): SedCurve {
  const { energyRange, n = 200, label = name, band = "log" } = options;
  const [from, to] = energyRange;
  if (!(from > 0 && to > from && Number.isFinite(to))) {
    const expected = "two positive energies in TeV, the smaller first";
    throw new SpecError({ where: "sedCurveOf", what: `energyRange is ${from} to ${to}; expected ${expected}` });
  }
  const energy = logarithmic(energyRange, n);
  if (models.covariance === undefined || band === "none") {
    const source = findFluxSource(models, name, "sedCurveOf", registry);
    return { label, energy, dnde: dnde(source.spectral, energy, registry) };
  }
  const method = band === "sampled" ? "sampling" : "linear";
  const { value, errn, errp } = propagateErrors(models, name, { quantity: "dnde", energy }, registry, { method });
  const end = (err: Float64Array, sign: 1 | -1) =>
    value.map((f, k) => (band === "log" ? f * Math.exp((sign * err[k]!) / f) : f + sign * err[k]!));
  return { label, energy, dnde: value, lo: end(errn, -1), hi: end(errp, 1) };
}

function logarithmic([from, to]: readonly [number, number], n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => from * (to / from) ** (i / (n - 1)));
}

/** Flux points as dnde at their reference energies; errors are the asymmetric ones where there are some. */
export function sedPointsOf(points: FluxPoints, label: string): SedPoints {
  const dnde = (norm: Float64Array | undefined) => inSedType(points, norm, "dnde");
  const bins = energyBins(points);
  return {
    label,
    energy: referenceEnergies(points),
    ...(bins && { energyMin: bins[0], energyMax: bins[1] }),
    dnde: dnde(points.norm)!,
    errn: dnde(points.normErrn ?? points.normErr),
    errp: dnde(points.normErrp ?? points.normErr),
    isUl: Array.from(points.norm, (_, i) => isUpperLimit(points, i)),
    ul: dnde(points.normUl),
  };
}

/**
 * What flux points are called in a legend: telescope and instrument where the header of their file says them, else `name`, that of the file, without what it
 * has for "flux points": "HAWC19" of HAWC19_flux_points.
 */
export function fluxPointsLabel(name: string, meta: Meta = {}): string {
  const said = ["TELESCOP", "INSTRUME"].map((key) => meta[key]).filter((v) => typeof v === "string" && v.trim() !== "");
  if (said.length > 0) return [...new Set(said)].join(" ");
  const rest = name.replace(/(^|[-_])(flux[-_]?points?|points|sed)(?=[-_]|$)/gi, "").replace(/^[-_]+|[-_]+$/g, "");
  return (rest === "" ? name : rest).replaceAll("_", " ");
}

/** Counts and predictions by energy, summed over the pixels in the fit; an energy bin without any is drawn whole and grey. */
export function countsSpecOf(
  dataset: BinnedDataset,
  predicted: { readonly npred?: SkyMap; readonly background?: SkyMap },
): CountsSpec {
  const counts = countsOf(dataset);
  const edges = axisEdges(counts.geom.axes[0]!);
  const nEnergy = edges.length - 1;
  const nPix = counts.data.length / nEnergy;
  const inFit = fitMask(dataset);
  const mask = Array.from({ length: nEnergy }, (_, r) => inFit.subarray(r * nPix, (r + 1) * nPix).includes(1));
  const sum = (map: SkyMap | undefined) =>
    map &&
    mask.map((used, r) => {
      let total = 0;
      for (let i = r * nPix; i < (r + 1) * nPix; i++) if (!used || inFit[i] === 1) total += map.data[i]!;
      return total;
    });
  return {
    title: dataset.name,
    energyEdges: edges,
    counts: sum(counts)!,
    npred: sum(predicted.npred),
    background: sum(predicted.background),
    mask,
  };
}

/** Options of `mapSpecOf`. */
export interface MapPictureOptions {
  /** Sigma in deg of the Gaussian under which residuals are summed, 0.1 unless told; 0, and always of HEALPix pixels: pixel by pixel. */
  readonly smoothing?: number;
}

/**
 * Counts, prediction and residuals of a cube, summed over energy where in the fit; pixels that are not in it at any energy have no value. Residuals are
 * sqrt(TS) of the smoothed counts where the smoothed prediction is expected, with the sign of the difference.
 */
export function mapSpecOf(dataset: BinnedDataset, npred: SkyMap, options: MapPictureOptions = {}): MapSpec {
  const { smoothing = 0.1 } = options;
  const counts = countsOf(dataset);
  const isHealpix = counts.geom.kind === "healpix";
  const inFit = fitMask(dataset);
  const nEnergy = nBins(counts.geom.axes[0]!);
  const summed = (data: Float64Array): SkyMap => {
    const out = new Float64Array(nPix(counts.geom)).fill(Number.NaN);
    for (let r = 0; r < nEnergy; r++) {
      for (let i = 0; i < out.length; i++) {
        if (inFit[r * out.length + i] === 1) out[i] = (Number.isNaN(out[i]!) ? 0 : out[i]!) + data[r * out.length + i]!;
      }
    }
    return asImage({ geom: { ...counts.geom, axes: [] }, unit: "", data: out });
  };
  const { geom: found, data: seen } = summed(counts.data);
  const { data: expected } = summed(npred.data);
  const geom = imageGeom(found, `mapSpecOf: dataset "${dataset.name}"`);
  const [nx, ny] = geom.npix;
  return {
    title: dataset.name,
    image: skyImageOf(geom.wcs, nx, ny),
    frame: geom.wcs.frame,
    panels: [
      { title: "Counts", values: seen, stretch: "asinh", label: "counts per pixel" },
      { title: "Npred", values: expected, stretch: "asinh", label: "counts per pixel" },
      // pixels of the image that lie in one of HEALPix are not counts of their own
      { title: "Residuals", values: seen, expected, smoothing: isHealpix ? 0 : smoothing },
    ],
    noValue: "not in the fit",
  };
}

/** Significances of a TS map, a panel for each energy bin, with the peaks of each marked; both signs in diverging colours where no source stands out. */
export function tsMapSpecOf(
  { geom, maps }: Pick<TsMap, "geom"> & { readonly maps: Pick<TsMap["maps"], "sqrt_ts"> },
  peaks: readonly (readonly Peak[])[] = [],
): MapSpec {
  const [nx, ny] = geom.npix;
  const n = nPix(geom);
  const image = skyImageOf(geom.wcs, nx, ny);
  const markerOf = ({ x, y, value }: Peak): SkyMarker => {
    const [lon, lat] = image.pixToSky(x, y);
    return { lon: lon!, lat: lat!, label: value.toFixed(1) };
  };
  const edges = axisEdges(geom.axes[0]!);
  const panels = Array.from({ length: edges.length - 1 }, (_, r): MapPanel => {
    const values = maps.sqrt_ts.data.subarray(r * n, (r + 1) * n);
    const finite = values.filter(Number.isFinite);
    const [lowest, highest] = [finite.reduce((a, b) => Math.min(a, b), 0), finite.reduce((a, b) => Math.max(a, b), 0)];
    const title = `${energyText(edges[r]!)} to ${energyText(edges[r + 1]!)}`;
    const panel = { title, values, label: "√TS, with the sign of the flux", markers: (peaks[r] ?? []).map(markerOf) };
    if (highest < 3 * Math.max(3, -lowest)) return { ...panel, colors: "diverging" };
    return { ...panel, range: [0, highest], stretch: "sqrt" };
  });
  return {
    title: "Test statistics of a point source",
    image,
    frame: geom.wcs.frame,
    panels,
  };
}

/** "10 GeV", "1.5 TeV" */
export function energyText(tev: number): string {
  const [value, unit] = tev < 1e-3 ? [tev * 1e6, "MeV"] : tev < 1 ? [tev * 1e3, "GeV"] : [tev, "TeV"];
  return `${Number(value.toPrecision(3))} ${unit}`;
}

function countsOf(dataset: BinnedDataset): SkyMap {
  if (dataset.counts !== undefined) return dataset.counts;
  throw new SpecError(`plot: dataset "${dataset.name}" has no counts`);
}

/** A WCS as map plots want it; off the sky is NaN. */
export function skyImageOf(wcs: Wcs, width: number, height: number): SkyImage {
  const { pixToSky, skyToPix } = makeProjector(wcs);
  const out = new Float64Array(2);
  return {
    width,
    height,
    pixToSky(x, y) {
      pixToSky(x, y, out);
      return [out[0]!, out[1]!];
    },
    skyToPix(lon, lat) {
      skyToPix(lon, lat, out);
      return [out[0]!, out[1]!];
    },
  };
}
