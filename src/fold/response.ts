import type { MapDataset, OnOffDataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import { diagonalKernel, type EDispKernel, kernelOfPixel, pixelOf } from "../irf/edisp.js";
import { psfProfileAt } from "../irf/psf.js";
import { type PsfKernel, psfKernel } from "../irf/psf-kernel.js";
import { nBins } from "../sky/axis.js";
import type { Geom, MapAxis, SkyMap, SkyPosition } from "../sky/types.js";
import { type Recent, recent } from "./recent.js";
import type { Template } from "./template.js";

/** The instrument of a binned dataset as the fit needs it: what depends on a position is made once for it and kept. */
export interface Response {
  readonly name: string;
  /** Geometry of the counts: axis `energy`, and the pixels. */
  readonly geom: Geom;
  readonly energy: MapAxis;
  readonly energyTrue: MapAxis;
  /** `[energy_true, lat, lon]`, cm2 s; empty where the dataset has none, and then no source can be folded. */
  readonly exposure: Float64Array;
  /** The energy dispersion at a position; `apply` false: none. */
  edisp(position: SkyPosition | null, apply: boolean): EDispKernel;
  /** Number of the edisp pixel at a position: kernels of equal number are equal. */
  edispPixel(position: SkyPosition | null): number;
  /** True-energy bins that can reach energy bin r, wherever the source is. */
  reach(r: number, position: SkyPosition | null | "anywhere", apply: boolean): Int32Array;
  /** The psf on the pixels of the map; null where the dataset has none. */
  psf(position: SkyPosition | null): PsfKernel | null;
  /** Whether psf and energy dispersion are the same everywhere. */
  isUniform(): boolean;
  /** What `make` returns, made once for each key of late. */
  cached<T>(key: string, make: () => T): T;
  /** Templates of frozen sources, made once for each key of late. */
  readonly template: Recent<Template>;
}

/** Numbers in the templates kept for each response, at least; or twice those of its exposure. */
const KEPT_NUMBERS = 1 << 20;
/** Results kept for each response: enough for the sources of a large model, however long a scan of their positions is. */
const KEPT = 64;

/** What `make` returns, made once while `kept` holds it; of more than `KEPT` those longest unused go. */
function keep<K, T>(kept: Map<K, T>, key: K, make: () => T): T {
  const found = kept.has(key) ? kept.get(key)! : make();
  kept.delete(key);
  kept.set(key, found);
  if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
  return found;
}

const responses = new WeakMap<MapDataset | OnOffDataset, Response>();

/** The response of a dataset, made once for it and kept as long as the dataset is: what a fit has folded serves the flux points after it. */
export function responseOf(dataset: MapDataset | OnOffDataset): Response {
  let response = responses.get(dataset);
  if (response === undefined) responses.set(dataset, (response = createResponse(dataset)));
  return response;
}

export function createResponse(dataset: MapDataset | OnOffDataset): Response {
  const where = `dataset "${dataset.name}"`;
  const { counts, exposure } = dataset;
  const geom =
    counts?.geom ??
    ("acceptance" in dataset ? dataset.acceptance.geom : dataset.background?.geom) ??
    dataset.maskSafe?.geom;
  const energy = geom?.axes[0];
  if (geom === undefined || energy === undefined) {
    throw new SpecError(`${where}: neither counts nor background; a fit needs counts`);
  }
  const energyTrue = exposure?.geom.axes[0] ?? { ...energy, name: "energy_true" };
  const [nx, ny] = geom.npix;
  if (exposure !== undefined && (exposure.geom.npix[0] !== nx || exposure.geom.npix[1] !== ny)) {
    throw new SpecError(
      `${where}: exposure has ${exposure.geom.npix.join(" x ")} pixels, counts have ${nx} x ${ny}; both need the same image geometry`,
    );
  }
  const kernels = new Map<number, EDispKernel>();
  const psfs = new Map<string, PsfKernel>();
  const onePsf = once(() => psfMap === undefined || isUniform(psfMap));
  const oneEDisp = once(() => edispMap === undefined || isUniform(edispMap));
  const made = new Map<string, unknown>();
  const edispMap = dataset.edisp?.map;
  if (edispMap !== undefined && exposure !== undefined && nBins(edispMap.geom.axes[1]!) !== nBins(energyTrue)) {
    throw new SpecError(
      `${where}: edisp has ${nBins(edispMap.geom.axes[1]!)} true-energy bins, exposure has ${nBins(energyTrue)}; both need the same energy_true axis`,
    );
  }

  const kernel = (pixel: number): EDispKernel => {
    let k = kernels.get(pixel);
    if (k === undefined) {
      k =
        pixel < 0 || edispMap === undefined
          ? diagonalKernel(energyTrue, energy)
          : kernelOfPixel(edispMap, pixel, energy, `${where} edisp`);
      kernels.set(pixel, k);
    }
    return k;
  };
  const edispPixel = (position: SkyPosition | null) => {
    if (edispMap === undefined) return -1;
    return oneEDisp() ? 0 : pixelOf(edispMap, position);
  };

  const psfMap = geom.kind === "wcs" ? dataset.psf?.map : undefined;

  return {
    name: dataset.name,
    geom,
    energy,
    energyTrue,
    exposure: exposure?.data ?? new Float64Array(0),
    edispPixel,
    isUniform: () => onePsf() && oneEDisp(),
    template: recent(Math.max(KEPT_NUMBERS, 2 * (exposure?.data.length ?? 0)), ({ data }) => data.length),
    cached: <T>(key: string, make: () => T) => keep(made, key, make) as T,
    edisp: (position, apply) => kernel(apply ? edispPixel(position) : -1),
    reach(r, position, apply) {
      const n = edispMap === undefined || !apply ? 0 : edispMap.geom.npix[0] * edispMap.geom.npix[1];
      const pixels =
        position === "anywhere" && n > 0
          ? Array.from({ length: n }, (_, i) => i)
          : [apply ? edispPixel(position === "anywhere" ? null : position) : -1];
      const all = pixels.map(kernel);
      const out: number[] = [];
      for (let t = 0; t < nBins(energyTrue); t++) {
        if (all.some((k) => k.data[t * k.nReco + r]! !== 0)) out.push(t);
      }
      return Int32Array.from(out);
    },
    psf(position) {
      const map = psfMap;
      if (map === undefined || geom.kind !== "wcs") return null;
      const key = onePsf() || position === null ? "" : `${position.lon} ${position.lat}`;
      return keep(psfs, key, () =>
        psfKernel(
          psfProfileAt(map, map.geom.npix[0] * map.geom.npix[1] === 1 ? null : position, `${where} psf`),
          geom,
          energyTrue,
        ),
      );
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Every pixel of an image holds the same values. */
function isUniform({ geom, data }: SkyMap): boolean {
  const nPix = geom.npix[0] * geom.npix[1];
  for (let i = 0; i < data.length; i++) if (data[i] !== data[i - (i % nPix)]) return false;
  return true;
}
