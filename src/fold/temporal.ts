import type { BinnedDataset } from "../datasets/types.js";
import { UnsupportedError } from "../errors.js";
import type { SkyModel } from "../models/types.js";
import { taiMinus } from "../time/scale.js";
import { bindSubmodel, indexOf } from "./bind.js";
import type { FoldContext } from "./types.js";

/** Mean of the temporal model over the good time intervals; 1 without either. */
export function temporalFactor(dataset: BinnedDataset, model: SkyModel, context: FoldContext): number {
  if (model.temporal === undefined || model === context.steady) return 1;
  if (dataset.gti === undefined || dataset.gti.start.length === 0) return 1;
  const declaration = context.declarations.of(model.temporal, "temporal", `model "${model.name}"`);
  const { p, free } = bindSubmodel(model, "temporal", model.temporal, context);
  if (free.length > 0) {
    throw new UnsupportedError(
      `model "${model.name}": temporal parameters cannot be fitted to a single dataset; freeze them`,
    );
  }
  const { start, stop, timeScale } = dataset.gti;
  const where = `dataset "${dataset.name}" and model "${model.name}"`;
  const tRef =
    declaration.reference === undefined ? dataset.gti.reference : p[indexOf(declaration, declaration.reference)]!;
  const scale = String(model.temporal.extra?.scale ?? "utc");
  // seconds between the intervals and the reference are physical ones, whatever scales both are given in
  const shift = taiMinus(timeScale, dataset.gti.reference, where) - taiMinus(scale, tRef, where);
  const reference = dataset.gti.reference + shift / 86400;
  let sum = 0;
  let total = 0;
  for (let i = 0; i < start.length; i++) {
    const length = stop[i]! - start[i]!;
    sum += length * declaration.mean(reference + start[i]! / 86400, reference + stop[i]! / 86400, p);
    total += length;
  }
  return sum / total;
}
