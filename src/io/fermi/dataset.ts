/**
 * A dataset from files of the Fermi tools: counts (gtbin), exposure (gtexpcube2), psf (gtpsf), energy dispersion (gtdrm), predicted counts (gtmodel) and weights. Exposure
 * and psf, which are given at energies, are taken in the middle of each bin of true energy: those of the energy dispersion, without it those of the counts.
 */
import type { EDisp, MapDataset, Psf } from "../../datasets/types.js";
import { FormatError } from "../../errors.js";
import { diagonalKernel } from "../../irf/edisp.js";
import { axisCenters, axisEdges, axisPix, nBins } from "../../sky/axis.js";
import { squashAxis } from "../../sky/axis-groups.js";
import { interpolateMap } from "../../sky/reproject.js";
import type { MapAxis, MaskMap, SkyMap } from "../../sky/types.js";
import type { Gti } from "../../time/types.js";
import type { NoteOptions } from "../cards.js";
import { checkCounts, checkPair } from "../checks.js";
import { withoutUndefined } from "../map-dataset.js";

/** A part, with the file that it is from. */
export interface Part<T> {
  readonly value: T;
  readonly where: string;
}

export interface FermiParts {
  readonly counts: Part<SkyMap>;
  readonly exposure: Part<SkyMap>;
  readonly psf?: Part<Required<Psf>> | undefined;
  readonly drm?: Part<{ readonly map: SkyMap; readonly margin: number }> | undefined;
  /** Predicted counts that are held as they are. */
  readonly background?: Part<SkyMap> | undefined;
  readonly weights?: Part<SkyMap> | undefined;
  readonly gti?: Gti | undefined;
}

export function fermiDataset(name: string, parts: FermiParts, { onNote }: NoteOptions): MapDataset {
  const { counts, exposure, psf, drm, background, weights, gti } = parts;
  const { geom } = counts.value;
  checkCounts(counts.value, undefined, counts.where);
  const energy = geom.axes[0]!;
  if (drm !== undefined) checkDrm(drm, counts, energy, onNote);
  const energyTrue = drm?.value.map.geom.axes[1] ?? { ...energy, name: "energy_true" };
  const atBins = psf && psfAt(psf, energyTrue, onNote);
  return withoutUndefined({
    type: "MapDataset",
    name,
    counts: counts.value,
    exposure: exposureAt(exposure, { ...geom, axes: [energyTrue] }, onNote),
    edisp: withExposure(drm?.value.map ?? perfect(energy, energyTrue), atBins?.exposure),
    psf: atBins,
    background: background && fitting(background, counts, onNote),
    maskSafe: weights && maskOf(weights, counts, onNote),
    gti,
  });

  /** What is not measured with an energy dispersion is measured as it is. */
  function perfect(reco: MapAxis, isTrue: MapAxis): SkyMap {
    onNote?.(`${counts.where}: no energy dispersion (gtdrm) is given: energies count as measured exactly`);
    const { data } = diagonalKernel(isTrue, reco);
    return { geom: { kind: "region", regions: [], wcs: null, axes: [reco, isTrue] }, unit: "", data };
  }
}

/** Rounding of the edges of counts and energy dispersion, which are float32 of other units: as a part of a bin. */
const EDGES = 1e-3;

function checkDrm(
  { value, where }: NonNullable<FermiParts["drm"]>,
  counts: Part<SkyMap>,
  energy: MapAxis,
  onNote: NoteOptions["onNote"],
): void {
  const own = value.map.geom.axes[0]!;
  const same =
    nBins(own) === nBins(energy) && axisEdges(own).every((e, i) => Math.abs(axisPix(energy, e) + 0.5 - i) < EDGES);
  if (same && value.margin > 0) return;
  if (same) {
    onNote?.(
      `${where}: there are no true energies beyond those of the counts (edisp_bins is 0): counts that come from there are missing in the outer bins; leave these out of the fit (--energy-range)`,
    );
    return;
  }
  const text = (axis: MapAxis) => {
    const edges = axisEdges(axis);
    return `${nBins(axis)} bins from ${rounded(edges[0]! * 1e6)} to ${rounded(edges.at(-1)! * 1e6)} MeV`;
  };
  throw new FormatError({
    where,
    found: `measured energies in ${text(own)}`,
    expected: `those of the counts ${counts.where}: ${text(energy)}`,
    remedy: "make the energy dispersion with the counts cube (gtdrm cmap=...)",
  });
}

const rounded = (x: number) => Number(x.toPrecision(6));

