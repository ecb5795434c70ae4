import type { BinnedDataset } from "../datasets/types.js";
import { UnsupportedError } from "../errors.js";
import { containment, psfProfileAt } from "../irf/psf.js";
import type { SkyModel } from "../models/types.js";
import { axisCenters } from "../sky/axis.js";
import { refuseMapOfFlux, shapeOf } from "./bind.js";
import type { Response } from "./response.js";
import type { Template } from "./template.js";
import type { FoldContext } from "./types.js";

/**
 * One spatial bin: the exposure, times the share of the events that the psf leaves inside a circular region where the source is a point and the
 * dataset has both. Without region or psf the exposure holds that share already.
 */
export function spectrumTemplate(
  dataset: BinnedDataset,
  model: SkyModel,
  response: Response,
  usePsf: boolean,
  context: FoldContext,
): Template {
  const window = { x0: 0, y0: 0, nx: 1, ny: 1 };
  const { geom, exposure } = response;
  refuseMapOfFlux(dataset.name, model, context);
  const psf = dataset.psf?.map;
  if (
    geom.kind !== "region" ||
    model.spatial === undefined ||
    psf === undefined ||
    !usePsf ||
    geom.regions.length === 0
  ) {
    return { ...window, data: exposure };
  }
  const { declaration } = shapeOf(model, model.spatial, context);
  const region = geom.regions[0]!;
  if (declaration.point !== true || geom.regions.length > 1 || region.shape !== "circle") {
    throw new UnsupportedError(
      `model "${model.name}" on dataset "${dataset.name}": only point sources in a single circle can be folded with the psf of a spectrum; correct the exposure for containment and remove the psf`,
    );
  }
  const profile = psfProfileAt(psf, null, `dataset "${dataset.name}" psf`);
  const energies = axisCenters(response.energyTrue);
  return { ...window, data: exposure.map((x, t) => x * containment(profile, energies[t]!, region.radius)) };
}
