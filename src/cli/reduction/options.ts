/** What `gammats reduce` and `gammats analyse` are told. */
import type { EdgeOptions } from "../energies.js";
import type { SelectionOptions } from "../run-selection.js";

/** As texts of the command line and of a reduce.yaml. */
export interface ReduceOptions extends EdgeOptions, SelectionOptions {
  readonly target?: string;
  readonly geometry?: string;
  readonly trueRange?: string;
  readonly trueBins?: string;
  readonly maxOffset?: string;
  readonly radius?: string;
  readonly background?: string;
  readonly offRegions?: string;
  readonly exclude?: readonly string[];
  readonly safeMask?: string;
  readonly stack?: boolean;
  readonly width?: string;
  readonly binsz?: string;
  readonly frame?: string;
  readonly proj?: string;
  readonly name?: string;
}

/** What `analyse` measures, beside what the reduction is told. */
export interface AnalyseOptions {
  readonly fitRange?: string;
  readonly pointEdges?: string;
  readonly source?: string;
}
