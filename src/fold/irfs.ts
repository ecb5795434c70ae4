/** Psf and energy dispersion of a dataset, at positions and around places that move. */
import { type Around, countAround, createAround, JET, type LocateAround, makeLocateAround } from "../irf/around.js";
import type { EDispKernel } from "../irf/edisp.js";
import { mixEDisps, mixPsfs, psfShares } from "../irf/mix.js";
import type { PsfKernel } from "../irf/psf-kernel.js";
import { createCache, once } from "../math/cache.js";
import { nBins } from "../sky/axis.js";
import type { Frame, Geom, SkyPosition } from "../sky/types.js";
import { type BlurKernel, withGrids } from "./blur.js";
import { seesBetween } from "./instrument.js";
import {
  type BlurImages,
  edispNodes,
  type IrfRule,
  type IrfsInput,
  type Nodes,
  noEDispNodes,
  psfNodes,
} from "./irf-nodes.js";
import type { IrfSwitches } from "./types.js";

/** The responses that are mixed at a place, as `locate` found them. */
export interface IrfsAround {
  /** Empty: no psf. As many at every place. */
  readonly psfs: BlurImages[];
  /** What each counts for, with derivatives by longitude and latitude in deg: [psf, energy_true, JET]. */
  readonly shares: Float64Array;
  readonly edisps: EDispKernel[];
  /** The same of the energy dispersions: [edisp, JET]. */
  readonly weights: Float64Array;
  /** Goes to a place in the frame; true where `psfs` or `edisps` are others than before. */
  locate(lon: number, lat: number, order: 0 | 1 | 2): boolean;
}

export interface Irfs {
  /** The energy dispersion at a position; `apply` false: none. */
  edisp(position: SkyPosition | null, apply: boolean): EDispKernel;
  /** The psf on the pixels of the map; null where the dataset has none. */
  psf(position: SkyPosition | null): BlurKernel | null;
  /** What is mixed around places in `frame`. */
  around(frame: Frame, apply: IrfSwitches): IrfsAround;
  /** A psf of one place only, made ready for transforms; nothing of it is kept. */
  blurring(psf: PsfKernel): BlurKernel;
  /** True-energy bins that can reach energy bin r, wherever the source is. */
  reach(r: number, apply: boolean): Int32Array;
  /** Whether psf and energy dispersion are the same everywhere. */
  isUniform(): boolean;
}

export function createIrfs(input: IrfsInput): Irfs {
  const { dataset, energy, energyTrue, rule, cache, transforms } = input;
  const nTrue = nBins(energyTrue);
  const sees = once(() => seesBetween(dataset.exposure));
  const psfs = psfNodes(input, sees);
  const [folded, unfolded] = [edispNodes(input, sees), noEDispNodes(input)];
  const edispsOf = (apply: boolean) => (apply ? (folded ?? unfolded) : unfolded);
  const mixed = cache.scope<BlurKernel>(`psf of ${dataset.name}`, ({ data }) => data.byteLength);
  const around = (frame: Frame, psf: Nodes<BlurImages> | undefined, edisp: Nodes<EDispKernel>) =>
    joinSides(psf && sideOf(psf, frame, rule), sideOf(edisp, frame, rule), nTrue);
  const isOne = (nodes: Nodes<unknown>) => rule === "gammapy" || isNearest(nodes.geom) || nodes.isUniform();
  return {
    edisp(position, apply) {
      const nodes = edispsOf(apply);
      if (isOne(nodes)) return nodes.at(position);
      const { edisps, weights } = goTo(around(position?.frame ?? "icrs", undefined, nodes), position);
      return mixEDisps(edisps, weights);
    },
    psf(position) {
      if (psfs === undefined || isOne(psfs)) return psfs?.at(position) ?? null;
      return mixed.get(position === null ? [] : [position.lon, position.lat, position.frame], () => {
        const { psfs: some, shares } = goTo(around(position?.frame ?? "icrs", psfs, unfolded), position);
        return withGrids(mixPsfs(some, shares), cache, `transforms of the psf of ${dataset.name}`, transforms);
      });
    },
    around: (frame, apply) => around(frame, apply.psf ? psfs : undefined, edispsOf(apply.edisp)),
    blurring: (psf) => withGrids(psf, createCache(), "one psf", transforms),
    reach(r, apply) {
      if (input.bin !== undefined && input.bin.index !== r) return new Int32Array(0);
      const all = edispsOf(apply).everywhere();
      const reaches = (t: number) => all.some((k) => k.data[t * nBins(energy) + r]! !== 0);
      return Int32Array.from(Array.from({ length: nTrue }, (_, t) => t).filter(reaches));
    },
    isUniform: () => (psfs?.isUniform() ?? true) && (folded?.isUniform() ?? true),
  };
}

