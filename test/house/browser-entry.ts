/** What the browser test runs in Node and in Chromium: the embedded example from bytes to fitted values. */

import { estimateFluxPoints } from "../../src/api/estimators.js";
import { fit } from "../../src/api/fit.js";
import { readDatasets } from "../../src/api/io.js";
import { stackReduce } from "../../src/datasets/stack.js";
import type { Dataset } from "../../src/datasets/types.js";
import { FormatError } from "../../src/errors.js";
import type { FileAccess } from "../../src/io/files.js";
import { readFluxPointsDataset } from "../../src/io/flux-points/read.js";
import { readOgip } from "../../src/io/ogip/read.js";

/** Files of `folder` by fetch; nothing is written. */
export function fetchedFiles(): FileAccess {
  return {
    async read(path) {
      const response = await fetch(path);
      if (!response.ok) throw new FormatError(`${path}: no such file`);
      return new Uint8Array(await response.arrayBuffer());
    },
    exists: async (path) => (await fetch(path, { method: "HEAD" })).ok,
    write: async () => {
      throw new Error("read only");
    },
    env: () => undefined,
  };
}

export async function fitExample(folder: string, files: FileAccess) {
  const fermi = `${folder}/fermi-3fhl-crab/Fermi-LAT-3FHL`;
  const { datasets, models } = await readDatasets(`${fermi}_datasets.yaml`, files, {
    modelsPath: `${fermi}_models.yaml`,
  });
  const spectra = `${folder}/joint-crab/spectra/hess`;
  const runs = [];
  for (const run of [23523, 23526]) runs.push(await readOgip(`${spectra}/pha_obs${run}.fits`, files));
  const hess = stackReduce(runs, { name: "HESS" });
  const where = `${folder}/hawc_crab/HAWC19_flux_points.fits`;
  const hawc = readFluxPointsDataset(await files.read(where), { where, name: "HAWC" });
  const all: Dataset[] = [...datasets, hess, hawc];
  const result = fit(all, models!);
  const points = estimateFluxPoints([hess], result.models, {
    source: "Crab Nebula",
    energyEdges: [1, 2, 4, 8],
  });
  return {
    success: result.success,
    totalStat: result.totalStat,
    stats: result.datasets.map((d) => d.stat),
    values: Array.from(result.free.values),
    errors: Array.from(result.free.errors),
    covariance: Array.from(result.free.covariance),
    norm: Array.from(points.norm),
    normUl: Array.from(points.normUl!),
  };
}
