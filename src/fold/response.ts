/** The instrument of a binned dataset as folding needs it. */

import type { BinnedDataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import { isRecoPsf, type PsfProfile } from "../irf/psf.js";
import type { PsfImages } from "../irf/psf-kernel.js";
import { type CacheScope, createCache, type Held, once } from "../math/cache.js";
import { createTransforms } from "../math/convolution.js";
import { isSame, snapshot } from "../math/snapshot.js";
import { nBins } from "../sky/axis.js";
import { binOf, firstOtherBin } from "../sky/axis-bins.js";
import { describePixels, imageShape } from "../sky/pixels.js";
import type { Geom, MapAxis, SkyPosition, WcsGeom } from "../sky/types.js";
import { type CleanInstrument, cleanInstrument, type Instrument, instrumentOf } from "./instrument.js";
import { type IrfRule, type IrfsInput, type PsfBin, profileOf } from "./irf-nodes.js";
import { createIrfs, type Irfs } from "./irfs.js";
import { maskPixels } from "./pixels.js";
import type { Template } from "./template.js";
import type { MaskPixels } from "./types.js";

/** What depends on a position is made once for it and kept in the cache of the handle that the response belongs to. */
export interface Response extends Irfs {
  readonly name: string;
  /** Geometry of the counts: axis `energy`, and the pixels. */
  readonly geom: Geom;
  readonly energy: MapAxis;
  readonly energyTrue: MapAxis;
  /** `[energy_true, lat, lon]`, cm2 s, where events are seen; empty where the dataset has none, and then no source can be folded. */
  readonly exposure: Float64Array;
  /** The same where events come from, which then counts beside `exposure` (ones): it is applied before the psf. */
  readonly sourceExposure: Float64Array | undefined;
  /** Of a psf in reconstructed energy, by energy bin: the instrument that has the psf of this bin at all true energies, and no other bin. */
  readonly byBin: readonly Response[] | undefined;
  /** Predicted background counts `[energy, lat, lon]`; undefined where the dataset has none. */
  readonly background: Float64Array | undefined;
  /** The bins in the fit. */
  readonly mask: MaskPixels;
  /** What of the dataset was taken for something else, in words. */
  readonly warnings: readonly string[];
  /** The psf at a position as profiles; null where the dataset has none. */
  profile(position: SkyPosition | null): PsfProfile | null;
  /** Psf and energy dispersion as they are on the pixels of an image. */
  onImage(image: WcsGeom): Irfs;
  /** Templates of frozen sources, by what they are made from. */
  readonly templates: CacheScope<Template>;
  /** Arrays of numbers by what they are made from; `what` names them in `held`. */
  arrays(what: string): CacheScope<Float64Array>;
}

/** The responses of datasets, and what was folded with them: the fit makes it, flux points and profiles after it find it there. */
export interface Responses {
  /** The response of a dataset; made anew where the dataset was changed in place. */
  of(dataset: BinnedDataset): Response;
  /** What is held, by owner. */
  held(): Held[];
  clear(): void;
}

/** Options of `createResponses`. */
export interface ResponsesOptions {
  /** Bytes to keep at most; default 256 MB. */
  readonly maxBytes?: number;
  /**
   * Nothing will change the arrays of the datasets: they are used as they are. Default: false, they are copied, so that what was compiled keeps what it was
   * made from, and compared each time, so that a change is seen.
   */
  readonly immutable?: boolean;
  /**
   * Where psf and energy dispersion of a source are taken: `continuous` (default), linear between the middles of the pixels of their maps; `gammapy`: by the reference's
   * rule, which steps between them.
   */
  readonly irfs?: IrfRule;
}

/** A handle for responses. It holds them as long as it lives. */
export function createResponses({
  maxBytes,
  immutable = false,
  irfs = "continuous",
}: ResponsesOptions = {}): Responses {
  const cache = createCache(maxBytes);
  const transforms = createTransforms();
  let known = new WeakMap<BinnedDataset, { readonly response: Response; readonly instrument: Instrument }>();
  return {
    of(dataset) {
      const given = instrumentOf(dataset);
      const found = known.get(dataset);
      if (found !== undefined && (immutable || isSame(given, found.instrument))) return found.response;
      const instrument = immutable ? given : snapshot(given);
      const response = createResponse(cleanInstrument(instrument), { cache, transforms, rule: irfs });
      known.set(dataset, { response, instrument });
      return response;
    },
    held: () => cache.held(),
    clear() {
      cache.clear();
      known = new WeakMap();
    },
  };
}

/** What all responses of a handle share. */
type Shared = Pick<IrfsInput, "cache" | "transforms" | "rule">;

function createResponse(clean: CleanInstrument, shared: Shared, bin?: SourceBin): Response {
  const { instrument: dataset, warnings } = clean;
  const { cache } = shared;
  const where = `dataset "${dataset.name}"`;
  const { exposure } = dataset;
  const geom = dataset.countsGeom;
  const energy = geom?.axes[0];
  if (geom === undefined || energy === undefined) {
    throw new SpecError(`${where}: neither counts nor background; a fit needs counts`);
  }
  const energyTrue = exposure?.geom.axes[0] ?? { ...energy, name: "energy_true" };
  checkInstrument(dataset, geom, energyTrue, where);
  const mask = once(() => maskPixels(dataset.mask, nBins(energy)));
  const owner = (what: string) => `${what} of ${dataset.name}`;
  const isByBin = bin === undefined && geom.kind === "wcs" && dataset.psf !== undefined && isRecoPsf(dataset.psf.map);
  const byBin = once(() => {
    const images = cache.scope<PsfImages>(owner("psf in reconstructed energy"), ({ data }) => data.byteLength);
    const ones = new Float64Array(exposure?.data.length ?? 0).fill(1);
    return Array.from({ length: nBins(energy) }, (_, index) => createResponse(clean, shared, { index, images, ones }));
  });
  const irfs: IrfsInput = { where, dataset, geom, energy, energyTrue, bin, ...shared };
  return {
    name: dataset.name,
    geom,
    energy,
    energyTrue,
    exposure: bin?.ones ?? exposure?.data ?? new Float64Array(0),
    sourceExposure: bin && exposure?.data,
    get byBin() {
      return isByBin ? byBin() : undefined;
    },
    background: dataset.background?.data,
    warnings,
    get mask() {
      return mask();
    },
    templates: cache.scope(owner("templates"), ({ data }) => data.byteLength),
    arrays: (what) => cache.scope(owner(what), ({ byteLength }) => byteLength),
    profile: (position) => profileOf(dataset, position, where),
    onImage: (image) => createIrfs({ ...irfs, geom: image }),
    ...createIrfs(irfs),
  };
}

/** A bin of a psf in reconstructed energy. `ones`: the exposure where events are seen. */
interface SourceBin extends PsfBin {
  readonly ones: Float64Array;
}

function checkInstrument({ exposure, edisp }: Instrument, geom: Geom, energyTrue: MapAxis, where: string): void {
  if (exposure === undefined) return;
  if (imageShape(exposure.geom).join() !== imageShape(geom).join()) {
    throw new SpecError(
      `${where}: exposure has ${describePixels(exposure.geom)}, counts have ${describePixels(geom)}; both need the same image geometry`,
    );
  }
  const edispTrue = edisp?.map.geom.axes[1];
  if (edispTrue !== undefined && nBins(edispTrue) !== nBins(energyTrue)) {
    throw new SpecError(
      `${where}: edisp has ${nBins(edispTrue)} true-energy bins, exposure has ${nBins(energyTrue)}; both need the same energy_true axis`,
    );
  }
  const other = edispTrue === undefined ? -1 : firstOtherBin(edispTrue, energyTrue);
  if (other >= 0) {
    throw new SpecError(
      `${where}: edisp has ${binOf(edispTrue!, other)}, exposure has ${binOf(energyTrue, other)}; both need the same energy_true axis`,
    );
  }
}