/** Responses in HEALPix pixels are taken by Gammapy's rule, and not mixed. */
const isNearest = (geom: Geom | undefined): boolean => geom?.kind === "healpix";

/** The middle of the map where there is no position. */
function goTo(around: IrfsAround, position: SkyPosition | null): IrfsAround {
  around.locate(position?.lon ?? Number.NaN, position?.lat ?? Number.NaN, 0);
  return around;
}

/** The responses of one map around a place. */
interface Side<T> {
  readonly items: T[];
  /** [item, JET] */
  readonly weights: Float64Array;
  /** True where the items are others than before. */
  locate(lon: number, lat: number, order: 0 | 1 | 2): boolean;
}

function sideOf<T>(nodes: Nodes<T>, frame: Frame, rule: IrfRule): Side<T> {
  const { geom } = nodes;
  if (rule === "gammapy" || geom === undefined || isNearest(geom) || nodes.isUniform()) return oneSide(nodes, frame);
  return mixedSide(nodes, makeLocateAround(geom, frame), createAround(geom), countAround(geom));
}

function oneSide<T>(nodes: Nodes<T>, frame: Frame): Side<T> {
  const items: T[] = [];
  const weights = new Float64Array(JET);
  weights[0] = 1;
  const locate = (lon: number, lat: number) => {
    const found = nodes.at(Number.isNaN(lon) ? null : { lon, lat, frame });
    const isOther = found !== items[0];
    items[0] = found;
    return isOther;
  };
  return { items, weights, locate };
}

function mixedSide<T>(nodes: Nodes<T>, locate: LocateAround, around: Around, count: number): Side<T> {
  const items: T[] = [];
  const former = new Int32Array(count).fill(-1);
  const { pixels, weights } = around;
  return {
    items,
    weights,
    locate(lon, lat, order) {
      locate(lon, lat, order, around);
      let isOther = false;
      for (let k = 0; k < count; k++) {
        if (pixels[k] === former[k]) continue;
        isOther = true;
        former[k] = pixels[k]!;
        items[k] = nodes.ofPixel(pixels[k]!);
      }
      return isOther;
    },
  };
}

function joinSides(psf: Side<BlurImages> | undefined, edisp: Side<EDispKernel>, nTrue: number): IrfsAround {
  const count = psf === undefined ? 0 : psf.weights.length / JET;
  const shares = new Float64Array(count * nTrue * JET);
  if (count === 1) for (let k = 0; k < shares.length; k += JET) shares[k] = 1;
  return {
    psfs: psf?.items ?? [],
    shares,
    edisps: edisp.items,
    weights: edisp.weights,
    locate(lon, lat, order) {
      const isOtherEDisp = edisp.locate(lon, lat, order);
      if (psf === undefined) return isOtherEDisp;
      const isOtherPsf = psf.locate(lon, lat, order);
      if (count > 1) psfShares(psf.items, psf.weights, order, shares);
      return isOtherEDisp || isOtherPsf;
    },
  };
}
