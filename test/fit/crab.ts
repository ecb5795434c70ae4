import { readModels } from "../../src/api/io.js";
import { stackReduce } from "../../src/datasets/stack.js";
import type { Dataset, MapDataset, OnOffDataset } from "../../src/datasets/types.js";
import { readFluxPointsDataset } from "../../src/io/flux-points/read.js";
import { readMapDataset } from "../../src/io/map-dataset.js";
import { readOgip } from "../../src/io/ogip/read.js";
import { updateParameters } from "../../src/models/parameters.js";
import type { Models } from "../../src/models/types.js";
import type { WcsGeom } from "../../src/sky/types.js";
import { disk } from "../io/disk.js";

const LON = "Crab Nebula.lon_0";
const LAT = "Crab Nebula.lat_0";

/** The joint Crab of the tutorial: Fermi-LAT, H.E.S.S. stacked, HAWC. */
export async function readCrab(data: string): Promise<{ datasets: readonly Dataset[]; models: Models }> {
  const folder = `${data}/fermi-3fhl-crab`;
  const fermi = readMapDataset(await disk.read(`${folder}/Fermi-LAT-3FHL_data_Fermi-LAT.fits`), {
    where: "Fermi-LAT",
    name: "Fermi-LAT",
  }) as MapDataset;
  const runs: OnOffDataset[] = [];
  for (const run of [23523, 23526]) {
    runs.push(await readOgip(`${data}/joint-crab/spectra/hess/pha_obs${run}.fits`, disk));
  }
  const hess = stackReduce(runs, { name: "HESS" });
  const hawc = readFluxPointsDataset(await disk.read(`${data}/hawc_crab/HAWC19_flux_points.fits`), {
    where: "HAWC",
    name: "HAWC",
  });
  const text = new TextDecoder().decode(await disk.read(`${folder}/Fermi-LAT-3FHL_models.yaml`));
  return { datasets: [fermi, hess, hawc], models: readModels(text).models };
}

/** The same models with the source's position free. */
export function freePosition(models: Models): Models {
  return updateParameters(models, { [LON]: { frozen: false }, [LAT]: { frozen: false } });
}

/** The Fermi-LAT dataset with the events around the source alone: nothing asks for a background. */
export function aroundSource(fermi: MapDataset): MapDataset {
  const { geom, data } = fermi.counts!;
  const [nx, ny] = (geom as WcsGeom).npix;
  const near = data.map((n, i) => (Math.hypot((i % nx) - nx / 2, (Math.floor(i / nx) % ny) - ny / 2) < 4 ? n : 0));
  return { ...fermi, counts: { ...fermi.counts!, data: near } };
}
