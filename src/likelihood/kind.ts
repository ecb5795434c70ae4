import type { Dataset, DatasetInfo } from "../datasets/types.js";
import type { Responses } from "../fold/response.js";
import type { BoundComponent, FoldContext, MaskPixels, Nuisance } from "../fold/types.js";
import type { RandomStream } from "../math/random.js";
import type { MemoryNeed } from "../memory.js";
import type { ModelRegistry } from "../models/declaration.js";
import type { Model, Models } from "../models/types.js";
import type { SkyMap } from "../sky/types.js";
import type { Statistic } from "./statistics/types.js";
import type { CompiledTerm } from "./types.js";

/** All that a likelihood is made from: what comes with GammaTS, and what users add. A value, passed as an argument. */
export interface Registry extends ModelRegistry {
  readonly statistics: readonly Statistic[];
  readonly kinds: readonly DatasetKind[];
}

/** What a kind needs to know beside a dataset: the models, and what they are made from. */
export interface KindContext {
  readonly models: Models;
  readonly registry: Registry;
  readonly responses: Responses;
}

/** The same for a likelihood: which parameters vary, and what datasets of one likelihood share. */
export interface CompileContext extends FoldContext, KindContext {
  /** Refuse a dataset whose fit may need more memory than this beside its own arrays; default: no limit. */
  readonly maxBytes?: number | undefined;
}

/** Which of the predicted counts: all, those of the sources, of the background, or of one model. */
export type Predicted = "all" | "signal" | "background" | { readonly model: string };

/** Background counts predicted in the ON region, for ON/OFF data that bring none of their own. */
export interface SimulateOptions {
  /** By dataset name; default: the background that wstat profiles from the dataset's own counts. */
  readonly backgrounds?: Readonly<Record<string, SkyMap>>;
  /** Told of bins whose predicted counts are negative, which are drawn as 0. */
  readonly onNote?: ((note: string) => void) | undefined;
}

/** A dataset drawn from a stream of random numbers; null: with what is expected itself. */
export type DrawDataset<D> = (stream: RandomStream | null) => D;

/**
 * All that can be done with datasets of some types. A kind of one's own is one such descriptor: with it in the registry its datasets can be fitted,
 * simulated, sliced and described like all others, on one thread or many.
 */
export interface DatasetKind<D extends Dataset = Dataset> {
  /** Values of `Dataset.type`. */
  readonly types: readonly string[];
  readonly about: string;
  /** Name of the statistic of a dataset. */
  statistic(dataset: D): string;
  /** -2 ln L of a dataset as a function of the free parameters of the models that apply to it. */
  compile(dataset: D, context: CompileContext): CompiledTerm;
  /** Predictions: counts `[energy, lat, lon]` of all bins, inside the masks and outside; for data without counts whatever is compared with them. */
  npred(dataset: D, predicted: Predicted, context: KindContext): SkyMap;
  /** What to draw from is computed once. */
  simulator(dataset: D, context: KindContext, options: SimulateOptions): DrawDataset<D>;
  info(dataset: D, context: KindContext): DatasetInfo;
  /** What `info` found, as blocks of lines [label, text] to read. */
  summary(info: DatasetInfo): readonly (readonly (readonly [label: string, text: string])[])[];
  /** A copy whose fit uses only what lies in [emin, emax], TeV. */
  restrict(dataset: D, emin: number, emax: number): D;
  /** The arrays of a dataset. */
  memory(dataset: D): MemoryNeed[];
  /** What a fit with models needs besides the dataset, as an upper bound. */
  fitMemory(dataset: D, models: readonly Model[], registry: Registry): MemoryNeed[];
  /** Kinds whose data are counts in bins of energy: what flux points, light curves and maps of significance are made with. */
  readonly binned?: BinnedKind<D>;
}

/** What a kind of dataset has to do so that flux points, light curves and maps of significance can be made of it. */
export interface BinnedKind<D extends Dataset = Dataset> {
  /** The likelihood of the bins in `mask` for components that are given, with a background norm of ON/OFF data. */
  join(
    dataset: D,
    components: readonly BoundComponent[],
    mask: MaskPixels,
    registry: Registry,
    backgroundNorm: Nuisance,
  ): JoinedTerm;
}

/** A term that is made of bins. */
export type JoinedTerm = CompiledTerm & Required<Pick<CompiledTerm, "mask" | "components">>;

/** Models that apply to a dataset, in order. */
export function modelsFor(models: Models, dataset: string): Model[] {
  return models.components.filter((m) => m.datasetsNames === undefined || m.datasetsNames.includes(dataset));
}
