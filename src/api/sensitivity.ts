/** Sensitivity of observations. */
import type { OnOffDataset } from "../datasets/types.js";
import { type DetectableExcess, detectableExcess, type SensitivityOptions } from "../estimators/sensitivity.js";
import * as predict from "../likelihood/npred.js";
import { skyModel } from "../models/create.js";
import type { Submodel } from "../models/types.js";
import { axisCenters, axisEdges } from "../sky/axis.js";
import { type ContextOptions, contextOf } from "./context.js";
import { createSubmodel, dnde } from "./models.js";

/** The smallest flux that would be seen, by energy bin; arrays [n]. */
export interface Sensitivity extends DetectableExcess {
  /** TeV [n + 1] */
  readonly edges: Float64Array;
  /** TeV, the middle of the bin in ln E, to which the fluxes belong. */
  readonly eRef: Float64Array;
  /** cm-2 s-1 TeV-1; NaN where there is no excess or no exposure. */
  readonly dnde: Float64Array;
  /** TeV cm-2 s-1 */
  readonly e2dnde: Float64Array;
}

/**
 * The smallest flux of a spectrum of this shape (default: a power law of index 2) that would be detected in each energy bin: 5 standard deviations (Li & Ma 1983), ten
 * events and a twentieth of the background, unless told otherwise. For a point source the exposure has to be that of the ON region (`containment` of `reduceSpectrum`).
 * @throws SpecError where the dataset has no OFF counts or no exposure.
 */
export function estimateSensitivity(
  dataset: OnOffDataset,
  options: SensitivityOptions & { readonly spectral?: Submodel } & ContextOptions = {},
): Sensitivity {
  const { spectral = createSubmodel("pl", { index: 2, amplitude: 1e-12 }) } = options;
  const found = detectableExcess(dataset, options);
  const models = { components: [skyModel({ name: "source", spectral })] };
  const expected = predict.npred(dataset, contextOf(models, options), "signal").data;
  const axis = dataset.acceptance.geom.axes[0]!;
  const eRef = axisCenters(axis);
  const reference = dnde(spectral, eRef, options);
  const fluxes = found.excess.map((n, k) => (expected[k]! > 0 ? (n / expected[k]!) * reference[k]! : Number.NaN));
  return { ...found, edges: axisEdges(axis), eRef, dnde: fluxes, e2dnde: fluxes.map((f, k) => f * eRef[k]! ** 2) };
}