/** The exposure in the pixels of the counts and the middle of each bin of true energy, linear in ln E and between pixels. */
function exposureAt({ value, where }: Part<SkyMap>, geom: SkyMap["geom"], onNote: NoteOptions["onNote"]): SkyMap {
  const own = value.geom.axes[0];
  if (own?.name !== "energy_true") {
    throw new FormatError({ where, found: `the axis ${own?.name ?? "(none)"}`, expected: "energies (table ENERGIES)" });
  }
  const centers = axisCenters(geom.axes[0]!);
  const nodes = axisCenters(own);
  const [low, high] = [nodes[0]!, nodes.at(-1)!];
  if (!(centers[0]! >= low * (1 - 1e-6) && centers.at(-1)! <= high * (1 + 1e-6))) {
    throw new FormatError({
      where,
      found: `energies from ${rounded(low * 1e6)} to ${rounded(high * 1e6)} MeV`,
      expected: `all true energies, ${rounded(centers[0]! * 1e6)} to ${rounded(centers.at(-1)! * 1e6)} MeV`,
      remedy: "make the exposure with the same edisp_bins as the energy dispersion (gtexpcube2)",
    });
  }
  const map = interpolateMap(value, geom, { fill: Number.NaN });
  const n = map.data.length / centers.length;
  const missing = map.data.subarray(0, n).reduce((count, x) => count + Number(Number.isNaN(x)), 0);
  if (missing > 0) onNote?.(`${where}: the exposure does not reach ${missing} of ${n} pixels, which count as not seen`);
  return { ...map, data: map.data.map((x) => (Number.isNaN(x) ? 0 : x)) };
}

/** The psf in the middle of each bin of true energy, linear in ln E; beyond its energies that of the outermost one. */
function psfAt(
  { value, where }: Part<Required<Psf>>,
  energyTrue: MapAxis,
  onNote: NoteOptions["onNote"],
): Required<Psf> {
  const [rad, own] = value.map.geom.axes as [MapAxis, MapAxis];
  const last = nBins(own) - 1;
  const centers = axisCenters(energyTrue);
  const at = centers.map((e) => Math.min(Math.max(axisPix(own, e), 0), last));
  const beyond = centers.reduce((n, e, i) => n + Number(Math.abs(axisPix(own, e) - at[i]!) > 1e-6), 0);
  if (beyond > 0) {
    onNote?.(
      `${where}: the psf is given from ${rounded(own.nodes[0]! * 1e6)} to ${rounded(own.nodes[last]! * 1e6)} MeV; ${beyond} of ${centers.length} bins of true energy lie beyond and have that of the nearest energy`,
    );
  }
  const rows = (data: Float64Array, width: number) => {
    const out = new Float64Array(centers.length * width);
    at.forEach((p, k) => {
      const i = Math.min(Math.floor(p), Math.max(last - 1, 0));
      for (let r = 0; r < width; r++) {
        const a = data[i * width + r]!;
        out[k * width + r] = p === i ? a : a + (p - i) * (data[(i + 1) * width + r]! - a);
      }
    });
    return out;
  };
  const { geom } = value.map;
  return {
    map: { ...value.map, geom: { ...geom, axes: [rad, energyTrue] }, data: rows(value.map.data, nBins(rad)) },
    exposure: {
      ...value.exposure,
      geom: { ...geom, axes: [value.exposure.geom.axes[0]!, energyTrue] },
      data: rows(value.exposure.data, 1),
    },
  };
}

/** With the exposure that the energy dispersion is weighted by in stacking: that of the psf. */
function withExposure(map: SkyMap, exposure: SkyMap | undefined): EDisp {
  if (exposure === undefined) return { map };
  const axes = [squashAxis(map.geom.axes[0]!), ...exposure.geom.axes.slice(1)];
  return { map, exposure: { ...exposure, geom: { ...exposure.geom, axes } } };
}

function fitting({ value, where }: Part<SkyMap>, counts: Part<SkyMap>, onNote: NoteOptions["onNote"]): SkyMap {
  checkPair(counts.value.geom, value.geom, where);
  onNote?.(`${where}: these predicted counts are the background of the dataset: leave out models of what they hold`);
  return { ...value, geom: counts.value.geom };
}

/** Bins of weight 0 are left out. Other weights than 0 and 1 are not used: the likelihood has none. */
function maskOf({ value, where }: Part<SkyMap>, counts: Part<SkyMap>, onNote: NoteOptions["onNote"]): MaskMap {
  checkPair(counts.value.geom, value.geom, where);
  const between = value.data.reduce((n, w) => n + Number(w > 0 && w < 1), 0);
  if (between > 0) {
    onNote?.(
      `${where}: ${between} of ${value.data.length} weights lie between 0 and 1 and are not used: the likelihood has no weights, and errors do not hold what they stand for; only bins of weight 0 are left out`,
    );
  }
  return { geom: counts.value.geom, data: Uint8Array.from(value.data, (w) => (w > 0 ? 1 : 0)) };
}
